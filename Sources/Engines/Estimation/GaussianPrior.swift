/// A belief about one number: normal with this mean and standard deviation.
public struct GaussianPrior: Sendable, Hashable, Codable {
  public var mean: Double
  public var sd: Double
  public init(mean: Double, sd: Double) { (self.mean, self.sd) = (mean, sd) }

  /// The belief after an observation of the number with a normal error: precisions add.
  public func updated(by observation: Double, sd error: Double) -> GaussianPrior {
    let (a, b) = (1 / (sd * sd), 1 / (error * error))
    return GaussianPrior(mean: (a * mean + b * observation) / (a + b), sd: (1 / (a + b)).squareRoot())
  }
}
