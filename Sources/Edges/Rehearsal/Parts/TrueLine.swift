import Determinism
import PlantModel
import Quantities

/// The plant as it is: set-points with the machines' own limits and resolution, and a rate of good parts that nobody is told.
///
/// The rate is `1000 − Σ c·((x − best)/range)²` per hour over the set-points, and that of one of two like machines 500 less its own share of the
/// sum; evidence and proofs are made of them.
struct TrueLine {
  struct Point {
    let tag: String
    let low: Double
    let high: Double
    /// The machine rounds to it; 0 does not round.
    let resolution: Double
    var value: Double
    /// Where the rate is best, and what being off by the whole range costs, per hour.
    let best: Double
    let cost: Double
    /// A mechanical stop below `high`, until then.
    var ceiling = Double.infinity
    var ceilingUntil = World.start
    /// The machine takes no writes until then.
    var deafUntil = World.start
  }

  /// Who moved a set-point.
  enum Mover: Hashable { case token(UInt64, UInt64), wire, person }

  struct Movement {
    var at: Instant
    var tag: String
    var from: Double
    var to: Double
    var mover: Mover
  }

  private(set) var points: [Point]
  private(set) var movements: [Movement] = []
  /// The set-points from each instant on, oldest first.
  private var past: [(from: Instant, values: [Double])] = []
  /// The pressure that an interlock watches.
  var pressure = 2.0

  init(_ plant: Plant, start: Instant, luck: RandomStream) {
    var luck = luck
    points = plant.setpoints.map { spec in
      let range = spec.high - spec.low
      return Point(
        tag: spec.tag, low: spec.low, high: spec.high, resolution: luck.chance(0.5) ? 0 : range * 1e-4, value: spec.design,
        best: luck.uniform(spec.low + 0.1 * range, spec.high - 0.1 * range), cost: luck.uniform(100, 400))
    }
    past = [(start, points.map(\.value))]
  }

  var values: [String: Double] { Dictionary(uniqueKeysWithValues: points.map { ($0.tag, $0.value) }) }

  subscript(tag: String) -> Double? { points.first { $0.tag == tag }?.value }

  /// Good parts per hour at these set-points; those that are missing stand where they stand.
  func rate(_ setpoints: [String: Double]) -> Double { rate(points.map { setpoints[$0.tag] ?? $0.value }, of: nil) }

  /// - Parameter machine: nil: the whole line.
  private func rate(_ values: [Double], of machine: String?) -> Double {
    zip(points, values).reduce(machine == nil ? 1000 : 500) { rate, pair in
      guard machine.map({ pair.0.tag.hasPrefix("\($0)/") }) ?? true else { return rate }
      let off = (pair.1 - pair.0.best) / (pair.0.high - pair.0.low)
      return rate - pair.0.cost * off * off
    }
  }

  /// The mean rate over a span, as it truly was: of the line, or of one of its like machines.
  func meanRate(of machine: String? = nil, from start: Instant, to end: Instant) -> Double {
    var sum = 0.0
    for (index, step) in past.enumerated() {
      let until = index + 1 < past.count ? past[index + 1].from : .distantFuture
      let (a, b) = (max(step.from, start), min(until, end))
      if b > a { sum += rate(step.values, of: machine) * (b - a).seconds }
    }
    return sum / (end - start).seconds
  }

  /// A command or a hand reaches the machine, which makes of it what it can. Returns what it did.
  mutating func move(_ tag: String, to value: Double, by mover: Mover, at now: Instant) -> Movement? {
    guard let i = points.firstIndex(where: { $0.tag == tag }), value.isFinite else { return nil }
    if now < points[i].deafUntil, mover != .person { return nil }
    let point = points[i]
    let rounded = point.resolution > 0 ? (value / point.resolution).rounded() * point.resolution : value
    let made = min(max(rounded, point.low), now < point.ceilingUntil ? min(point.high, point.ceiling) : point.high)
    let movement = Movement(at: now, tag: tag, from: point.value, to: made, mover: mover)
    points[i].value = made
    movements.append(movement)
    if made != point.value { past.append((now, points.map(\.value))) }
    return movement
  }

  mutating func set(_ tag: String, _ change: (inout Point) -> Void) {
    if let i = points.firstIndex(where: { $0.tag == tag }) { change(&points[i]) }
  }

  func ceilingUntil(_ tag: String) -> Instant { points.first { $0.tag == tag }?.ceilingUntil ?? World.start }

  mutating func setAll(_ change: (inout Point) -> Void) {
    for i in points.indices { change(&points[i]) }
  }
}
