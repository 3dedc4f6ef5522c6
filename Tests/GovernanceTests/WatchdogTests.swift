import Governance
import PlantModel
import Quantities
import Telemetry
import Testing

/// Clocks, signs of life and replays: the gateway trusts its own clock alone.
@Suite struct WatchdogTests {
  private static func intent(_ door: borrowing Door, _ value: Double = 62, sequence: UInt64 = 1, epoch: UInt64? = nil) -> WriteIntent {
    WriteIntent(
      token: WriteToken(epoch: epoch ?? door.gateway.epoch, sequence: sequence), change: ChangeID("x"), tag: Door.speed, from: 60, value: value,
      purpose: .advance, expires: door.now + .minutes(2), unit: "1/min")
  }

  @Test func invariant08_withoutAHeartbeatTheDoorShutsAndEachTagIsAtItsDeclaredHold() {
    var door = Door()
    let held = [
      TagHold(tag: Door.speed, state: "keep"), TagHold(tag: Door.other, state: "{fixed: 50 1/min}"), TagHold(tag: Door.temperature, state: "local"),
    ]
    let epoch = door.gateway.epoch
    let silent = door.now
    #expect(door.gateway.tick(at: silent + .seconds(3)).isEmpty, "3 s are allowed")
    door.now = silent + .seconds(3.001)
    #expect(door.attempt(62) == .noHeartbeat, "before anybody has noticed")
    #expect(door.gateway.tick(at: door.now) == [.stopped(held)])
    #expect(door.gateway.isSealed && door.gateway.epoch == epoch + 1)
    #expect(door.gateway.tick(at: door.now + .seconds(10)).isEmpty, "told once")
    // The governor comes back: sealed before any action, and its old epoch is over.
    door.pass(.seconds(20))
    #expect(door.attempt(62) == .sealed)
    let isOpen = door.gateway.unseal(stored: door.gateway.fence)
    #expect(isOpen)
    switch door.gateway.prepare(Self.intent(door, epoch: epoch), at: door.now) {
    case .refused(let refusal): #expect(refusal.reason == .fenced)
    case .ready: Issue.record("a write of the epoch that is over")
    }
    #expect(door.attempt(62) == nil)
    #expect(door.outbox.take().count == 1)
  }

  @Test func invariant08_aLateSignOfLifeDoesNotHideThatTheGovernorWasSilent() {
    var door = Door()
    door.now += .seconds(3.5)
    door.gateway.heartbeat(at: door.now)
    #expect(door.attempt(62) == .noHeartbeat)
    #expect(door.gateway.tick(at: door.now).count == 1 && door.gateway.isSealed)
    // Once it is shut, signs of life count again, and it opens with the new epoch.
    door.gateway.heartbeat(at: door.now)
    let isOpen = door.gateway.unseal(stored: door.gateway.fence)
    door.publish()
    #expect(isOpen && door.attempt(62) == nil)
  }

  @Test func invariant08_aWriteThatWasPreparedDoesNotLeaveAfterTheGovernorFellSilent() {
    var door = Door()
    switch door.gateway.prepare(Self.intent(door), at: door.now) {
    case .refused(let refusal): Issue.record("\(refusal)")
    case .ready(let prepared):
      let report = door.gateway.send(prepared, at: door.now + .seconds(4))
      #expect(report == .failed(WriteToken(epoch: 1, sequence: 1), WriteFailure(.withheld, readBack: nil)))
    }
    #expect(door.outbox.take().isEmpty && door.gateway.fence.issued.isEmpty)
  }

  @Test func invariant14_noJumpOfThePlantsClockExtendsALeaseAFreshnessOrAnAllowance() {
    for jump in [-3600.0, -60, -1, 1, 60, 3600, 86_400] {
      // The plant's clock jumps; the gateway's own goes on.
      func time(_ door: borrowing Door, after seconds: Double) -> GatewayTime {
        GatewayTime(plant: door.now + .seconds(jump + seconds), monotonic: door.now - Instant(nanoseconds: 0) + .seconds(seconds))
      }
      // Silent governor: 3.1 s of real time stop it, whatever the plant's clock says.
      var silent = Door()
      #expect(silent.gateway.tick(at: time(silent, after: 3.1)).count == 1, "jump \(jump)")
      // A reading that came 5 min and some ago is stale.
      var stale = Door()
      stale.gateway.stayAlive(until: time(stale, after: 302))
      let old = Self.intent(stale)
      switch stale.gateway.prepare(old, at: time(stale, after: 302)) {
      case .refused: break
      case .ready: Issue.record("jump \(jump): a reading of five minutes ago passed")
      }
      // A decision of more than two minutes ago is not sent, however the plant's clock stands.
      var late = Door()
      switch late.gateway.prepare(Self.intent(late), age: .seconds(122), at: time(late, after: 0)) {
      case .refused(let refusal): #expect(refusal.reason == .expired)
      case .ready: Issue.record("jump \(jump): an intent of 122 s ago passed")
      }
      // The hour's allowance of 12 is spent; a jump does not refill it.
      var spent = Door()
      for value in [65.0, 60] {
        #expect(spent.attempt(value) == nil)
        spent.settle()
      }
      let here = time(spent, after: 1)
      spent.gateway.stayAlive(until: here)
      for (tag, value) in spent.values.sorted(by: { $0.key < $1.key }) {
        _ = spent.gateway.observe(Reading(value: value, quality: .good, instant: here.plant), of: tag, at: here)
      }
      var third = Self.intent(spent, 64, sequence: 3)
      third.expires = here.plant + .minutes(2)
      switch spent.gateway.prepare(third, at: here) {
      case .refused: break
      case .ready: Issue.record("jump \(jump): the hour's allowance was refilled")
      }
      for count in [silent.outbox.take().count, stale.outbox.take().count, late.outbox.take().count, spent.outbox.take().count] {
        #expect(count == 0)
      }
    }
  }

