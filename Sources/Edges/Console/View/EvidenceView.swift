internal import Foundation
public import Quantities

/// What the judge says so far of the stage that a change is in.
public struct EvidenceView: Sendable, Hashable, Codable {
  /// Randomised pairs, or windows, that count.
  public var count: Int
  /// They are pairs; else windows held against the twin's counterfactual.
  public var isPaired: Bool
  /// The gain so far, in the claim's unit; its bounds hold at every look, and are nil while too little has been seen for any.
  public var estimate: Double?
  /// The lower bound of the gain, in the claim's unit.
  public var low: Double?
  /// The upper bound of the gain, in the claim's unit.
  public var high: Double?
  /// What the lower bound has to reach for the change to be kept, in the claim's unit; nil where no gain is claimed.
  public var needed: Double?
  /// What would end the stage, and how near it is.
  public var tests: [EvidenceTestView]
  /// The judge's words.
  public var reason: String
  /// How far the evidence reaches, in plant time.
  public var until: Instant

  public init(
    count: Int, isPaired: Bool, estimate: Double?, low: Double?, high: Double?, needed: Double?, tests: [EvidenceTestView], reason: String,
    until: Instant
  ) {
    (self.count, self.isPaired, self.estimate, self.low, self.high) = (count, isPaired, estimate, low, high)
    (self.needed, self.tests, self.reason, self.until) = (needed, tests, reason, until)
  }

  /// In a sentence, e.g. `4 pairs; e-value of a gain 7.8 of 10, of harm 0.01 of 10`.
  public var sentence: String {
    let what = isPaired ? (count == 1 ? "pair" : "pairs") : (count == 1 ? "window" : "windows")
    let values = tests.map { test in
      let name =
        switch test.finding {
        case .gain: "of a gain"
        case .harm: "of harm"
        case .shortfall: "that the claim fails"
        }
      return "\(name) \(Self.short(test.logE)) of \(Self.short(test.level))"
    }
    return "\(count) \(what); e-value \(values.joined(separator: ", "))"
  }

  /// An e-value from its logarithm, to two digits.
  private static func short(_ logE: Double) -> String {
    let value = exp(min(logE, 13.8))
    let decimals = value >= 10 ? 0 : value >= 1 ? 1 : 2
    return String(format: "%.\(decimals)f", value)
  }
}

/// An e-value beside the one that decides: how many times over what was seen speaks for the finding. Below 1 it speaks against it.
public struct EvidenceTestView: Sendable, Hashable, Codable {
  /// What a test may find.
  public enum Finding: String, Sendable, Hashable, Codable, CaseIterable {
    /// There is a gain.
    case gain
    /// There is harm: the change goes back.
    case harm
    /// Less than the share of the claim that must be kept: the change goes back.
    case shortfall
  }
  /// What it would find.
  public var finding: Finding
  /// Natural logarithm of the e-value.
  public var logE: Double
  /// Natural logarithm of the e-value at which it counts as found; above 0.
  public var level: Double
  public init(_ finding: Finding, logE: Double, level: Double) { (self.finding, self.logE, self.level) = (finding, logE, level) }
}
