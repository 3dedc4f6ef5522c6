public import Determinism
import EventKernel

/// The likelihood of the departures from the last stations of a row, while those before are not seen: a particle filter over parts.
///
/// A particle is one history of the unseen stations: when their last parts left. Part by part it is carried on by the max-plus recursion,
/// with simulated completions; the station seen next to them then weighs it by the likelihood of what it did, given when its part came.
/// So the simulation meets the data in the completion law of one station alone, whatever that law is. Stations seen behind that one have
/// their exact likelihood (`RowStamps`), which does not depend on particles.
///
/// The estimate of the likelihood is unbiased for any number of particles; the variance of its logarithm falls as 1/particles.
///
/// - Source: N. Gordon, D. Salmond, A. Smith 1993, doi:10.1049/ip-f-2.1993.0015; P. Del Moral, Feynman-Kac Formulae, 2004, theorem 7.4.2.
public struct RowFilter: Sendable {
  /// Departures from the seen station next to the unseen ones, rising, in seconds; the empty line began at 0.
  public let departures: [Double]
  /// By part: whether it was blocked there, so that it was done some time before it left.
  public let isBlocked: [Bool]
  /// Stations in front that are not seen.
  public let unseen: Int

  /// - Throws: `InferenceError.unfitData` where departures fall.
  public init(departures: [Double], isBlocked: [Bool] = [], unseen: Int) throws(InferenceError) {
    precondition(unseen > 0 && (isBlocked.isEmpty || isBlocked.count == departures.count), "\(unseen) unseen stations")
    if let first = departures.first, !(first > 0) { throw .unfitData("the first part left at \(first) s") }
    if zip(departures, departures.dropFirst()).contains(where: { !($0 <= $1) }) { throw .unfitData("departures do not rise") }
    (self.departures, self.unseen) = (departures, unseen)
    self.isBlocked = isBlocked.isEmpty ? departures.map { _ in false } : isBlocked
  }

  /// log of the unbiased estimate of the density of the departures; −∞ where no particle survives. And the timed events simulated.
  public func logLikelihood<L>(_ row: Row<L>, particles: Int, _ stream: RandomStream) -> (value: Double, events: Int) {
    if unseen == 1, let row = row as? Row<ExponentialCompletion> { return scalarLogLikelihood(row, particles: particles, stream) }
    return plainLogLikelihood(row, particles: particles, stream)
  }

  /// The same by random points, for any law and any number of unseen stations.
  func plainLogLikelihood<L>(_ row: Row<L>, particles: Int, _ stream: RandomStream) -> (value: Double, events: Int) {
    precondition(row.stations.count > unseen && particles > 0, "\(particles) particles for \(unseen) of \(row.stations.count) stations")
    let table = Ziggurat.exponential
    let seen = row.stations[unseen]
    // A particle keeps of each unseen station the departures that may still hold back the one before it.
    let kept = (0..<unseen).map { i in i == 0 ? 1 : max(row.lag(i - 1), 1) }
    let first = kept.indices.map { kept[..<$0].reduce(0, +) }
    let width = kept.reduce(0, +)
    var state = Slab(count: particles * width, repeating: 0.0)
    var spare = Slab(count: particles * width, repeating: 0.0)
    let weights = Slab(count: particles, repeating: 1 / Double(particles))
    var luck = stream
    var total = 0.0
    var events = 0
    let lags = (0..<unseen).map(row.lag)
    let lagOfLast = row.lag(unseen - 1)
    var places = [(last: Int, this: Int, held: Int)](repeating: (0, 0, 0), count: unseen)
    for n in 0..<departures.count {
      let before = n > 0 ? departures[n - 1] : 0
      let room = lagOfLast > 0 && n >= lagOfLast ? departures[n - lagOfLast] : 0
      // Where a particle keeps of each station its last part's departure and this one's, and the one that may hold back the station before.
      for i in 0..<unseen {
        places[i] = (first[i] + (n + kept[i] - 1) % kept[i], first[i] + n % kept[i], i > 0 && lags[i - 1] > 0 ? first[i] + n % lags[i - 1] : 0)
      }
      let last = unseen - 1
      var sum = 0.0
      for p in 0..<particles {
        let base = p &* width
        var arrived = 0.0
        var i = 0
        while i < unseen &- 1 {
          let own = row.stations[i].sample(&luck, table)
          events &+= own.events
          var left = max(arrived, state[base &+ places[i].last]) + own.time
          if lags[i] > 0 { left = max(left, state[base &+ places[i &+ 1].held]) }
          state[base &+ places[i].this] = left
          arrived = left
          i &+= 1
        }
        let start = max(arrived, state[base &+ places[last].last])
        events &+= 1
        if start >= departures[n] {
          weights[p] = 0
          continue
        }
        let meeting = Meeting(seen: seen, free: before - start, left: departures[n] - start, isBlocked: isBlocked[n])
        let own = row.stations[last].propose(meeting, &luck, table)
        state[base &+ places[last].this] = max(start + own.time, room)
        weights[p] *= own.weight
        sum += weights[p]
      }
      if !(sum > 0) { return (-.infinity, events) }
      total += Portable.log(sum)
      var squares = 0.0
      for p in 0..<particles {
        weights[p] /= sum
        squares += weights[p] * weights[p]
      }
      if squares * Double(particles) > 2 {
        RowFilter.resample(weights, from: state, to: spare, width: width, luck.uniform())
        swap(&state, &spare)
        for p in 0..<particles { weights[p] = 1 / Double(particles) }
      }
    }
    return (total, events)
  }

  /// Systematic resampling: particle p is copied ⌊count·w⌋ or one time more.
  private static func resample(
    _ weights: borrowing Slab<Double>, from old: borrowing Slab<Double>, to new: borrowing Slab<Double>, width: Int, _ u: Double
  ) {
    let count = weights.count
    var sum = weights[0] * Double(count)
    var i = 0
    for k in 0..<count {
      let at = Double(k) + u
      while sum < at && i < count - 1 {
        i += 1
        sum += weights[i] * Double(count)
      }
      for j in 0..<width { new[k &* width &+ j] = old[i &* width &+ j] }
    }
  }
}
