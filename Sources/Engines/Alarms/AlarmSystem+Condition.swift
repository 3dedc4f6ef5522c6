internal import Quantities

/// Values and time: when an alarm becomes active, and when it ceases to be.
extension AlarmSystem {
  static func take(_ value: Double?, _ state: inout AlarmState, _ spec: AlarmSpec, _ now: Instant, _ effects: inout [AlarmEffect]) {
    guard let value, value.isFinite else {
      // Not knowing is neither alarm nor all-clear: the delays stop, the state stays, and it is said once.
      state.pendingSince = nil
      guard !state.isBlind else { return }
      state.isBlind = true
      effects.append(.journal(alarm: spec.name, .blind, by: nil))
      return
    }
    if state.isBlind {
      state.isBlind = false
      effects.append(.journal(alarm: spec.name, .seeing, by: nil))
    }
    // The deadband is for the way back: it does not help a value over the limit that has not been there for its delay.
    state.condition = spec.condition.holds(for: value, wasHolding: state.active && state.condition)
    if state.condition == state.active { state.pendingSince = nil } else { state.pendingSince = state.pendingSince ?? now }
    elapse(&state, spec, now, &effects)
  }

  /// Lets delays and shelves run out.
  static func elapse(_ state: inout AlarmState, _ spec: AlarmSpec, _ now: Instant, _ effects: inout [AlarmEffect]) {
    if let until = state.shelvedUntil, now >= until {
      state.shelvedUntil = nil
      effects.append(.journal(alarm: spec.name, .unshelved, by: nil))
    }
    guard let since = state.pendingSince else { return }
    if state.condition, now - since >= spec.onDelay {
      (state.active, state.acknowledged, state.activated, state.pendingSince) = (true, false, now, nil)
      effects.append(.journal(alarm: spec.name, .activated, by: nil))
    } else if !state.condition, !spec.latches, now - since >= spec.offDelay {
      clear(&state, spec, now, &effects)
    }
  }

  static func reset(_ state: inout AlarmState, _ spec: AlarmSpec, by person: String, _ now: Instant, _ effects: inout [AlarmEffect]) {
    guard spec.latches, state.active else { return }
    guard !state.condition, !state.isBlind, let since = state.pendingSince, now - since >= spec.offDelay else {
      effects.append(.refused(alarm: spec.name, reason: "its cause is not gone"))
      return
    }
    effects.append(.journal(alarm: spec.name, .reset, by: person))
    clear(&state, spec, now, &effects)
  }

  private static func clear(_ state: inout AlarmState, _ spec: AlarmSpec, _ now: Instant, _ effects: inout [AlarmEffect]) {
    (state.active, state.cleared, state.pendingSince) = (false, now, nil)
    effects.append(.journal(alarm: spec.name, .returned, by: nil))
  }
}

extension AlarmCondition {
  /// Whether it holds for a value; inside the deadband it holds if it held.
  func holds(for value: Double, wasHolding: Bool) -> Bool {
    switch self {
    case .above(let limit, let deadband): value > limit || (wasHolding && value > limit - deadband)
    case .below(let limit, let deadband): value < limit || (wasHolding && value < limit + deadband)
    case .isSet: value != 0
    }
  }
}
