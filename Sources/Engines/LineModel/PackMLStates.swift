public import Simulation

/// A machine's state by PackML, numbered as in ISA-TR88.00.02 (and as module Telemetry's `MachineState`, which a tag carries).
public enum PackMLState: Int, Sendable, Hashable, Codable, CaseIterable {
  case undefined = 0
  case clearing, stopped, starting, idle, suspended, execute, stopping, aborting, aborted
  case holding, held, unholding, suspending, unsuspending, resetting, completing, complete

  /// Acting states do something and pass by themselves; the others wait for a command. Execute does both and counts as waiting here.
  public var isActing: Bool {
    switch self {
    case .clearing, .starting, .stopping, .aborting, .holding, .unholding, .suspending, .unsuspending, .resetting, .completing: true
    case .undefined, .stopped, .idle, .suspended, .execute, .aborted, .held, .complete: false
    }
  }
}

/// The unit mode beside the state. 1 … 3 are the standard's; from 4 on they are the user's own.
public enum PackMLMode: Int, Sendable, Hashable, Codable, CaseIterable {
  case production = 1
  case maintenance, manual
  /// The house's own, for set-ups.
  case setup
}

/// What a machine publishes when its state or its mode changes.
public struct PackMLRecord: Sendable, Hashable, Codable {
  /// Seconds since time 0.
  public var time: Double
  public var state: PackMLState
  public var mode: PackMLMode
  public init(time: Double, state: PackMLState, mode: PackMLMode) { (self.time, self.state, self.mode) = (time, state, mode) }
}

/// From the simulator's states to what a real machine would publish by ISA-TR88.00.02.
///
/// | simulated | rests in | mode |
/// |---|---|---|
/// | working | Execute | production |
/// | starved, blocked | Suspended: something outside the machine holds it up | production |
/// | short stop, waiting for people, tools or cards | Held: something inside it, or an operator who is missing | production |
/// | failed | Aborted | production |
/// | closed | Stopped | production |
/// | set-up | Stopped | set-up (4, the house's own) |
/// | maintenance | Stopped | maintenance (2) |
///
/// On the way it passes the acting states in the standard's order: Holding and Unholding, Suspending and Unsuspending, Aborting, Clearing,
/// Stopping, Resetting and Starting. What leads into a stop, and what leads out of it, belongs to the stop: it takes its seconds from the
/// stop's own, so each span keeps its length to the second. From Aborted a machine comes back by Clearing, Stopped, Resetting, Idle, Starting
/// and Execute. Where two stops follow each other between which the standard has no way, Execute is published for no time at all.
///
/// - Source: ANSI/ISA-TR88.00.02-2015, Machine and Unit States, sections 4 and 5.
public struct PackMLPublisher: Sendable, Hashable {
  /// Seconds that a machine stays in each acting state (and in Idle on its way up), where its stop is long enough: together they take at
  /// most half of it.
  public var actingTime: Double
  /// - Precondition: finite, not negative.
  public init(actingTime: Double = 0.5) {
    precondition(actingTime.isFinite && actingTime >= 0, "acting states of \(actingTime) s")
    self.actingTime = actingTime
  }

  /// The sequence that each machine publishes, by machine in the trace's order, from time 0. A machine is starved until the trace says otherwise.
  ///
  /// Consecutive records differ in state or in mode, and never go back in time.
  /// - Parameter end: when the trace ends, in seconds. What comes out of the last span is not known, so it stays at rest to the end.
  public func records(of trace: LineTrace, until end: Double) -> [[PackMLRecord]] {
    let (rest, mode) = Self.rest(in: .starved)
    var spans = [[Span]](repeating: [Span(start: 0, rest: rest, mode: mode)], count: trace.stations.count)
    for entry in trace.entries where entry.kind == .state {
      guard let state = LineTrace.State(rawValue: Int(entry.value)) else { preconditionFailure("a trace with state \(entry.value)") }
      let (rest, mode) = Self.rest(in: state)
      let machine = Int(entry.index)
      if let last = spans[machine].last, last.rest == rest, last.mode == mode { continue }
      // A state left in the moment in which it was entered was not there.
      if let last = spans[machine].last, last.start == entry.time {
        spans[machine].removeLast()
        if let before = spans[machine].last, before.rest == rest, before.mode == mode { continue }
      }
      spans[machine].append(Span(start: entry.time, rest: rest, mode: mode))
    }
    return spans.map { records(of: $0, until: end) }
  }

  /// Where a simulated state rests, and in which mode.
  public static func rest(in state: LineTrace.State) -> (PackMLState, PackMLMode) {
    switch state {
    case .working: (.execute, .production)
    case .starved, .blocked: (.suspended, .production)
    case .microstopped, .waiting: (.held, .production)
    case .failed: (.aborted, .production)
    case .closed: (.stopped, .production)
    case .setup: (.stopped, .setup)
    case .maintenance: (.stopped, .maintenance)
    }
  }

  private struct Span {
    var start: Double
    var rest: PackMLState
    var mode: PackMLMode
  }

  private func records(of spans: [Span], until end: Double) -> [PackMLRecord] {
    var records: [PackMLRecord] = []
    func publish(_ time: Double, _ state: PackMLState, _ mode: PackMLMode) {
      if let last = records.last, last.state == state, last.mode == mode { return }
      records.append(PackMLRecord(time: time, state: state, mode: mode))
    }
    for (k, span) in spans.enumerated() {
      let stop = k + 1 < spans.count ? spans[k + 1].start : end
      let way = k > 0 ? Self.way(from: spans[k - 1].rest, to: span.rest) : Way()
      let next = k + 1 < spans.count ? Self.way(from: span.rest, to: spans[k + 1].rest) : Way()
      let steps = way.into.count + next.outOf.count
      let step = steps == 0 ? 0 : min(actingTime, 0.5 * (stop - span.start) / Double(steps))
      if way.viaExecute { publish(span.start, .execute, .production) }
      for (i, state) in way.into.enumerated() { publish(span.start + Double(i) * step, state, .production) }
      publish(span.start + Double(way.into.count) * step, span.rest, span.mode)
      for (i, state) in next.outOf.enumerated() { publish(stop - Double(next.outOf.count - i) * step, state, .production) }
    }
    return records
  }

  /// The states between two rests: at the end of the first span, and at the beginning of the second.
  private struct Way {
    var outOf: [PackMLState] = []
    var viaExecute = false
    var into: [PackMLState] = []
  }

  private static let up: [PackMLState] = [.resetting, .idle, .starting]

  private static func way(from: PackMLState, to: PackMLState) -> Way {
    var way = Way()
    if from == to { return way }
    // Aborting and stopping are open from everywhere; all else goes by Execute.
    switch (from, to) {
    case (_, .aborted):
      way.into = [.aborting]
      return way
    case (.aborted, .stopped):
      way.outOf = [.clearing]
      return way
    case (_, .stopped):
      way.into = [.stopping]
      return way
    default: break
    }
    switch from {
    case .suspended: way.outOf = [.unsuspending]
    case .held: way.outOf = [.unholding]
    case .aborted: way.outOf = [.clearing, .stopped] + up
    case .stopped: way.outOf = up
    default: break
    }
    way.viaExecute = from != .execute && to != .execute
    switch to {
    case .suspended: way.into = [.suspending]
    case .held: way.into = [.holding]
    default: break
    }
    return way
  }
}
