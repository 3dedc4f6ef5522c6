import Determinism
import Foundation
import Governance
import PlantModel
import Quantities
import SequentialTesting
import Testing

/// A record of windows of five minutes under a switchback design: what the plant brings at random, and what the change adds.
struct SwitchbackRecord {
  static let window = Duration.minutes(5)
  static let since = Instant(seconds: 1_000_000)
  var design: SwitchbackDesign
  var windows: [EvidenceWindow] = []

  /// - Parameters:
  ///   - phi: autocorrelation from window to window of noise with standard deviation 1.
  ///   - timeConstant: of the plant's response, in windows; the gain follows the arm with it.
  init(_ design: SwitchbackDesign, gain: Double, phi: Double, drift: Double = 0, timeConstant: Double = 0, _ stream: inout RandomStream) {
    self.design = design
    let count = Int((design.length / Self.window).rounded())
    windows.reserveCapacity(count)
    var noise = stream.normal()
    var level = 0.0
    for i in 0..<count {
      let start = Self.since + Duration(nanoseconds: Self.window.nanoseconds * Int64(i))
      let isCandidate = design.position(at: start, since: Self.since)?.arm == .candidate
      let target = isCandidate ? gain : 0
      // A first-order response: its mean over the window, and where it stands at the end.
      let left = timeConstant > 0 ? exp(-1 / timeConstant) : 0
      let shown = target + (level - target) * timeConstant * (1 - left)
      level = target + (level - target) * left
      windows.append(
        EvidenceWindow(
          start: start, end: start + Self.window, realised: 100 + shown + noise + drift * Double(i), counterfactual: 100, sd: 1))
      noise = phi * noise + (1 - phi * phi).squareRoot() * stream.normal()
    }
  }

  var end: Instant { Self.since + design.length }
  var evidence: Evidence {
    Evidence(change: design.change, step: 0, since: Self.since, windows: windows, missingShare: 0, complete: true)
  }
  func tally(until: Instant? = nil) -> SwitchbackTally {
    SwitchbackTally(windows, design, since: Self.since, until: until ?? end)
  }
}

@Suite struct SwitchbackTests {
  static func design(_ pairs: Int, seed: UInt64 = 7, change: String = "amber-badger-10") -> SwitchbackDesign {
    SwitchbackDesign(SwitchbackSpec(pairs: pairs, dwell: .minutes(20), washout: .minutes(15)), change: ChangeID(change), seed: seed)
  }
  static let since = SwitchbackRecord.since

  static func judge(claim: Double, alphaGain: Double = 0.05) -> SwitchbackJudge {
    SwitchbackJudge(
      claimed: ClaimInterval(lower: claim / 2, expected: claim, upper: claim * 1.5),
      rollout: RolloutSpec(
        shadow: .zero, steps: [1], dwell: .minutes(15), timeout: .hours(90), keepShare: 0.5, alphaGain: alphaGain, alphaHarm: 0.1),
      rules: GovernorRules())
  }

  @Test func eachPairHoldsBothArmsInTheOrderOfItsCoin() throws {
    let design = Self.design(40)
    for pair in 0..<40 {
      let start = Self.since + .minutes(70 * Double(pair))
      let first = try #require(design.position(at: start, since: Self.since))
      let second = try #require(design.position(at: start + .minutes(35), since: Self.since))
      #expect(first.pair == pair && second.pair == pair && first.arm != second.arm)
      #expect(first.arm == (design.candidateFirst(in: pair) ? .candidate : .baseline))
      #expect(!first.counts && first.ends == start + .minutes(35))
      #expect(design.position(at: start + .minutes(15), since: Self.since)?.counts == true)
      #expect(design.end(ofPair: pair, since: Self.since) == start + .minutes(70))
    }
    #expect(design.position(at: Self.since - .seconds(1), since: Self.since) == nil)
    #expect(design.position(at: Self.since + design.length, since: Self.since) == nil)
    // A window that reaches out of its dwell, at either end, does not count.
    func counts(_ from: Double, _ to: Double) -> Bool {
      design.position(
        of: EvidenceWindow(start: Self.since + .minutes(from), end: Self.since + .minutes(to), realised: 0, counterfactual: 0, sd: 1),
        since: Self.since) != nil
    }
    #expect(counts(15, 20) && counts(30, 35) && !counts(14, 19) && !counts(31, 36))
  }

  @Test func theCoinsAreFairAndFollowFromTheSeed() {
    let design = Self.design(2000)
    let heads = (0..<2000).count { design.candidateFirst(in: $0) }
    let repeats = (1..<2000).count { design.candidateFirst(in: $0) == design.candidateFirst(in: $0 - 1) }
    #expect((910...1090).contains(heads) && (910...1090).contains(repeats))
    for (other, isSame) in [(Self.design(2000), true), (Self.design(2000, seed: 8), false), (Self.design(2000, change: "brisk-otter-17"), false)] {
      let agreeing = (0..<2000).count { other.candidateFirst(in: $0) == design.candidateFirst(in: $0) }
      #expect(isSame ? agreeing == 2000 : (900...1100).contains(agreeing))
    }
  }

