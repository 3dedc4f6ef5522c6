import ChangeDetection
import Determinism
import Learning
import PlantModel
import Quantities

/// Holds what the line does against what it did at commissioning: of each stream one sample in each interval of the clock.
///
/// What the laws need of an interval is added up minute by minute at the set-points and speeds that the minute had, so an interval may span moves.
/// An interval that holds too little to be a sample (a weekend, hardly a reject) is joined to the next.
struct ReferenceMonitor: Sendable {
  /// What has been seen of one stream since its last sample.
  struct Sum: Sendable {
    var from: Instant?
    var total = 0.0
    /// Parts, or operating seconds.
    var weight = 0.0
    /// What the laws' coefficients belong to.
    var features: [Double] = []
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
    let samples = plant.reference?.commissioning ?? configuration.referenceSamples
    var fresh: [PlantReference.Stream] = []
    var stations: [Int] = []
    for (s, station) in plant.stations.enumerated() where station.tags.state != nil && station.tags.processed != nil {
      for activity in PlantReference.Activity.allCases where Self.tells(station, activity) {
        stations.append(s)
        let unknown = FrozenReference(activity.luck, commissioning: samples)
        let before = kept?.streams.first { $0.station == station.name && $0.activity == activity }
        let size = activity == .cycle ? 1 : activity == .microstops ? 3 : 2 + 2 * roles.scrapVariables[s].count
        let usable = before.flatMap {
          let isCommissionedAsAsked = $0.reference.frozen != nil || $0.reference.commissioning == samples
          return isCommissionedAsAsked && $0.reference.luck == activity.luck && $0.reference.laws.allSatisfy { $0.count == size } ? $0 : nil
        }
        fresh.append(usable ?? .init(station: station.name, activity: activity, reference: unknown))
      }
    }
    // Samples of another length have another luck.
    let begun = kept.flatMap { kept in kept.streams.contains { $0.reference.isBegun } ? kept.interval : nil }
    let interval =
      plant.reference?.sample ?? configuration.referenceInterval ?? begun
      ?? PlantReference.interval(streams: fresh.count, falseAlarmEvery: configuration.falseQuarantineEvery)
    if var kept, kept.interval == interval {
      if kept.streams != fresh {
        kept.streams = fresh
        kept.touch()
      }
      reference = kept
    } else {
      for i in fresh.indices { fresh[i].reference = FrozenReference(fresh[i].activity.luck, commissioning: samples) }
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
    guard let (total, weight) = stream.activity.seen(m, product: product, of: stream.product, record.plant.stations[stations[i]]),
      let features = calibrator.features(of: stream.activity, stations[i], minute)
    else { return }
    if sums[i].from == nil { sums[i] = Sum(from: Instant(seconds: Double(minute.minute) * 60), features: features.map { _ in 0 }) }
    sums[i].total += total
    sums[i].weight += weight
    for p in features.indices { sums[i].features[p] += features[p] * weight }
  }

  /// Nil where there is too little of it: five rejects or stops expected, or fifty parts worked on.
  private func sample(of i: Int, to end: Instant) -> FrozenReference.Sample? {
    let sum = sums[i]
    guard let from = sum.from, sum.weight > 0 else { return nil }
    switch reference.streams[i].activity {
    case .scrap, .microstops:
      let laws = reference.streams[i].reference.laws
      let expected = laws.reduce(0) { $0 + zip($1, sum.features).reduce(0) { $0 + $1.0 * $1.1 } } / Double(laws.count)
      guard expected >= 5 else { return nil }
    case .cycle: guard sum.weight >= 50 && sum.total > 0 else { return nil }
    }
    return .init(from: from, to: end, total: sum.total, weight: sum.weight, features: sum.features)
  }
}
