public import TemporalLogic

/// Forbids writes while its condition holds, or is not known: what is bad, stale or missing counts as holding.
public struct Interlock: Sendable, Hashable, Codable {
  public var name: String
  /// The tags that may not be written; empty means all.
  public var forbids: [String]
  /// About now alone: no operator of time.
  public var condition: Formula<Predicate>

  /// - Precondition: `condition` is not temporal.
  public init(name: String, forbids: [String], condition: Formula<Predicate>) {
    precondition(!condition.isTemporal, "the interlock \(name) speaks of other times than now")
    (self.name, self.forbids, self.condition) = (name, forbids, condition)
  }

  /// One comparison of one tag, with a value in its unit.
  public init(name: String, forbids: [String], tag: String, comparison: Comparison, value: Double) {
    self.init(name: name, forbids: forbids, condition: .atom(Predicate(tag, comparison, value)))
  }
}

/// Permits writes only while its condition holds for certain.
public struct Permissive: Sendable, Hashable, Codable {
  public var name: String
  /// The tags that may be written only then; empty means all.
  public var permits: [String]
  /// About now alone: no operator of time.
  public var condition: Formula<Predicate>

  /// - Precondition: `condition` is not temporal.
  public init(name: String, permits: [String], condition: Formula<Predicate>) {
    precondition(!condition.isTemporal, "the permissive \(name) speaks of other times than now")
    (self.name, self.permits, self.condition) = (name, permits, condition)
  }
}

/// Σ coefficient·tag ≤ `atMost`: what several tags may do together.
public struct CoupledLimit: Sendable, Hashable, Codable {
  public var name: String
  /// Sorted by tag; each tag once. Those that are not written are taken from their readings.
  public var terms: [LinearTerm]
  public var atMost: Double
  /// Of `atMost`; `1` for a weighted sum of tags of several dimensions.
  public var unit: String

  public init(name: String, terms: [LinearTerm], atMost: Double, unit: String) {
    (self.name, self.terms, self.atMost, self.unit) = (name, terms.sorted { $0.signal < $1.signal }, atMost, unit)
  }
}

/// A formula of signal temporal logic that must hold, with room to spare, before anything moves forward.
public struct SafetyProperty: Sendable, Hashable, Codable {
  public var name: String
  public var formula: Formula<Predicate>
  /// The least robustness, in the unit of the tags that it compares.
  public var margin: Double
  /// The tags that may not be written otherwise; empty means all.
  public var forbids: [String]
  /// Whether a rollback may still write them.
  public var allowsRestore: Bool

  public init(name: String, formula: Formula<Predicate>, margin: Double, forbids: [String], allowsRestore: Bool) {
    (self.name, self.formula, self.margin, self.forbids, self.allowsRestore) = (name, formula, margin, forbids, allowsRestore)
  }
}
