public import Quantities

/// How one alarm stands: axes that are independent of one another, as ISA-18.2 has them, and never folded into one word.
public struct AlarmState: Hashable, Sendable, Codable {
  /// The condition has held for the on-delay (or is latched).
  public internal(set) var active = false
  /// A person has seen the latest activation. True before the first one.
  public internal(set) var acknowledged = true
  /// Hidden by a person until then.
  public internal(set) var shelvedUntil: Instant?
  /// Hidden by the plant's own logic (a machine that is off cannot be too cold).
  public internal(set) var suppressedByDesign = false
  /// Taken out for maintenance, until a person puts it back.
  public internal(set) var outOfService = false
  /// What it watches is not known at present.
  public internal(set) var isBlind = false
  /// When it last became active, and last ceased to be.
  public internal(set) var activated: Instant?
  public internal(set) var cleared: Instant?

  /// Since when the condition has differed from `active`; the delays count from here.
  var pendingSince: Instant?
  /// The condition as it was last known, deadband included.
  var condition = false
  /// Whether it was hidden after the last input, so that coming out of hiding is noticed.
  var wasHidden = false

  public init() {}

  /// Shown to the operator: active or not seen, and hidden by nothing.
  public func isAnnunciated(at now: Instant) -> Bool {
    (active || !acknowledged) && !isHidden(at: now)
  }

  public func isShelved(at now: Instant) -> Bool { shelvedUntil.map { now < $0 } ?? false }
  public func isHidden(at now: Instant) -> Bool { isShelved(at: now) || suppressedByDesign || outOfService }

  /// The name of the state in ISA-18.2's figure, for a screen. Hiding comes first, because it is what the operator must not overlook.
  public func word(at now: Instant) -> String {
    if outOfService { return "out of service" }
    if suppressedByDesign { return "suppressed by design" }
    if isShelved(at: now) { return "shelved" }
    return switch (active, acknowledged) {
    case (true, false): "unacknowledged"
    case (true, true): "acknowledged"
    case (false, false): "returned, unacknowledged"
    case (false, true): "normal"
    }
  }
}
