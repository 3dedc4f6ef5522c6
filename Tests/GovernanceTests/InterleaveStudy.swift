import Determinism
import Foundation
import Governance
import PlantModel
import Quantities
import SequentialTesting
import Testing

/// The acceptance figures of docs/judge.md for like machines: 4,000 plants a cell, a look after every pair, 60 looks.
///
/// Two machines, each with noise of standard deviation s in a window of five minutes, a share of its variance common to both; arms of four windows
/// after three of washout. The switchback beside it is on the same plant: both machines together, one arm after the other.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil))
struct InterleaveStudy {
  static let runs = 4_000
  static let looks = 60
  static let shares = [0, 0.5, 0.9]

  private func cell(_ x: Double) -> String { String(format: "%6.2f", 100 * x) }
  private func median(_ x: [Int]) -> Int { x.sorted()[x.count / 2] }

  /// The median, where it is within the looks.
  private func text(_ x: [Int]) -> String { median(x) > 160 ? ">160" : "\(median(x))" }

  private struct Firsts {
    var gain: [Int] = []
    var kept: [Int] = []
    var harm: [Int] = []
  }

  /// Looks at which the gain, the bound at half of it, and harm are first shown.
  private func firsts(_ differences: [Double], expectedSD: Double, gain: Double, _ found: inout Firsts) {
    var pairs = RandomizedPairs(expectedSD: expectedSD)
    var (first, kept, harm): (Int?, Int?, Int?)
    for difference in differences {
      pairs.add(difference)
      if first == nil, pairs.logEvidence(above: 0) >= log(20) { first = pairs.count }
      if gain > 0, kept == nil, pairs.logEvidence(above: gain / 2) >= log(20) { kept = pairs.count }
      // Half of the level for harm is for breakdowns.
      if gain == 0, harm == nil, pairs.logEvidence(below: 0) >= log(20) { harm = pairs.count }
      if first != nil, gain > 0, kept != nil { break }
    }
    found.gain.append(first ?? 9_999)
    found.kept.append(kept ?? 9_999)
    found.harm.append(harm ?? 9_999)
  }

  private func interleaved(gain: Double, phi: Double, common: Double, looks: Int, runs: Int, machines: [String] = ["A", "B"]) -> Firsts {
    var found = Firsts()
    for run in 0..<runs {
      var stream = RandomStream(seed: UInt64(run), "interleaved", "\(phi) \(common)")
      let design = InterleaveTests.design(looks, moved: machines, seed: UInt64(run))
      let tally = InterleaveRecord(design, gain: gain, phi: phi, common: common, &stream).tally()
      guard let all = tally.pairs, all.count == looks else { continue }
      let scale = 12 * Double(machines.count)
      firsts(all.differences.map { $0 / scale }, expectedSD: all.expectedSD / scale, gain: gain, &found)
    }
    return found
  }

  /// Both machines back and forth together: the mean of the two, whose noise has the variance (1 + common)/2.
  private func switched(gain: Double, phi: Double, common: Double, looks: Int, runs: Int) -> Firsts {
    var found = Firsts()
    let sd = ((1 + common) / 2).squareRoot()
    for run in 0..<runs {
      var stream = RandomStream(seed: UInt64(run), "switched", "\(phi) \(common)")
      let tally = SwitchbackRecord(SwitchbackTests.design(looks, seed: UInt64(run)), gain: gain / sd, phi: phi, &stream).tally()
      guard let all = tally.pairs, all.count == looks else { continue }
      firsts(all.differences, expectedSD: all.expectedSD, gain: gain / sd, &found)
    }
    return found
  }

  @Test func interleavedPairsRarelyAcceptWhatGainsNothing() {
    print("interleaved pairs, no gain, \(Self.looks) looks: % gain accepted (5 %) | harm found (5 %); by the common share of the variance")
    for phi in JudgeStudy.persistences {
      var row: [String] = []
      for common in Self.shares {
        let found = interleaved(gain: 0, phi: phi, common: common, looks: Self.looks, runs: Self.runs)
        #expect(found.gain.count == Self.runs)
        let shares = [found.gain, found.harm].map { Double($0.count { $0 <= Self.looks }) / Double(Self.runs) }
        row.append("\(common): " + shares.map(cell).joined(separator: " |"))
        #expect(shares[0] <= 0.05 && shares[1] <= 0.05)
      }
      print("  phi \(phi): \(row.joined(separator: "   "))")
    }
  }

  @Test func interleavedPairsAcceptTrueGainsSoonerTheMoreOfTheNoiseIsCommon() {
    print("median pairs to accept a gain (sd of one machine's window) | to bound it above its half: interleaved, and the same plant by switchback")
    for phi in JudgeStudy.persistences {
      for gain in [0.25, 0.5, 1] {
        var row: [String] = []
        for common in Self.shares {
          let runs = Self.runs / 10
          let mine = interleaved(gain: gain, phi: phi, common: common, looks: 160, runs: runs)
          let other = switched(gain: gain, phi: phi, common: common, looks: 160, runs: runs)
          row.append("\(common): \(text(mine.gain)) |\(text(mine.kept)), \(text(other.gain)) |\(text(other.kept))")
          // No worse where nothing is common, and better where something is.
          if common == 0 { #expect(Double(median(mine.gain)) <= 1.25 * Double(median(other.gain)) + 1) }
          if common >= 0.5 { #expect(median(mine.gain) < median(other.gain) || median(other.gain) <= 5) }
        }
        print("  phi \(phi) gain \(gain): \(row.joined(separator: "   "))")
      }
    }
  }

  @Test func moreMachinesNeedFewerPairs() {
    for count in [2, 3, 4, 6] {
      let names = (0..<count).map { "M\($0)" }
      let found = interleaved(gain: 0.25, phi: 0.5, common: 0.5, looks: 150, runs: Self.runs / 8, machines: names)
      print("  \(count) machines, phi 0.5, half common, gain 0.25: median \(median(found.gain)) pairs")
    }
  }
}
