import Governance
import ModelChecking
import Quantities

/// Takes a walk of the model and does the same with the real gateway, step by step; says where the two part.
final class GatewayReplay {
  private static let setpoints: [Double] = [60, 64, 68]
  private let model = Leadership()
  private let door = Door()
  private(set) var refusals: [WriteRefusal.Reason: Int] = [:]
  private(set) var writes = 0
  /// Where model and gateway differ, in words; empty when they agree.
  private(set) var differences: [String] = []

  func follow(_ walk: [RandomWalk.Step]) {
    for (index, step) in walk.enumerated() where differences.isEmpty {
      let before = LeadershipState(step.before)
      let after = LeadershipState(step.after)
      door.now += .milliseconds(100)
      take(UInt16(step.action), before, after)
      compare(after)
      tryAll(after)
      readInFlight(after)
      if !differences.isEmpty { differences.insert("step \(index + 1), \(Action.name(step.action)): \(after)", at: 0) }
    }
  }

  private func expect(_ holds: Bool, _ words: @autoclosure () -> String) { if !holds { differences.append(words()) } }

  private static func token(_ slot: UInt64) -> WriteToken { WriteToken(epoch: slot / 4 + 1, sequence: slot % 4 + 1) }
  private static func setpoint(_ value: UInt64) -> Double { setpoints[Int(value)] }

  // MARK: - One step

  private func take(_ action: UInt16, _ before: LeadershipState, _ after: LeadershipState) {
    switch action {
    case Action.ofFirst + Action.seal: seal(1, before)
    case Action.ofSecond + Action.seal: seal(2, before)
    case Action.gatewayCrashes: door.crash()
    case Action.silence: door.now += .seconds(61)
    case Action.takeOver: door.setManual(true)
    case Action.ofFirst + Action.rearm, Action.ofSecond + Action.rearm: door.setManual(false)
    case Action.store: door.store()
    case Action.leave, Action.withhold: send(before, leaves: action == Action.leave)
    case Action.settle: settle(before)
    case Action.deliver...(Action.deliver + 7): deliver(UInt64(action - Action.deliver), before)
    default: break
    }
  }

  private func seal(_ epoch: UInt64, _ before: LeadershipState) {
    door.start(epoch: epoch)
    expect(door.isSealed, "a new gateway is not sealed")
    for slot in 0..<8 as Range<UInt64> where before.sent >> slot & 1 == 1 {
      expect(attempt(slot, before) == .sealed, "a sealed gateway takes \(Self.token(slot))")
    }
    expect(door.unseal(), "the door does not open by its own stored fence, or opens without it")
  }

  private func deliver(_ slot: UInt64, _ before: LeadershipState) {
    _ = door.read(Self.setpoint(before.plant))
    let stored = door.disk
    let refusal = attempt(slot, before)
    expect(refusal == nil, "the model lets \(Self.token(slot)) through, the gateway refuses: \(refusal.map(\.rawValue) ?? "")")
    expect(door.disk == stored && door.fence != stored, "a prepared write is not in the fence that is to be stored")
  }

  private func send(_ before: LeadershipState, leaves: Bool) {
    let token = Self.token(before.issuedSlot)
    let value = Self.setpoint(before.value(before.issuedSlot) - 1)
    expect(door.disk.sequence == token.sequence && door.disk.issued.contains { $0.token == token }, "\(token) is sent before its fence is stored")
    let (report, left) = door.send()
    if leaves {
      writes += 1
      expect(report == nil && left == [DeliveredWrite(tag: Door.tag, value: value)], "\(token) should leave: \(left)")
    } else {
      expect(left.isEmpty && report == .failed(token, WriteFailure(.withheld, readBack: nil)), "\(token) should be withheld: \(left)")
    }
  }

  /// The plant is read; where that says nothing yet, again past the deadline.
  private func settle(_ before: LeadershipState) {
    guard door.isUp else { return }
    let token = Self.token(before.issuedSlot)
    let value = Self.setpoint(before.plant)
    var reports = door.read(value)
    if reports.isEmpty {
      door.now += Door.check.rules.readBackDeadline + .seconds(1)
      reports = door.read(value) + door.tick()
    }
    // That a command came again is told once an epoch; here that is known.
    reports.removeAll { if case .replayed = $0 { true } else { false } }
    let isTrue = before.plant == before.value(before.issuedSlot) - 1
    guard reports.count == 1 else { return differences.append("\(token) is settled by \(reports)") }
    switch reports[0] {
    case .confirmed(token, let readBack): expect(isTrue && readBack == value, "\(token) is confirmed at \(readBack)")
    case .failed(token, _): expect(!isTrue, "\(token) fails although the plant has it")
    default: differences.append("\(token) is settled by \(reports)")
    }
  }

  // MARK: - After each step

  private func compare(_ state: LeadershipState) {
    guard door.isUp else { return expect(state.sealed == 1, "the gateway is down, the model's is open") }
    expect(!door.isSealed && state.sealed == 0, "sealed \(door.isSealed), the model \(state.sealed)")
    expect(door.disk.epoch == state.gateEpoch && door.disk.sequence == state.gateSequence, "fence \(door.disk.epoch).\(door.disk.sequence) on disk")
    expect((door.disk.mode == .manual) == (state.person == 1), "mode \(door.disk.mode)")
    expect(door.disk.issued.map(\.token) == (state.issued == 1 ? [Self.token(state.issuedSlot)] : []), "issued \(door.disk.issued.map(\.token))")
  }

  /// Every command that was ever sent comes again: what the model refuses the gateway refuses, and nothing moves by it.
  private func tryAll(_ state: LeadershipState) {
    guard door.isUp else { return }
    for slot in 0..<8 as Range<UInt64> where state.sent >> slot & 1 == 1 && !model.accepts(slot, state) {
      let fence = door.fence
      let refusal = attempt(slot, state)
      expect(refusal != nil, "the model refuses \(Self.token(slot)), the gateway does not")
      expect(door.fence == fence, "a refusal moved the fence")
      if let refusal { refusals[refusal, default: 0] += 1 }
    }
  }

  /// While a write is on its way the plant still shows the old value; that settles nothing, before a restart or after it.
  private func readInFlight(_ state: LeadershipState) {
    guard door.isUp, state.issued == 1, state.flying != 0, state.flying - 1 != state.plant else { return }
    let reports = door.read(Self.setpoint(state.plant))
    expect(reports.isEmpty, "settled while on its way: \(reports)")
  }

  private func attempt(_ slot: UInt64, _ state: LeadershipState) -> WriteRefusal.Reason? {
    door.attempt(Self.token(slot), Self.setpoint(state.value(slot) - 1), isCurrent: state.gateLease == 1)
  }
}
