/// The difference of two systems that were run with common random numbers, replication by replication.
///
/// Runs that meet the same luck differ by less than independent ones, and the differences are independent of each other, so Student's t on
/// them is exact for normal differences.
///
/// - Source: A. M. Law, Simulation Modeling and Analysis, 5th ed., sections 10.2.1 and 11.2.
public struct PairedDifference: Sendable, Hashable, Codable {
  /// mean(a − b).
  public var estimate: Estimate
  /// Correlation of a and b across replications; 0 where one of them never varies.
  public var correlation: Double
  /// (Var a + Var b) / Var(a − b): how many times as many independent replications would be needed for the same interval. Below 1 the common
  /// numbers did harm; infinite where the difference never varies.
  public var varianceReduction: Double

  /// - Precondition: as many of one as of the other, at least two; the same replication stands at the same index.
  public init(_ a: [Double], minus b: [Double], confidence: Double = 0.95) {
    precondition(a.count == b.count && a.count >= 2, "\(a.count) values paired with \(b.count)")
    let (first, second) = (RunningMoments(a), RunningMoments(b))
    let difference = RunningMoments(zip(a, b).lazy.map { $0 - $1 })
    estimate = Estimate(of: difference, confidence: confidence)
    let (sum, spread) = (first.variance + second.variance, difference.variance)
    varianceReduction = spread > 0 ? sum / spread : sum > 0 ? .infinity : 1
    let product = (first.variance * second.variance).squareRoot()
    correlation = product > 0 ? (sum - spread) / (2 * product) : 0
  }

  /// Whether the interval leaves 0 out.
  public var isSignificant: Bool { estimate.low > 0 || estimate.high < 0 }

  /// Several systems, each against one base. All intervals hold together with the confidence stated (Bonferroni: each is made at
  /// 1 − (1 − confidence)/number).
  ///
  /// - Precondition: as for one pair.
  /// - Source: A. M. Law, Simulation Modeling and Analysis, 5th ed., section 10.3.1.
  public static func of(_ systems: [[Double]], minus base: [Double], confidence: Double = 0.95) -> [PairedDifference] {
    let each = 1 - (1 - confidence) / Double(max(systems.count, 1))
    return systems.map { PairedDifference($0, minus: base, confidence: each) }
  }
}

/// Replications run in pairs, the second with every uniform number u of the first replaced by 1 − u.
///
/// The two runs of a pair are not independent; the pairs' averages are, so the interval rests on them.
///
/// - Source: A. M. Law, Simulation Modeling and Analysis, 5th ed., section 11.3.
public struct AntitheticPairs: Sendable, Hashable, Codable {
  /// Of the pairs' averages; `count` is the number of pairs.
  public var estimate: Estimate
  /// The variance of an average of two independent runs over that of a pair's; below 1 pairing did harm.
  public var varianceReduction: Double

  /// - Precondition: as many of one as of the other, at least two; a pair stands at one index.
  public init(_ runs: [Double], _ mirrored: [Double], confidence: Double = 0.95) {
    precondition(runs.count == mirrored.count && runs.count >= 2, "\(runs.count) runs mirrored by \(mirrored.count)")
    let pairs = RunningMoments(zip(runs, mirrored).lazy.map { 0.5 * ($0 + $1) })
    estimate = Estimate(of: pairs, confidence: confidence)
    let independent = 0.25 * (RunningMoments(runs).variance + RunningMoments(mirrored).variance)
    varianceReduction = pairs.variance > 0 ? independent / pairs.variance : independent > 0 ? .infinity : 1
  }
}
