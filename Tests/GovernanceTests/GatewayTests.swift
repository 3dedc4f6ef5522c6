import Governance
import Learning
import PlantModel
import Quantities
import Telemetry
import TemporalLogic
import Testing

/// The door by itself: whoever stands before it, and whatever they have written down.
@Suite struct GatewayTests {
  private static let tag = "Filler/MachSpeed"
  private static let start = Instant(seconds: 1_000_000)
  private static let check = EnvelopeCheck(
    envelope: EnvelopeSpec(
      limits: [TagLimit(tag: tag, unit: "1/min", low: 40, high: 80, maxStep: 5, maxPerHour: 12, hold: .keep)],
      interlocks: [Interlock(name: "door", forbids: [tag], tag: "Filler/Door", comparison: .equal, value: 1)], authorityCeiling: .closedLoop),
    rules: GovernorRules())

  private static func open(_ outbox: Outbox, fence: FenceState = FenceState()) -> Gateway {
    var gateway = Gateway(taking: ActuatorBay([outbox]), check: check, fence: fence)
    let isOpen = gateway.unseal(stored: gateway.fence)
    #expect(isOpen)
    return gateway
  }

  private static func read(_ gateway: inout Gateway, _ value: Double, at now: Instant, quality: Quality = .good, door: Double? = 0) -> [GatewayReport]
  {
    gateway.stayAlive(until: now)
    if let door { _ = gateway.observe(Reading(value: door, quality: .good, instant: now), of: "Filler/Door", at: now) }
    return gateway.observe(Reading(value: value, quality: quality, instant: now), of: tag, at: now)
  }

  /// Time passes while the governor lives.
  private static func tick(_ gateway: inout Gateway, at now: Instant) -> [GatewayReport] {
    gateway.stayAlive(until: now)
    return gateway.tick(at: now)
  }

  private static func intent(_ sequence: UInt64, _ value: Double, epoch: UInt64 = 1, tag: String = GatewayTests.tag, at now: Instant = start)
    -> WriteIntent
  {
    WriteIntent(
      token: WriteToken(epoch: epoch, sequence: sequence), change: ChangeID("x"), tag: tag, from: 0, value: value, purpose: .advance,
      expires: now + .minutes(2), unit: "1/min")
  }

  /// What the gateway makes of an intent: nil when it went out.
  private static func attempt(_ gateway: inout Gateway, _ intent: WriteIntent, at now: Instant = start) -> WriteRefusal.Reason? {
    gateway.stayAlive(until: now)
    switch gateway.prepare(intent, at: now) {
    case .refused(let refusal): return refusal.reason
    case .ready(let prepared):
      #expect(gateway.send(prepared, at: now) == nil)
      return nil
    }
  }

  @Test func invariant01_everyReasonToRefuseRefusesByItself() {
    let table: [(WriteIntent, WriteRefusal.Reason?)] = [
      (Self.intent(1, 64), nil), (Self.intent(1, 68), .stepTooLarge), (Self.intent(1, 56), .stepTooLarge), (Self.intent(1, 59.9), nil),
      (Self.intent(1, .nan), .notFinite),
      (Self.intent(1, .infinity), .notFinite), (Self.intent(1, -.infinity), .notFinite), (Self.intent(1, 81), .outsideLimits),
      (Self.intent(1, 39), .outsideLimits), (Self.intent(1, 1e308), .outsideLimits), (Self.intent(1, -0.0), .improperNumber),
      (Self.intent(0, 64), .fenced), (Self.intent(1, 64, epoch: 2), .fenced), (Self.intent(1, 64, epoch: 0), .fenced),
      (Self.intent(1, 64, tag: "Capper/MachSpeed"), .notWritable), (Self.intent(1, 64, at: Self.start - .minutes(3)), .expired),
    ]
    for (intent, reason) in table {
      let outbox = Outbox(tags: [Self.tag])
      var gateway = Self.open(outbox)
      _ = Self.read(&gateway, 62, at: Self.start)
      #expect(Self.attempt(&gateway, intent) == reason, "\(intent)")
      #expect(outbox.take().count == (reason == nil ? 1 : 0))
    }
  }

