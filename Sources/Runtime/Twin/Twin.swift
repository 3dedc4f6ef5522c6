import Determinism
public import Learning
public import LineModel
public import PlantModel
public import Quantities
public import Simulation
import Synchronisation
public import Telemetry

/// The digital twin of a line: follows the plant by its telemetry, learns its parameters, forecasts, judges itself, and says what would
/// have happened otherwise.
///
/// A value without clock, file or thread. Copying it is cheap and gives a snapshot that another thread may forecast with. Everything it
/// says is a function of the plant, the seed, and the blocks and instants it was given.
public struct Twin: Sendable {
  public let plant: Plant
  public let configuration: TwinConfiguration
  let seed: UInt64
  let roles: TagRoles
  /// Up to the watermark.
  var record: LineRecord
  /// Readings that are not yet old enough to be in their final order.
  var pending: [Pending] = []
  var sequence: UInt64 = 0
  var watermark: Instant?
  var newest: Instant?
  /// Follows the parts; nil where the plant's parts move by rules that it does not follow.
  var synchroniser: LineSynchroniser?
  /// Up to when messages have been listened for.
  var listened: Instant?
  /// Samples that came too late for the record, and that were not good, since the twin began to watch.
  public internal(set) var lateSamples = 0
  public internal(set) var badSamples = 0
  var frozen: FrozenSensors
  var calibrator: Calibrator
  /// The calibration in force: the design's belief until the first one.
  public internal(set) var calibration: Calibration
  var monitor: ValidityMonitor
  var references: ReferenceMonitor
  /// What is to be learnt of the stations that tell no state, for another core; answer with `adopt`. Nil while nothing is wanted.
  public internal(set) var inferenceRequest: InferenceRequest?
  /// The answer that counts from the next calibration on, and up to when answers were taken in.
  var awaiting: InferredStations?
  var adopted: Instant?
  /// The last request, and how much it rested on.
  var lastInference: (at: Instant, completions: Int)?

  /// Readings of one instant stand in an order of their own (a part is counted before the machine stops), so that the order of arrival
  /// does not matter; those of one tag in the order of their arrival.
  struct Pending: Sendable, Comparable {
    var sequence: UInt64
    var reading: LineRecord.Reading

    static func == (a: Pending, b: Pending) -> Bool { a.sequence == b.sequence }
    static func < (a: Pending, b: Pending) -> Bool {
      (a.reading.instant, a.reading.role.rank, a.sequence) < (b.reading.instant, b.reading.role.rank, b.sequence)
    }
  }

  /// - Parameter reference: what the plant was at commissioning, as an earlier life left it; nil: it is commissioned in this one.
  public init(plant: Plant, seed: UInt64, configuration: TwinConfiguration = TwinConfiguration(), reference: PlantReference? = nil) {
    (self.plant, self.seed, self.configuration) = (plant, seed, configuration)
    roles = TagRoles(plant)
    record = LineRecord(plant, roles, capacity: max(60, Int(configuration.memory.minutes)))
    synchroniser = plant.layout.map(LineSynchroniser.init)
    frozen = FrozenSensors(plant, roles)
    let start = Instant(seconds: 0)
    calibrator = Calibrator(record, at: start, configuration: configuration, RandomStream(seed: seed, "twin"))
    calibration = calibrator.calibration(record, at: start)
    monitor = ValidityMonitor(plant, configuration)
    references = ReferenceMonitor(plant, roles, configuration, keeping: reference, RandomStream(seed: seed, "reference"))
    for stream in references.reference.streams { if let mended = stream.mended { discount(stream, before: mended) } }
  }

  // MARK: - Following the plant

  /// Takes samples of one tag in. They may be late, doubled, out of order, bad or of a tag that the plant does not know.
  public mutating func observe(_ block: SampleBlock) {
    guard let role = roles.roles[block.tag] else { return }
    for i in 0..<block.count {
      let sample = block[i]
      if sample.quality != .good { badSamples += 1 }
      // A source whose clock leaps ahead would age everything else.
      if let newest, (sample.instant - newest).hours > 1, (sample.instant - sample.arrival).seconds > 60 { continue }
      if let reading = lineReading(role, sample) { synchroniser?.observe(reading) }
      if let watermark, sample.instant < watermark {
        lateSamples += 1
        continue
      }
      if sample.quality == .good, newest.map({ $0 < sample.instant }) ?? true { newest = sample.instant }
      if case .variable(let v) = role, sample.quality == .good, let x = sample.value.number { frozen.observe(v, x, at: sample.instant) }
      sequence += 1
      pending.append(
        Pending(
          sequence: sequence,
          reading: .init(instant: sample.instant, role: role, value: sample.value, quality: sample.quality)))
    }
  }

