import ChangeDetection
import Determinism
import Learning
import PlantModel
import Quantities

/// Holds what the line does against what it did at commissioning: of each stream one sample in each interval of the clock.
///
/// What each law expects of an interval is added up minute by minute at the set-points and speeds that the minute had, so an interval may span moves.
/// An interval that holds too little to be a sample (a weekend, hardly a reject) is joined to the next.
struct ReferenceMonitor: Sendable {
  /// What has been seen of one stream since its last sample.
  struct Sum: Sendable {
    var from: Instant?
    var observed = 0.0
    /// By law.
    var expected: [Double] = []
    /// Parts, or operating seconds.
    var weight = 0.0
  }

  private(set) var reference: PlantReference
  /// By stream: its station.
  let stations: [Int]
  private var sums: [Sum]
  private var followed: Int64?
  /// The interval that is open, and whether it has been followed from its beginning.
  private var open: (index: Int64, isWhole: Bool)?
  private let stream: RandomStream

  /// - Parameter kept: the reference of an earlier life. Streams that the plant still has go on with theirs.
  init(_ plant: Plant, _ roles: TagRoles, _ configuration: TwinConfiguration, keeping kept: PlantReference?, _ stream: RandomStream) {
    var fresh: [PlantReference.Stream] = []
    var stations: [Int] = []
    for (s, station) in plant.stations.enumerated() where station.tags.state != nil && station.tags.processed != nil {
      for activity in PlantReference.Activity.allCases where Self.tells(station, activity) {
        stations.append(s)
        let unknown = FrozenReference(commissioning: configuration.referenceSamples)
        let before = kept?.streams.first { $0.station == station.name && $0.activity == activity }
        let size = activity == .cycle ? 1 : activity == .microstops ? 2 : 3 + 2 * roles.scrapVariables[s].count
        let isUsable = before.map { $0.reference.laws.allSatisfy { $0.count == size } } ?? false
        fresh.append(isUsable ? before! : .init(station: station.name, activity: activity, reference: unknown))
      }
    }
    // Samples of another length have another luck.
    let isBegun = kept?.streams.contains { $0.reference.isBegun } ?? false
    let chosen = PlantReference.interval(streams: fresh.count, falseAlarmEvery: configuration.falseQuarantineEvery)
    let interval = configuration.referenceInterval ?? (isBegun ? kept!.interval : chosen)
    if var kept, kept.interval == interval {
      if kept.streams != fresh {
        kept.streams = fresh
        kept.touch()
      }
      reference = kept
    } else {
      for i in fresh.indices { fresh[i].reference = FrozenReference(commissioning: configuration.referenceSamples) }
      reference = PlantReference(interval: interval, streams: fresh)
    }
    self.stations = stations
    sums = fresh.map { _ in Sum() }
    self.stream = stream
  }

  private static func tells(_ station: Station, _ activity: PlantReference.Activity) -> Bool {
    switch activity {
    case .scrap: station.tags.defective != nil
    case .cycle: true
    case .microstops: station.microstop != nil
    }
  }

  /// Takes in what has been recorded since the last time.
  ///
  /// - Parameters:
  ///   - isValid: a stream is commissioned from a twin that may be relied on.
  ///   - changes: those that the tests for change have found, dated and named: a drift that is one of them is no secret.
  mutating func follow(_ record: LineRecord, _ calibrator: Calibrator, isValid: Bool, changes: [Change]) {
    let interval = reference.interval.nanoseconds
    let first = followed.map { $0 + 1 } ?? .min
    for minute in record.minutes.suffix(while: { $0.minute >= first }) {
      let now = minute.minute * 60_000_000_000
      let index = now / interval
      if open?.index != index {
        let isWhole = open != nil || now % interval == 0
        if let open { close(open.isWhole, at: Instant(nanoseconds: (open.index + 1) * interval), record, calibrator, isValid, changes) }
        open = (index, isWhole)
      }
      followed = minute.minute
      for i in sums.indices where reference.streams[i].reference.isBegun { add(minute, to: i, record, calibrator) }
    }
  }

