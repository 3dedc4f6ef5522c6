import Determinism
import Probability
import Testing

@testable import Estimation

private let mixed: [ActivityObservation] = [
  .exact(4), .exact(9, weight: 0.5), .exact(3, pace: 0.8), .exact(12), .rightCensored(7), .rightCensored(2, weight: 0.5, pace: 1.2), .leftCensored(6),
  .interval(8, 10), ActivityObservation(low: 11, high: 11, entry: 3),
]

/// The likelihood of one observation, written down again without any of the module's short cuts.
private func logLikelihood(_ law: Law, _ o: ActivityObservation) -> Double {
  func log(_ p: Double) -> Double { Portable.log(max(p, 1e-300)) }
  let entry = o.entry > 0 ? log(law.survival(o.entry * o.pace)) : 0
  switch o.kind {
  case .exact: return o.weight * (law.logDensity(o.low * o.pace) + Portable.log(o.pace) - entry)
  case .rightCensored: return o.weight * (log(law.survival(o.low * o.pace)) - entry)
  case .leftCensored, .interval: return o.weight * (log(law.cdf(o.high * o.pace) - law.cdf(o.low * o.pace)) - entry)
  }
}

@Test func evidenceAndMeanAgreeWithBruteForce() {
  let prior = ActivityPrior(mean: 8, cv: 0.7)
  for family in LawFamily.parametric {
    let posterior = FamilyPosterior(family, ActivitySums(mixed), prior)
    var (sum, first, top) = (0.0, 0.0, -Double.infinity)
    let spreadPrior = GaussianPrior(mean: family.spread(logCV: prior.logCV.mean), sd: family.spread(logCV: prior.logCV.sd))
    let spreads = family == .exponential ? [0.0] : stride(from: -4, through: 2, by: 0.05).map { $0 }
    var points: [(Double, Double)] = []
    for s in spreads {
      for m in stride(from: 0.0, through: 6, by: 0.02) {
        let law = family.law(logMean: m, spread: s)
        var log = prior.logMean.logDensity(m) + (family == .exponential ? 0 : spreadPrior.logDensity(s))
        for o in mixed { log += logLikelihood(law, o) }
        points.append((m, log))
        top = max(top, log)
      }
    }
    for (m, log) in points {
      let mass = Portable.exp(log - top)
      (sum, first) = (sum + mass, first + mass * m)
    }
    let evidence = top + Portable.log(sum * 0.02 * (family == .exponential ? 1 : 0.05))
    #expect(abs(posterior.logEvidence - evidence) < 1e-3, "\(family): \(posterior.logEvidence), \(evidence)")
    var (mass, mean) = (0.0, 0.0)
    posterior.forEachMeanCell { a, b, m in (mass, mean) = (mass + m, mean + m * (a + b) / 2) }
    #expect(abs(mean / mass - first / sum) < 2e-3, "\(family)")
  }
}

