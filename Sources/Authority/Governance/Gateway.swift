internal import PlantModel
public import Quantities
internal import Telemetry

/// The one door to the plant: takes the actuators, checks every write by itself, and alone mints permits.
///
/// Small and deterministic on purpose. It trusts nobody's bookkeeping: it keeps its own readings, its own fence, its own monitors of the
/// envelope's properties and its own count of what each tag has moved. The life of a write:
///
///     prepare(intent) → the shell stores `prepared.fence`, flushed → send(prepared) → observe(reading) → confirmed or failed
///
/// Start: the epoch is raised and the door is **sealed**; the shell stores `fence` and calls `unseal`. A tag that may have a write of
/// an earlier life on its way stays shut until it has been read back.
///
/// Watchdog: without a `heartbeat` of the governor for the envelope's `heartbeatTimeout` the door shuts by itself, with a new epoch, and says
/// once what each tag does now; it opens again as at a start. A sign of life that comes too late undoes nothing. What ages (a reading, an intent, the governor's sign of life) ages by the
/// plant's clock and by the gateway's own; the older age counts, so that setting a clock extends nothing.
public struct Gateway: ~Copyable, Sendable {
  private let bay: ActuatorBay
  let check: EnvelopeCheck
  /// Plant seconds in a second of the gateway's own clock.
  private let speed: Double
  /// What must be on disk; see `unseal` and `PreparedWrite.fence`.
  public private(set) var fence: FenceState
  private var readings: [String: Reading] = [:]
  /// Whose clock is not believed.
  private var doubt = ClockDoubt()
  /// When each reading came, by the gateway's own clock.
  private var arrivals: [String: Duration] = [:]
  private var watch: EnvelopeWatch
  /// How the envelope's properties stood at the last `tick` or `prepare`.
  public private(set) var properties: [PropertyState] = []
  /// The door is shut because its epoch is not durable yet: after a start, and after the governor was silent.
  public private(set) var isSealed = true
  private(set) var lastBeat: Duration?
  private(set) var latest = GatewayTime(plant: .distantPast, monotonic: Duration(nanoseconds: .min))
  /// When each of `fence.spent` was spent by the gateway's own clock; nil for those of an earlier life.
  private var spentAt: [Duration?]
  private var alarmedEpoch: UInt64?
  private let panel: PanelSwitch
  /// Presses of the switch whose commands have been taken.
  private var answeredPresses: UInt64
  /// Reports that belong to no call; given with the next.
  private var unsaid: [GatewayReport] = []

  /// - Parameters:
  ///   - fence: what was stored last; a new one for a plant that was never written.
  ///   - speed: plant seconds in a wall second: 1 but for a simulated plant.
  ///   - panel: the switch by which anybody takes the plant at once.
  public init(taking bay: consuming ActuatorBay, check: EnvelopeCheck, fence: FenceState, speed: Double = 1, panel: PanelSwitch = PanelSwitch()) {
    self.bay = bay
    self.panel = panel
    answeredPresses = panel.presses
    self.check = check
    self.speed = speed
    self.fence = fence
    spentAt = fence.spent.map { _ in nil }
    watch = EnvelopeWatch(check)
    self.fence.epoch += 1
    self.fence.sequence = 0
  }

  /// Of the tokens that may pass.
  public var epoch: UInt64 { fence.epoch }
  /// Who has the plant; a pressed switch counts at once.
  public var mode: GatewayMode { isPressed ? .manual : fence.mode }

  private var isPressed: Bool { panel.presses > answeredPresses }

  /// The command that goes with one press of the switch has been taken, and the mode says what it asked for.
  public mutating func answerPress() { answeredPresses += 1 }

  /// Opens the door once the new epoch is durable.
  ///
  /// - Returns: false, and stays sealed, where `stored` is not this gateway's fence.
  public mutating func unseal(stored: FenceState) -> Bool {
    if stored == fence { isSealed = false }
    return !isSealed
  }

  /// Shuts the door at once; what was sent cannot be called back. The caller stores `fence` afterwards: the shut comes first.
  public mutating func takeOver() { fence.mode = .manual }

