import Foundation
import LineModel
import PlantModel
import Probability
import Quantities
import Simulation
import Testing

@Suite struct DeclaredLineTests {
  private func line(_ name: String, _ setpoints: Setpoints = [:]) throws -> LineSpec { try Examples.plant(name).line(at: setpoints) }
  private func station(_ name: String, _ line: LineSpec) throws -> StationSpec { try #require(line.stations.first { $0.name == name }) }

  @Test(arguments: Examples.all) func everyExampleRunsAsItStands(_ name: String) throws {
    let line = try line(name)
    #expect(line.faults == [])
    let result = try simulate(line: line, seed: 3, horizon: 48 * 3600, warmUp: 3600)
    #expect(result.good > 100 && result.deadlock == nil, "\(result.good) good parts")
    for station in result.stations { #expect(station.produced > 0, "\(station.name) has done nothing") }
    #expect(try LineParameters.design(Examples.plant(name)).spec(of: Examples.plant(name), at: [:]).faults == [])
  }

  /// Where the folder's laws are those that calibration knows, the line of the design's parameters is the declared line.
  @Test func theDesignsParametersGiveTheDeclaredLine() throws {
    for name in ["bottling", "bottling-4"] {
      let plant = try Examples.plant(name)
      var declared = plant.line(at: ["Filler/MachSpeed": 27])
      // Calibration counts defects where they are seen.
      for s in declared.stations.indices { declared.stations[s].inspection = nil }
      let calibrated = LineParameters.design(plant).spec(of: plant, at: ["Filler/MachSpeed": 27])
      for (a, b) in zip(declared.stations, calibrated.stations) {
        #expect((a.cycle.mean - b.cycle.mean).magnitude < 1e-12 && a.cycle.cv == b.cycle.cv && a.failure == b.failure)
        #expect(
          ((a.microstop?.interval.mean ?? 0) - (b.microstop?.interval.mean ?? 0)).magnitude < 1e-9 && a.microstop?.length == b.microstop?.length)
        #expect(a.scrap == b.scrap && a.inputs == b.inputs && a.output == b.output)
      }
      #expect(declared.buffers == calibrated.buffers && declared.sources == calibrated.sources)
    }
  }

  @Test func productsGoTheirWays() throws {
    let line = try line("job-shop")
    #expect(line.products.map(\.name) == ["Shaft", "Housing", "Bracket"] && line.products[1].priority == 2)
    let mill = try #require(line.buffers.firstIndex { $0.name == "AtMill" })
    #expect(line.products[1].route.filter { $0.buffer == mill }.map(\.cycle) == [.constant(300), .gamma(mean: 120, cv: 0.2)])
    let setup = try #require(try station("Mill", line).setup)
    #expect(
      setup.matrix == [
        [nil, .constant(1500), .constant(900)], [.constant(600), nil, .constant(900)], [.constant(900), .constant(900), nil],
      ])
    #expect(setup.need == NeedSpec(skill: "setter") && setup.initial == nil)
    #expect(line.sources[0].mix == [0.3, 0.3, 0.4])
    #expect(line.sources[1].orders[2] == OrderSpec(name: "R-1043", product: 1, quantity: 12, release: 10_800, due: 39_600))
    #expect(try station("Drill", line).productCycles == [nil, .constant(240), .gamma(mean: 360, cv: 0.3)])
    #expect(try station("Saw", line).routing == .route && station("Lathe", line).machines == 2 && station("Saw", line).dispatch == .earliestDue)
    let orders = try simulate(line: line, seed: 1, horizon: 48 * 3600).orders
    #expect(orders.count == 8 && orders.allSatisfy { $0.completed != nil })
  }