@Test func anEmptyRecordGivesThePrior() {
  let posterior = ActivityPosterior([], prior: ActivityPrior(mean: 100, cv: 0.5))
  let q = posterior.meanQuantiles([0.05, 0.5, 0.95])
  #expect(abs(q[1] / 100 - 1) < 0.01)
  #expect(abs(Portable.log(q[2] / 100) - 1.645) < 0.02 && abs(Portable.log(q[0] / 100) + 1.645) < 0.02)
  for p in posterior.probabilities { #expect(abs(p.probability - 0.25) < 0.01, "\(p)") }
  // What says nothing changes nothing.
  let silent = ActivityPosterior([.exact(0), .exact(-3), .exact(.nan), .rightCensored(0), .exact(5, weight: 0)], prior: posterior.prior)
  #expect(silent.passedOver == 5 && silent.exactCount == 0)
  #expect(silent.meanQuantiles([0.5]) == posterior.meanQuantiles([0.5]))
}

@Test func drawsFollowThePosterior() {
  let data = sample(.gamma(mean: 10, cv: 0.6), 40, RandomStream(seed: 5, "draws")).map { ActivityObservation.exact($0) }
  let posterior = ActivityPosterior(data, prior: ActivityPrior(mean: 20))
  let laws = posterior.draws(400, RandomStream(seed: 1, "calibration"))
  let means = laws.map(\.mean).sorted()
  for (level, q) in zip([0.05, 0.5, 0.95], posterior.meanQuantiles([0.05, 0.5, 0.95])) {
    #expect(abs(Stratified.quantile(means, level) / q - 1) < 0.02)
  }
  for x in [2.0, 8, 15, 30] {
    #expect(abs(laws.reduce(0) { $0 + $1.cdf(x) } / 400 - posterior.predictiveCDF(x)) < 0.005)
  }
  let gamma = Double(laws.count { $0.family == .gamma }) / 400
  #expect(abs(gamma - posterior.probabilities.first { $0.family == .gamma }!.probability) < 0.01)
  // One more observation moves the draws of one stream a little, not their luck.
  let next = ActivityPosterior(data + [.exact(10)], prior: posterior.prior).draws(400, RandomStream(seed: 1, "calibration"))
  let same = zip(laws, next).filter { $0.family == $1.family }
  #expect(same.count > 380)
  #expect(same.allSatisfy { abs($0.mean / $1.mean - 1) < 0.03 })
}

@Test func manyObservationsKeepTheirLikelihoodWhenBinned() {
  // Copies of few values, more than fit the list: the grid must give what the list gives.
  let values = sample(.weibull(mean: 10, shape: 1.7), 90, RandomStream(seed: 2, "bins"))
  for copies in [1.0, 6] {
    let data = values.enumerated().map { k, x in
      k % 3 == 0 ? ActivityObservation.rightCensored(x, weight: copies) : .exact(x, weight: copies)
    }
    let many = (0..<6).flatMap { _ in data.map { ActivityObservation(low: $0.low, high: $0.high, weight: $0.weight / 6) } }
    let (a, b) = (ActivitySums(data), ActivitySums(many))
    #expect(b.exposed.count < 192 && b.tails.count < 120)
    for family in LawFamily.parametric {
      let (p, q) = (FamilyPosterior(family, a, ActivityPrior(mean: 5)), FamilyPosterior(family, b, ActivityPrior(mean: 5)))
      #expect(abs(p.logEvidence - q.logEvidence) < 0.01, "\(family) \(copies): \(p.logEvidence) \(q.logEvidence)")
      #expect(abs(p.mode.logMean - q.mode.logMean - Portable.log(b.reference / a.reference)) < 0.003)
    }
  }
}

@Test func familiesAreToldApart() {
  let truths: [Law] = [
    .exponential(mean: 10), .gamma(mean: 10, cv: 0.4), .lognormal(mean: 10, cv: 0.9), .weibull(mean: 10, shape: 3), .constant(12),
  ]
  for law in truths {
    let data = sample(law, 400, RandomStream(seed: 11, "families")).map { ActivityObservation.exact($0) }
    let posterior = ActivityPosterior(data, prior: ActivityPrior(mean: 30))
    #expect(posterior.family == law.family, "\(law): \(posterior.probabilities)")
    #expect(posterior.meanInterval(0.99).contains(law.mean))
    #expect(abs(posterior.mode.mean / law.mean - 1) < 0.1)
  }
  // Two kinds of repair, short and long: no formula fits.
  let (short, long) = (
    sample(.gamma(mean: 5, cv: 0.2), 100, RandomStream(seed: 1, "short")), sample(.gamma(mean: 60, cv: 0.2), 60, RandomStream(seed: 1, "long"))
  )
  let two = ActivityPosterior((short + long).map { .exact($0) }, prior: ActivityPrior(mean: 30))
  #expect(two.family == .empirical)
  let mean = (short + long).reduce(0, +) / 160
  #expect(abs(two.meanQuantiles([0.5])[0] / mean - 1) < 1e-9)
  #expect(two.draws(50, RandomStream(seed: 1)).allSatisfy { $0.family == .empirical })
  #expect(two.predictiveCDF(20) > 0.6 && two.predictiveCDF(20) < 0.65)
}

@Test func meanIntervalsCoverWithFewCensoredData() {
  let sets = 200
  for law in [Law.exponential(mean: 10), .lognormal(mean: 10, cv: 0.8), .weibull(mean: 10, shape: 2)] {
    var inside = 0
    for set in 0..<sets {
      var stream = RandomStream(seed: UInt64(set), "few")
      let data = sample(law, 20, stream.split("x")).map { x in
        let limit = 30 * stream.uniform()
        return x <= limit ? ActivityObservation.exact(x) : .rightCensored(limit)
      }
      let posterior = ActivityPosterior(data, prior: ActivityPrior(mean: 15), empirical: .never)
      if posterior.meanInterval().contains(10) { inside += 1 }
    }
    print("\(law): \(inside) of \(sets) inside 90 %")
    #expect((0.84...0.96).contains(Double(inside) / Double(sets)))
  }
}
