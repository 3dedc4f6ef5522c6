public import Determinism
public import Quantities

/// What reaches the alarms.
public enum AlarmInput: Hashable, Sendable {
  /// The value that an alarm watches; nil where it is not known (bad, stale).
  case value(alarm: String, Double?)
  case acknowledge(alarm: String, by: String)
  /// Hidden for a time, then back by itself. Nobody shelves for longer than `AlarmSystem.longestShelf`.
  case shelve(alarm: String, for: Duration, by: String)
  case unshelve(alarm: String, by: String)
  case suppress(alarm: String, Bool)
  case setOutOfService(alarm: String, Bool, by: String)
  /// Ends a latch whose condition is gone.
  case reset(alarm: String, by: String)
  /// Time passes: delays and shelves run out.
  case tick
}

/// What the alarms tell.
public enum AlarmEffect: Hashable, Sendable {
  /// Show it (and sound it, by its priority). Never for an alarm that is hidden.
  case annunciate(alarm: String, AlarmPriority)
  /// For the journal: what changed, and who did it.
  case journal(alarm: String, AlarmChange, by: String?)
  /// More than ten annunciations in ten minutes have begun, or are over (fewer than five).
  case flood(Bool)
  /// A request that cannot be carried out, and why.
  case refused(alarm: String, reason: String)
}

public enum AlarmChange: String, Hashable, Sendable, Codable {
  case activated, returned, acknowledged, shelved, unshelved, suppressed, unsuppressed, outOfService, inService, reset, blind, seeing
}

/// All alarms of a plant: a pure machine after ANSI/ISA-18.2-2016 (IEC 62682), with the axes of each alarm kept apart.
///
/// Inputs for an alarm that nobody declared are refused, not ignored.
public struct AlarmSystem: StateMachine, Sendable {
  /// By name, sorted.
  public let specs: [AlarmSpec]
  public private(set) var states: [String: AlarmState]
  public private(set) var rate = AlarmRate()
  /// Eight hours: one shift.
  public static let longestShelf: Duration = .hours(8)

  /// - Precondition: no two alarms of one name.
  public init(_ specs: [AlarmSpec]) {
    self.specs = specs.sorted { $0.name < $1.name }
    states = Dictionary(uniqueKeysWithValues: specs.map { ($0.name, AlarmState()) })
  }

  public mutating func handle(_ input: AlarmInput, at now: Instant) -> [AlarmEffect] {
    var effects: [AlarmEffect] = []
    switch input {
    case .tick: for spec in specs { change(spec.name, at: now, &effects) { Self.elapse(&$0, $2, now, &$1) } }
    case .value(let alarm, let value): change(alarm, at: now, &effects) { Self.take(value, &$0, $2, now, &$1) }
    case .acknowledge(let alarm, let person):
      change(alarm, at: now, &effects) { state, effects, _ in
        guard !state.acknowledged else { return }
        state.acknowledged = true
        effects.append(.journal(alarm: alarm, .acknowledged, by: person))
      }
    case .shelve(let alarm, let span, let person):
      change(alarm, at: now, &effects) { state, effects, _ in
        guard span > .zero, span <= Self.longestShelf else {
          effects.append(.refused(alarm: alarm, reason: "an alarm is shelved for at most \(Self.longestShelf.hours) h"))
          return
        }
        state.shelvedUntil = now + span
        effects.append(.journal(alarm: alarm, .shelved, by: person))
      }
    case .unshelve(let alarm, let person):
      change(alarm, at: now, &effects) { state, effects, _ in
        guard state.shelvedUntil != nil else { return }
        state.shelvedUntil = nil
        effects.append(.journal(alarm: alarm, .unshelved, by: person))
      }
    case .suppress(let alarm, let on):
      change(alarm, at: now, &effects) { state, effects, _ in
        guard state.suppressedByDesign != on else { return }
        state.suppressedByDesign = on
        effects.append(.journal(alarm: alarm, on ? .suppressed : .unsuppressed, by: nil))
      }
    case .setOutOfService(let alarm, let out, let person):
      change(alarm, at: now, &effects) { state, effects, _ in
        guard state.outOfService != out else { return }
        state.outOfService = out
        effects.append(.journal(alarm: alarm, out ? .outOfService : .inService, by: person))
      }
    case .reset(let alarm, let person): change(alarm, at: now, &effects) { Self.reset(&$0, $2, by: person, now, &$1) }
    }
    if let flood = rate.pass(now) { effects.append(.flood(flood)) }
    return effects
  }

  /// The alarms that the operator should see: by priority from the top, then oldest first, then by name.
  public func annunciated(at now: Instant) -> [AlarmSpec] {
    specs.filter { states[$0.name]?.isAnnunciated(at: now) ?? false }.sorted {
      let (a, b) = (states[$0.name]?.activated ?? now, states[$1.name]?.activated ?? now)
      return ($1.priority, a, $0.name) < ($0.priority, b, $1.name)
    }
  }

  /// Applies a change to one alarm, and annunciates when it has newly come into the operator's sight.
  private mutating func change(
    _ alarm: String, at now: Instant, _ effects: inout [AlarmEffect],
    _ body: (inout AlarmState, inout [AlarmEffect], AlarmSpec) -> Void
  ) {
    guard var state = states[alarm], let spec = specs.first(where: { $0.name == alarm }) else {
      effects.append(.refused(alarm: alarm, reason: "no such alarm"))
      return
    }
    let before = state
    body(&state, &effects, spec)
    states[alarm] = state
    // Active, not yet seen, not hidden: and one of the three is new.
    let calls = state.active && !state.acknowledged && !state.isHidden(at: now)
    let called = before.active && !before.acknowledged && !before.wasHidden
    states[alarm]?.wasHidden = state.isHidden(at: now)
    if calls, !called || before.activated != state.activated {
      effects.append(.annunciate(alarm: alarm, spec.priority))
      rate.count(now)
    }
  }
}
