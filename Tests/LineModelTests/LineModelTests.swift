import Foundation
import LineModel
import PlantModel
import Probability
import Quantities
import Simulation
import Testing

private func setpoint(_ tag: String, _ design: Double) -> SetpointSpec { SetpointSpec(tag: tag, unit: "1", design: design, low: 0, high: 100) }

private let plant = Plant(
  name: "two", path: "site/area/two",
  stations: [
    Station(
      name: "Fill", inputs: [Intake(buffer: "In", count: 1)], output: .buffer("B1"), cycle: .gamma(mean: 2, cv: 0.1),
      speed: SpeedSpec(rated: 30, setpoint: setpoint("Fill/MachSpeed", 24)),
      failure: FailureSpec(timeToFailure: .exponential(mean: 3600), repair: .lognormal(mean: 300, cv: 0.8)),
      microstop: MicrostopSpec(interval: .exponential(mean: 300), length: .lognormal(mean: 10, cv: 0.7)), changeover: nil, scrap: 0.01,
      inspection: nil,
      processVariables: [
        ProcessVariableSpec(name: "Pressure", unit: "bar", tag: "Fill/Pressure", setpoint: setpoint("Fill/PressureSet", 3), defectsSeenAt: ["Pack"]),
        ProcessVariableSpec(name: "Temperature", unit: "Cel", tag: "Fill/Temperature", setpoint: nil, defectsSeenAt: ["Fill"]),
      ], otherSetpoints: [], tags: StationTags(state: nil, processed: nil, defective: nil, speed: nil)),
    Station(
      name: "Pack", inputs: [Intake(buffer: "B1", count: 2)], output: .sink, cycle: .constant(1), speed: nil, failure: nil, microstop: nil,
      changeover: nil, scrap: 0, inspection: nil, processVariables: [], otherSetpoints: [],
      tags: StationTags(state: nil, processed: nil, defective: nil, speed: nil)),
  ],
  buffers: [Buffer(name: "In", capacity: 50, transit: .zero, levelTag: nil), Buffer(name: "B1", capacity: 8, transit: .seconds(4), levelTag: nil)],
  sources: [Source(name: "Depot", into: "In", lot: 10, interval: .constant(20))], tags: [],
  prices: Prices(currency: "EUR", good: 1, scrap: 0.2, escape: 2), idealCycle: nil)

private var parameters: LineParameters {
  var p = LineParameters.design(plant)
  p.stations[0].failureExponent = 1.5
  p.stations[0].scrap = ScrapResponse(base: 0.01, speedCoefficient: 0.5, terms: [.init(variable: "Fill/Temperature", optimum: 20, curvature: 0.001)])
  p.stations[1].scrap = ScrapResponse(base: 0.02, speedCoefficient: 0, terms: [.init(variable: "Fill/Pressure", optimum: 2.5, curvature: 0.04)])
  return p
}

@Test func theLineFollowsTheResponseEquations() throws {
  let spec = parameters.spec(of: plant, at: ["Fill/MachSpeed": 36])
  let r = 1.2
  #expect((spec.stations[0].cycle.mean - 2 / r).magnitude < 1e-12 && spec.stations[0].cycle.cv == 0.1)
  let failure = try #require(spec.stations[0].failure)
  #expect((failure.interval.mean - 3600 / pow(r, 1.5)).magnitude < 1e-9 && failure.length == .lognormal(mean: 300, cv: 0.8))
  let microstop = try #require(spec.stations[0].microstop)
  #expect((microstop.interval.mean - 300 / (r * r)).magnitude < 1e-9)
  // Temperature has no set-point and was not measured: it contributes nothing. Pressure stands at its design value.
  #expect((spec.stations[0].scrap - (0.01 + 0.5 * 0.04)).magnitude < 1e-12)
  #expect((spec.stations[1].scrap - (0.02 + 0.04 * 0.25)).magnitude < 1e-12)
  #expect(spec.stations[1].failure == nil && spec.stations[1].microstop == nil && spec.stations[1].cycle.variance == 0)
  #expect(spec.stations[1].inputs == [InputSpec(buffer: 1, count: 2)] && spec.stations[0].output == 1 && spec.stations[1].output == nil)
  #expect(spec.buffers[1] == BufferSpec(name: "B1", capacity: 8, transit: 4) && spec.sources[0].into == 0 && spec.sources[0].lot == 10)
  #expect(spec.faults.isEmpty)
  // The design's own speed is 24 of 30.
  #expect((parameters.spec(of: plant, at: plant.designSetpoints).stations[0].cycle.mean - 2.5).magnitude < 1e-12)
}

@Test func measuredVariablesReplaceTheirSetpoints() {
  let measured = parameters.spec(of: plant, at: ["Fill/PressureSet": 9], variables: ["Fill/Pressure": 2.6, "Fill/Temperature": 25])
  #expect((measured.stations[1].scrap - (0.02 + 0.04 * 0.01)).magnitude < 1e-12)
  #expect((measured.stations[0].scrap - (0.01 + 0.001 * 25)).magnitude < 1e-12)
  // A measurement that is no number never passes as one.
  let bad = parameters.spec(of: plant, at: [:], variables: ["Fill/Pressure": .nan, "Fill/Temperature": .infinity])
  #expect(bad == parameters.spec(of: plant, at: [:]))
}

@Test func scrapStaysAProbability() {
  let response = ScrapResponse(base: 0.1, speedCoefficient: 2, terms: [.init(variable: "x", optimum: 1, curvature: 3)])
  #expect(response.probability(at: [:], speedRatio: 0.5) == 0.1)
  #expect((response.probability(at: ["x": 1.1], speedRatio: 1.1) - (0.1 + 0.02 + 0.03)).magnitude < 1e-12)
  #expect(response.probability(at: ["x": 100], speedRatio: 1) == 0.95)
  #expect(ScrapResponse(base: -1, speedCoefficient: 0, terms: []).probability(at: [:], speedRatio: 1) == 0)
}

@Test func parametersSurviveJSONWithoutInfinity() throws {
  let draws = [parameters, LineParameters.design(plant)]
  let encoder = JSONEncoder()
  encoder.outputFormatting = .sortedKeys
  let data = try encoder.encode(draws)
  #expect(try JSONDecoder().decode([LineParameters].self, from: data) == draws)
  #expect(draws[0].stations[1].mtbf == .infinity && draws[0].stations[1].microstopInterval == .infinity)
  // As a loop in another language may write it.
  let text = String(decoding: data, as: UTF8.self).replacingOccurrences(of: "\"mttr\":0,", with: "\"mttr\":0,\"mtbf\":null,")
  #expect(text.contains("null"))
  #expect(try JSONDecoder().decode([LineParameters].self, from: Data(text.utf8)) == draws)
  #expect(throws: (any Error).self) { try JSONEncoder().encode(broken) }
}

/// Neither NaN nor a negative infinity is a mean; they do not pass.
private var broken: LineParameters {
  var p = parameters
  p.stations[0].mtbf = .nan
  return p
}

@Test func theDesignsLineRuns() throws {
  let result = try simulate(line: LineParameters.design(plant).spec(of: plant, at: plant.designSetpoints), seed: 1, horizon: 36_000)
  // 24 a minute at best, two to a pack.
  #expect(result.good > 4000 && result.good <= 7200)
}
