import Determinism
import Foundation
import SequentialTesting
import Testing

/// The coin is all that the test rests on, so its promise is checked over every outcome of the coin, with nothing drawn.
@Suite struct RandomizedPairsTests {
  /// What the second period brought more than the first: a drift, a jump and a wild value, as no model of noise would have them.
  static let noise = [0.3, 0.5, 0.9, 1.4, -2.5, 1.1, 40, -0.2, -0.9, -1.2, 0.7, 0.05]

  /// E at every look for one outcome of the coins, against "the gain is at most `bound`".
  private func path(_ coins: Int, gain: Double, bound: Double, _ noise: [Double] = noise) -> [Double] {
    var pairs = RandomizedPairs(expectedSD: 0.7)
    return noise.indices.map { i in
      pairs.add(gain + (coins >> i & 1 == 1 ? noise[i] : -noise[i]))
      return exp(pairs.logEvidence(above: bound))
    }
  }

  @Test func overAllCoinsTheEvidenceHasMeanOneWhateverTheNoise() {
    let n = Self.noise.count
    for (gain, bound) in [(0.0, 0.0), (2, 2)] {
      var totals = [Double](repeating: 0, count: n)
      var crossed = 0
      for coins in 0..<(1 << n) {
        let values = path(coins, gain: gain, bound: bound)
        for i in values.indices { totals[i] += values[i] }
        if values.contains(where: { $0 >= 20 }) { crossed += 1 }
      }
      for total in totals { #expect(abs(total / Double(1 << n) - 1) < 1e-9) }
      // Ville: the share of coin sequences on which 20 is ever reached.
      #expect(Double(crossed) <= 0.05 * Double(1 << n))
      #expect(crossed > 0)
    }
  }

  @Test func aGainBelowTheBoundOnlyLosesEvidence() {
    for coins in stride(from: 0, to: 4096, by: 97) {
      let (at, below) = (path(coins, gain: 1, bound: 1), path(coins, gain: 0.4, bound: 1))
      // The scales differ by no more than rounding, since both gains are constant.
      for (a, b) in zip(at, below) { #expect(b <= a * (1 + 1e-9)) }
    }
  }

  @Test func theBoundsAreWhereTheEvidenceReachesItsLevel() {
    var stream = RandomStream(seed: 3, "bounds")
    var pairs = RandomizedPairs(expectedSD: 2)
    for i in 0..<4 {
      pairs.add(1 + stream.normal())
      // Four signs have 16 outcomes: not enough for one in twenty.
      #expect(pairs.lowerBound(alpha: 0.05) == -.infinity && pairs.upperBound(alpha: 0.05) == .infinity, "pair \(i)")
    }
    for _ in 0..<30 { pairs.add(1 + stream.normal()) }
    let (lower, upper) = (pairs.lowerBound(alpha: 0.05), pairs.upperBound(alpha: 0.05))
    #expect(lower < pairs.estimate && pairs.estimate < upper)
    #expect(abs(pairs.logEvidence(above: lower) - log(20)) < 1e-6)
    #expect(abs(pairs.logEvidence(below: upper) - log(20)) < 1e-6)
    #expect(upper - lower < 2)
  }

  @Test func aTrueGainIsFoundAndAHarmToo() {
    var (gains, harms) = ([Int](), [Int]())
    for seed in 0..<200 {
      for (sign, side) in [(1.0, 0), (-1, 1)] {
        var stream = RandomStream(seed: UInt64(seed), "power")
        var pairs = RandomizedPairs(expectedSD: 1)
        while pairs.count < 100 {
          pairs.add(sign + stream.normal())
          if (side == 0 ? pairs.logEvidence(above: 0) : pairs.logEvidence(below: 0)) >= log(20) { break }
        }
        if side == 0 { gains.append(pairs.count) } else { harms.append(pairs.count) }
      }
    }
    // Nine pairs for one standard deviation of a pair's difference.
    #expect((8...10).contains(gains.sorted()[100]))
    #expect((8...10).contains(harms.sorted()[100]))
  }
}
