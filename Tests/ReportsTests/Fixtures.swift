import Foundation
import LineModel
import OutputAnalysis
import PlantModel
import Reports
import Simulation

/// A line of three stations, read as a plant folder is.
func threeStations() throws -> LineSpec {
  let text = """
    plant: three
    path: acme/lyon/packaging/three
    ideal_cycle: 2.5 s
    prices: {currency: EUR, good: 1, scrap: 0.5, escape: 3}
    buffers:
      B0: {capacity: 40}
      B1: {capacity: 10}
      B2: {capacity: 10}
    sources:
      Depot: {into: B0, lot: 20, interval: {gamma: {mean: 45 s, cv: 0.25}}}
    stations:
      Cut:
        in: {B0: 1}
        out: B1
        cycle: {gamma: {mean: 2.1 s, cv: 0.1}}
        failure: {time_to_failure: {exponential: 30 min}, repair: {lognormal: {mean: 2 min, cv: 0.8}}}
        scrap: 0.5 %
      Weld:
        in: {B1: 1}
        out: B2
        cycle: {gamma: {mean: 2.5 s, cv: 0.1}}
        microstop: {interval: {exponential: 10 min}, length: {lognormal: {mean: 20 s, cv: 0.8}}}
        scrap: 1 %
      Pack:
        in: {B2: 1}
        out: sink
        cycle: {gamma: {mean: 2 s, cv: 0.1}}
        scrap: 2 %
    """
  let plant = try PlantFolder.read(files: [
    "plant.yaml": text, "envelope.yaml": "authority_ceiling: advisory", "connections.yaml": "line_protocol: {station_key: station}",
  ]).plant
  return plant.line(at: plant.designSetpoints)
}

func about(_ replications: Int, span: Double, warmUp: Double) -> LineStudy.About {
  LineStudy.About(
    plant: "three", path: "acme/lyon/three", revision: "0123456789abcdef", command: "takt simulate three --hours 2 --seed 7", seed: 7,
    replications: replications, span: span, warmUp: warmUp)
}

/// Replications and the trace of the first.
func run(_ line: LineSpec, count: Int = 4, horizon: Double = 7200, warmUp: Double = 1200) throws -> LineStudy.Run {
  let simulation = try LineSimulation(line)
  let runs = try Replications.run(
    simulation, seed: 7, count: count, horizon: horizon, warmUp: warmUp, recording: .curve(every: 120, to: horizon))
  let trace = try simulation.replicate(seed: 7, horizon: horizon, warmUp: warmUp, recording: Recording(trace: true)).trace
  return LineStudy.Run(line: line, replications: runs, trace: trace)
}