  @Test func invariant02_replayedDoubledAndReorderedCommandsAreRefusedAndAlarmedOnce() {
    var door = Door()
    var captured: [WriteIntent] = []
    for (index, value) in [61.0, 62, 63, 64].enumerated() {
      // Every second token is lost on its way, and comes later.
      let intent = Self.intent(door, value, sequence: UInt64(2 * index + 2))
      captured.append(intent)
      captured.append(Self.intent(door, value, sequence: UInt64(2 * index + 1)))
      switch door.gateway.prepare(intent, at: door.now) {
      case .refused(let refusal): Issue.record("\(refusal)")
      case .ready(let prepared): _ = door.gateway.send(prepared, at: door.now)
      }
      door.settle()
    }
    var alarms = 0
    var refused = 0
    var dice = Dice(4)
    for _ in 0..<2000 {
      var intent = captured[dice.below(captured.count)]
      if dice.below(4) == 0 { intent.token.epoch = UInt64(dice.below(3)) }
      if intent.token.epoch == door.gateway.epoch, intent.token.sequence > door.gateway.fence.sequence { continue }
      switch door.gateway.prepare(intent, at: door.now) {
      case .refused(let refusal):
        refused += 1
        #expect(refusal.reason == .fenced)
      case .ready: Issue.record("\(intent.token) passed again")
      }
      door.now += .milliseconds(200)
      door.gateway.heartbeat(at: door.now)
      for report in door.gateway.tick(at: door.now) { if case .replayed = report { alarms += 1 } }
    }
    #expect(refused == 2000 && alarms == 1)
    #expect(door.outbox.take().isEmpty)
  }

  @Test func aReadingFromTheFutureIsNoReasonToIgnoreTheNextOne() {
    var door = Door()
    _ = door.gateway.observe(Reading(value: 60, quality: .good, instant: door.now + .hours(1)), of: Door.speed, at: door.now)
    #expect(door.attempt(62) == .staleReading)
    door.pass(.seconds(1))
    #expect(door.attempt(62) == nil)
  }

  /// Rehearsal, seeds 102857 and 155485: a clock four minutes ahead, and messages three minutes late: an old reading looks fresh.
  @Test func scenario10_afterAReadingDatedAheadNothingCountsForAsLongAsAMessageMayBeUnderWay() {
    var door = Door()
    _ = door.gateway.observe(Reading(value: 60, quality: .good, instant: door.now + .minutes(4)), of: Door.speed, at: door.now)
    for minute in 1...9 {
      door.pass(.minutes(1))
      #expect(door.attempt(62) == .staleReading, "after \(minute) min")
    }
    door.pass(.minutes(1))
    #expect(door.attempt(62) == nil)
  }

  @Test func theMachinesOwnRemarksCountAsWhatTheyMean() {
    var door = Door()
    var reading = Reading(value: 60, quality: .good, instant: door.now, remark: .localOverride)
    _ = door.gateway.observe(reading, of: Door.speed, at: door.now)
    #expect(door.attempt(62) == .localOverride)
    door.pass(.seconds(1))
    #expect(door.attempt(62) == nil)
    reading = Reading(value: 61, quality: .uncertain, instant: door.now + .seconds(1), remark: .clamped)
    let failed = GatewayReport.failed(WriteToken(epoch: 1, sequence: 1), WriteFailure(.clamped, readBack: 61))
    #expect(door.gateway.observe(reading, of: Door.speed, at: door.now + .seconds(1)) == [failed])
    // The codes of OPC UA and of OPC classic.
    let table: [(SourceStatus, Quality, SourceRemark?)] = [
      (SourceStatus(opcUA: 0), .good, nil), (SourceStatus(opcUA: 0x0030_0000), .uncertain, .clamped),
      (SourceStatus(opcUA: 0x0096_0000), .uncertain, .localOverride), (SourceStatus(opcUA: 0x4090_0000), .stale, nil),
      (SourceStatus(opcUA: 0x4000_0000), .uncertain, nil), (SourceStatus(opcUA: 0x8000_0000), .bad, nil), (SourceStatus(opcUA: .max), .bad, nil),
      (SourceStatus(opcClassic: 192), .good, nil), (SourceStatus(opcClassic: 216), .uncertain, .localOverride),
      (SourceStatus(opcClassic: 68), .stale, nil), (SourceStatus(opcClassic: 500), .stale, nil), (SourceStatus(opcClassic: 64), .uncertain, nil),
      (SourceStatus(opcClassic: 0), .bad, nil), (SourceStatus(opcClassic: -1), .bad, nil), (SourceStatus(opcClassic: 256), .bad, nil),
    ]
    for (status, quality, remark) in table { #expect(status.quality == quality && status.remark == remark, "\(status)") }
  }
}
