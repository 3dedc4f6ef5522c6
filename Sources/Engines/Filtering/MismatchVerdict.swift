public import LinearAlgebra

/// Whether a model tells the truth, and if not, whether calibration can help.
public enum MismatchVerdict: Sendable, Hashable {
  /// With its present parameters the model says all that the data say.
  case consistent
  /// With these parameters it would; the present ones are refuted.
  case miscalibrated(CalibratedParameters)
  /// No parameters make it say what the data say: the evidence, strongest first. Calibrating it only hides the error where it was calibrated;
  /// an optimiser needs `Modifier`s.
  case structural([MismatchEvidence])

  public var isStructural: Bool {
    if case .structural = self { return true }
    return false
  }
}

/// The parameters that fit best.
public struct CalibratedParameters: Sendable, Hashable {
  public let values: [Double]
  /// Of the values, as a correct model would have it.
  public let covariance: Matrix
}

/// One way in which the residuals of the best fit are not what a right model would leave.
public struct MismatchEvidence: Sendable, Hashable {
  public enum Kind: Sendable, Hashable, CaseIterable {
    /// The residuals of some output have a mean.
    case bias
    /// They follow the inputs, or their squares and products.
    case inputDependence
    /// They follow their own past.
    case autocorrelation
    /// They are larger than the noise that the sensors and the process are said to have.
    case excessVariance
  }
  public let kind: Kind
  /// The probability that a right model would leave as much.
  public let pValue: Double
  /// How large it is: the root mean square of the explained part, in standard deviations of the noise.
  public let size: Double
  /// The output in which it is strongest; nil where it is of all together.
  public let output: Int?
}

/// A verdict with what it rests on.
public struct MismatchAssessment: Sendable, Hashable {
  public let verdict: MismatchVerdict
  /// The parameters that fit best, whatever the verdict.
  public let calibrated: CalibratedParameters
  /// All tests, refuting or not, in the order of `MismatchEvidence.Kind`.
  public let evidence: [MismatchEvidence]
  /// The probability of fitting the present parameters as badly as this, were they right.
  public let presentPValue: Double
}
