import Determinism
import Probability

/// Calibrates like machines together: each leans on the others as far as they are alike, and no further.
///
/// Log means scatter about a common one with a standard deviation that is itself estimated, and so do log cvs. A machine with few data is
/// drawn to the common value; one with many, or that truly differs, stays where its data put it. What the others tell is handed to each
/// machine as its prior, with which its own posterior is worked out in full.
public struct MachinePool: Sendable {
  /// The family that all machines together speak for; it serves the pooling alone, each posterior weighs all families.
  public let family: LawFamily
  /// Belief in the common log mean (of seconds).
  public let commonLogMean: GaussianPrior
  /// Standard deviation of the log means between machines: its posterior mean and central 90 % interval.
  public let between: (mean: Double, low: Double, high: Double)
  /// What each machine is given by the others, and the posterior that it comes to.
  public let priors: [ActivityPrior]
  public let posteriors: [ActivityPosterior]

  /// - Parameters:
  ///   - machines: the observations of each.
  ///   - prior: of the common law.
  ///   - alike: scale of the half-t prior of the scatter of log means; 0.3 says that like machines mostly agree within a third.
  public init(
    _ machines: [[ActivityObservation]], prior: ActivityPrior, alike: Double = 0.3,
    empirical rule: ActivityPosterior.EmpiricalRule = ActivityPosterior.EmpiricalRule()
  ) {
    precondition(!machines.isEmpty && alike > 0, "pooling needs machines and a positive scale")
    let all = machines.map(ActivitySums.init)
    func evidence(_ family: LawFamily) -> Double { all.reduce(0) { $0 + FamilyPosterior(family, $1, prior).logEvidence } }
    let family = LawFamily.parametric.map { ($0, evidence($0)) }.max { $0.1 < $1.1 }!.0
    self.family = family

    // Spreads first, from likelihoods of which the mean is integrated out: those at the best mean are biased to the narrow side, and many
    // machines would agree on it.
    let stretch = family.spread(logCV: 1)
    let wide = ActivityPrior(
      logMean: GaussianPrior(mean: prior.logMean.mean, sd: 10), logCV: GaussianPrior(mean: prior.logCV.mean, sd: 2 * prior.logCV.sd))
    let spreadPrior = GaussianPrior(mean: family.spread(logCV: prior.logCV.mean), sd: stretch * prior.logCV.sd)
    let spreads = NormalHierarchy(
      all.map { sums in
        guard sums.exactCount >= 3 && family != .exponential else { return .silent }
        let scaled = ScaledPrior(wide, family, sums)
        let mode = FamilyMode(family, sums, scaled)
        let sd = 1 / mode.spreadCurvature.squareRoot()
        let step = 0.4 * sd
        let values = (-12...20).map { k -> Double in
          let slice = ShapeSlice(
            family, spread: mode.spread + step * Double(k), sums, logMean: scaled.logMean, spread: ActivityPrior.flat.logCV)
          let best = slice.mode(sums, from: mode.logMean)
          return slice.logPosterior(best.m, sums) - 0.5 * Portable.log(best.curvature)
        }
        return .table(LogDensityTable(origin: mode.spread - 12 * step, step: step, values: values))
      }, location: spreadPrior, scale: alike * stretch)

    // Then means, each at its machine's spread.
    let members = zip(all.indices, all).map { i, sums -> NormalHierarchy.Member in
      guard sums.exactCount + sums.censoredCount > 0 else { return .silent }
      let spread = family == .exponential ? 0 : spreads.members[i].mean
      let slice = ShapeSlice(family, spread: spread, sums, logMean: ActivityPrior.flat.logMean, spread: ActivityPrior.flat.logCV)
      let shift = Portable.log(sums.reference)
      var estimate: (value: Double, precision: Double)?
      if sums.exactCount > 0 {
        let own = slice.mode(sums)
        estimate = (own.m + shift, own.curvature)
      }
      return NormalHierarchy.Member(estimate: estimate) { belief in
        let local = slice.with(GaussianPrior(mean: belief.mean - shift, sd: belief.sd))
        let mode = local.mode(sums, tolerance: 1e-3)
        return (local.logPosterior(mode.m, sums) - 0.5 * Portable.log(mode.curvature), mode.m + shift, mode.curvature)
      }
    }
    let means = NormalHierarchy(members, location: prior.logMean, scale: alike)
    (commonLogMean, between) = (means.common, means.between)
    let exponential = family == .exponential
    let own = machines.indices.map { i in
      ActivityPrior(
        logMean: means.priors[i],
        logCV: exponential
          ? prior.logCV : GaussianPrior(mean: spreads.priors[i].mean / stretch, sd: spreads.priors[i].sd / stretch))
    }
    priors = own
    posteriors = zip(machines, own).map { ActivityPosterior($0, prior: $1, empirical: rule) }
  }
}
