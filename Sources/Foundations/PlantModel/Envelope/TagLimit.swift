/// The limits of one writable tag, in its own unit.
public struct TagLimit: Sendable, Hashable, Codable {
  public var tag: String
  public var unit: String
  public var low: Double
  public var high: Double
  /// Largest change by one write.
  public var maxStep: Double
  /// Largest change per hour, summed over writes of either direction.
  public var maxPerHour: Double
  /// What the tag's own controller does when Takt fails.
  public var hold: HoldPolicy
  /// How far software alone may take it from the value that a person last approved; nil: as far as low … high.
  public var maxDrift: Double?
  /// The highest authority of a loop that moves it; nil: the envelope's.
  public var authorityCeiling: Authority?
  /// What it starts cannot be taken back (a recipe, a tool that is swapped): Takt, whose changes go out in stages and back, never writes it. Nil as
  /// false: what an earlier version wrote down has no such key.
  private var irreversible: Bool?

  public init(
    tag: String, unit: String, low: Double, high: Double, maxStep: Double, maxPerHour: Double, hold: HoldPolicy, maxDrift: Double? = nil,
    authorityCeiling: Authority? = nil, isIrreversible: Bool = false
  ) {
    (self.tag, self.unit, self.low, self.high) = (tag, unit, low, high)
    (self.maxStep, self.maxPerHour, self.hold) = (maxStep, maxPerHour, hold)
    (self.maxDrift, self.authorityCeiling) = (maxDrift, authorityCeiling)
    irreversible = isIrreversible ? true : nil
  }

  /// Whether what it starts cannot be taken back.
  public var isIrreversible: Bool { irreversible ?? false }
}

/// What a tag's own controller does when Takt fails. A dead process writes nothing: Takt reports it, and acts on none of these.
public enum HoldPolicy: Sendable, Hashable, Codable {
  /// Keep what the machine has.
  case keep
  /// Go back to the last known good value.
  case lastKnownGood
  /// Go to this value, in the tag's unit.
  case fixed(Double)
  /// The machine's own controller takes over: Takt lets go of the tag.
  case local
}

/// How far a loop is trusted, in rising order.
public enum Authority: Int, Sendable, Hashable, Codable, Comparable, CaseIterable {
  /// Its proposals are scored, never written.
  case shadow
  /// A person reads its proposals and may carry them out by approving.
  case advisory
  /// Each change needs a person's approval, then runs by itself.
  case supervised
  /// Changes run by themselves inside the envelope; a person may veto or take over.
  case closedLoop
  public static func < (a: Authority, b: Authority) -> Bool { a.rawValue < b.rawValue }
}
