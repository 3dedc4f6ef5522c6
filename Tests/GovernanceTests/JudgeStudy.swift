import Determinism
import Foundation
import Governance
import PlantModel
import Quantities
import SequentialTesting
import Testing

/// The acceptance figures of docs/judge.md: 4,000 plants a cell, a look after every window or pair, 60 looks.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil))
struct JudgeStudy {
  static let runs = 4_000
  static let looks = 60
  static let persistences = [0, 0.5, 0.9, 0.98]
  static let alpha = 0.05

  static let rollout = RolloutSpec(
    shadow: .zero, steps: [1], dwell: .zero, timeout: .hours(10), keepShare: 0.5, alphaGain: alpha, alphaHarm: 0.1)

  private func cell(_ x: Double) -> String { String(format: "%6.2f", 100 * x) }
  private func median(_ x: [Int]) -> Int { x.sorted()[x.count / 2] }

  // MARK: - Windows against the twin's counterfactual

  /// What became of one simulated stage: the look at which it was kept or sent back, or neither.
  private struct Ends {
    var kept: [Int] = []
    var back = 0
    /// Runs in which the gain's e-value reached its level at any look, as if nothing else ended a stage.
    var crossed = 0
  }

  /// - Parameters:
  ///   - white: share of the noise's variance that is independent from window to window; the rest has autocorrelation φ.
  ///   - scale: true standard deviation over the declared one.
  private func windows(
    claim: Double, truth: Double, phi: Double, _ purpose: Judge.Purpose = .settle, white: Double = 0, scale: Double = 1, runs: Int = runs
  ) -> Ends {
    let judge = Judge(
      claimed: ClaimInterval(lower: claim * 0.2, expected: claim, upper: claim * 1.8), rollout: Self.rollout, purpose: purpose,
      rules: GovernorRules())
    var ends = Ends()
    for run in 0..<runs {
      var stream = RandomStream(seed: UInt64(run), "windows", "\(phi) \(white)")
      var slow = stream.normal()
      var record: [EvidenceWindow] = []
      var (isOpen, hasCrossed) = (true, false)
      for look in 0..<Self.looks {
        let noise = (1 - white).squareRoot() * slow + white.squareRoot() * stream.normal()
        slow = phi * slow + (1 - phi * phi).squareRoot() * stream.normal()
        let start = Instant(seconds: Double(look) * 300)
        record.append(EvidenceWindow(start: start, end: start + .minutes(5), realised: truth + scale * noise, counterfactual: 0, sd: 1))
        let judgement = judge.judge(
          Evidence(change: ChangeID("x"), step: 0, since: Instant(seconds: 0), windows: record, missingShare: 0, complete: true))
        if judgement.gainLogE >= log(1 / Self.alpha) { hasCrossed = true }
        if isOpen, judgement.verdict == .keep { ends.kept.append(look + 1) }
        if isOpen, judgement.verdict == .rollback { ends.back += 1 }
        if judgement.verdict == .keep || judgement.verdict == .rollback { isOpen = false }
        if !isOpen, hasCrossed || truth != 0 { break }
      }
      if hasCrossed { ends.crossed += 1 }
    }
    return ends
  }

  @Test func windowsRarelySettleWhatGainsNothing() {
    print("windows, no gain: % of \(Self.runs) settled | advanced | sent back | gain e-value ever at its level; claim in sd of a window")
    for phi in Self.persistences {
      for claim in [0.25, 0.5, 1, 2] {
        let settle = windows(claim: claim, truth: 0, phi: phi)
        let advance = windows(claim: claim, truth: 0, phi: phi, .advance, runs: Self.runs / 4)
        let shares = [Double(settle.kept.count), Double(settle.back), Double(settle.crossed)].map { $0 / Double(Self.runs) }
        print(
          "  phi \(phi) claim \(claim): \(cell(shares[0])) | \(cell(Double(advance.kept.count) / Double(Self.runs / 4))) | \(cell(shares[1])) | \(cell(shares[2]))"
        )
        #expect(shares[0] <= Self.alpha && shares[2] <= Self.alpha)
      }
    }
  }

  @Test func windowsWhoseNoiseIsNotWhatWasDeclared() {
    print("windows, no gain, noise outside the model: % settled | gain e-value ever at its level (claim 0.5 and 1)")
    for (name, white, scale) in [
      ("true sd 1.5 times the declared", 0.0, 1.5), ("true sd half the declared", 0, 0.5), ("half of the variance white", 0.5, 1),
    ] {
      for phi in Self.persistences {
        let ends = [0.5, 1].map { windows(claim: $0, truth: 0, phi: phi, white: white, scale: scale, runs: Self.runs / 2) }
        let text = ends.map { cell(Double($0.kept.count) / Double(Self.runs / 2)) + " |" + cell(Double($0.crossed) / Double(Self.runs / 2)) }
        print("  \(name), phi \(phi): \(text.joined(separator: "   "))")
      }
    }
  }

