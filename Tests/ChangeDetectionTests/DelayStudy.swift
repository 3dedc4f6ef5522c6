import Determinism
import Foundation
import Probability
import Quantities
import Testing

@testable import ChangeDetection

/// Delay of one exponential stream, 500 repairs learnt, at one false alarm in 1,000, for this module's variants and for peers, each peer's
/// threshold sought by simulation so that all raise false alarms at one rate.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil))
struct DelayStudy {
  /// Observations until the alarm. Each run learns from 400 repairs untested, is tested on 100 more without an alarm (or is drawn again), and
  /// then meets the ratio.
  static func runLength(_ runs: Int, ratio: Double, limit: Int, salt: String, _ make: ([Double]) -> any Peer) -> [Double] {
    (0..<runs).map { run in
      var stream = RandomStream(seed: UInt64(run), salt)
      while true {
        let sample = (0..<400).map { _ in stream.exponential() }
        var peer = make(sample)
        guard (0..<100).allSatisfy({ _ in !peer.observe(stream.exponential()) }) else { continue }
        for n in 1...limit where peer.observe(ratio * stream.exponential()) { return Double(n) }
        return Double(limit)
      }
    }
  }

  static func own(_ settings: DetectorSettings) -> ([Double]) -> any Peer {
    let detector = ChangeDetector(.exponential, settings)
    return { sample in
      var past = Moments()
      for x in sample { past.add(x) }
      return OwnDetector(past: past, detector: detector)
    }
  }

  @Test func delays() {
    func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }
    func median(_ x: [Double]) -> Double { x.sorted()[x.count / 2] }
    func report(_ name: String, runs: Int = 600, limit: Int = 20_000, _ make: ([Double]) -> any Peer) {
      let quiet = Self.runLength(runs, ratio: 1, limit: limit, salt: "quiet", make)
      var line = "\(name): ARL \(Int(mean(quiet)))"
      for ratio in [3, 1.5, 0.5, 1.25] {
        let d = Self.runLength(runs, ratio: ratio, limit: limit, salt: "delay", make)
        line += "  x\(ratio): median \(median(d)) mean \((mean(d) * 10).rounded() / 10)"
      }
      show(line)
    }
    func tuned(_ low: Double, _ high: Double, _ make: (Double, [Double]) -> any Peer) -> Double {
      var (a, b) = (low, high)
      for _ in 0..<9 {
        let m = (a + b) / 2
        if mean(Self.runLength(300, ratio: 1, limit: 10_000, salt: "tune", { make(m, $0) })) < 1000 { a = m } else { b = m }
      }
      return (a + b) / 2
    }
    for accumulation in [DetectorSettings.Accumulation.shiryaevRoberts, .cusum] {
      for sizes in [[0.2, 0.4, 0.8, 1.6], [0.3, 0.6, 1.2], [0.2, 0.5, 1.1], [0.4, 1.1]] {
        report("\(accumulation) \(sizes)", Self.own(DetectorSettings(sizes: sizes, accumulation: accumulation)))
      }
    }
    report("guaranteed", Self.own(DetectorSettings(calibration: .guaranteed)))
    // The oracle is told the new mean, and the old one too: nobody else is.
    for ratio in [3, 1.5] {
      let h = tuned(2, 7) { h, _ in OracleCusum(before: 1, after: ratio, threshold: h) }
      report("oracle CUSUM for \(ratio)", { _ in OracleCusum(before: 1, after: ratio, threshold: h) })
    }
    let plugged = tuned(2, 7) { h, sample in OracleCusum(before: mean(sample), after: 3 * mean(sample), threshold: h) }
    report("CUSUM for 3, mean learnt", { OracleCusum(before: mean($0), after: 3 * mean($0), threshold: plugged) })
    let g = tuned(4, 12) { h, sample in GeneralizedLikelihoodRatio(threshold: h, sample) }
    report("GLR", { GeneralizedLikelihoodRatio(threshold: g, $0) })
    let l = tuned(5, 60) { h, sample in PageHinkley(allowance: 0.25, threshold: h, sample) }
    report("Page-Hinkley, allowance 0.25", { PageHinkley(allowance: 0.25, threshold: l, $0) })
    report("ADWIN, confidence 0.002", runs: 40, limit: 4000, { Adwin(confidence: 0.002, $0) })
  }
}
