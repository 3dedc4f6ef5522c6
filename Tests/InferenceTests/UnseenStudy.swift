import Determinism
import Testing

@testable import Inference

/// Whether the intervals of a station that tells no state hold the truth.
@Suite(.serialized, .enabled(if: isStudy)) struct UnseenStudy {
  /// Data sets of three thousand parts: five repairs and thirty short stops or so among them.
  @Test func ninetyPerCentIntervalsHoldTheTruthNineTimesInTen() throws {
    let sets = setting("TAKT_STUDY_SETS", 60)
    let station = TimedStation()
    var (inside, errors) = ([Int](repeating: 0, count: 6), [Double](repeating: 0, count: 6))
    let begin = cpuSeconds()
    for s in 0..<sets {
      let posterior = try station.believed.infer(from: station.run(3000, RandomStream(seed: 72).split(s)), RandomStream(seed: 73).split(s))
      for (j, truth) in station.logs.enumerated() {
        let (low, high) = posterior.interval(j)
        inside[j] += Portable.log(low) <= truth && truth <= Portable.log(high) ? 1 : 0
        errors[j] += (posterior.mean(j) - truth) / Double(sets)
      }
    }
    say("unseen station, \(sets) data sets of 3000 parts, CPU \(text((cpuSeconds() - begin) / Double(sets), 1)) s each")
    for (j, quantity) in station.believed.quantities.enumerated() {
      say("  \(quantity.rawValue): \(inside[j]) of \(sets) intervals hold it, mean error of the logarithm \(text(errors[j]))")
    }
    let share = Double(inside.reduce(0, +)) / Double(6 * sets)
    say("  all: \(text(share))")
    #expect((0.85...0.95).contains(share))
  }
}
