import Determinism
import Probability

/// A two-sided interval around an estimate that need not be symmetric: of skewed values, of a quantile.
///
/// An end is infinite where the data do not bound it, e.g. for a high quantile of few values.
public struct ConfidenceInterval: Sendable, Hashable, Codable {
  public var estimate: Double
  public var low: Double
  public var high: Double
  /// The two-sided level, e.g. 0.95.
  public var confidence: Double

  public init(estimate: Double, low: Double, high: Double, confidence: Double) {
    (self.estimate, self.low, self.high, self.confidence) = (estimate, low, high, confidence)
  }

  public init(_ estimate: Estimate) {
    self.init(estimate: estimate.mean, low: estimate.low, high: estimate.high, confidence: estimate.confidence)
  }

  /// How far the farther end lies from the estimate.
  public var longerArm: Double { max(high - estimate, estimate - low) }
  public func contains(_ value: Double) -> Bool { low <= value && value <= high }

  /// The mean of independent values of a law that may be skewed; meets Student's interval where the sample has no skewness.
  ///
  /// A sample mean and its standard error move together when the law has a long tail, and Student's interval then misses on the far side
  /// of that tail. This interval moves towards the tail. Nominal 95 % intervals of 10, 15 and 30 exponential values cover 94.5, 94.8 and
  /// 94.8 % (Student's 90.6, 91.4 and 93.1 %) and are 1.6, 1.5 and 1.2 times as wide; of as many normal values they cover 94.7, 94.9 and
  /// 95.1 % and are 1.12, 1.03 and 1.01 times as wide as Student's. (20,000 intervals each.)
  ///
  /// - Precondition: not empty; 0 < confidence < 1.
  public init(of values: [Double], confidence: Double = 0.95) {
    self.init(of: RunningMoments(values), confidence: confidence)
  }

  /// The same of values that were counted one by one.
  public init(of moments: RunningMoments, confidence: Double = 0.95) {
    precondition(moments.count > 0, "an estimate needs values")
    self.init(
      mean: moments.mean, standardError: moments.standardError, skewness: moments.count > 2 ? moments.skewness : 0, count: Double(moments.count),
      degreesOfFreedom: Double(moments.count - 1), confidence: confidence)
  }

  /// mean − G(±t)·standardError, where G(ζ) = (∛(1 + 6β(ζ − β)) − 1)/(2β) and β = skewness/(6·√count); G(ζ) = ζ when β = 0.
  ///
  /// - Parameter skewness: third central moment over standard deviation³ of one value.
  /// - Source: R. Willink 2005, "A confidence interval and test for the mean of an asymmetric distribution", Communications in Statistics:
  ///   Theory and Methods 34(4), 753–766; the transformation is P. Hall's (1992, J. Roy. Statist. Soc. B 54, 221–228) for N. J. Johnson's
  ///   modified t (1978, doi:10.1080/01621459.1978.10480051).
  init(mean: Double, standardError: Double, skewness: Double, count: Double, degreesOfFreedom: Double, confidence: Double) {
    precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
    guard degreesOfFreedom > 0, standardError.isFinite else {
      self.init(estimate: mean, low: -.infinity, high: .infinity, confidence: confidence)
      return
    }
    let t = StudentT.quantile(0.5 + confidence / 2, degreesOfFreedom: degreesOfFreedom)
    let beta = skewness / (6 * count.squareRoot())
    func transformed(_ z: Double) -> Double {
      if beta.magnitude < 1e-6 { return z }
      let cube = 1 + 6 * beta * (z - beta)
      let root = Portable.pow(cube.magnitude, 1.0 / 3)
      return ((cube < 0 ? -root : root) - 1) / (2 * beta)
    }
    self.init(estimate: mean, low: mean - transformed(t) * standardError, high: mean - transformed(-t) * standardError, confidence: confidence)
  }
}
