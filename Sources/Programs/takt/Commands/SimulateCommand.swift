import ArgumentParser
import Foundation
import LineModel
import PlantModel
import Quantities
import Simulation

struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Run the plant as designed: KPIs with confidence intervals.",
    discussion: """
      Examples:
        takt simulate examples/bottling --hours 24 --replications 50
        takt simulate examples/bottling --set Filler/MachSpeed=26      (the difference to the design, on common random numbers)
        takt simulate examples/bottling --until-precision 1            (half-width of good parts per hour, in percent)
      """)

  @Argument(help: "The plant folder.") var directory: String
  @Option(help: "Simulated hours of each replication.") var hours = 24.0
  @Option(help: "Hours before statistics are taken.") var warmUp = 1.0
  @Option(help: "Independent replications.") var replications = 20
  @Option(help: "Run until good parts per hour are known to this many percent.") var untilPrecision: Double?
  @Option(help: "Seed; the same seed gives the same figures.") var seed: UInt64 = 1
  @Option(name: .customLong("set"), help: "A set-point, as TAG=VALUE; may be given several times.") var sets: [String] = []
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    guard hours > 0, hours.isFinite, warmUp >= 0, replications >= 2 else {
      throw ValidationError("--hours must be above 0, --warm-up not negative, --replications at least 2")
    }
    try orExplain {
      let plant = try PlantDirectory(directory).folder().plant
      let changed = try Self.setpoints(sets, plant)
      let report: Report
      do {
        let base = try run(plant, plant.designSetpoints)
        let other = try changed.isEmpty ? nil : run(plant, plant.designSetpoints.merging(changed) { $1 }, like: base)
        report = Report(plant, other ?? base, against: other == nil ? nil : base, hours: hours)
      } catch let error as SimulationError { throw CommandFailure("\(error)") }
      if json { try JSONOutput.print(report) } else { report.print() }
    }
  }

  private func run(_ plant: Plant, _ setpoints: Setpoints, like other: Replications? = nil) throws -> Replications {
    let line = LineParameters.design(plant).spec(of: plant, at: setpoints)
    let bar = ProgressBar(other == nil ? "simulating" : "comparing ")
    let cores = Cores { bar.show($0, of: $1) }
    let horizon = (hours + warmUp) * 3600
    if let percent = untilPrecision, other == nil {
      return try Replications.run(
        line, until: .relative(percent / 100), of: { Double($0.good) }, seed: seed, horizon: horizon, warmUp: warmUp * 3600, spreading: cores
      ).replications
    }
    return try Replications.run(
      line, seed: seed, count: other?.results.count ?? replications, horizon: horizon, warmUp: warmUp * 3600, spreading: cores)
  }

  /// Reads TAG=VALUE; an unknown tag or a value outside the machine's range is an error that names what there is.
  static func setpoints(_ sets: [String], _ plant: Plant) throws -> Setpoints {
    var values: Setpoints = [:]
    for set in sets {
      let parts = set.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let value = Double(parts[1]), value.isFinite else {
        throw CommandFailure("--set \(set): write TAG=VALUE, e.g. Filler/MachSpeed=26")
      }
      guard let spec = plant.setpoints.first(where: { $0.tag == parts[0] }) else {
        throw CommandFailure("--set \(set): there is no set-point \(parts[0]); there are \(plant.setpoints.map(\.tag).joined(separator: ", "))")
      }
      guard value >= spec.low, value <= spec.high else {
        throw CommandFailure("--set \(set): \(parts[0]) goes from \(spec.low) to \(spec.high) \(spec.unit)")
      }
      values[parts[0]] = value
    }
    return values
  }
}

/// What a simulation found, for people and for programs.
private struct Report: Encodable {
  struct StationLine: Encodable {
    var station: String
    var working: Double
    var starved: Double
    var blocked: Double
    var failed: Double
    var microstopped: Double
    var oee: Double
    var rejected: Double
  }
  var plant: String
  var replications: Int
  var hours: Double
  var goodPerHour: Estimate
  var scrapPerHour: Estimate
  var stations: [StationLine]
  var bottleneck: String
  var events: Int
  /// Against the design on common random numbers.
  var gainPerHour: Estimate?

  init(_ plant: Plant, _ runs: Replications, against base: Replications?, hours: Double) {
    self.plant = plant.name
    replications = runs.results.count
    self.hours = hours
    goodPerHour = runs.estimate { $0.goodRate * 3600 }
    scrapPerHour = runs.estimate { Double($0.scrapped) / $0.span * 3600 }
    gainPerHour = base.map { runs.difference(from: $0) { $0.goodRate * 3600 } }
    events = runs.results.reduce(0) { $0 + $1.events }
    let line = LineParameters.design(plant).spec(of: plant, at: plant.designSetpoints)
    stations = plant.stations.indices.map { index in
      func share(_ time: KeyPath<StateTimes, Double>) -> Double { runs.estimate { $0.stations[index].times[keyPath: time] / $0.span }.mean }
      return StationLine(
        station: plant.stations[index].name, working: share(\.working), starved: share(\.starved), blocked: share(\.blocked), failed: share(\.failed),
        microstopped: share(\.microstopped), oee: runs.estimate { $0.kpis(of: line)[index].oee }.mean,
        rejected: runs.estimate { Double($0.stations[index].rejected) / Double(max(1, $0.stations[index].produced)) }.mean)
    }
    bottleneck = plant.stations[runs.bottleneck()].name
  }

  func print() {
    func interval(_ e: Estimate) -> String { "\(fixed(e.mean)) ± \(fixed(e.halfWidth)) per hour" }
    Swift.print("\(plant): \(replications) replications of \(fixed(hours, 0)) h, \(events) events, 95 % intervals")
    Swift.print("good    \(interval(goodPerHour))")
    Swift.print("scrap   \(interval(scrapPerHour))")
    if let gain = gainPerHour { Swift.print("gain    \(interval(gain)) against the design, on common random numbers") }
    Swift.print("bottleneck  \(bottleneck) (least starved and blocked)\n")
    func percent(_ x: Double) -> String { fixed(100 * x) }
    TextTable(
      header: ["STATION", "WORKING %", "STARVED %", "BLOCKED %", "FAILED %", "SHORT STOPS %", "REJECTED %", "OEE %"],
      rows: stations.map {
        [
          $0.station, percent($0.working), percent($0.starved), percent($0.blocked), percent($0.failed), percent($0.microstopped),
          percent($0.rejected), percent($0.oee),
        ]
      }
    ).print()
  }
}