  /// Opens the door again, by a person's word. The caller stores `fence`.
  public mutating func rearm() { fence.mode = .automatic }

  /// The governor's sign of life: it has answered its last input. Writes need one that is not older than the envelope's time-out.
  ///
  /// One that comes later than that after the one before changes nothing: the governor was silent, and the next `tick` says so.
  public mutating func heartbeat(at time: GatewayTime) {
    let now = clock(time).monotonic
    if !isSealed, let lastBeat, now - lastBeat > check.envelope.heartbeatTimeout { return }
    lastBeat = now
  }

  /// Checks a write and, where it may go, spends its token. Nothing has left yet.
  ///
  /// - Parameter age: how long ago it was decided, by a clock that is never set.
  public mutating func prepare(_ intent: WriteIntent, age: Duration = .zero, at time: GatewayTime) -> Preparation {
    let time = clock(time)
    let now = time.plant
    forgetTheOld(at: time)
    properties = watch.advance(to: now)
    if let refusal = refusal(of: intent, age: age, at: time) {
      if refusal.reason == .fenced, alarmedEpoch != fence.epoch {
        alarmedEpoch = fence.epoch
        unsaid.append(.replayed(intent.token))
      }
      return .refused(refusal)
    }
    let before = readings[intent.tag]?.value ?? intent.from
    fence.sequence = intent.token.sequence
    forgetSpent(at: time)
    fence.spent.append(SpentStep(tag: intent.tag, at: now, amount: abs(intent.value - before)))
    spentAt.append(time.monotonic)
    fence.issued.append(IssuedWrite(token: intent.token, tag: intent.tag, before: before, value: intent.value, at: now))
    return .ready(PreparedWrite(intent: intent, fence: fence, at: time.monotonic - age))
  }

  /// Mints the permit and hands it to the actuator. The caller has stored `prepared.fence`, flushed.
  ///
  /// - Returns: a failure where a person took over, or time ran out, since `prepare`; then nothing was sent.
  public mutating func send(_ prepared: consuming PreparedWrite, at time: GatewayTime) -> GatewayReport? {
    let intent = prepared.intent
    let time = clock(time)
    let isCurrent = intent.token.epoch == fence.epoch && !isOld(time.monotonic - prepared.decided, check.rules.intentLifetime)
    guard mode == .automatic, !isSealed, isAlive(at: time), isCurrent, time.plant <= intent.expires else {
      fence.issued.removeAll { $0.token == intent.token }
      return .failed(intent.token, WriteFailure(.withheld, readBack: nil))
    }
    bay.begin(WritePermit(token: intent.token, tag: intent.tag, value: intent.value, expires: intent.expires))
    return nil
  }

  /// Takes in a reading of a tag that matters; reports what it settles. The caller stores `fence` when there is a report.
  public mutating func observe(_ given: Reading, of tag: String, at time: GatewayTime) -> [GatewayReport] {
    let time = clock(time)
    let reading = doubt.believed(given, of: tag, at: time.plant, check)
    // A good reading never goes back in time.
    if let known = readings[tag], known.instant > reading.instant, reading.isUsable { return [] }
    readings[tag] = reading
    arrivals[tag] = time.monotonic
    watch.observe(reading, of: tag, at: time.plant)
    return finish(tag, at: time.plant)
  }

  /// Lets time pass: a write that was not read back by its deadline fails; a governor that is silent for too long stops everything.
  public mutating func tick(at time: GatewayTime) -> [GatewayReport] {
    let time = clock(time)
    var reports = unsaid
    unsaid = []
    if !isSealed, let lastBeat, time.monotonic - lastBeat > check.envelope.heartbeatTimeout {
      // As at a start: whatever the silent governor still sends belongs to an epoch that is over.
      isSealed = true
      self.lastBeat = nil
      fence.epoch += 1
      fence.sequence = 0
      reports.append(.stopped(check.envelope.limits.map { TagHold(tag: $0.tag, state: $0.hold.text(unit: $0.unit)) }))
    }
    forgetTheOld(at: time)
    properties = watch.advance(to: time.plant)
    return reports + finish(nil, at: time.plant)
  }

