import Determinism
import OutputAnalysis
import Testing

/// The rule as it reads: for each truncation the squared standard error of the rest.
private func statistic(_ z: [Double], _ d: Int) -> Double {
  let rest = z[d...]
  let n = Double(rest.count)
  let mean = rest.reduce(0, +) / n
  return rest.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n * n)
}

@Test func mserFindsTheTruncationThatItsDefinitionNames() {
  for seed in 0..<30 {
    var stream = RandomStream(seed: UInt64(seed))
    let length = 100 + 23 * seed
    let run = (0..<length).map { 5 * Portable.exp(-Double($0) / 20) + stream.normal() }
    let z = BatchMeans.means(of: run, size: 5)
    let all = (0..<z.count - 5).map { statistic(z, $0) }
    let best = all.indices.min { all[$0] < all[$1] }!
    let found = WarmUp(mser5: run)
    #expect(found.isSettled == (best <= z.count / 2), "seed \(seed)")
    if found.isSettled { #expect(found.length == 5 * best, "seed \(seed)") }
  }
}

@Test func theWarmUpOfAQueueThatStartsFullIsCutAndABiasedMeanMended() {
  // Forty replications of an AR(1) process of mean 0 that starts at 20.
  let runs = (0..<40).map { replication in
    var stream = RandomStream(seed: 9).split(replication)
    var x = 20.0
    return (0..<1000).map { _ in
      x = 0.95 * x + stream.normal()
      return x
    }
  }
  let mean = WarmUp.mean(of: runs)
  let warmUp = WarmUp(mser5: mean)
  #expect(warmUp.isSettled && warmUp.length >= 60 && warmUp.length <= 300, "\(warmUp)")
  func average(_ x: ArraySlice<Double>) -> Double { x.reduce(0, +) / Double(x.count) }
  #expect(average(mean[...]) > 0.3 && average(mean[warmUp.length...]).magnitude < 0.15)
  #expect(WarmUp.mean(of: [[1, 2, 3], [3, 4]]) == [2, 3])
}

@Test func aRunThatStillRisesIsToldTooShort() {
  #expect(!WarmUp(mser5: (0..<400).map(Double.init)).isSettled && WarmUp(mser5: (0..<400).map(Double.init)).length <= 200)
  #expect(!WarmUp(mser5: [1, 2, 3]).isSettled, "ten batches are the least")
  #expect(WarmUp(mser5: Array(repeating: 4, count: 200)) == WarmUp(mser5: Array(repeating: 7, count: 200)))
  #expect(WarmUp(mser5: Array(repeating: 4, count: 200)).length == 0)
}

@Test func welchsCurveIsCentredAndShortAtTheStart() {
  let curve = WarmUp.curve(of: [8, 2, 5, 3, 7, 1], window: 2)
  #expect(curve.count == 4)
  for (found, right) in zip(curve, [8, 5, 5, 3.6]) { #expect((found - right).magnitude < 1e-12) }
  #expect(WarmUp.curve(of: [1, 2], window: 0) == [1, 2] && WarmUp.curve(of: [1, 2], window: 2).isEmpty)
}
