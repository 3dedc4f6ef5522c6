/// How sure is sure enough.
public enum Precision: Sendable, Hashable, Codable {
  /// Half-width of the interval, in the figure's own unit.
  case absolute(Double)
  /// Half-width as a share of the mean's magnitude.
  case relative(Double)

  /// Whether an estimate is as narrow as wanted. False where the estimate is not a number.
  public func holds(_ estimate: Estimate) -> Bool { estimate.halfWidth <= halfWidth(around: estimate.mean) }

  /// The same of an interval that need not be symmetric: its longer arm counts.
  public func holds(_ interval: ConfidenceInterval) -> Bool { interval.longerArm <= halfWidth(around: interval.estimate) }

  /// The half-width that is wanted around a mean, in the figure's own unit.
  public func halfWidth(around mean: Double) -> Double {
    switch self {
    case .absolute(let h): h
    case .relative(let share): share * mean.magnitude
    }
  }
}
