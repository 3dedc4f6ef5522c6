import Foundation
import LoopTrials
import Testing

/// Acceptance: the continuous scenarios over hundreds of seeds.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil)) struct ScenarioStudy {
  @Test func gainFlip() throws { try Scenarios.gainFlip(seeds: 0..<1000) }
  @Test func lateMetrology() throws { try Scenarios.lateMetrology(seeds: 0..<1000) }
  @Test(arguments: [SensorSpoof.Sensor.controlled, .upstream])
  func spoof(sensor: SensorSpoof.Sensor) { Scenarios.spoof(sensor, seeds: 0..<500) }
  @Test(arguments: [4.0, 0]) func adaptation(caution: Double) throws { try Scenarios.adaptation(seeds: 0..<200, caution: caution) }
}