  /// Carries a person's decision out.
  mutating func settle(_ decision: PlantReference.Decision, at now: Instant) {
    let drifted = sums.indices.filter { reference.streams[$0].reference.drift != nil }
    reference.settle(decision, at: now)
    // What came before the decision belongs to the drift.
    for i in drifted { sums[i] = Sum() }
    if !drifted.isEmpty { open?.isWhole = false }
  }

  private mutating func close(
    _ isWhole: Bool, at end: Instant, _ record: LineRecord, _ calibrator: Calibrator, _ isValid: Bool, _ changes: [Change]
  ) {
    for i in sums.indices {
      let isNew = reference.streams[i].reference.sampled.map { $0 < end } ?? true
      guard reference.streams[i].reference.isBegun, isWhole, isNew else {
        sums[i] = Sum()
        if !reference.streams[i].reference.isBegun, isValid { begin(i, record, calibrator) }
        continue
      }
      guard let sample = sample(of: i, to: end) else { continue }
      sums[i] = Sum()
      switch reference.streams[i].reference.observe(sample) {
      case .none, .stands: break
      case .unsettled: reference.streams[i].reference.startOver()
      case .drifts: if isExplained(i, by: changes, at: end) { reference.streams[i].reference.startOver() }
      }
      reference.touch()
    }
  }

  /// A drift found within three samples of a change that the tests found is that change: it has been said, and calibration learns it.
  private func isExplained(_ i: Int, by changes: [Change], at now: Instant) -> Bool {
    let stream = reference.streams[i]
    let key = stream.activity.kind.key(stream.station)
    return changes.contains { $0.key == key && !$0.isWithdrawn && $0.since >= now - reference.interval * 3 }
  }

  private mutating func begin(_ i: Int, _ record: LineRecord, _ calibrator: Calibrator) {
    let (s, activity) = (stations[i], reference.streams[i].activity)
    guard let (laws, product) = calibrator.laws(of: activity, s, record, stream.split(reference.streams[i].station)) else { return }
    reference.streams[i].reference.begin(with: laws)
    reference.streams[i].product = product
    reference.touch()
  }

  private mutating func add(_ minute: LineMinute, to i: Int, _ record: LineRecord, _ calibrator: Calibrator) {
    let stream = reference.streams[i]
    let m = minute.stations[stations[i]]
    let product = m.product < record.products.count ? record.products[m.product] : ""
    guard let (observed, weight) = stream.activity.seen(m, product: product, of: stream.product, record.plant.stations[stations[i]]) else { return }
    var expected: [Double] = []
    for law in stream.reference.laws {
      guard let rate = calibrator.rate(of: stream.activity, law, stations[i], minute) else { return }
      expected.append(rate * weight)
    }
    if sums[i].from == nil { sums[i] = Sum(from: Instant(seconds: Double(minute.minute) * 60), expected: expected.map { _ in 0 }) }
    sums[i].observed += observed
    sums[i].weight += weight
    for d in expected.indices { sums[i].expected[d] += expected[d] }
  }

  /// Nil where there is too little of it.
  private func sample(of i: Int, to end: Instant) -> FrozenReference.Sample? {
    let sum = sums[i]
    guard let from = sum.from, sum.weight > 0 else { return nil }
    let mean = sum.expected.reduce(0, +) / Double(sum.expected.count)
    switch reference.streams[i].activity {
    case .scrap, .microstops:
      guard mean >= 5 else { return nil }
      // Twice the square root of a Poisson count has a standard deviation of 1.
      func root(_ count: Double) -> Double { 2 * (count + 0.375).squareRoot() }
      return .init(
        from: from, to: end, value: root(sum.observed), expected: sum.expected.map(root), observed: sum.observed / sum.weight,
        foretold: mean / sum.weight)
    case .cycle:
      guard sum.weight >= 50 else { return nil }
      // Half a per cent is what products and wear do from one interval to the next; as long ones as these are never more alike.
      func level(_ work: Double) -> Double { Portable.log(work / sum.weight) / 0.005 }
      guard sum.observed > 0 else { return nil }
      return .init(
        from: from, to: end, value: level(sum.observed), expected: sum.expected.map(level), observed: sum.observed / sum.weight,
        foretold: mean / sum.weight)
    }
  }
}