  // MARK: - Checks

  private func refusal(of intent: WriteIntent, age: Duration, at time: GatewayTime) -> WriteRefusal? {
    if isSealed { return WriteRefusal(.sealed, "epoch \(fence.epoch) is not durable yet") }
    if mode == .manual { return WriteRefusal(.manual, "a person has the plant") }
    guard intent.token.epoch == fence.epoch, intent.token.sequence > fence.sequence else {
      return WriteRefusal(.fenced, "token \(intent.token) after \(fence.epoch).\(fence.sequence)")
    }
    if time.plant > intent.expires { return WriteRefusal(.expired, "was to leave by \(intent.expires.iso8601)") }
    if isOld(age, check.rules.intentLifetime) { return WriteRefusal(.expired, "was decided \(age.seconds) s ago") }
    if !isAlive(at: time) { return WriteRefusal(.noHeartbeat, "the governor shows no sign of life") }
    guard bay.writes(intent.tag) else { return WriteRefusal(.notWritable, "no actuator writes \(intent.tag)") }
    if let limit = check.limit(intent.tag), let refusal = unitRefusal(of: intent, limit) { return refusal }
    if let other = fence.issued.first(where: { $0.tag == intent.tag }) {
      return WriteRefusal(.pending, "\(intent.tag) waits for the read-back of \(other.token)")
    }
    return check.refusal(
      of: EnvelopeCheck.Question(
        tag: intent.tag, value: intent.value, purpose: intent.purpose, at: time.plant, readings: believedReadings(at: time),
        spent: countedSteps(at: time),
        pending: fence.issued, properties: properties))
  }

  /// The gateway converts nothing: an intent is in the limit's own unit, or another spelling of it.
  private func unitRefusal(of intent: WriteIntent, _ limit: TagLimit) -> WriteRefusal? {
    guard let code = intent.unit else { return WriteRefusal(.wrongUnit, "\(intent.value) for \(intent.tag) carries no unit") }
    if code == limit.unit { return nil }
    if let given = try? EngineeringUnit(code), let own = try? EngineeringUnit(limit.unit), given.isConvertible(to: own), given.factor == own.factor,
      given.offset == own.offset
    {
      return nil
    }
    return WriteRefusal(.wrongUnit, "\(intent.value) \(code) for \(intent.tag), which is in \(limit.unit)")
  }

  private func isAlive(at time: GatewayTime) -> Bool {
    lastBeat.map { time.monotonic - $0 <= check.envelope.heartbeatTimeout } ?? false
  }

  // MARK: - Time

  /// Neither clock runs backwards in here. A plant clock that is set back stands still; what ages meanwhile ages by the other.
  private mutating func clock(_ time: GatewayTime) -> GatewayTime {
    latest = GatewayTime(plant: max(latest.plant, time.plant), monotonic: max(latest.monotonic, time.monotonic))
    return latest
  }

  /// Whether a span of the gateway's own clock is longer than `limit` of plant time, with a second's grace for the way of messages.
  private func isOld(_ span: Duration, _ limit: Duration) -> Bool { (span.seconds - 1) * speed > limit.seconds }

  /// A reading that came too long ago is stale, whatever its date says.
  private func believedReadings(at time: GatewayTime) -> [String: Reading] {
    var believed = readings
    for (tag, arrival) in arrivals where isOld(time.monotonic - arrival, check.freshness(of: tag)) {
      if believed[tag]?.quality == .good { believed[tag]?.quality = .stale }
    }
    return believed
  }

  private mutating func forgetTheOld(at time: GatewayTime) {
    for (tag, arrival) in arrivals where isOld(time.monotonic - arrival, check.freshness(of: tag)) { watch.forget(tag, at: time.plant) }
  }

