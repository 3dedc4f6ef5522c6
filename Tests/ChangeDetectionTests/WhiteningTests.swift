import Determinism
import Probability
import Quantities
import Testing

@testable import ChangeDetection

/// x_t = 50 + 0.8·(x_{t−1} − 50) + ε.
private func correlated(_ seed: UInt64, _ count: Int) -> [Double] {
  var random = RandomStream(seed: seed, "series")
  var x = 50.0
  return (0..<count).map { _ in
    x = 50 + 0.8 * (x - 50) + random.normal()
    return x
  }
}

@Test func whitenedResidualsAreUncorrelatedAndOfUnitVariance() {
  var whitener = AutoregressiveWhitener()
  let z = correlated(3, 6000).compactMap { whitener.whiten($0) }
  let n = Double(z.count)
  let mean = z.reduce(0, +) / n
  let variance = z.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
  let lagged = zip(z, z.dropFirst()).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) } / n / variance
  #expect(abs(mean) < 0.05)
  #expect(abs(variance - 1) < 0.06)
  #expect(abs(lagged) < 0.04)
  #expect(abs(whitener.coefficient - 0.8) < 0.03)
}

/// Serial correlation makes a test of independent residuals cry wolf; whitening gives it its rate back.
@Test func whiteningKeepsTheRateOfFalseAlarms() throws {
  func alarms(_ series: [Double]) throws -> Int {
    var watch = ChangeStream(.normalScore, DetectorSettings(falseAlarmRate: 0.01))
    for (i, z) in series.enumerated() { _ = try watch.observe(z, at: Instant(seconds: Double(i))) }
    return watch.alarms
  }
  let series = correlated(8, 6000)
  // The series' own standard deviation is 1/0.6.
  #expect(try alarms(series.map { ($0 - 50) * 0.6 }) > 200)
  var whitener = AutoregressiveWhitener()
  let whitened = try alarms(series.compactMap { whitener.whiten($0) })
  #expect(whitened > 35 && whitened < 85, "\(whitened) where 60 were asked for")
}

@Test func aWhitenerThatHasLearntShowsAShiftInItsResiduals() {
  var whitener = AutoregressiveWhitener(learningPairs: 500)
  var series = correlated(5, 1500)
  for i in 1000..<1500 { series[i] += 5 }
  let z = series.map { whitener.whiten($0) ?? 0 }
  #expect(abs(z[500..<1000].reduce(0, +) / 500) < 0.15)
  // A shift δ of the series is δ·(1 − φ) in each residual.
  #expect(abs(z[1001..<1500].reduce(0, +) / 499 - 1) < 0.25)
}

@Test(arguments: [Law.exponential(mean: 4), .lognormal(mean: 20, cv: 0.6), .gamma(mean: 3, cv: 0.4), .weibull(mean: 9, shape: 1.7)])
func theIntegralTransformTurnsAnyLawIntoTheStandardOnes(law: Law) {
  for p in [1e-12, 0.01, 0.3, 0.5, 0.9, 0.999] {
    let x = law.quantile(p)
    #expect(abs(IntegralTransform.normal(x, law) - Normal.quantile(p)) < 1e-6)
    #expect(abs(IntegralTransform.exponential(x, law) + Portable.log1p(-p)) < 1e-6 * max(1, -Portable.log1p(-p)))
  }
  // Far in the upper tail the survival has the digits that the distribution function lacks.
  #expect(abs(IntegralTransform.normal(law.upperQuantile(1e-30), law) + Normal.quantile(1e-30)) < 1e-3)
}

@Test func aRandomisedTransformOfCountsIsStandardNormal() {
  var random = RandomStream(seed: 9, "counts")
  var (sum, squares) = (0.0, 0.0)
  for _ in 0..<20_000 {
    // Shares of a fair die.
    let face = Double(random.integer(below: 6))
    let z = IntegralTransform.normal(before: face / 6, upTo: (face + 1) / 6, &random)
    sum += z
    squares += z * z
  }
  #expect(abs(sum / 20_000) < 0.05)
  #expect(abs(squares / 20_000 - 1) < 0.07)
}
