public import Quantities

/// One element of a safety argument in goal structuring notation.
///
/// - Source: Assurance Case Working Group, GSN Community Standard version 3 (SCSC-141C, 2021), part 1.
public struct ArgumentNode: Sendable, Hashable, Codable {
  /// What an element of the notation is.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// A claim that is to hold.
    case goal
    /// How a goal is broken into smaller ones.
    case strategy
    /// Where the evidence is.
    case solution
    /// What the element is to be read in.
    case context
    /// Held true without evidence.
    case assumption
    /// Why this strategy.
    case justification
  }
  /// Unique within the argument: `G1`, `S1`, `Sn1`, `C1`, `A1`, `J1`.
  public var id: String
  /// Which shape it has, and what it may stand on.
  public var kind: Kind
  /// What it says, in one sentence.
  public var text: String
  /// Goals, strategies and solutions below it, left to right.
  public var supportedBy: [String]
  /// Contexts, assumptions and justifications beside it.
  public var inContextOf: [String]
  /// Of a solution: how its evidence stands now.
  public var indicator: Indicator?

  /// Nothing is checked: `AssuranceCase.flaws` looks at the argument as a whole.
  public init(
    _ kind: Kind, _ id: String, _ text: String, supportedBy: [String] = [], inContextOf: [String] = [], indicator: Indicator? = nil
  ) {
    (self.id, self.kind, self.text) = (id, kind, text)
    (self.supportedBy, self.inContextOf, self.indicator) = (supportedBy, inContextOf, indicator)
  }
}

/// How the evidence of one leaf stands: a safety performance indicator in the sense of UL 4600.
public struct Indicator: Sendable, Hashable, Codable {
  /// How it stands.
  public enum Status: String, Sendable, Hashable, Codable {
    /// Shown, by evidence that still counts.
    case good
    /// Nothing speaks against it, and nothing for it either: not enough was seen.
    case unknown
    /// Breached, or its evidence has expired.
    case bad
  }
  /// When it was looked at.
  public var status: Status
  /// The figure, in words.
  public var finding: String
  /// When the newest evidence came about; nil where there is none.
  public var evidence: Instant?
  /// From then on it counts no more, whatever it says; nil where it does not age.
  public var expires: Instant?

  /// Nothing is checked.
  public init(_ status: Status, _ finding: String, evidence: Instant? = nil, expires: Instant? = nil) {
    (self.status, self.finding, self.evidence, self.expires) = (status, finding, evidence, expires)
  }

  /// The indicator at an instant: evidence that has expired is bad, however good it was.
  func seen(at now: Instant) -> Indicator {
    guard let expires, now > expires, status == .good else { return self }
    return Indicator(.bad, "\(finding); expired", evidence: evidence, expires: expires)
  }
}
