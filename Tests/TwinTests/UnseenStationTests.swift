import LineModel
import PlantModel
import Quantities
import Telemetry
import Testing

@testable import Twin

extension Plant {
  /// The same plant without some tags of some stations.
  func without(_ keys: [WritableKeyPath<StationTags, String?>], of names: Set<String>) -> Plant {
    var stations = stations
    for s in stations.indices where names.contains(stations[s].name) { for key in keys { stations[s].tags[keyPath: key] = nil } }
    return Plant(
      name: name, path: path, stations: stations, buffers: buffers, sources: sources, tags: tags, prices: prices, idealCycle: idealCycle)
  }
}

extension TwinConfiguration {
  /// Somebody else infers: unoptimised, it takes seconds.
  static var hosted: TwinConfiguration {
    var configuration = TwinConfiguration.small
    configuration.infersItself = false
    return configuration
  }
}

extension Twin {
  /// Follows the samples, and answers the newest wish to infer at `date` alone.
  mutating func followInferringOnce(_ samples: [(tag: String, sample: Sample)], at date: Instant) {
    follow(samples.filter { $0.sample.arrival < date })
    if let request = inferenceRequest { adopt(request.run()) }
    follow(samples.filter { $0.sample.arrival >= date })
  }
}

/// The line's own record, without the state of M2: its counter, and what its neighbours tell, must do.
@Test func aStationWithoutAStateIsInferredFromItsCounts() throws {
  var line = TestLine(seed: 64)
  for m in line.machines.indices { (line.machines[m].mtbf, line.machines[m].micro) = (2400, 500) }
  line.run(toHours: 8)
  var twin = Twin(plant: line.plant.without([\.state], of: ["M2"]), seed: 3, configuration: .hosted)
  #expect(twin.unseenStations == ["M2"])
  twin.followInferringOnce(line.samples.filter { $0.tag != "M2/StateCurrent" }, at: line.start + .hours(7.5))
  let truth: [(ParameterEstimate.Parameter, Double)] = [
    (.cycle, line.machines[1].cycle), (.mtbf, line.machines[1].mtbf), (.mttr, line.machines[1].mttr), (.microstopInterval, line.machines[1].micro),
    (.microstopLength, line.machines[1].microLength),
  ]
  var inside = 0
  for (parameter, value) in truth {
    let estimate = try #require(twin.calibration.estimate("M2", parameter))
    #expect(estimate.source == .inferred && estimate.count > 0)
    inside += estimate.low <= value && value <= estimate.high ? 1 : 0
    if parameter == .cycle { #expect(abs(estimate.mean / value - 1) < 0.02 && (estimate.high - estimate.low) / value < 0.05) }
    print("unseen M2 \(parameter): \(value) in [\(estimate.low), \(estimate.high)], rests on \(estimate.count)")
  }
  #expect(inside >= 4)
  #expect(twin.calibration.estimate("M1", .mttr)?.source == .observed)
  let reports = twin.activityReports.filter { $0.station == "M2" }
  #expect(reports.map(\.activity) == [.cycle, .timeToFailure, .repair, .shortStop] && reports.allSatisfy { $0.source == .inferred })
  #expect(twin.validity.valid, "\(twin.validity.reason)")
  // The inferred law is what a forecast draws from.
  let cycles = twin.calibration.draws.map { $0.stations[1].cycle }
  #expect(cycles.allSatisfy { abs($0 / 5 - 1) < 0.1 })
}

/// Neither state nor counter: the level behind the station and the next machine's counter tell of its parts.
@Test func aStationWithoutACounterIsInferredFromTheLevelBehindIt() throws {
  var line = TestLine(seed: 65, stations: 2)
  for m in line.machines.indices { (line.machines[m].mtbf, line.machines[m].mttr, line.machines[m].scrap) = (2400, 300, 0) }
  line.machines[1].cycle = 4
  line.run(toHours: 6)
  var twin = Twin(plant: line.plant.without([\.state, \.processed, \.defective], of: ["M1"]), seed: 3, configuration: .hosted)
  let hidden = ["M1/StateCurrent", "M1/ProdProcessedCount", "M1/ProdDefectiveCount"]
  twin.followInferringOnce(line.samples.filter { !hidden.contains($0.tag) }, at: line.start + .hours(5.5))
  let cycle = try #require(twin.calibration.estimate("M1", .cycle))
  let repair = try #require(twin.calibration.estimate("M1", .mttr))
  let interval = try #require(twin.calibration.estimate("M1", .mtbf))
  print("level only: cycle \(cycle.low) \(cycle.high), mtbf \(interval.low) \(interval.high), mttr \(repair.low) \(repair.high)")
  #expect(cycle.source == .inferred && abs(cycle.mean / 5 - 1) < 0.04)
  #expect(repair.low < 300 && 300 < repair.high)
  // The folder believes 7,200 s, and levels tell of a handful of failures.
  #expect(interval.low < 3000 && 2400 < interval.high && interval.high < 20_000)
}

/// Who learns it, the twin itself or another core within ten minutes, makes no difference.
@Test func anotherCoreReachesTheSameCalibration() throws {
  var line = TestLine(seed: 9, stations: 2)
  line.run(toHours: 0.45)
  let plant = line.plant.without([\.state], of: ["M1"])
  let samples = line.samples.filter { $0.tag != "M1/StateCurrent" }
  var own = Twin(plant: plant, seed: 4, configuration: .small)
  own.follow(samples)
  var hosted = Twin(plant: plant, seed: 4, configuration: .hosted)
  for (tag, sample) in samples {
    hosted.observe(SampleBlock(tag: tag, sample))
    if sample.instant.nanoseconds % 30_000_000_000 == 0 { hosted.advance(to: sample.instant) }
    if let request = hosted.inferenceRequest { hosted.adopt(request.run()) }
  }
  for _ in 0..<4 {
    own.advance(to: own.watermark! + .minutes(3))
    hosted.advance(to: hosted.watermark! + .minutes(3))
    if let request = hosted.inferenceRequest { hosted.adopt(request.run()) }
  }
  #expect(own.calibration.estimate("M1", .cycle)?.source == .inferred)
  #expect(own.calibration.draws == hosted.calibration.draws)
}