  /// Lets plant time come to `now`: closes the record up to the allowed lateness before it, and calibrates, scores and forecasts when due.
  public mutating func advance(to now: Instant) {
    let target = now - configuration.allowedLateness
    guard watermark.map({ target > $0 }) ?? !pending.isEmpty else { return }
    pending.sort()
    let due = pending.prefix { $0.reading.instant <= target }
    if due.isEmpty && watermark == nil { return }
    for entry in due {
      step(to: entry.reading.instant)
      record.fold(frozen.isFrozen(entry.reading.role) ? entry.reading.doubted : entry.reading)
    }
    pending.removeFirst(due.count)
    step(to: target)
    record.run(to: target)
    watermark = target
    listened = max(listened ?? now, now)
    synchroniser?.advance(to: target, now: now)
    monitor.silence(newest: newest, at: now)
  }

  /// Runs what is due before `t`: the schedule stands on whole minutes since 1970, whatever the pace of `advance`.
  private mutating func step(to t: Instant) {
    guard let clock = record.clock else { return }
    let interval = configuration.calibrationInterval.nanoseconds
    var next = Instant(nanoseconds: (clock.nanoseconds / interval + 1) * interval)
    // After a long silence one look is enough.
    if (t - next).nanoseconds > 12 * interval { next = Instant(nanoseconds: t.nanoseconds / interval * interval) }
    while next <= t {
      record.run(to: next)
      review(at: next)
      next += Duration(nanoseconds: interval)
    }
  }

  /// Forms residuals with what was believed until now, then learns.
  private mutating func review(at now: Instant) {
    let changed = monitor.review(record, calibrator, at: now)
    for change in changed {
      if change.isWithdrawn {
        calibrator.remember(change.kind, of: change.station, record, at: now)
      } else {
        calibrator.forget(change.kind, of: change.station, before: change.since)
      }
    }
    references.follow(record, calibrator, isValid: monitor.validity.valid, changes: monitor.changes)
    inferUnseen(at: now)
    calibrator.update(record, at: now, changed: Set(changed.filter { $0.kind == .scrap }.map(\.station)))
    calibration = calibrator.calibration(record, at: now)
    monitor.score(record, at: now)
    if monitor.wantsForecast(at: now) {
      let forecast = simulateAhead(
        from: record, noting: [configuration.forecastHorizon.seconds], setpoints: record.readBack, runs: configuration.forecastReplications,
        salt: "self-test", in: record.countedState)
      monitor.remember(forecast.map { Double($0.curve.last ?? 0) }, record, from: now)
    }
    monitor.assess(record, calibrator, quarantine: references.reference.quarantine, at: now)
  }

  // MARK: - What it says

  /// The record with what came in since the watermark: newest, but not yet in its final order.
  func latest() -> LineRecord {
    var record = record
    for entry in pending.sorted() {
      record.fold(frozen.isFrozen(entry.reading.role) ? entry.reading.doubted : entry.reading)
    }
    return record
  }

  /// Set-points as the plant reads them back; the design's where it has not told yet.
  public var setpoints: Setpoints { latest().readBack }

  /// Good parts that left the line since the twin began to watch.
  public var good: Int { latest().good }

  /// Whether any machine has told what it does.
  public var hasHeardAMachine: Bool {
    let isNews = pending.contains { if case .state = $0.reading.role { true } else { false } }
    return (isNews ? latest() : record).stations.contains { $0.activity != .unknown }
  }

  /// The plant now, with every part where the synchroniser has it: some milliseconds. Who asks often for one of the figures above asks for it alone.
  public var present: LinePresent {
    let record = latest()
    var present = record.present(frozen: frozen, late: lateSamples, bad: badSamples, newest: newest)
    if let now = record.clock, let estimate = estimate(at: now), let synchroniser { present.take(estimate, synchroniser) }
    return present
  }

  /// Where a forecast starts from: the plant's present, as the simulator sees it.
  public func lineState() -> LineState { startState(latest()) }

  /// Whether the twin may be relied on now.
  public var validity: Validity { monitor.validity }

  /// Newest last; at most a few hundred.
  public var residuals: [Residual] { monitor.residuals }

  /// The twin on one page.
  public var summary: TwinSummary {
    let validity = validity
    let present = present
    return TwinSummary(
      at: present.at, calibration: calibration.id, valid: validity.valid, score: validity.score, reason: validity.reason, present: present,
      estimates: calibration.estimates)
  }
}
