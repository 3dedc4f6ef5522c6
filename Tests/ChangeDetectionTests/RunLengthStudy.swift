import Determinism
import Foundation
import Testing

@testable import ChangeDetection

/// The rate of false alarms that is asked for, one in 1,000, against the rate that comes, for every law and learning sample.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil))
struct RunLengthStudy {
  @Test(arguments: [DetectorSettings.Accumulation.shiryaevRoberts, .cusum])
  func theRateOfFalseAlarmsIsWhatWasAsked(accumulation: DetectorSettings.Accumulation) throws {
    let runs = 400
    for quiet in QuietStream.all {
      let template = ChangeDetector(quiet.law, DetectorSettings(accumulation: accumulation), expected: quiet.expected)
      var line = "\(accumulation), \(quiet.name): mean run length"
      for learnt in quiet.law.learns ? [10, 50, 500] : [0] {
        var total = 0
        for run in 0..<runs {
          var stream = RandomStream(seed: UInt64(run), quiet.name, "study")
          total += try quiet.runLength(template, learnt: learnt, &stream)
        }
        let mean = Double(total) / Double(runs)
        line += "  \(Int(mean)) after \(learnt)"
        // The standard error is 5 %.
        #expect(abs(mean / 1000 - 1) < 0.2, "\(line)")
      }
      show(line)
    }
  }
}
