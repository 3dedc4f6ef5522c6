/// Where the warm-up of a run ends, and what a picture of it shows.
///
/// A run that starts empty is not yet in the state that it will settle in, and its first part would bias the mean.
public struct WarmUp: Sendable, Hashable, Codable {
  /// How many observations to leave out at the start.
  public var length: Int
  /// False when the rule found no end in the first half: the run is too short to tell, and `length` (half of it) is a stopgap.
  public var isSettled: Bool

  /// MSER-5: of all truncations, the one after which the mean is known best.
  ///
  /// Observations are averaged by fives to z₁ … z_k. The statistic of leaving d of them out is Σ_{i>d} (z_i − z̄_d)² / (k − d)², the squared
  /// standard error that the rest would have if its values were independent: leaving out bias lowers it, leaving out sound data raises it.
  /// The least over all d but the last five is sought; the end counts only where it lies in the first half. Linear in the run's length.
  ///
  /// For replications, average them first (`mean(of:)`): their common bias stays, their noise falls. Better still, find the length from
  /// a few pilot runs and leave twice as much (no more than half) out of others. The rule picks the point after which the runs at hand
  /// happen to look settled: cut there, nominal 90 % intervals of ten M/M/1 or line runs covered 86 to 88 %, with pilots and twice the
  /// length 88 to 89 % (`CoverageStudy`).
  ///
  /// - Source: K. P. White 1997, doi:10.1177/003754979706900601; limits by K. Hoad, S. Robinson, R. Davies 2010, doi:10.1057/jors.2009.87.
  public init(mser5 run: [Double]) {
    let means = BatchMeans.means(of: run, size: 5)
    let k = means.count
    guard k >= 10 else {
      (length, isSettled) = (run.count / 2, false)
      return
    }
    // From the end: moments of the tail grow by one value at a time.
    var tail = RunningMoments()
    var best = (index: k, overall: Double.infinity, first: k / 2, half: Double.infinity)
    for d in stride(from: k - 1, through: 0, by: -1) {
      tail.add(means[d])
      let n = Double(k - d)
      if n <= 5 { continue }
      let statistic = tail.variance * (n - 1) / (n * n)
      // An equal statistic further on cuts more than is needed, so the earlier one wins.
      if statistic <= best.overall { (best.index, best.overall) = (d, statistic) }
      if d <= k / 2 && statistic <= best.half { (best.first, best.half) = (d, statistic) }
    }
    isSettled = best.index <= k / 2
    length = best.first * 5
  }

  /// Observation by observation, the mean of replications; as long as the shortest of them.
  ///
  /// - Precondition: at least one replication.
  public static func mean(of replications: [[Double]]) -> [Double] {
    precondition(!replications.isEmpty, "the mean of no replication")
    let length = replications.map(\.count).min() ?? 0
    let share = 1 / Double(replications.count)
    return (0..<length).map { i in replications.reduce(0) { $0 + $1[i] } * share }
  }

  /// Welch's curve: the centred moving average over 2w + 1 observations, fewer near the start so that it begins with the first one.
  ///
  /// It ends w observations before the run does. Where it turns flat, the warm-up is over.
  ///
  /// - Parameter window: w ≥ 0, at most a quarter of the run's length for a picture worth looking at.
  /// - Source: P. D. Welch 1983, in S. S. Lavenberg (ed.), Computer Performance Modeling Handbook; A. M. Law, Simulation Modeling and
  ///   Analysis, 5th ed., section 9.5.1.
  public static func curve(of run: [Double], window w: Int) -> [Double] {
    precondition(w >= 0, "a window of \(w)")
    guard run.count > w else { return [] }
    let sums = PrefixSums(run)
    return (0..<run.count - w).map { i in
      let arm = min(i, w)
      return sums.mean(from: i - arm, count: 2 * arm + 1)
    }
  }
}
