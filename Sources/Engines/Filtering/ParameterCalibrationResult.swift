/// What a record says about one parameter.
public struct FittedParameter: Sendable, Hashable {
  /// The parameter's.
  public let name: String
  /// Where it was thought to be.
  public let start: Double
  /// The likeliest value.
  public let value: Double
  /// Its standard error, in the parameter's unit.
  public let deviation: Double
  /// The 90 % interval.
  public let low: Double
  /// The 90 % interval's upper end.
  public let high: Double
  /// What the filter alone believed in the end, and how surely; nil without a filter.
  public let filterValue: Double?
  /// The filter's standard deviation, in the parameter's unit.
  public let filterDeviation: Double?
}

/// Parameters that were learned, and whether the model that they belong to can be right.
public struct ParameterCalibrationResult: Sendable, Hashable {
  /// In the order in which they were asked for.
  public let parameters: [FittedParameter]
  /// The sensors' deviations that were used.
  public let noise: [Double]
  /// Whether they were given; else they were learned.
  public let noiseIsKnown: Bool
  /// How many readings were used.
  public let readings: Int
  /// `structural`: no parameters make the model right, and those above must not be used as if they did.
  public let verdict: MismatchVerdict
  /// Every test of what the best fit leaves in its residuals.
  public let evidence: [MismatchEvidence]

  /// Whether the parameters may be used: the residuals hold nothing that a right model would not leave.
  public var isCalibrated: Bool { !verdict.isStructural }
}
