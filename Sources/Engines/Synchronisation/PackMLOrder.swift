public import Telemetry

/// The order in which PackML's states may follow each other, and what was missed where they do not.
///
/// - Source: ANSI/ISA-TR88.00.02-2015, state model. `stopping` and `aborting` can be entered from every state that production passes.
public enum PackMLOrder {
  /// The states that may come directly after `state`.
  ///
  /// Machines leave out acting states that last no time (Holding before Held, Suspending before Suspended and so on), so waiting states
  /// can also be entered directly.
  public static func successors(of state: MachineState) -> [MachineState] {
    let always: [MachineState] = [.aborting, .aborted, .stopping, .stopped]
    return switch state {
    case .undefined: MachineState.allCases
    case .clearing: [.stopped, .aborting, .aborted]
    case .stopped: [.resetting, .aborting, .aborted]
    case .resetting: [.idle] + always
    case .idle: [.starting, .execute] + always
    case .starting: [.execute] + always
    case .execute: [.holding, .held, .suspending, .suspended, .completing, .complete] + always
    case .holding: [.held] + always
    case .held: [.unholding, .execute] + always
    case .unholding: [.execute, .holding, .held] + always
    case .suspending: [.suspended] + always
    case .suspended: [.unsuspending, .execute] + always
    case .unsuspending: [.execute, .suspending, .suspended] + always
    case .completing: [.complete] + always
    case .complete: [.resetting] + always
    case .stopping: [.stopped, .aborting, .aborted]
    case .aborting: [.aborted]
    case .aborted: [.clearing]
    }
  }

  /// The fewest states that must have come between `a` and `b`; empty where `b` may follow at once.
  public static func missing(from a: MachineState, to b: MachineState) -> [MachineState] { table[a.rawValue][b.rawValue] }

  private static let table: [[[MachineState]]] = MachineState.allCases.map { a in MachineState.allCases.map { b in search(from: a, to: b) } }

  /// Breadth first over the states, in the order of `successors`.
  private static func search(from a: MachineState, to b: MachineState) -> [MachineState] {
    if a == b || a == .undefined || b == .undefined || successors(of: a).contains(b) { return [] }
    var before: [MachineState: MachineState] = [:]
    var queue = [a]
    var next = 0
    while next < queue.count, before[b] == nil {
      let state = queue[next]
      next += 1
      for successor in successors(of: state) where successor != a && before[successor] == nil {
        before[successor] = state
        queue.append(successor)
      }
    }
    var path: [MachineState] = []
    var state = b
    while let previous = before[state], previous != a {
      path.append(previous)
      state = previous
    }
    return path.reversed()
  }
}

extension MachineState {
  /// The machine can make progress on a piece. Waiting counts: whether it has one is told by the parts, not by this.
  var allowsWork: Bool {
    switch self {
    case .execute, .suspended, .suspending, .unsuspending, .undefined: true
    default: false
    }
  }

  /// It waits for parts or for room.
  var isWaiting: Bool { self == .suspended }

  /// Entered between two pieces only: an orderly stop lets the piece in work be finished.
  var isOrderlyStop: Bool {
    switch self {
    case .completing, .complete, .stopping, .stopped: true
    default: false
    }
  }
}