  /// A step is forgotten when both clocks have left it an hour behind.
  private func isForgotten(_ index: Int, at time: GatewayTime) -> Bool {
    guard time.plant - fence.spent[index].at >= .hours(1) else { return false }
    return spentAt[index].map { (time.monotonic - $0).seconds * speed >= 3600 } ?? true
  }

  private mutating func forgetSpent(at time: GatewayTime) {
    let kept = fence.spent.indices.filter { !isForgotten($0, at: time) }
    (fence.spent, spentAt) = (kept.map { fence.spent[$0] }, kept.map { spentAt[$0] })
  }

  /// The steps that count against the hour; one that only the plant's clock has left behind counts as of now.
  private func countedSteps(at time: GatewayTime) -> [SpentStep] {
    fence.spent.indices.filter { !isForgotten($0, at: time) }.map { index in
      var step = fence.spent[index]
      if time.plant - step.at >= .hours(1) { step.at = time.plant }
      return step
    }
  }

  // MARK: - Read-back

  private mutating func finish(_ tag: String?, at now: Instant) -> [GatewayReport] {
    var reports: [GatewayReport] = []
    var left: [IssuedWrite] = []
    for write in fence.issued {
      if let report = verdict(on: write, at: now, deadlineOnly: write.tag != tag) { reports.append(report) } else { left.append(write) }
    }
    fence.issued = left
    return reports
  }

  /// Confirmed when the plant shows the value, clamped when it says so or shows a third one, failed at the deadline.
  private borrowing func verdict(on write: IssuedWrite, at now: Instant, deadlineOnly: Bool) -> GatewayReport? {
    let reading = readings[write.tag]
    if !deadlineOnly, let reading, reading.remark == .clamped, reading.instant > write.at {
      return .failed(write.token, WriteFailure(.clamped, readBack: reading.value.isFinite ? reading.value : nil))
    }
    // Plant clocks and ours differ by the way a message travels, so a changed value counts from a minute before the write; an unchanged
    // one (a write of what already stood there) only if it was measured after it.
    let moves = !check.same(write.tag, write.before, write.value)
    let since = moves ? write.at - .minutes(1) : write.at
    let fresh = reading.flatMap { $0.isUsable && $0.instant > since ? $0 : nil }
    if !deadlineOnly, let fresh {
      if check.same(write.tag, fresh.value, write.value) { return .confirmed(write.token, readBack: fresh.value) }
      if moves, !check.same(write.tag, fresh.value, write.before), fresh.instant >= write.at {
        return .failed(write.token, WriteFailure(.clamped, readBack: fresh.value))
      }
    }
    // Only what was measured after the write can speak against it.
    let later = fresh.flatMap { $0.instant > write.at ? $0 : nil }
    guard now - write.at > check.rules.readBackDeadline else { return nil }
    if write.token.epoch < fence.epoch {
      // Of an earlier life: what the plant shows once the write can no longer be on its way is what the plant has. Sooner, the old value says
      // nothing: the write might land behind the reading, and behind the next write (found by Tests/ProtocolTests). A tag that cannot be
      // read stays shut: nothing may be sent on top of an unknown.
      let settled = later.flatMap { $0.instant - write.at > check.rules.readBackDeadline ? $0 : nil }
      return settled.map { .failed(write.token, WriteFailure(.notApplied, readBack: $0.value)) }
    }
    return .failed(write.token, WriteFailure(later == nil ? .noReadBack : .mismatch, readBack: later?.value))
  }
}

/// The answer to `Gateway.prepare`.
public enum Preparation: ~Copyable, Sendable {
  case refused(WriteRefusal)
  case ready(PreparedWrite)
}

/// A write that may go once its fence is on disk. Cannot be copied, so it is sent once or not at all.
public struct PreparedWrite: ~Copyable, Sendable {
  public let intent: WriteIntent
  /// To be stored, flushed, before `Gateway.send`.
  public let fence: FenceState
  /// When it was decided, by the gateway's own clock.
  let decided: Duration

  init(intent: WriteIntent, fence: FenceState, at decided: Duration) { (self.intent, self.fence, self.decided) = (intent, fence, decided) }
}
