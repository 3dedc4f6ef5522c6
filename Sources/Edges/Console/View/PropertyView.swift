public import Quantities

/// A property of the envelope: signal temporal logic, monitored on line by the gateway.
public struct PropertyView: Sendable, Hashable, Codable {
  public enum Verdict: String, Sendable, Hashable, Codable, CaseIterable { case violated, unknown, satisfied }
  public var name: String
  /// As text, in the units of its tags.
  public var formula: String
  public var verdict: Verdict
  /// By how much it holds for certain, in the unit of the tags compared; below 0 it is violated. Nil where there is no such number: nothing is
  /// known yet, or the formula compares states.
  public var robustness: Double?
  /// The least robustness that lets anything move forward.
  public var margin: Double
  /// Satisfied, with its margin's room to spare.
  public var isMet: Bool
  /// The instant that the verdict is about.
  public var about: Instant

  public init(name: String, formula: String, verdict: Verdict, robustness: Double?, margin: Double, isMet: Bool, about: Instant) {
    (self.name, self.formula, self.verdict, self.robustness) = (name, formula, verdict, robustness)
    (self.margin, self.isMet, self.about) = (margin, isMet, about)
  }
}
