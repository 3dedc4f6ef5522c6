/// `envelope.yaml`: the hard limits, owned by the safety role. Nothing in Takt widens it.
public struct EnvelopeSpec: Sendable, Hashable, Codable {
  /// One per tag that may ever be written; a tag without limits cannot be written at all.
  public var limits: [TagLimit]
  public var interlocks: [Interlock]
  /// The highest authority that any loop may reach here.
  public var authorityCeiling: Authority
  public init(limits: [TagLimit], interlocks: [Interlock], authorityCeiling: Authority) {
    (self.limits, self.interlocks, self.authorityCeiling) = (limits, interlocks, authorityCeiling)
  }
}

/// The limits of one writable tag.
public struct TagLimit: Sendable, Hashable, Codable {
  public var tag: String
  public var unit: String
  public var low: Double
  public var high: Double
  /// Largest change by one write.
  public var maxStep: Double
  /// Largest change per hour, summed over writes of either direction.
  public var maxPerHour: Double
  /// What the tag does when Takt fails or is halted.
  public var hold: HoldPolicy
  public init(tag: String, unit: String, low: Double, high: Double, maxStep: Double, maxPerHour: Double, hold: HoldPolicy) {
    (self.tag, self.unit, self.low, self.high) = (tag, unit, low, high)
    (self.maxStep, self.maxPerHour, self.hold) = (maxStep, maxPerHour, hold)
  }
}

public enum HoldPolicy: Sendable, Hashable, Codable {
  /// Keep what the machine has.
  case keep
  /// Go back to the last known good value.
  case lastKnownGood
}

/// Forbids writes while its condition holds (or is unknown: bad or stale counts as holding).
public struct Interlock: Sendable, Hashable, Codable {
  public enum Comparison: String, Sendable, Hashable, Codable { case below, above, equals }
  public var name: String
  /// The tags that may not be written; empty means all.
  public var forbids: [String]
  /// The condition: this tag compared with this value.
  public var tag: String
  public var comparison: Comparison
  public var value: Double
  public init(name: String, forbids: [String], tag: String, comparison: Comparison, value: Double) {
    (self.name, self.forbids, self.tag, self.comparison, self.value) = (name, forbids, tag, comparison, value)
  }
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
