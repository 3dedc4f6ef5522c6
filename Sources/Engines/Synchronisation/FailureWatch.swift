import Telemetry

/// Since when a machine is broken down: from Aborting, or whatever told of it first, until it works again.
struct FailureWatch: Sendable, Hashable {
  private(set) var since: Double?

  /// Takes the next state in; returns how long the failure lasted that it ends.
  mutating func follow(_ state: MachineState, at time: Double) -> Double? {
    switch state {
    case .aborting, .aborted, .clearing:
      if since == nil { since = time }
    case .execute, .suspended, .held, .complete:
      defer { since = nil }
      return since.map { time - $0 }
    default: break
    }
    return nil
  }

  /// When the failure began that goes on at `time`, with the states told since `closed`.
  func begin(_ states: StateJournal, closed: Double, at time: Double) -> Double? {
    var copy = self
    var i = states.told.firstIndex(after: closed)
    while i < states.told.entries.count, states.told.entries[i].time <= time {
      _ = copy.follow(states.told.entries[i].value, at: states.told.entries[i].time)
      i += 1
    }
    return copy.since
  }
}