  @Test func calendarsTurnWithTheMomentOfTheStart() throws {
    let plant = try Examples.plant("assembly")
    let line = plant.line(at: [:])
    let h = 3600.0
    let pack = try station("Pack", line)
    // From Monday at six: a break at ten, one at six in the evening, then the night.
    #expect(
      pack.closures.prefix(3) == [
        ClosureSpec(start: 4 * h, end: 4.25 * h), ClosureSpec(start: 12 * h, end: 12.25 * h), ClosureSpec(start: 16 * h, end: 24 * h),
      ])
    #expect(pack.closurePeriod == 168 * h && line.crews[0].absences == pack.closures && line.crews[3].absences.isEmpty)
    #expect(line.sources[0].outages.first == ClosureSpec(start: 15 * h, end: 23 * h) && line.sources[0].outagePeriod == 168 * h)
    let saturday = plant.line(at: [:], startingAt: .hours(5 * 24))
    // Friday's night began two hours before, so it is over on Monday at six.
    #expect(try station("Pack", saturday).closures.first == ClosureSpec(start: 0, end: 54 * h))
    #expect(line.cardLoops == [CardLoopSpec(name: "PressKanban", cards: 12, stations: [1], sources: [], until: 4)])
    #expect(try station("Unpack", line).routing == .disassembly([YieldSpec(buffer: 3, count: 6)]))
    #expect(try station("Test", line).rework == ReworkSpec(into: 6, attempts: 2))
    // A weekend brings nothing but what is under way.
    let result = try simulate(line: saturday, seed: 1, horizon: 40 * h)
    #expect(result.good == 0)
  }

  @Test func aSetpointMovesItsCondition() throws {
    let plant = try Examples.plant("forge")
    let furnace = try station("Furnace", plant.line(at: ["Furnace/TemperatureSet": 1200]))
    let condition = try #require(furnace.conditions.first)
    #expect(condition.setpoint == 1200 && condition.optimum == 1210 && (condition.curvature - 0.04 / 2500).magnitude < 1e-15)
    #expect(condition.timeConstant == 720 && condition.standing == 1100 && condition.standingTimeConstant == 3600 && condition.noise == 8)
    #expect(furnace.scrap == 0 && furnace.batch == BatchSpec(least: 6, most: 8) && furnace.power?.stopped == 70)
    func rejected(_ temperature: Double) throws -> Double {
      let result = try simulate(line: plant.line(at: ["Furnace/TemperatureSet": temperature]), seed: 1, horizon: 200 * 3600)
      return Double(result.stations[0].rejected) / Double(result.stations[0].produced)
    }
    // Sixty kelvin off the optimum, squared: some six in a hundred more.
    let (best, cold) = try (rejected(1210), rejected(1150))
    #expect(best < 0.03 && cold > best + 0.02, "\(best), \(cold)")
  }

  @Test func upkeepWearAndWaysArriveWhole() throws {
    let line = try line("forge")
    let press = try station("Press", line)
    #expect(press.failure?.workAfter == .scrapped && press.failure?.need == NeedSpec(skill: "mechanic") && press.failure?.clock == .operating)
    #expect(press.stoppages.map(\.name) == ["Hydraulics"] && press.stoppages[0].clock == .calendar && press.stoppages[0].kind == .failure)
    #expect(press.maintenance.map(\.basis) == [.calendar, .parts] && press.maintenance.map(\.every) == [28_800, 6000])
    #expect(press.wear?.replaceAt == 1200 && press.wear?.breakage == .constant(7200) && press.wear?.scrapExponent == 3)
    #expect(line.buffers[1] == BufferSpec(name: "Belt", capacity: 12, transit: 36, headway: 3, accumulates: false))
    #expect(line.transports.map(\.least) == [20] && line.transports[0].approach == .constant(40) && line.fleets.map(\.vehicles) == [2])
  }

  @Test func speedScalesTheWorkOnEveryProduct() throws {
    var plant = try Examples.plant("job-shop")
    let saw = plant.stations.firstIndex { $0.name == "Saw" }!, drill = plant.stations.firstIndex { $0.name == "Drill" }!
    for s in [saw, drill] {
      let tag = "\(plant.stations[s].name)/MachSpeed"
      plant.stations[s].speed = SpeedSpec(rated: 10, setpoint: SetpointSpec(tag: tag, unit: "1/min", design: 10, low: 5, high: 20))
    }
    plant.stations[drill].otherStops = [
      OtherStop(name: "Chip", kind: .microstop, interval: .exponential(mean: 400), length: .constant(5), rules: StopRules())
    ]
    plant.products[2].route[1].cycle = .constant(60)
    let line = plant.line(at: ["Drill/MachSpeed": 20])
    #expect(line.stations[drill].productCycles == [nil, .constant(120), .gamma(mean: 180, cv: 0.3)])
    #expect(line.products[2].route[1].cycle == .constant(30))
    #expect(line.stations[drill].stoppages[0].interval == .exponential(mean: 100))
    #expect(line.stations[saw].cycle == plant.stations[saw].cycle)
  }

  /// Calibration replaces what it has learnt, and keeps all the rest.
  @Test func calibrationKeepsWhatItDoesNotKnow() throws {
    let plant = try Examples.plant("forge")
    var parameters = LineParameters.design(plant)
    parameters.stations[1].cycle = 70
    parameters.stations[0].scrap = ScrapResponse(
      base: 0.01, speedCoefficient: 0, terms: [.init(variable: "Furnace/Temperature", optimum: 1220, curvature: 1e-4)])
    let declared = plant.line(at: [:]), learnt = parameters.spec(of: plant, at: [:])
    #expect(learnt.transports == declared.transports && learnt.crews == declared.crews && learnt.fleets == declared.fleets)
    #expect(
      learnt.stations[0].conditions[0].optimum == 1220 && learnt.stations[0].conditions[0].curvature == 1e-4 && learnt.stations[0].scrap == 0.01)
    #expect(learnt.stations[0].batch == declared.stations[0].batch && learnt.stations[1].wear == declared.stations[1].wear)
    #expect(learnt.stations[1].cycle.mean == 70 && learnt.stations[1].stoppages == declared.stations[1].stoppages)
    #expect(learnt.stations[1].failure?.workAfter == .scrapped && learnt.stations[1].failure?.need == declared.stations[1].failure?.need)
    // What was measured stands still, and its share is part of the scrap.
    let counterfactual = parameters.spec(of: plant, at: [:], variables: ["Furnace/Temperature": 1200])
    #expect(counterfactual.stations[0].conditions.isEmpty && (counterfactual.stations[0].scrap - 0.05).magnitude < 1e-12)
    // Work by product keeps its ratio to the station's.
    let shop = try Examples.plant("job-shop")
    var slower = LineParameters.design(shop)
    for s in slower.stations.indices { slower.stations[s].cycle *= 2 }
    let line = slower.spec(of: shop, at: [:])
    #expect(line.products[1].route[1].cycle == .constant(600))
    #expect(line.stations[3].productCycles == [nil, .constant(480), .gamma(mean: 720, cv: 0.3)])
  }

  @Test func whatTheTwinCannotFollowIsSaid() throws {
    #expect(try Examples.plant("bottling").beyondTheTwin == [] && Examples.plant("bottling-4").beyondTheTwin == [])
    let forge = try Examples.plant("forge").beyondTheTwin
    for word in ["Furnace: it works in batches", "Press: stops of every kind", "Temperature is learnt", "Transports:", "Belts"] {
      #expect(forge.contains { $0.contains(word) }, "nothing is said of \(word)")
    }
    let shop = try Examples.plant("job-shop").beyondTheTwin
    for word in ["Lathe: its 2 machines", "several ways", "Products by routes", "Orders:", "set-ups show"] {
      #expect(shop.contains { $0.contains(word) }, "nothing is said of \(word)")
    }
  }
}
