import Determinism
import Foundation
import OutputAnalysis
import Testing

@Test func studentsIntervalIsExact() throws {
  let e = Estimate(of: [1, 2, 3, 4], confidence: 0.95)
  #expect(e.mean == 2.5 && (e.standardError - (5 / 12.0).squareRoot()).magnitude < 1e-12 && e.count == 4)
  #expect((e.halfWidth - 3.182446305284263 * e.standardError).magnitude < 1e-9 && e.low == 2.5 - e.halfWidth && e.high == 2.5 + e.halfWidth)
  #expect(Estimate(of: [7]).halfWidth == .infinity && Estimate(of: RunningMoments([7])).halfWidth == .infinity)
  let again = Estimate(of: RunningMoments([1, 2, 3, 4]), confidence: 0.95)
  #expect((again.halfWidth - e.halfWidth).magnitude < 1e-12)
  #expect(try JSONDecoder().decode(Estimate.self, from: JSONEncoder().encode(e)) == e)
}

/// Reference: scipy.stats.ttest_ind(equal_var=False).
@Test func independentSamplesOfUnlikeSpreadAreComparedByWelch() {
  let a = RunningMoments([20.1, 21.4, 19.8, 22.5, 20.9])
  let b = RunningMoments([18.2, 19.9, 17.5, 24.1, 16.8, 18.8])
  let e = Estimate(of: a, minus: b, confidence: 0.9)
  #expect((e.low - -0.5048460502286471).magnitude < 1e-9 && (e.high - 3.9515127168953126).magnitude < 1e-9)
}

@Test func precisionIsJudgedByTheLongerArm() {
  let e = Estimate(mean: -10, standardError: 1, count: 30)
  #expect(Precision.absolute(2.1).holds(e) && !Precision.absolute(2).holds(e))
  #expect(Precision.relative(0.21).holds(e) && !Precision.relative(0.2).holds(e))
  let skewed = ConfidenceInterval(estimate: 10, low: 9, high: 13, confidence: 0.9)
  #expect(Precision.relative(0.3).holds(skewed) && !Precision.relative(0.29).holds(skewed))
  #expect(!Precision.absolute(1).holds(Estimate(of: [.nan, 1])), "what is not a number is not precise")
}

/// Reference: Willink's formula evaluated with scipy's quantile and bias-corrected skewness.
@Test func theIntervalForSkewedValuesLeansToTheirTail() {
  let values = [1, 2, 2, 3, 4, 7, 11, 18, 29.0]
  let i = ConfidenceInterval(of: values)
  #expect((i.low - 3.2770139709266433).magnitude < 1e-8 && (i.high - 37.97909137081914).magnitude < 1e-8)
  let mirrored = ConfidenceInterval(of: values.map { -$0 })
  #expect((mirrored.low + i.high).magnitude < 1e-9 && (mirrored.high + i.low).magnitude < 1e-9)
  let even = ConfidenceInterval(of: [1, 2, 3, 4, 5])
  #expect((even.longerArm - Estimate(of: [1, 2, 3, 4, 5]).halfWidth).magnitude < 1e-9, "without skewness it is Student's")
  #expect(ConfidenceInterval(of: [3]).low == -.infinity && ConfidenceInterval(of: [2, 2, 2]).high == 2)
}

/// Exponential values, fifteen at a time: Student's 95 % interval covers about 90 %.
@Test func skewedValuesAreCoveredBetterThanByStudent() {
  var (student, skewed) = (Coverage(), Coverage())
  var stream = RandomStream(seed: 5)
  for _ in 0..<2000 {
    let values = (0..<15).map { _ in stream.exponential() }
    student.add(ConfidenceInterval(Estimate(of: values)), truth: 1)
    skewed.add(ConfidenceInterval(of: values), truth: 1)
  }
  #expect(student.share < 0.925 && skewed.share > 0.928 && skewed.share > student.share + 0.015, "\(student.share), \(skewed.share)")
}

@Test func aRatioLosesItsBiasByTheJackknife() {
  let e = Estimate(ratioOf: [3, 5, 9, 14, 2, 8], to: [2, 3, 4, 7, 2, 3])
  #expect((e.mean - 1.9668779792618796).magnitude < 1e-12 && (e.standardError - 0.16876524027040962).magnitude < 1e-12)
  // E[x]/E[y] = 2 with y uniform on (0.2, 1.8) and x = 2·y² + 0.5067: the ratio of five sums is biased, its jackknife hardly.
  var stream = RandomStream(seed: 1)
  var (plain, jackknifed, covered) = (RunningMoments(), RunningMoments(), Coverage())
  for _ in 0..<1500 {
    let below = (0..<8).map { _ in stream.uniform(0.2, 1.8) }
    let above = below.map { 2 * $0 * $0 - 2 * (1 + 1.6 * 1.6 / 12) + 2 }
    plain.add(above.reduce(0, +) / below.reduce(0, +))
    let e = Estimate(ratioOf: above, to: below)
    jackknifed.add(e.mean)
    covered.add(ConfidenceInterval(e), truth: 2)
  }
  #expect((plain.mean - 2).magnitude > 5 * plain.standardError && (jackknifed.mean - 2).magnitude < 3 * jackknifed.standardError)
  #expect(covered.holds(0.95, below: 0.03, above: 0.02), "\(covered.share)")
}
