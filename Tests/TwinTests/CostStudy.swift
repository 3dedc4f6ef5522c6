import Foundation
import Quantities
import Testing

@testable import Twin

/// What following and calibrating a line costs: CPU seconds per hour of plant time, once the record is full of it.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil)) struct CostStudy {
  @Test(arguments: [(stations: 10, hours: 12.0), (stations: 100, hours: 4.0)]) func calibration(_ stations: Int, _ hours: Double) {
    var line = TestLine(seed: 5, stations: stations)
    line.run(toHours: hours)
    var twin = Twin(plant: line.plant, seed: 1)
    let half = line.start + .hours(hours / 2)
    var began = 0.0
    var calibrations = 0
    var previous = twin.calibration.id
    twin.follow(line.samples) { twin, now in
      if now > half, began == 0 { began = Self.cpu }
      if twin.calibration.id != previous { (previous, calibrations) = (twin.calibration.id, calibrations + 1) }
    }
    let seconds = (Self.cpu - began) / (hours / 2)
    print(
      "\(stations) stations, \(line.samples.count) samples, \(calibrations) calibrations in \(hours) h: \(seconds) CPU seconds per plant hour, "
        + "\(100 * seconds / 3600) % of a core at real time")
    #expect(calibrations > 10)
  }

  /// POSIX counts it in millionths.
  private static var cpu: Double { Double(clock()) / 1e6 }
}
