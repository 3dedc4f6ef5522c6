import Determinism
import OutputAnalysis
import Testing

/// Ranks by summing the binomial law term by term (scipy.stats.binom gives the same).
@Test func ranksOfAQuantilesIntervalAreTheBinomialLaws() {
  for (n, p, level, l, u) in [(10, 0.5, 0.95, 2, 9), (60, 0.8, 0.95, 42, 55), (100, 0.9, 0.9, 85, 96), (20, 0.95, 0.95, 17, 21)] {
    let i = Quantile.interval((1...n).reversed().map(Double.init), at: p, confidence: level)
    #expect(i.low == Double(l) && i.high == (u > n ? .infinity : Double(u)), "\(n) values at \(p): \(i.low) … \(i.high)")
  }
  #expect(Quantile.of([5, 1, 4, 2, 3], at: 0.5) == 3 && Quantile.of([5, 1, 4, 2, 3], at: 0.81) == 5)
}

@Test func aQuantilesIntervalCoversAtLeastItsLevel() {
  var covered = Coverage()
  var stream = RandomStream(seed: 6)
  for _ in 0..<1000 {
    covered.add(Quantile.interval((0..<60).map { _ in stream.exponential() }, at: 0.8, confidence: 0.95), truth: -Portable.log(0.2))
  }
  // Exactly 96.58 %.
  #expect(covered.holds(0.9658, below: 0, above: 0), "\(covered.share)")
}

/// Reference: scipy.stats.mstats.hdquantiles.
@Test func harrellAndDavisWeighNeighbouringRanks() {
  let values = [18, 2, 29, 1, 11, 4, 7, 3, 2.0]
  for (p, right) in [(0.25, 2.2694926932939326), (0.5, 5.392657013036808), (0.9, 24.340147732868097)] {
    #expect((Quantile.harrellDavis(values, at: p) - right).magnitude < 1e-9)
  }
  #expect(Quantile.harrellDavis([4], at: 0.3) == 4)
}

@Test(arguments: [4, 7])
func aHistogramsQuantilesAreOffByAtMostABucket(bits: Int) {
  var stream = RandomStream(seed: UInt64(bits))
  var (whole, first, second) = (Histogram(precisionBits: bits), Histogram(precisionBits: bits), Histogram(precisionBits: bits))
  var values: [Double] = []
  for i in 0..<3000 {
    // Some ten decades, both signs, zeros.
    let x = i % 40 == 0 ? 0 : (stream.chance(0.3) ? -1 : 1) * Portable.exp(4 * stream.normal())
    values.append(x)
    whole.add(x)
    if i < 1200 { first.add(x) } else { second.add(x) }
  }
  values.sort()
  first.merge(second)
  for p in stride(from: 0.0, through: 1, by: 0.02) {
    let right = p == 0 ? values[0] : values[Int((3000 * p).rounded(.up)) - 1]
    let found = whole.quantile(p)
    #expect((found - right).magnitude <= right.magnitude * Portable.exp(-Double(bits) * 0.6931471805599453) + 1e-300, "\(p): \(found), not \(right)")
    #expect(first.quantile(p) == found, "two halves make the whole")
  }
  #expect(whole.minimum == values[0] && whole.maximum == values[2999] && whole.buckets.reduce(0) { $0 + $1.count } == 3000)
  #expect(zip(whole.buckets, whole.buckets.dropFirst()).allSatisfy { $0.high <= $1.low })
}

@Test func sectionsCoverAQuantileOfOneRun() {
  let (rho, p) = (0.5, 0.9)
  let truth = Portable.log(rho / (1 - p)) / (1 - rho)
  #expect((Queue.waitBelow(truth, rho: rho) - p).magnitude < 1e-12)
  var (sorted, bounded) = (Coverage(), Coverage())
  for trial in 0..<150 {
    var queue = Queue(rho: rho, seed: UInt64(trial), settled: true)
    let run = queue.run(4000)
    sorted.add(Quantile.sectioned(run, at: p, confidence: 0.9), truth: truth)
    var kept = RunQuantiles()
    for wait in run { kept.add(wait) }
    #expect(kept.count == 4000 && kept.sectionLength == 128)
    bounded.add(kept.interval(at: p, confidence: 0.9), truth: truth)
  }
  #expect(sorted.holds(0.9, below: 0.02, above: 0.03) && bounded.holds(0.9, below: 0.02, above: 0.03), "\(sorted.share), \(bounded.share)")
  var few = RunQuantiles()
  for i in 0..<300 { few.add(Double(i)) }
  #expect(few.interval(at: 0.5).high == .infinity && (few.interval(at: 0.5).estimate - 149).magnitude < 1.5, "four sections bound nothing")
}
