import Determinism
import OutputAnalysis
import Testing

@Test func commonLuckNarrowsADifference() {
  var (paired, unpaired) = (Coverage(), Coverage())
  for trial in 0..<400 {
    var stream = RandomStream(seed: UInt64(trial))
    let luck = (0..<12).map { _ in stream.normal() }
    let a = luck.map { 10.5 + $0 + 0.3 * stream.normal() }
    let b = luck.map { 10 + $0 + 0.3 * stream.normal() }
    let difference = PairedDifference(a, minus: b)
    paired.add(ConfidenceInterval(difference.estimate), truth: 0.5)
    unpaired.add(ConfidenceInterval(Estimate(of: RunningMoments(a), minus: RunningMoments(b))), truth: 0.5)
  }
  #expect(paired.holds(0.95, below: 0, above: 0) && unpaired.share > 0.99, "\(paired.share), \(unpaired.share)")
  #expect(paired.arms.mean < 0.5 * unpaired.arms.mean)
  let exact = PairedDifference([1, 2, 4], minus: [0, 2, 3])
  // Var a = 7/3, Var b = 7/3, Var(a − b) = 1/3, Cov = 13/6.
  #expect((exact.varianceReduction - 14).magnitude < 1e-12 && (exact.correlation - 13.0 / 14).magnitude < 1e-12)
  #expect((exact.estimate.mean - 2.0 / 3).magnitude < 1e-12 && !exact.isSignificant)
  let shifted = PairedDifference([3, 4, 5], minus: [1, 2, 3])
  #expect(shifted.varianceReduction == .infinity && shifted.isSignificant && shifted.correlation == 1)
}

@Test func severalComparisonsHoldTogether() {
  var together = 0
  for trial in 0..<400 {
    var stream = RandomStream(seed: UInt64(trial))
    func sample(_ mean: Double) -> [Double] { (0..<8).map { _ in mean + stream.normal() } }
    let base = sample(5)
    let all = PairedDifference.of([sample(5), sample(6), sample(4), sample(5.5)], minus: base, confidence: 0.9)
    #expect(all.allSatisfy { $0.estimate.confidence == 1 - (1 - 0.9) / 4 })
    if zip(all, [0, 1, -1, 0.5]).allSatisfy({ ConfidenceInterval($0.estimate).contains($1) }) { together += 1 }
  }
  #expect(together >= 342 && together <= 392, "\(together) of 400, 360 promised")
}

@Test func antitheticRunsCancelALinearPart() {
  var stream = RandomStream(seed: 8)
  let u = (0..<500).map { _ in stream.uniform() }
  let pairs = AntitheticPairs(u.map { 2 * $0 + 1 }, u.map { 2 * (1 - $0) + 1 })
  #expect((pairs.estimate.mean - 2).magnitude < 1e-12 && pairs.varianceReduction > 1e6 && pairs.estimate.count == 500)
  // e^u: Var of a pair's mean is 0.00391, of two independent runs' 0.1210; their ratio 30.9 (closed form).
  let curved = AntitheticPairs(u.map(Portable.exp), u.map { Portable.exp(1 - $0) })
  #expect((curved.estimate.mean - 1.718281828).magnitude < 4 * curved.estimate.standardError)
  #expect(curved.varianceReduction > 24 && curved.varianceReduction < 40, "\(curved.varianceReduction)")
}
