import Determinism
import Foundation
import SequentialTesting
import Testing

/// Windows of one record, whose noise remembers.
@Suite struct AutoregressiveTestTests {
  /// Gain plus stationary noise of standard deviation 1 and autocorrelation φ.
  static func windows(_ count: Int, gain: Double, phi: Double, _ stream: inout RandomStream) -> [(value: Double, sd: Double)] {
    var noise = stream.normal()
    return (0..<count).map { _ in
      defer { noise = phi * noise + (1 - phi * phi).squareRoot() * stream.normal() }
      return (gain + noise, 1)
    }
  }

  static let alternatives = [(mean: 0.5, weight: 0.25), (mean: 1, weight: 0.5), (mean: 1.5, weight: 0.25)]

  /// The share of runs in which the evidence against "no gain" ever reaches 20 in 40 looks.
  static func crossing(gain: Double, phi: Double, runs: Int, looks: Int = 40) -> Double {
    var crossed = 0
    for run in 0..<runs {
      var stream = RandomStream(seed: UInt64(run), "ar", "\(phi)")
      let all = windows(looks, gain: gain, phi: phi, &stream)
      let found = (1...looks).contains {
        AutoregressiveTest(Array(all.prefix($0))).logEvidence(against: .atMost(0), alternatives: alternatives) >= log(20)
      }
      if found { crossed += 1 }
    }
    return Double(crossed) / Double(runs)
  }

  @Test(arguments: [0, 0.5, 0.9, 0.98])
  func noGainIsRarelySeenHoweverLongTheNoiseRemembers(phi: Double) {
    #expect(Self.crossing(gain: 0, phi: phi, runs: 150) <= 0.05)
  }

  @Test func aGainIsSeenAlsoThroughNoiseThatRemembers() {
    #expect(Self.crossing(gain: 1, phi: 0, runs: 60) > 0.9)
    #expect(Self.crossing(gain: 1, phi: 0.5, runs: 60) > 0.5)
  }

  @Test func theLikelihoodIsTheOneOfTheModel() {
    // Against the sum written out, for declared standard deviations that differ.
    let data: [(value: Double, sd: Double)] = [(1.2, 1), (0.4, 0.8), (-0.3, 1.3), (0.9, 1.1)]
    func logLikelihood(_ mean: Double, _ phi: Double) -> Double {
      let e = data.map { ($0.value - mean) / $0.sd }
      let v = 1 - phi * phi
      return zip(e, e.dropFirst()).reduce(-e[0] * e[0] / 2) { $0 - ($1.1 - phi * $1.0) * ($1.1 - phi * $1.0) / (2 * v) - log(v) / 2 }
    }
    let mixed = [(0.0, 0.4), (0.3, 0.3), (0.6, 0.2), (0.85, 0.1)].reduce(0) { $0 + $1.1 * exp(logLikelihood(1, $1.0)) }
    let null = (0...9_999).reduce(-Double.infinity) { max($0, logLikelihood(0, Double($1) / 10_000)) }
    // The sample mean is positive, so the likeliest of "at most 0" is 0 itself.
    let found = AutoregressiveTest(data).logEvidence(against: .atMost(0), alternatives: [(1, 1)])
    #expect(abs(found - (log(mixed) - null)) < 1e-4)
  }

  @Test func aLastingOffsetIsOneObservation() {
    // Three standard deviations off and hardly moving: what a bias of the counterfactual looks like.
    let stuck = (0..<200).map { (value: 3 + 0.01 * Double($0 % 3), sd: 1.0) }
    let test = AutoregressiveTest(stuck)
    #expect(test.logEvidence(against: .atMost(0), alternatives: [(3, 1)]) < 4.6)
    #expect(test.confidenceSequence(alpha: 0.05, prior: (3, 3)).lower < 1)
    #expect(test.posterior(prior: (3, 3)).probability(below: 1.5) > 0.05)
    // The same mean in windows that scatter as they should is a gain.
    var stream = RandomStream(seed: 1, "scatter")
    let moving = (0..<200).map { _ in (value: 3 + stream.normal(), sd: 1.0) }
    let sure = AutoregressiveTest(moving)
    #expect(sure.logEvidence(against: .atMost(0), alternatives: [(3, 1)]) > 20)
    #expect(sure.confidenceSequence(alpha: 0.05, prior: (3, 3)).lower > 2)
    #expect(sure.posterior(prior: (3, 3)).probability(below: 2) < 0.01)
  }

  @Test func theConfidenceSequenceHoldsTheMeanAtEveryLook() {
    var lost = 0
    let runs = 100
    for run in 0..<runs {
      let phi = [0, 0.5, 0.9, 0.98][run % 4]
      var stream = RandomStream(seed: UInt64(run), "sequence")
      let all = Self.windows(40, gain: 0.7, phi: phi, &stream)
      let isLost = (1...40).contains { n in
        let bounds = AutoregressiveTest(Array(all.prefix(n))).confidenceSequence(alpha: 0.1, prior: (1, 1))
        return bounds.lower > 0.7 || bounds.upper < 0.7
      }
      if isLost { lost += 1 }
    }
    #expect(lost <= 10)
  }

  @Test func nothingSeenIsNothingShown() {
    let none = AutoregressiveTest([])
    #expect(none.count == 0 && none.estimate == 0)
    #expect(none.logEvidence(against: .atMost(0), alternatives: [(1, 1)]) == 0)
    #expect(none.confidenceSequence(alpha: 0.05, prior: (1, 1)) == (-.infinity, .infinity))
    #expect(abs(none.posterior(prior: (1, 2)).mean - 1) < 1e-12)
  }
}
