import Determinism
import Probability
import Testing

@testable import Estimation

@Test func weibullLifetimesUnderAnExponentialHypothesisAreFlagged() {
  var (flagged, right) = (0, 0)
  for seed in 0..<60 {
    let data = sample(.weibull(mean: 100, shape: 2), 100, RandomStream(seed: UInt64(seed), "wrong family")).map { ActivityObservation.exact($0) }
    if GoodnessOfFit(.exponential, data)!.andersonDarlingP < 0.01 { flagged += 1 }
    if GoodnessOfFit(.weibull, data)!.andersonDarlingP < 0.05 { right += 1 }
  }
  #expect(flagged == 60)
  #expect(right <= 8)
}

@Test func testStatisticsAreThoseOfTheTextbook() {
  let u = [0.1, 0.25, 0.3, 0.7, 0.95]
  let n = 5.0
  var square = -n
  for i in 0..<5 { square -= (2 * Double(i) + 1) / n * (Portable.log(u[i]) + Portable.log(1 - u[4 - i])) }
  let greatest = u.enumerated().map { max(Double($0 + 1) / n - $1, $1 - Double($0) / n) }.max()!
  let distances = GoodnessOfFit.distances(u.map { .init(value: $0, weight: 1, ended: true) })
  #expect(abs(n * distances.square - square) < 1e-9)
  #expect(abs(distances.greatest - greatest) < 1e-12)
  // Twice the weight everywhere is the same distribution.
  #expect(abs(GoodnessOfFit.distances(u.map { .init(value: $0, weight: 2, ended: true) }).square - distances.square) < 1e-9)
  #expect(GoodnessOfFit(.exponential, [.exact(1), .exact(2)]) == nil)
}

@Test func bootstrapAgreesWithTheTable() {
  for (family, law) in [(LawFamily.gamma, Law.gamma(mean: 10, cv: 0.6)), (.exponential, .gamma(mean: 10, cv: 0.8))] {
    let data = sample(law, 60, RandomStream(seed: 3, "bootstrap")).map { ActivityObservation.exact($0) }
    let (table, drawn) = (GoodnessOfFit(family, data)!, GoodnessOfFit.bootstrapped(family, data, replicates: 199, RandomStream(seed: 4))!)
    #expect(table.andersonDarling == drawn.andersonDarling)
    let error = 4 * (max(table.andersonDarlingP, 0.01) * (1 - table.andersonDarlingP) / 199).squareRoot() + 0.01
    #expect(abs(table.andersonDarlingP - drawn.andersonDarlingP) < error, "\(table) \(drawn)")
  }
}

@Test func productLimitOfATextbookSample() {
  // Ends at 1, 3, 3, 6; cuts at 2, 3, 5: S = 6/7, then ·3/5 after two of five at 3, then 0 at the end.
  let items: [ProductLimit.Item] = [(1, true), (3, true), (3, true), (6, true), (2, false), (3, false), (5, false)].map {
    .init(value: $0.0, weight: 1, ended: $0.1)
  }
  let limit = ProductLimit(items)
  #expect(limit.values == [1, 3, 6])
  for (mass, expected) in zip(limit.masses, [1.0 / 7, 6.0 / 7 * 0.4, 6.0 / 7 * 0.6]) { #expect(abs(mass - expected) < 1e-12) }
  // Complete: the variance of the mean is Σ(x − mean)²/n².
  let whole = ProductLimit([2, 4, 9].map { .init(value: $0, weight: 1, ended: true) })
  #expect(abs(whole.mean - 5) < 1e-12 && abs(whole.varianceOfMean - 26.0 / 9) < 1e-9)
}
