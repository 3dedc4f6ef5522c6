internal import PlantModel
public import Quantities
internal import Telemetry

/// The one door to the plant: takes the actuators, checks every write by itself, and alone mints permits.
///
/// Small and deterministic on purpose. It trusts nobody's bookkeeping: it keeps its own readings, its own fence and its own count of
/// what each tag has moved. The life of a write:
///
///     prepare(intent) → the shell stores `prepared.fence`, flushed → send(prepared) → observe(reading) → confirmed or failed
///
/// Start: the epoch is raised and the door is **sealed**; the shell stores `fence` and calls `unseal`. A tag that may have a write of
/// an earlier life on its way stays shut until it has been read back.
public struct Gateway: ~Copyable, Sendable {
  private let bay: ActuatorBay
  private let check: EnvelopeCheck
  /// What must be on disk; see `unseal` and `PreparedWrite.fence`.
  public private(set) var fence: FenceState
  private var readings: [String: Reading] = [:]
  public private(set) var isSealed = true

  /// - Parameter fence: what was stored last; a new one for a plant that was never written.
  public init(taking bay: consuming ActuatorBay, check: EnvelopeCheck, fence: FenceState) {
    self.bay = bay
    self.check = check
    self.fence = fence
    self.fence.epoch += 1
    self.fence.sequence = 0
  }

  public var epoch: UInt64 { fence.epoch }
  public var mode: GatewayMode { fence.mode }

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

  /// Checks a write and, where it may go, spends its token. Nothing has left yet.
  public mutating func prepare(_ intent: WriteIntent, at now: Instant) -> Preparation {
    if let refusal = refusal(of: intent, at: now) { return .refused(refusal) }
    let before = readings[intent.tag]?.value ?? intent.from
    fence.sequence = intent.token.sequence
    fence.spent.removeAll { now - $0.at >= .hours(1) }
    fence.spent.append(SpentStep(tag: intent.tag, at: now, amount: abs(intent.value - before)))
    fence.issued.append(IssuedWrite(token: intent.token, tag: intent.tag, before: before, value: intent.value, at: now))
    return .ready(PreparedWrite(intent: intent, fence: fence))
  }

  /// Mints the permit and hands it to the actuator. The caller has stored `prepared.fence`, flushed.
  ///
  /// - Returns: a failure where a person took over, or time ran out, since `prepare`; then nothing was sent.
  public mutating func send(_ prepared: consuming PreparedWrite, at now: Instant) -> GatewayReport? {
    let intent = prepared.intent
    guard fence.mode == .automatic, !isSealed, now <= intent.expires else {
      fence.issued.removeAll { $0.token == intent.token }
      return .failed(intent.token, WriteFailure(.withheld, readBack: nil))
    }
    bay.begin(WritePermit(token: intent.token, tag: intent.tag, value: intent.value, expires: intent.expires))
    return nil
  }

  /// Takes in a reading of a set-point or interlock tag; reports what it settles. The caller stores `fence` when there is a report.
  public mutating func observe(_ reading: Reading, of tag: String, at now: Instant) -> [GatewayReport] {
    if let known = readings[tag], known.instant > reading.instant, reading.quality == .good { return [] }
    readings[tag] = reading
    return finish(tag, at: now)
  }

  /// Lets time pass: a write that was not read back by its deadline fails.
  public mutating func tick(at now: Instant) -> [GatewayReport] {
    finish(nil, at: now)
  }

  // MARK: - Checks

  private func refusal(of intent: WriteIntent, at now: Instant) -> WriteRefusal? {
    if isSealed { return WriteRefusal(.sealed, "epoch \(fence.epoch) is not durable yet") }
    if fence.mode == .manual { return WriteRefusal(.manual, "a person has the plant") }
    guard intent.token.epoch == fence.epoch, intent.token.sequence > fence.sequence else {
      return WriteRefusal(.fenced, "token \(intent.token) after \(fence.epoch).\(fence.sequence)")
    }
    if now > intent.expires { return WriteRefusal(.expired, "was to leave by \(intent.expires.iso8601)") }
    guard bay.writes(intent.tag) else { return WriteRefusal(.notWritable, "no actuator writes \(intent.tag)") }
    if let other = fence.issued.first(where: { $0.tag == intent.tag }) {
      return WriteRefusal(.pending, "\(intent.tag) waits for the read-back of \(other.token)")
    }
    return check.refusal(of: intent.value, to: intent.tag, at: now, readings: readings, spent: fence.spent)
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

  /// Confirmed when the plant shows the value, clamped when it shows a third one, failed at the deadline.
  private borrowing func verdict(on write: IssuedWrite, at now: Instant, deadlineOnly: Bool) -> GatewayReport? {
    let reading = readings[write.tag]
    // Plant clocks and ours differ by the way a message travels, so a changed value counts from a minute before the write; an unchanged
    // one (a write of what already stood there) only if it was measured after it.
    let moves = !check.same(write.tag, write.before, write.value)
    let since = moves ? write.at - .minutes(1) : write.at
    let fresh = reading.flatMap { $0.quality == .good && $0.value.isFinite && $0.instant > since ? $0 : nil }
    if !deadlineOnly, let fresh {
      if check.same(write.tag, fresh.value, write.value) { return .confirmed(write.token, readBack: fresh.value) }
      if moves, !check.same(write.tag, fresh.value, write.before), fresh.instant >= write.at {
        return .failed(write.token, WriteFailure(.clamped, readBack: fresh.value))
      }
    }
    // Only what was measured after the write can speak against it.
    let later = fresh.flatMap { $0.instant > write.at ? $0 : nil }
    let isOfEarlierLife = write.token.epoch < fence.epoch
    if isOfEarlierLife {
      // After a restart the first such reading says what the plant has (the governor counts the write as one that may still land).
      // A tag that cannot be read stays shut: nothing may be sent on top of an unknown.
      return later.map { .failed(write.token, WriteFailure(.notApplied, readBack: $0.value)) }
    }
    guard now - write.at > check.rules.readBackDeadline else { return nil }
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

  init(intent: WriteIntent, fence: FenceState) { (self.intent, self.fence) = (intent, fence) }
}
