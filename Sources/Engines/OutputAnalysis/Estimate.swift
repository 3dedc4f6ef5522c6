import Probability

/// A mean of independent values with a Student t interval.
public struct Estimate: Sendable, Hashable, Codable {
  public var mean: Double
  /// Standard error of the mean; infinite for a single value.
  public var standardError: Double
  /// How many independent values (replications, pairs, batches) it rests on.
  public var count: Int
  /// The two-sided level of `low … high`, e.g. 0.95.
  public var confidence: Double
  /// Half the interval's width: t · standard error.
  public var halfWidth: Double

  public var low: Double { mean - halfWidth }
  public var high: Double { mean + halfWidth }

  /// Of independent values of one quantity: mean ± t(1 − (1 − confidence)/2, n − 1) · s/√n.
  ///
  /// Exact for normal values. For clearly skewed ones, and few of them, see `ConfidenceInterval.init(of:confidence:)`.
  ///
  /// - Precondition: not empty; 0 < confidence < 1.
  /// - Source: A. M. Law, Simulation Modeling and Analysis, 5th ed., section 4.5.
  public init(of values: [Double], confidence: Double = 0.95) {
    precondition(!values.isEmpty, "an estimate needs values")
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.init(
      mean: mean, standardError: values.count > 1 ? (squares / (n - 1) / n).squareRoot() : .infinity, count: values.count, confidence: confidence)
  }

  /// Of values that were counted one by one.
  ///
  /// - Precondition: not empty; 0 < confidence < 1.
  public init(of moments: RunningMoments, confidence: Double = 0.95) {
    precondition(moments.count > 0, "an estimate needs values")
    self.init(mean: moments.mean, standardError: moments.standardError, count: moments.count, confidence: confidence)
  }

  /// Of a mean whose standard error is known with so many degrees of freedom; count − 1 unless said otherwise.
  ///
  /// - Precondition: count > 0; 0 < confidence < 1.
  public init(mean: Double, standardError: Double, count: Int, degreesOfFreedom: Double? = nil, confidence: Double = 0.95) {
    precondition(count > 0, "an estimate needs values")
    precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
    (self.mean, self.standardError, self.count, self.confidence) = (mean, standardError, count, confidence)
    let freedom = degreesOfFreedom ?? Double(count - 1)
    halfWidth =
      freedom > 0 && standardError.isFinite ? StudentT.quantile(0.5 + confidence / 2, degreesOfFreedom: freedom) * standardError : .infinity
  }

  /// mean(a) − mean(b) of two independent samples whose variances may differ.
  ///
  /// Samples that share their random numbers are not independent: `PairedDifference` is then right, and narrower.
  ///
  /// - Precondition: neither is empty; 0 < confidence < 1.
  /// - Source: B. L. Welch 1938, doi:10.1093/biomet/29.3-4.350; degrees of freedom by F. E. Satterthwaite 1946, doi:10.2307/3002019.
  public init(of a: RunningMoments, minus b: RunningMoments, confidence: Double = 0.95) {
    let (u, v) = (a.standardError * a.standardError, b.standardError * b.standardError)
    let (n, m) = (Double(a.count), Double(b.count))
    let freedom = u + v > 0 ? (u + v) * (u + v) / (u * u / (n - 1) + v * v / (m - 1)) : n + m - 2
    self.init(
      mean: a.mean - b.mean, standardError: (u + v).squareRoot(), count: a.count + b.count, degreesOfFreedom: freedom, confidence: confidence)
  }
}
