import Probability

/// A mean over independent replications with a Student t interval.
public struct Estimate: Sendable, Hashable, Codable {
  public var mean: Double
  /// Standard error of the mean; infinite for a single replication.
  public var standardError: Double
  public var count: Int
  /// The two-sided level of `low … high`, e.g. 0.95.
  public var confidence: Double
  /// Half the interval's width: t · standard error.
  public var halfWidth: Double

  public var low: Double { mean - halfWidth }
  public var high: Double { mean + halfWidth }

  /// Of independent values of one quantity: mean ± t(1 − (1 − confidence)/2, n − 1) · s/√n.
  ///
  /// - Precondition: not empty; 0 < confidence < 1.
  /// - Source: A. M. Law, Simulation Modeling and Analysis, 5th ed., section 4.5.
  public init(of values: [Double], confidence: Double = 0.95) {
    precondition(!values.isEmpty, "an estimate needs values")
    precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    (self.mean, count, self.confidence) = (mean, values.count, confidence)
    if values.count > 1 {
      standardError = (squares / (n - 1) / n).squareRoot()
      halfWidth = StudentT.quantile(0.5 + confidence / 2, degreesOfFreedom: n - 1) * standardError
    } else {
      (standardError, halfWidth) = (.infinity, .infinity)
    }
  }
}
