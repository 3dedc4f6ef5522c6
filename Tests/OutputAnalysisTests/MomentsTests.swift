import Determinism
import OutputAnalysis
import Testing

/// Two passes over the values, as the definitions read.
private func twoPass(_ x: [Double]) -> (mean: Double, variance: Double, skewness: Double) {
  let n = Double(x.count)
  let mean = x.reduce(0, +) / n
  let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
  let cubes = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) }
  return (mean, variance, n / ((n - 1) * (n - 2)) * cubes / (variance * variance.squareRoot()))
}

@Test(arguments: [0.0, 1e6])
func momentsAgreeWithTwoPassesAndMergeAtAnySplit(offset: Double) {
  var stream = RandomStream(seed: 3)
  let x = (0..<60).map { _ in offset + stream.exponential() }
  let (mean, variance, skewness) = twoPass(x)
  for split in [0, 1, 2, 30, 59, 60] {
    var a = RunningMoments(x[..<split])
    a.merge(RunningMoments(x[split...]))
    #expect(a.count == 60 && a.minimum == x.min() && a.maximum == x.max())
    #expect((a.mean - mean).magnitude < 1e-9 && (a.variance / variance - 1).magnitude < 1e-8 && (a.skewness - skewness).magnitude < 1e-6)
  }
  // Reference: scipy.stats.skew(bias=False).
  #expect((RunningMoments([1, 2, 2, 3, 4, 7, 11, 18, 29]).skewness - 1.563516922357336).magnitude < 1e-12)
}

@Test func momentsOfTooFewValuesAreNotNumbers() {
  let none = RunningMoments()
  #expect(none.minimum.isNaN && none.variance.isNaN && none.standardError == .infinity)
  #expect(RunningMoments([4]).variance.isNaN && RunningMoments([4, 5]).skewness.isNaN && RunningMoments([4, 4, 4]).skewness == 0)
}

@Test func aSignalIsWeightedByTheTimeItLasts() {
  var queue = TimeWeighted(value: 2, at: 10)
  queue.set(5, at: 13)
  queue.set(0, at: 14)
  #expect(queue.integral(until: 16) == 11 && queue.mean(until: 16) == 11.0 / 6 && queue.maximum == 5 && queue.minimum == 0)
  queue.set(1, at: 16)
  queue.restart(at: 20)
  #expect(queue.mean(until: 20) == 1 && queue.mean(until: 24) == 1 && queue.minimum == 1 && queue.start == 20)
  // A tenth and a huge step: a plain sum would lose the tenths.
  var long = TimeWeighted(value: 1e16, at: 0)
  long.set(0.1, at: 1)
  for step in 1...1000 { long.set(0.1, at: 1 + Double(step)) }
  #expect((long.integral(until: 1001) - 1e16 - 100).magnitude <= 2)
}