  @Test func windowsSettleTrueGainsInTime() {
    print("windows, claim true: median windows to settle, % within 18 and within 60; % sent back")
    for phi in [0, 0.5] {
      for claim in [0.5, 1, 1.5, 2, 3] {
        let ends = windows(claim: claim, truth: claim, phi: phi, runs: Self.runs / 2)
        let n = Double(Self.runs / 2)
        let all = ends.kept + Array(repeating: 999, count: Self.runs / 2 - ends.kept.count)
        print(
          "  phi \(phi) gain \(claim): \(median(all)) | \(cell(Double(ends.kept.count { $0 <= 18 }) / n)) | \(cell(Double(ends.kept.count) / n)) | \(cell(Double(ends.back) / n))"
        )
      }
      let harm = windows(claim: 1, truth: -1, phi: phi, runs: Self.runs / 4)
      print("  phi \(phi) claim 1, truth -1: sent back \(cell(Double(harm.back) / Double(Self.runs / 4)))")
    }
  }

  // MARK: - Switchback pairs

  /// Looks at which each test first reaches its level: this judge's gain, its bound on the gain, and the peer's.
  private struct Firsts {
    var gain: [Int] = []
    var kept: [Int] = []
    var harm: [Int] = []
    var peer: [Int] = []
  }

  /// Pairs of four windows an arm after a washout of three, so that independent windows of sd s give differences of sd s/√2.
  private func pairs(gain: Double, phi: Double, looks: Int, runs: Int = runs) -> Firsts {
    var firsts = Firsts()
    for run in 0..<runs {
      var stream = RandomStream(seed: UInt64(run), "pairs", "\(phi)")
      let design = SwitchbackTests.design(looks, seed: UInt64(run))
      let tally = SwitchbackRecord(design, gain: gain, phi: phi, &stream).tally()
      guard let all = tally.pairs, all.count == looks else { continue }
      var pairs = RandomizedPairs(expectedSD: all.expectedSD)
      var (sum, n) = (0.0, 0.0)
      var (first, kept, harm, peer): (Int?, Int?, Int?, Int?)
      for difference in all.differences {
        pairs.add(difference)
        sum += difference / 0.5.squareRoot()
        n += 1
        if first == nil, pairs.logEvidence(above: 0) >= log(20) { first = pairs.count }
        if gain > 0, kept == nil, pairs.logEvidence(above: gain / 2) >= log(20) { kept = pairs.count }
        if harm == nil, pairs.logEvidence(below: 0) >= log(10) { harm = pairs.count }
        // The reference's: a two-sided normal mixture (ρ = 4) with the standard deviation of independent windows known.
        if peer == nil, sum > 0, sum * sum / (2 * (n + 4)) - log((n + 4) / 4) / 2 >= log(20) { peer = pairs.count }
        if first != nil, peer != nil, gain > 0, kept != nil { break }
      }
      firsts.gain.append(first ?? 9_999)
      firsts.kept.append(kept ?? 9_999)
      firsts.harm.append(harm ?? 9_999)
      firsts.peer.append(peer ?? 9_999)
    }
    return firsts
  }

  @Test func pairsRarelyAcceptWhatGainsNothing() {
    print("switchback pairs, no gain, \(Self.looks) looks: % gain accepted (5 %) | harm found (10 %) | normal mixture of known sd (5 %)")
    for phi in Self.persistences {
      let firsts = pairs(gain: 0, phi: phi, looks: Self.looks)
      #expect(firsts.gain.count == Self.runs)
      let shares = [firsts.gain, firsts.harm, firsts.peer].map { Double($0.count { $0 <= Self.looks }) / Double(Self.runs) }
      print("  phi \(phi): \(shares.map(cell).joined(separator: " | "))")
      #expect(shares[0] <= Self.alpha && shares[1] <= 0.1)
    }
  }

  @Test func pairsAcceptTrueGainsAsSoonAsTheReference() {
    print("switchback pairs: median pairs to accept a gain (in sd of a window) | to bound it above its half | normal mixture; % accepted within 60")
    for phi in Self.persistences {
      var medians: [Int] = []
      for gain in [0.25, 0.5, 1] {
        let firsts = pairs(gain: gain, phi: phi, looks: 300, runs: Self.runs / 4)
        let within = Double(firsts.gain.count { $0 <= 60 }) / Double(Self.runs / 4)
        medians.append(median(firsts.gain))
        print("  phi \(phi) gain \(gain): \(median(firsts.gain)) | \(median(firsts.kept)) | \(median(firsts.peer)); \(cell(within))")
      }
      // The reference's medians for independent pairs.
      if phi == 0 { for (mine, reference) in zip(medians, [56, 16, 6]) { #expect(Double(mine) <= 1.1 * Double(reference)) } }
    }
  }
}
