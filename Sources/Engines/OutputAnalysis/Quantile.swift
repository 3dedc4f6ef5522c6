import Probability

/// Quantiles of independent values, and of the observations of one run.
public enum Quantile {
  /// The p-quantile of a sample: the ⌈n·p⌉-th smallest value.
  ///
  /// - Precondition: not empty; 0 < p < 1.
  public static func of(_ values: [Double], at p: Double) -> Double {
    check(values, p)
    return ordered(values.sorted(), p)
  }

  /// A smoother estimate than one order statistic: Σ w_i·x_(i), where w_i is what a Beta((n + 1)p, (n + 1)(1 − p)) quantity puts between
  /// (i − 1)/n and i/n. Its variance is lower for most laws; its weights reach a few ranks to each side.
  ///
  /// - Precondition: not empty; 0 < p < 1.
  /// - Source: F. E. Harrell, C. E. Davis 1982, doi:10.1093/biomet/69.3.635.
  public static func harrellDavis(_ values: [Double], at p: Double) -> Double {
    check(values, p)
    let sorted = values.sorted()
    let n = Double(sorted.count)
    var (sum, before) = (0.0, 0.0)
    for (i, value) in sorted.enumerated() {
      let here = i + 1 == sorted.count ? 1 : Special.beta((n + 1) * p, (n + 1) * (1 - p), Double(i + 1) / n)
      sum += (here - before) * value
      before = here
    }
    return sum
  }

  /// An interval for the p-quantile of independent values between two order statistics: exact, for any continuous law, at least at its level.
  ///
  /// The number of values below the quantile is Binomial(n, p). The interval is x_(l) … x_(u) with l the greatest and u the least rank for
  /// which P(B < l) ≤ (1 − confidence)/2 and P(B ≥ u) ≤ (1 − confidence)/2. Where too few values lie to one side, that end is infinite.
  ///
  /// - Precondition: not empty; 0 < p < 1; 0 < confidence < 1.
  /// - Source: W. J. Conover, Practical Nonparametric Statistics, 3rd ed., section 3.2.
  public static func interval(_ values: [Double], at p: Double, confidence: Double = 0.95) -> ConfidenceInterval {
    check(values, p)
    let sorted = values.sorted()
    let (l, u) = ranks(count: sorted.count, p, confidence)
    return ConfidenceInterval(
      estimate: ordered(sorted, p), low: l == 0 ? -.infinity : sorted[l - 1], high: u > sorted.count ? .infinity : sorted[u - 1],
      confidence: confidence)
  }

  /// The ranks l in 0 … n and u in 1 … n + 1 of that interval; rank 0 and n + 1 mean no bound.
  static func ranks(count n: Int, _ p: Double, _ confidence: Double) -> (Int, Int) {
    precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
    let tail = (1 - confidence) / 2
    // The least k in 0 … n with P(B ≤ k) beyond a limit; P(B ≤ n) is 1.
    func least(_ holds: (Double) -> Bool) -> Int {
      var (low, high) = (0, n)
      while low < high {
        let k = (low + high) / 2
        if holds(Special.beta(Double(n - k), Double(k + 1), 1 - p)) { high = k } else { low = k + 1 }
      }
      return low
    }
    return (least { $0 > tail }, least { $0 >= 1 - tail } + 1)
  }

  /// An interval for the p-quantile from the observations of one run (without its warm-up), by sections.
  ///
  /// The run is cut into sections; with q of the whole run and q_j of section j, the standard error is √(Σ (q_j − q)²/(b(b − 1))) and
  /// Student's t has b − 1 degrees of freedom. The mean of the q_j (batching) would carry the bias of short sections; q does not.
  /// Sections must be long against the run's correlation and hold at least some ten observations beyond the quantile.
  ///
  /// - Precondition: 2 ≤ sections ≤ the run's length; 0 < p < 1; 0 < confidence < 1.
  /// - Source: M. K. Nakayama 2014, doi:10.1145/2558328.
  public static func sectioned(_ run: [Double], at p: Double, sections: Int = 20, confidence: Double = 0.95) -> ConfidenceInterval {
    check(run, p)
    precondition(sections >= 2 && sections <= run.count, "\(sections) sections of \(run.count) observations")
    let size = run.count / sections
    let used = run.suffix(size * sections)
    let parts = (0..<sections).map { ordered(used[(used.startIndex + $0 * size)...].prefix(size).sorted(), p) }
    return sectioned(ordered(used.sorted(), p), parts, confidence)
  }

  static func sectioned(_ whole: Double, _ parts: [Double], _ confidence: Double) -> ConfidenceInterval {
    let b = Double(parts.count)
    let squares = parts.reduce(0) { $0 + ($1 - whole) * ($1 - whole) }
    return ConfidenceInterval(
      Estimate(mean: whole, standardError: (squares / (b * (b - 1))).squareRoot(), count: parts.count, confidence: confidence))
  }

  private static func ordered(_ sorted: [Double], _ p: Double) -> Double {
    sorted[min(max(Int((Double(sorted.count) * p).rounded(.up)), 1), sorted.count) - 1]
  }

  private static func check(_ values: [Double], _ p: Double) {
    precondition(!values.isEmpty, "a quantile needs values")
    precondition(p > 0 && p < 1, "a quantile at \(p)")
  }
}
