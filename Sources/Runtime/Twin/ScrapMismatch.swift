public import LineModel

/// Whether a station's scrap response, the twin's model of how process variables spoil parts, can say what the plant does.
public struct ScrapMismatch: Sendable, Hashable, Codable {
  public enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
    /// No variable has moved far or long enough for the response's form to be held against anything.
    case untested
    /// With parameters of the posterior it says all that the counts say.
    case consistent
    /// Other parameters would, those of the posterior do not: it will be learnt.
    case miscalibrated
    /// No parameters would: the form is wrong. The modifier says what an optimiser has to add.
    case structural
  }
  /// One way in which the best fit's residuals are not what a right model leaves.
  public struct Evidence: Sendable, Hashable, Codable {
    /// bias, inputDependence, autocorrelation or excessVariance.
    public var kind: String
    /// The probability that a right model would leave as much.
    public var pValue: Double
    /// In standard deviations of the counts' own luck.
    public var size: Double
  }
  public var station: String
  public var verdict: Verdict
  /// Strongest first; empty unless structural.
  public var evidence: [Evidence]
  /// Stretches of production at unchanged set-points that it rests on.
  public var stretches: Int
  /// Bias and gradient about the present values; nil unless structural.
  public var modifier: ScrapModifier?
}
