import Determinism
import LineModel
import PlantModel
import Probability
import Quantities
import Testing

@testable import Twin

@Suite struct PriorTests {
  /// Weak as the design's figures are, the twin leans to neither side of them before it has seen anything.
  @Test func beforeAnyTelemetryTheDesignIsExpected() {
    // Many draws: the mean of a lognormal rate rests on its few greatest.
    var configuration = TwinConfiguration()
    configuration.draws = 1024
    let twin = Twin(plant: TestLine(seed: 1).plant, seed: 2, configuration: configuration)
    for (station, s) in zip(twin.plant.stations, twin.plant.stations.indices) {
      let draws = twin.calibration.draws.map { $0.stations[s] }
      func mean(_ value: (Int) -> Double) -> Double { draws.indices.reduce(0) { $0 + value($1) } / Double(draws.count) }
      let failure = station.failure!
      #expect(abs(mean { 1 / draws[$0].mtbf } * failure.timeToFailure.mean - 1) < 0.06, "\(station.name)")
      #expect(abs(mean { draws[$0].mttr } / failure.repair.mean - 1) < 0.06, "\(station.name)")
      #expect(abs(mean { 1 / draws[$0].microstopInterval } * station.microstop!.interval.mean - 1) < 0.06, "\(station.name)")
      // Nor does it expect monsters: one repair in five hundred lasts ten times as long as the design's.
      #expect(mean { draws[$0].repair!.survival(10 * failure.repair.mean) } < 0.004, "\(station.name)")
    }
  }

  /// Two forecasts under one calibration differ by their set-points alone; with the next calibration the luck is another.
  @Test func luckIsSharedUnderOneCalibrationOnly() {
    var line = TestLine(seed: 5)
    line.run(toHours: 1)
    var twin = Twin(plant: line.plant, seed: 1, configuration: .small)
    twin.follow(line.samples)
    let (first, again) = (twin.forecast(horizon: .hours(1), replications: 8), twin.forecast(horizon: .hours(1), replications: 8))
    #expect(first == again)
    var before = twin.luck("forecast")
    twin.calibration.at += .minutes(10)
    var after = twin.luck("forecast")
    #expect(before.next() != after.next())
  }
}
