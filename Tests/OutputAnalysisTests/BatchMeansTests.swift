import Determinism
import OutputAnalysis
import Testing

private func autoregressive(_ phi: Double, _ count: Int, seed: UInt64) -> [Double] {
  var stream = RandomStream(seed: seed)
  var x = stream.normal() / (1 - phi * phi).squareRoot()
  return (0..<count).map { _ in
    x = phi * x + stream.normal()
    return 100 + x
  }
}

@Test func batchEstimatesFollowTheirFormulas() {
  let run = autoregressive(0.5, 203, seed: 1)
  #expect(BatchMeans.means(of: run, size: 50).count == 4)
  // Non-overlapping: twenty means of the last 200.
  let tail = BatchMeans.means(of: Array(run.dropFirst(3)), size: 10)
  let e = BatchMeans.estimate(of: run, batches: 20)
  #expect((e.mean - Estimate(of: tail).mean).magnitude < 1e-10 && (e.halfWidth - Estimate(of: tail).halfWidth).magnitude < 1e-10)
  // Overlapping: every stretch of ten.
  let (n, m) = (203.0, 10.0)
  let mean = run.reduce(0, +) / n
  let squares = (0...193).reduce(0.0) { sum, j in
    let d = run[j..<j + 10].reduce(0, +) / m - mean
    return sum + d * d
  }
  let o = BatchMeans.overlapping(run, size: 10)
  #expect((o.mean - mean).magnitude < 1e-10)
  #expect((o.standardError - (n * m / ((n - m + 1) * (n - m)) * squares / n).squareRoot()).magnitude < 1e-10)
}

@Test func vonNeumannTellsChainsFromIndependentValues() {
  #expect((BatchMeans.serialDependence(autoregressive(0.6, 4000, seed: 2)) - 0.6).magnitude < 0.05)
  #expect(BatchMeans.serialDependence([3, 3, 3]) == 0 && BatchMeans.seemIndependent([1, 2]))
  let failed = (0..<1000).count { !BatchMeans.seemIndependent(autoregressive(0, 60, seed: 100 + UInt64($0))) }
  #expect(failed > 160 && failed < 240, "\(failed) of 1000 at a level of 0.2")
}

@Test func aSteadyStateSaysWhatItFound() {
  let found = SteadyState(of: autoregressive(0.9, 8000, seed: 4))
  #expect(found.isLongEnough && found.batchSize > 10 && found.batchCount <= 128 && found.interval.contains(100))
  #expect(found.count == found.batchCount * found.batchSize && found.warmUp + found.count == 8000)
  let more = found.lengthNeeded(for: .absolute(found.interval.longerArm / 2))
  #expect(more == 4 * found.count)
  #expect(!SteadyState(of: autoregressive(0.98, 600, seed: 4)).isLongEnough)
  let still = SteadyState(of: Array(repeating: 3, count: 2000))
  #expect(still.interval.low == 3 && still.interval.high == 3 && still.isLongEnough)
}

@Test func aLongRunInBoundedMemoryHasTheSameBatches() {
  var series = BatchSeries(capacity: 8)
  for i in 1...53 {
    series.add(Double(i))
    #expect(series.means.count <= 8 && series.count == i)
  }
  #expect(series.size == 8 && series.means == [4.5, 12.5, 20.5, 28.5, 36.5, 44.5])
  let run = autoregressive(0.9, 40000, seed: 4)
  var kept = BatchSeries(capacity: 2048)
  for value in run { kept.add(value) }
  let (whole, short) = (SteadyState(of: run), SteadyState(of: kept))
  #expect(short.isLongEnough && short.batchSize.isMultiple(of: kept.size) && short.warmUp + short.count <= 40000)
  #expect((short.interval.estimate - whole.interval.estimate).magnitude < 0.3 * whole.interval.longerArm)
  #expect(short.interval.longerArm / whole.interval.longerArm > 0.7 && short.interval.longerArm / whole.interval.longerArm < 1.4)
}
