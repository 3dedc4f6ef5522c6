import Determinism
import Foundation
import Quantities
import Testing

@testable import Twin

/// How often a scrap response of the right form is called structural, and how soon one that is wrong.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil))
struct ScrapMismatchStudy {
  struct Run {
    /// Hours after which the response was first called structural; nil: never.
    var firstStructural: Double?
    var looks = 0
    var structural = 0
    /// Looks at which there was something to test.
    var tested = 0
  }

  /// A station whose variable is moved every hour or two for sixteen hours, looked at every half hour.
  ///
  /// Its optimum, curvature and base are drawn about what the external plant has; the moves too.
  static func run(seed: Int, cliff: Double) -> Run {
    var luck = RandomStream(seed: 500, "mismatch study").split(seed)
    var line = TestLine(seed: seed, stations: 1)
    line.machines[0].scrap = 0.003 + 0.03 * luck.uniform()
    line.machines[0].curvature = 0.0001 + 0.0005 * luck.uniform()
    line.machines[0].optimum = 44 + 12 * luck.uniform()
    line.machines[0].cliff = (cliff, 4)
    var hours = 0.0
    while hours < 16 {
      hours = min(hours + 1 + luck.uniform(), 16)
      line.machines[0].variable = (40 + 20 * luck.uniform()).rounded()
      line.run(toHours: hours)
    }
    var twin = Twin(plant: line.plant, seed: 3, configuration: .small)
    var run = Run()
    let start = line.start
    twin.follow(line.samples) { twin, now in
      guard Int((now - start).seconds) % 1800 < 30, let found = twin.scrapMismatches.first else { return }
      run.looks += 1
      run.tested += found.verdict == .untested ? 0 : 1
      guard found.verdict == .structural else { return }
      run.structural += 1
      if run.firstStructural == nil { run.firstStructural = (now - start).hours }
    }
    return run
  }

  @Test func aRightResponseIsSeldomCalledStructural() {
    let count = Int(ProcessInfo.processInfo.environment["TAKT_STUDY_SETS"] ?? "") ?? 200
    let runs = (0..<count).map { ScrapMismatchStudy.run(seed: $0, cliff: 0) }
    let ever = runs.count { $0.firstStructural != nil }
    let atEnd = runs.reduce(0) { $0 + $1.structural }
    print(
      "right form: \(ever) of \(count) twins ever called structural in 16 h; \(atEnd) of \(runs.reduce(0) { $0 + $1.tested }) looks",
      "(\(runs.reduce(0) { $0 + $1.looks }) with those untested)")
    #expect(Double(ever) <= 0.05 * Double(count))
  }

  @Test(arguments: [0.05, 0.1, 0.25])
  func aCliffIsFound(share: Double) {
    let runs = (0..<40).map { ScrapMismatchStudy.run(seed: 1000 + $0, cliff: share) }
    let times = runs.compactMap(\.firstStructural).sorted()
    print("cliff of \(share): \(times.count) of 40 called structural in 16 h, in the middle after \(times.isEmpty ? .nan : times[times.count / 2]) h")
  }
}