/// A study made by hand, for pages that must not depend on how the simulator draws its luck.
func sampleStudy() -> LineStudy {
  func e(_ mean: Double, _ half: Double) -> Estimate {
    var estimate = Estimate(mean: mean, standardError: half / 2, count: 20)
    estimate.halfWidth = half
    return estimate
  }
  func station(_ name: String, _ from: String, _ to: [String], machines: Int = 1, _ shares: [(StationCondition, Double)], oee: Double) -> StationStudy
  {
    StationStudy(
      name: name, machines: machines, inputs: [from], outputs: to,
      shares: StationCondition.allCases.map { state in StateShare(state: state, share: e(shares.first { $0.0 == state }?.1 ?? 0, 0.004)) },
      figures: StationFigures(
        oee: e(oee, 0.01), availability: e(oee + 0.02, 0.01), effectiveness: e(0.99, 0.001), qualityRatio: e(0.99, 0.001),
        allocationEfficiency: e(0.9, 0.01), utilisationEfficiency: e(0.93, 0.01), technicalEfficiency: e(0.94, 0.01), setupRatio: e(0.02, 0.001),
        scrapRatio: e(0.01, 0.001), reworkRatio: e(0, 0), throughputRate: e(1230.5, 6.1), setupsPerHour: e(0.2, 0.01)),
      meanActivePeriod: 321, power: e(12.5, 0.2))
  }
  let names = ["Rinser", "Filler & Co <3>", "Capper", "Labeller", "Packer", "Palletiser"]
  let stations = names.enumerated().map { (i: Int, name: String) -> StationStudy in
    let x = Double(i)
    let busy = 0.55 + 0.06 * Double(i % 3)
    let shares: [(StationCondition, Double)] = [
      (.working, busy), (.failed, 0.04), (.microstopped, 0.03), (.starved, 0.2 - 0.03 * x), (.blocked, 0.02 * (6 - x)), (.setup, 0.02),
      (.maintenance, 0.01), (.waiting, 0.01), (.closed, 0.02),
    ]
    return station(name, "B\(i)", i < 5 ? ["B\(i + 1)"] : [], machines: i == 4 ? 3 : 1, shares, oee: busy + 0.05)
  }
  let settled = (0..<120).map { (k: Int) -> Double in 1 - 1 / (1 + Double(k)) }
  let curve = CurveStudy(
    step: 780, mean: settled.enumerated().map { (k: Int, x: Double) -> Double in 1234 * x + (k % 3 == 0 ? 20 : -14) }, low: settled.map { 1120 * $0 },
    high: settled.map { 1330 * $0 + 30 })
  return LineStudy(
    about: LineStudy.About(
      plant: "bottling", path: "acme/lyon/packaging/bottling", revision: "9f2c51aa0b7e44d1c2",
      command: "takt simulate examples/bottling --hours 24 --seed 1",
      seed: 1, replications: 20, span: 86_400, warmUp: 7200, warmUpRule: "MSER-5", precision: 0.01, engine: "events", events: 12_345_678),
    figures: [
      .init(key: "goodPerHour", name: "Good parts", unit: "/h", estimate: e(1234.4, 5.21)),
      .init(key: "lineOEE", name: "Line OEE", unit: "%", estimate: e(85.7, 0.4)),
      .init(key: "leadTimeMinutes", name: "Lead time", unit: "min", estimate: e(14.2, 0.31)),
      .init(key: "partsInBuffers", name: "Parts in buffers", unit: "", estimate: e(210.2, 6)),
      .init(key: "scrapPerHour", name: "Scrap", unit: "/h", estimate: e(30.1, 0.8)),
      .init(key: "energyPerPart", name: "Energy per part", unit: "kWh", estimate: e(0.0213, 0.0002)),
    ],
    stations: stations,
    buffers: (0..<6).map { (i: Int) -> BufferStudy in
      BufferStudy(name: "B\(i)", capacity: i == 0 ? nil : 30 + i, meanLevel: e(4.5 * Double(i + 1), 0.4), mostParts: 30 + i, meanWait: e(20, 2))
    },
    sources: [SourceStudy(name: "Bottles", into: "B0", deliveredPerHour: e(1270, 4), lostPerHour: e(0, 0))],
    losses: LossBook(
      constraint: "Filler & Co <3>", ideal: e(1440, 0.5),
      losses: [
        Loss(group: .availability, cause: "short stops of Filler & Co <3>", place: "Filler & Co <3>", share: e(0.05, 0.004), perHour: e(72, 5)),
        Loss(group: .performance, cause: "starved by failures of Rinser", place: "Rinser", share: e(0.04, 0.004), perHour: e(57.6, 4)),
        Loss(group: .availability, cause: "failures of Filler & Co <3>", place: "Filler & Co <3>", share: e(0.03, 0.003), perHour: e(43.2, 4)),
        Loss(
          group: .performance, cause: "cycles of Filler & Co <3> longer than planned", place: "Filler & Co <3>", share: e(-0.002, 0.001),
          perHour: e(-2.9, 1)),
        Loss(group: .quality, cause: "rejects of Labeller", place: "Labeller", share: e(0.02, 0.001), perHour: e(35.7, 1)),
      ], good: e(1234.4, 5.2)),
    bottleneck: BottleneckStudy(
      station: "Filler & Co <3>", rule: "longest active period at each moment (Roser, Nakano, Tanaka 2002), replication 0",
      shares: names.enumerated().map { .init(station: $1, sole: $0 == 1 ? 0.48 : 0.07, shifting: $0 == 1 ? 0.14 : 0.05) }),
    leadTimes: [LeadTimeStudy(name: "all parts", mean: e(852, 18), deviation: 240, least: 121, most: 2410)],
    crews: [BusyStudy(name: "Fitters", busy: e(0.41, 0.02))],
    orders: [
      OrderStudy(
        name: "4711", product: "A", quantity: 500, doneShare: 1, inTimeShare: 0.85, completed: e(40_000, 900), due: 43_200, tardiness: e(300, 80))
    ],
    curve: curve,
    variants: [
      VariantStudy(
        name: "station.Filler.mtbf=+20%", changes: ["station.Filler.mtbf from 14400 s to 17280 s"], goodPerHour: e(1247, 5), gain: e(12.4, 3.1),
        varianceReduction: 4.2,
        leadTimeGain: e(-20, 9), bottleneck: "Filler & Co <3>"),
      VariantStudy(
        name: "buffer.B1.capacity=60,buffer.B2.capacity=80", changes: ["buffer.B1.capacity from 30 to 60", "buffer.B2.capacity from 40 to 80"],
        goodPerHour: e(1240, 5),
        gain: e(5.1, 6.3), varianceReduction: 2.8, leadTimeGain: e(60, 20), bottleneck: "Capper"),
      VariantStudy(
        name: "station.Capper.cycle=+10%", changes: ["station.Capper.cycle from 2.1 s to 2.31 s"], goodPerHour: e(1201, 5), gain: e(-33, 4),
        varianceReduction: 3.3,
        leadTimeGain: e(44, 12), bottleneck: "Capper"),
    ], remarks: ["The precision asked for was not reached after 20 replications."])
}