  @Test func invariant05_aPressOfTheSwitchShutsTheDoorBeforeItsCommandIsRead() {
    let outbox = Outbox(tags: [Self.tag])
    let panel = PanelSwitch()
    var gateway = Gateway(taking: ActuatorBay([outbox]), check: Self.check, fence: FenceState(), panel: panel)
    let isOpen = gateway.unseal(stored: gateway.fence)
    #expect(isOpen)
    _ = Self.read(&gateway, 62, at: Self.start)
    gateway.heartbeat(at: Self.start)
    // Between the check and the sending.
    guard case .ready(let prepared) = gateway.prepare(Self.intent(1, 64), at: Self.start) else { return #expect(Bool(false)) }
    panel.press()
    let report = gateway.send(prepared, at: Self.start)
    #expect(report == .failed(WriteToken(epoch: 1, sequence: 1), WriteFailure(.withheld, readBack: nil)) && outbox.take().isEmpty)
    #expect(gateway.mode == .manual && Self.attempt(&gateway, Self.intent(2, 64)) == .manual)
    // A re-arming that was on its way does not undo it; the command that goes with it takes over for good.
    gateway.rearm()
    #expect(gateway.mode == .manual)
    gateway.takeOver()
    gateway.answerPress()
    #expect(gateway.mode == .manual)
    gateway.rearm()
    #expect(gateway.mode == .automatic)
  }

  @Test func invariant15_badUnknownAndUncertainReadingsNeverPass() {
    func after(_ observe: (inout Gateway) -> Void) -> WriteRefusal.Reason? {
      var gateway = Self.open(Outbox(tags: [Self.tag]))
      observe(&gateway)
      return Self.attempt(&gateway, Self.intent(1, 64))
    }
    #expect(after { _ in } == .staleReading)
    for quality in [Quality.bad, .stale, .uncertain] { #expect(after { _ = Self.read(&$0, 62, at: Self.start, quality: quality) } == .staleReading) }
    #expect(after { _ = Self.read(&$0, .nan, at: Self.start) } == .staleReading)
    #expect(after { _ = Self.read(&$0, 62, at: Self.start - .minutes(6)) } == .staleReading)
    let ahead = Reading(value: 62, quality: .good, instant: Self.start + .minutes(3))
    #expect(after { _ = $0.observe(ahead, of: Self.tag, at: Self.start) } == .staleReading)
    // An interlock that is not known holds.
    #expect(after { _ = Self.read(&$0, 62, at: Self.start, door: nil) } == .interlock)
    #expect(after { _ = Self.read(&$0, 62, at: Self.start, door: 1) } == .interlock)
    #expect(after { _ = Self.read(&$0, 62, at: Self.start, door: .nan) } == .interlock)
    #expect(after { _ = Self.read(&$0, 62, at: Self.start) } == nil)
  }

  @Test func invariant02_aTokenWorksOnceAndNeverAgainAfterARestart() {
    let outbox = Outbox(tags: [Self.tag])
    var gateway = Self.open(outbox)
    _ = Self.read(&gateway, 60, at: Self.start)
    #expect(Self.attempt(&gateway, Self.intent(5, 62)) == nil)
    let stored = gateway.fence
    #expect(Self.read(&gateway, 62, at: Self.start + .seconds(5)) == [.confirmed(WriteToken(epoch: 1, sequence: 5), readBack: 62)])
    for sequence in UInt64(0)...5 { #expect(Self.attempt(&gateway, Self.intent(sequence, 63)) == .fenced) }
    var second = Self.open(Outbox(tags: [Self.tag]), fence: stored)
    #expect(second.epoch == 2)
    _ = Self.read(&second, 62, at: Self.start + .minutes(1))
    for sequence in UInt64(0)...9 { #expect(Self.attempt(&second, Self.intent(sequence, 63), at: Self.start + .minutes(1)) == .fenced) }
  }

  @Test func invariant04_theNewEpochIsSealedUntilItIsStoredAndATagInDoubtUntilItIsRead() {
    var first = Self.open(Outbox(tags: [Self.tag]))
    _ = Self.read(&first, 60, at: Self.start)
    #expect(Self.attempt(&first, Self.intent(1, 62)) == nil)
    let stored = first.fence

    let outbox = Outbox(tags: [Self.tag])
    var gateway = Gateway(taking: ActuatorBay([outbox]), check: Self.check, fence: stored)
    let now = Self.start + .minutes(1)
    _ = gateway.observe(Reading(value: 0, quality: .good, instant: now), of: "Filler/Door", at: now)
    #expect(Self.attempt(&gateway, Self.intent(1, 61, epoch: 2), at: now) == .sealed)
    let opensByTheOld = gateway.unseal(stored: stored)
    let opensByItsOwn = gateway.unseal(stored: gateway.fence)
    #expect(!opensByTheOld && opensByItsOwn)
    #expect(Self.attempt(&gateway, Self.intent(1, 61, epoch: 2), at: now) == .pending)
    let later = now + .hours(2)
    let reports = Self.tick(&gateway, at: later)
    #expect(reports.isEmpty)
    #expect(Self.read(&gateway, 62, at: later) == [.confirmed(WriteToken(epoch: 1, sequence: 1), readBack: 62)])
    #expect(Self.attempt(&gateway, Self.intent(1, 61, epoch: 2, at: later), at: later) == nil)
    #expect(outbox.take().count == 1)
  }

  /// Found by the model checker (Tests/ProtocolTests): a reading from while the write flew settled it, and the write landed behind the next one.
  @Test func invariant04_aWriteOfAnEarlierLifeIsNotJudgedWhileItMayStillLand() {
    var first = Self.open(Outbox(tags: [Self.tag]))
    _ = Self.read(&first, 60, at: Self.start)
    #expect(Self.attempt(&first, Self.intent(1, 62)) == nil)
    var gateway = Self.open(Outbox(tags: [Self.tag]), fence: first.fence)
    let soon = Self.start + .seconds(20)
    #expect(Self.read(&gateway, 60, at: soon) == [])
    #expect(Self.attempt(&gateway, Self.intent(1, 61, epoch: 2, at: soon), at: soon) == .pending)
    // The last reading from before the deadline says nothing after it either.
    let late = Self.start + Self.check.rules.readBackDeadline + .seconds(10)
    gateway.stayAlive(until: late)
    #expect(gateway.tick(at: late) == [])
    #expect(Self.read(&gateway, 60, at: late) == [.failed(WriteToken(epoch: 1, sequence: 1), WriteFailure(.notApplied, readBack: 60))])
    #expect(Self.attempt(&gateway, Self.intent(1, 61, epoch: 2, at: late), at: late) == nil)
  }

  @Test func invariant03_doneOnlyAfterReadBack() {
    func outcome(_ observe: (inout Gateway) -> [GatewayReport]) -> [GatewayReport] {
      var gateway = Self.open(Outbox(tags: [Self.tag]))
      _ = Self.read(&gateway, 60, at: Self.start)
      #expect(Self.attempt(&gateway, Self.intent(1, 64)) == nil)
      return observe(&gateway)
    }
    let token = WriteToken(epoch: 1, sequence: 1)
    let soon = Self.start + .seconds(20)
    let late = Self.start + Self.check.rules.readBackDeadline + .minutes(1)
    #expect(outcome { Self.read(&$0, 60, at: soon) } == [])
    #expect(outcome { Self.read(&$0, 64, at: soon, quality: .uncertain) } == [])
    #expect(outcome { Self.read(&$0, 64.01, at: soon) } == [.confirmed(token, readBack: 64.01)])
    #expect(outcome { Self.read(&$0, 62, at: soon) } == [.failed(token, WriteFailure(.clamped, readBack: 62))])
    #expect(outcome { Self.tick(&$0, at: soon) } == [])
    #expect(outcome { Self.tick(&$0, at: late) } == [.failed(token, WriteFailure(.noReadBack, readBack: nil))])
    let silent = outcome { gateway in
      _ = Self.read(&gateway, 60, at: soon)
      return Self.tick(&gateway, at: late)
    }
    #expect(silent == [.failed(token, WriteFailure(.mismatch, readBack: 60))])
    // Told once.
    #expect(outcome { Self.read(&$0, 64, at: soon) + Self.read(&$0, 64, at: late) + Self.tick(&$0, at: late) }.count == 1)
  }

  @Test func theHourlyAllowanceIsCountedHereAndSurvivesARestart() {
    var gateway = Self.open(Outbox(tags: [Self.tag]))
    var value = 60.0
    var refused: WriteRefusal.Reason?
    for index in 1...6 where refused == nil {
      let now = Self.start + .minutes(Double(index))
      _ = Self.read(&gateway, value, at: now)
      value += index % 2 == 0 ? -4 : 4
      refused = Self.attempt(&gateway, Self.intent(UInt64(index), value, at: now), at: now)
    }
    #expect(refused == .rateExceeded)
    let stored = gateway.fence
    #expect(stored.spent.reduce(0) { $0 + $1.amount } == 12)
    var next = Self.open(Outbox(tags: [Self.tag]), fence: stored)
    let soon = Self.start + .minutes(10)
    _ = Self.read(&next, 64, at: soon)
    #expect(Self.attempt(&next, Self.intent(1, 62, epoch: 2, at: soon), at: soon) == .rateExceeded)
    let later = Self.start + .minutes(62)
    _ = Self.read(&next, 64, at: later)
    #expect(Self.attempt(&next, Self.intent(1, 62, epoch: 2, at: later), at: later) == nil)
  }

  @Test func invariant05_takeoverIsEnforcedHereAndOutlivesARestart() {
    let outbox = Outbox(tags: [Self.tag])
    var gateway = Self.open(outbox)
    _ = Self.read(&gateway, 60, at: Self.start)
    // Between prepare and send.
    gateway.heartbeat(at: Self.start)
    switch gateway.prepare(Self.intent(1, 62), at: Self.start) {
    case .refused(let refusal): Issue.record("\(refusal)")
    case .ready(let prepared):
      gateway.takeOver()
      #expect(gateway.send(prepared, at: Self.start) == .failed(WriteToken(epoch: 1, sequence: 1), WriteFailure(.withheld, readBack: nil)))
    }
    #expect(Self.attempt(&gateway, Self.intent(2, 62)) == .manual)
    var next = Self.open(outbox, fence: gateway.fence)
    _ = Self.read(&next, 60, at: Self.start)
    #expect(Self.attempt(&next, Self.intent(1, 62, epoch: 2)) == .manual)
    #expect(outbox.take().isEmpty)
    next.rearm()
    #expect(Self.attempt(&next, Self.intent(1, 62, epoch: 2)) == nil)
  }

  @Test func theConformanceKitPassesAnHonestActuatorAndFailsOthers() {
    /// Loses a write.
    struct Faulty: Actuator {
      let outbox: Outbox
      var tags: [String] { outbox.tags }
      func begin(_ permit: consuming WritePermit) {
        if permit.value == 250 { return }
        outbox.begin(permit)
      }
    }
    let honest = Outbox(tags: [Self.tag])
    #expect(checkActuator(honest) { honest.take() } == [])
    let losing = Outbox(tags: [Self.tag])
    #expect(!checkActuator(Faulty(outbox: losing)) { losing.take() }.isEmpty)
    let doubling = Outbox(tags: [Self.tag])
    #expect(!checkActuator(doubling) { doubling.take().flatMap { [$0, $0] } }.isEmpty)
    let rounding = Outbox(tags: [Self.tag])
    #expect(!checkActuator(rounding) { rounding.take().map { DeliveredWrite(tag: $0.tag, value: $0.value.rounded()) } }.isEmpty)
  }

  @Test func rolesAreDeniedByDefaultAndEmergenciesAreOpenToAll() {
    let id = ChangeID("x")
    let commands: [(OperatorCommand, Set<Role>)] = [
      (.takeOver, Set(Role.allCases)), (.halt, Set(Role.allCases)), (.approve(id, binding: nil), [.engineer, .approver]),
      (.reject(id), [.operator, .engineer, .approver, .safety]), (.rollback(id), [.operator, .engineer, .approver, .safety]),
      (.rearm, [.engineer, .approver, .safety]), (.resume, [.engineer, .approver, .safety]), (.promote(loop: "l"), [.engineer, .approver]),
      (.demote(loop: "l"), [.operator, .engineer, .approver, .safety]), (.acknowledge(id), [.operator, .engineer, .approver, .safety]),
      (.signPlan(name: "p", binding: nil), [.engineer, .approver, .safety]), (.withdrawPlan(name: "p"), [.operator, .engineer, .approver, .safety]),
      (.acceptEnvelope(binding: "h"), [.safety]),
      (.propose(HandProposal(targets: [], because: "")), [.operator, .engineer, .approver]),
      (.settleDrift(.accepted, because: ""), [.engineer]),
    ]
    for (command, allowed) in commands {
      for role in Role.allCases { #expect(role.may(command) == allowed.contains(role), "\(role) \(command)") }
    }
  }
}