  @Test(arguments: [0, 0.9, 0.98])
  func noGainIsRarelyKeptWhateverTheNoise(phi: Double) {
    var kept = 0
    let runs = 40
    for run in 0..<runs {
      var stream = RandomStream(seed: UInt64(run), "switchback", "\(phi)")
      // A drift of two standard deviations a day besides.
      let record = SwitchbackRecord(Self.design(30, seed: UInt64(run)), gain: 0, phi: phi, drift: 0.007, &stream)
      let judge = Self.judge(claim: 0.7)
      let isKept = stride(from: 6, through: 30, by: 4).contains {
        let until = record.design.end(ofPair: $0 - 1, since: Self.since)
        var evidence = record.evidence
        evidence.windows = evidence.windows.filter { $0.end <= until }
        return judge.judge(evidence, record.design, until: until).verdict == .keep
      }
      if isKept { kept += 1 }
    }
    #expect(Double(kept) <= 0.05 * Double(runs))
  }

  @Test func aTrueGainIsKeptAndHarmOrAFalseClaimGoesBack() {
    func verdicts(gain: Double, phi: Double) -> [Verdict] {
      (0..<10).map { run in
        var stream = RandomStream(seed: UInt64(run), "verdicts")
        let record = SwitchbackRecord(Self.design(40, seed: UInt64(run)), gain: gain, phi: phi, &stream)
        for pair in stride(from: 5, to: 40, by: 2) {
          let until = record.design.end(ofPair: pair, since: Self.since)
          var evidence = record.evidence
          evidence.windows = evidence.windows.filter { $0.end <= until }
          let verdict = Self.judge(claim: 1).judge(evidence, record.design, until: until).verdict
          if verdict != .continue { return verdict }
        }
        return .continue
      }
    }
    #expect(verdicts(gain: 1, phi: 0.5).count { $0 == .keep } >= 6)
    #expect(verdicts(gain: -1, phi: 0.5).allSatisfy { $0 == .rollback })
    #expect(verdicts(gain: 0, phi: 0.5).count { $0 == .rollback } >= 7)
    // The last pair ends it.
    #expect(verdicts(gain: 0.5, phi: 0).allSatisfy { $0 != .continue })
  }

  @Test func carryoverHidesTheShareThatItSays() {
    var (measured, seen) = (0.0, 0)
    var expected = 0.0
    for run in 0..<10 {
      var stream = RandomStream(seed: UInt64(run), "carry")
      let record = SwitchbackRecord(Self.design(40, seed: UInt64(run)), gain: 50, phi: 0, timeConstant: 2, &stream)
      let tally = record.tally()
      for difference in tally.pairs?.differences ?? [] {
        measured += difference
        seen += 1
      }
      expected = 50 * (1 - record.design.carryover(timeConstant: .minutes(10)))
    }
    let mean = measured / Double(seen)
    #expect(mean < 50 && abs(mean - expected) < 0.4, "measured \(mean), expected \(expected)")
    #expect(abs(Self.design(6).carryover(timeConstant: .minutes(5)) - 0.0183) < 1e-3)
    #expect(Self.design(6).spec.movement(perHourOf: -2) == 4)
  }

  @Test func whatCannotBeJudgedIsNoEvidence() {
    var stream = RandomStream(seed: 1, "flaws")
    let record = SwitchbackRecord(Self.design(12), gain: 6, phi: 0, &stream)
    let judge = Self.judge(claim: 6)
    func verdict(until: Instant? = nil, excluding: Set<Int> = [], _ edit: (inout Evidence) -> Void = { _ in }) -> Verdict {
      var evidence = record.evidence
      edit(&evidence)
      return judge.judge(evidence, record.design, until: until ?? record.end, excluding: excluding).verdict
    }
    #expect(verdict() == .keep)
    #expect(verdict { $0.complete = false } == .noEvidence)
    #expect(verdict { $0.missingShare = .nan } == .noEvidence)
    #expect(verdict { $0.windows[5].realised = .nan } == .noEvidence)
    #expect(verdict { $0.windows[5].sd = 0 } == .noEvidence)
    #expect(verdict { $0.windows.swapAt(4, 5) } == .noEvidence)
    // Overflow never traps, and one wild window cannot make a gain where there is none.
    let idle = SwitchbackRecord(Self.design(12), gain: 0, phi: 0, &stream)
    for i in 0..<20 {
      var evidence = idle.evidence
      evidence.windows[i].realised = 1e308
      #expect(judge.judge(evidence, idle.design, until: idle.end).verdict != .keep)
    }
    _ = verdict { for i in $0.windows.indices { $0.windows[i].realised = i % 2 == 0 ? 1e308 : -1e308 } }
    _ = verdict { for i in $0.windows.indices { $0.windows[i].sd = 1e300 } }
    // Three of twelve pairs void are too many; two are not.
    #expect(verdict(excluding: [1, 5, 7]) == .noEvidence)
    #expect(verdict(excluding: [1, 5]) == .keep)
    // A pair whose windows are lost is void, one that is under way is not finished.
    #expect(record.tally(until: record.end - .minutes(1)).count == 11)
    #expect(record.tally(until: record.end - .minutes(1)).void == 0)
    #expect(verdict { $0.windows.removeAll { $0.start < Self.since + .minutes(250) } } == .noEvidence)
    #expect(verdict(until: Self.since) { $0.windows = [] } == .continue)
  }
}
