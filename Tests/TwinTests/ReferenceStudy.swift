import Foundation
import Learning
import Quantities
import Telemetry
import Testing
import Twin

/// How often a plant at rest leaves its reference, measured on the whole way from telemetry to the sum.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil)) struct ReferenceStudy {
  @Test func aPlantAtRestLeavesItsReferenceAboutAsRarelyAsTheRunLengthSays() {
    var (samples, alarms, stood, unsettled): ([ResidualKind: Int], [ResidualKind: Int], Int, Int) = ([:], [:], 0, 0)
    var (valid, looks) = (0, 0)
    for seed in 0..<8 {
      var line = TestLine(seed: 500 + seed, stations: 1)
      (line.machines[0].scrap, line.machines[0].curvature) = (0.03, 0.0004)
      (line.machines[0].mtbf, line.machines[0].mttr) = (20_000, 300)
      var configuration = TwinConfiguration()
      configuration.referenceInterval = .hours(1)
      configuration.forecastReplications = 16
      var twin = Twin(plant: line.plant, seed: 1, configuration: configuration)
      var told = 0
      for hour in 1...144 {
        line.run(toHours: Double(hour))
        // A set-point is moved once a day.
        if hour % 24 == 0 { line.machines[0].variable = 50 + Double((hour / 24) % 3) * 3 }
        for (tag, sample) in line.samples[told...] { twin.observe(.init(tag: tag, sample)) }
        told = line.samples.count
        twin.advance(to: line.start + .hours(Double(hour)))
        for report in twin.referenceReports where report.since != nil { samples[report.kind, default: 0] += 1 }
        for drift in twin.referenceReports where drift.drift != nil {
          alarms[drift.kind, default: 0] += 1
          print("line \(seed), hour \(hour): \(drift.drift!)")
        }
        if !twin.reference.drifted.isEmpty { twin.settle(.mended, at: line.start + .hours(Double(hour))) }
        if hour > 24 { (looks, valid) = (looks + 1, valid + (twin.validity.valid ? 1 : 0)) }
      }
      stood += twin.referenceReports.count { $0.since != nil }
      unsettled += twin.referenceReports.count { $0.since == nil }
    }
    let (all, found) = (samples.values.reduce(0, +), alarms.values.reduce(0, +))
    for kind in [ResidualKind.scrap, .cycle, .microstops] { print("\(kind): \(alarms[kind] ?? 0) alarms in \(samples[kind] ?? 0) samples") }
    print(
      "one alarm in \(all / max(found, 1)) samples (\(found) in \(all)); \(stood) streams stood at the end, \(unsettled) did not; valid \(valid) of \(looks)"
    )
    #expect(stood >= 20 && all / max(found, 1) > 155, "a third of the run length of a known reference")
  }
}
