import Determinism
import Probability
import Testing

private let laws: [Law] = [
  .constant(3), .exponential(mean: 100), .gamma(mean: 100, cv: 0.5), .gamma(mean: 2, cv: 1.7), .gamma(mean: 60, cv: 0.02),
  .lognormal(mean: 100, cv: 0.5), .lognormal(mean: 5, cv: 2), .weibull(mean: 100, shape: 2), .weibull(mean: 10, shape: 0.8),
  .uniform(low: 2, high: 10), .triangular(low: 1, mode: 2, high: 6), .triangular(low: 1, mode: 1, high: 6),
  .triangular(low: 0, mode: 6, high: 6), .empirical([1, 2, 2, 7, 11]),
]

@Test func drawsHaveTheMeanTheVarianceAndTheDistributionOfTheirLaw() {
  let n = 60_000
  for (k, law) in laws.enumerated() {
    var stream = RandomStream(seed: 3, "law").split(k)
    let x = (0..<n).map { _ in law.sample(&stream) }
    let mean = x.reduce(0, +) / Double(n)
    #expect((mean - law.mean).magnitude <= 5 * (law.variance / Double(n)).squareRoot() + 1e-12, "\(law): mean \(mean)")
    #expect((law.cv * law.mean * law.cv * law.mean - law.variance).magnitude <= 1e-9 * law.variance + 1e-12)
    // Kolmogorov and Smirnov's distance, 0.1 % level; also right, if cautious, where values repeat.
    let sorted = x.sorted()
    let distance = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99].map { p -> Double in
      let q = sorted[Int(p * Double(n))]
      let below = Double(x.count { $0 <= q }) / Double(n)
      return (below - law.cdf(q)).magnitude
    }.max()!
    #expect(distance < 1.95 / Double(n).squareRoot(), "\(law): distance \(distance)")
  }
}

@Test func distributionFunctionsHaveTheirKnownValues() {
  #expect((Law.gamma(mean: 100, cv: 0.5).cdf(70) - 0.30806256740851984897).magnitude < 1e-13)
  #expect((Law.lognormal(mean: 100, cv: 0.5).cdf(70) - 0.30192645234389729815).magnitude < 1e-13)
  #expect((Law.weibull(mean: 100, shape: 2).cdf(70) - 0.31944395387213884852).magnitude < 1e-13)
  #expect((Law.weibull(mean: 100, shape: 2).variance - 2732.3954473516268615).magnitude < 1e-9)
}

@Test func quantileSurvivalAndDensityAgreeWithTheDistribution() {
  for law in laws {
    for p in [0.001, 0.05, 0.3, 0.5, 0.7, 0.95, 0.999] {
      let x = law.quantile(p)
      #expect((law.cdf(x) + law.survival(x) - 1).magnitude < 1e-12, "\(law) at \(x)")
      #expect(law.cdf(x) >= p - 1e-9 && law.cdf(x * (1 - 1e-6) - 1e-9) <= p + 1e-6, "\(law): quantile(\(p)) = \(x)")
      #expect((law.upperQuantile(1 - p) - x).magnitude <= 1e-7 * x || law.variance == 0, "\(law): \(law.upperQuantile(1 - p)) and \(x)")
      switch law {
      case .constant, .empirical: #expect(law.logDensity(x) <= 0)
      default:
        let h = 1e-5 * x
        let slope = (law.cdf(x + h) - law.cdf(x - h)) / (2 * h)
        let density = Portable.exp(law.logDensity(x))
        #expect((density - slope).magnitude < 1e-3 * density + 1e-9, "\(law): density \(density) and slope \(slope) at \(x)")
      }
    }
    #expect(law.cdf(-1) == 0 && law.survival(-1) == 1)
  }
}

@Test func oneStreamGivesProportionalDrawsWhateverTheMean() {
  for law in laws {
    var a = RandomStream(seed: 11, "crn")
    var b = RandomStream(seed: 11, "crn")
    let double = law.scaled(by: 2)
    for _ in 0..<500 {
      let (x, y) = (law.sample(&a), double.sample(&b))
      #expect((y - 2 * x).magnitude <= 1e-12 * y, "\(law): \(x) and \(y)")
    }
  }
}

/// E[X − t | X > t], by draws that are thrown away below t.
@Test func residualsRememberTheAge() {
  let n = 20_000
  for (k, law) in laws.enumerated() where law.variance > 0 {
    let age = law.quantile(0.6)
    var stream = RandomStream(seed: 4, "residual").split(k)
    let direct = (0..<n).map { _ in law.sampleResidual(after: age, &stream) }
    var kept: [Double] = []
    while kept.count < n {
      let x = law.sample(&stream)
      if x > age { kept.append(x - age) }
    }
    let (a, b) = (summary(direct), summary(kept))
    #expect((a.mean - b.mean).magnitude < 5 * (a.error * a.error + b.error * b.error).squareRoot(), "\(law): \(a.mean) and \(b.mean)")
    #expect(direct.allSatisfy { $0 >= 0 })
  }
  var stream = RandomStream(seed: 4, "bounded")
  #expect(Law.constant(3).sampleResidual(after: 1, &stream) == 2)
  #expect(Law.constant(3).sampleResidual(after: 5, &stream) == 0)
  #expect(Law.uniform(low: 1, high: 2).sampleResidual(after: 7, &stream) == 0)
}

/// A renewal process met at a random moment: mean residual m(1 + cv²)/2.
@Test func residualsAtARandomMomentAreInEquilibrium() {
  let n = 40_000
  for (k, law) in laws.enumerated() {
    var stream = RandomStream(seed: 6, "equilibrium").split(k)
    let s = summary((0..<n).map { _ in law.sampleEquilibriumResidual(&stream) })
    #expect((s.mean - law.mean * (1 + law.cv * law.cv) / 2).magnitude < 5 * s.error, "\(law): \(s.mean)")
  }
}

@Test func lawsSayWhatIsWrongWithThem() {
  for law in laws { #expect(law.fault == nil) }
  for law in [
    Law.constant(-1), .exponential(mean: .nan), .gamma(mean: 1, cv: -0.1), .lognormal(mean: .infinity, cv: 1), .weibull(mean: 1, shape: 0),
    .uniform(low: 2, high: 1), .triangular(low: 1, mode: 5, high: 3), .empirical([]), .empirical([1, -2]),
  ] { #expect(law.fault != nil, "\(law)") }
}

private func summary(_ x: [Double]) -> (mean: Double, error: Double) {
  let n = Double(x.count)
  let mean = x.reduce(0, +) / n
  return (mean, (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1) / n).squareRoot())
}
