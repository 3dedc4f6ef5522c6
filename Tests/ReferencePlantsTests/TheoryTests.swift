import ReferencePlants
import Testing

/// One machine alone, never starved, so that textbook formulas hold.
private func alone(_ failure: FailureTruth?, _ microstop: MicrostopTruth?, base: Double = 0) -> PlantTruth {
  PlantTruth(
    name: "alone", group: "G", node: "N", idealCycle: 3, prices: PriceTruth(good: 1, scrap: 0.5, escape: 3), product: "P", orderSize: 1_000_000,
    source: SourceTruth(name: "S", lot: 100, interval: 1, cv: 0.2),
    buffers: [BufferTruth(name: "B", capacity: 200, transit: 0, hasSensor: false)],
    stations: [
      StationTruth(
        name: "M", speed: SpeedTruth(rated: 20, set: 20, low: 10, high: 30), cycle: CycleTruth(shape: .gamma, cv: 0.1, slow: 1.05),
        failure: failure, microstop: microstop, scrap: ScrapTruth(base: base, speed: 0, speedFrom: 1, detection: .own))
    ])
}

private func figures(
  _ truth: PlantTruth, setpoints: [String: Double] = [:], hours: Double, seeds: ClosedRange<UInt64>
) -> (uptime: Double, perHour: Double, scrap: Double) {
  var sums = (0.0, 0.0, 0.0)
  for seed in seeds {
    var plant = ReferencePlant(truth, seed: seed, setpoints: setpoints, isObserved: false)
    plant.advance(to: hours * 3600)
    let k = plant.keyFigures
    let processed = Double(k.stations[0].processed)
    sums.0 += k.stations[0].availability
    sums.1 += processed / hours
    sums.2 += Double(k.scrap) / processed
  }
  let n = Double(seeds.count)
  return (sums.0 / n, sums.1 / n, sums.2 / n)
}

@Test func oneMachineAgreesWithTheory() {
  // Availability MTBF / (MTBF + down time); a breakdown costs its repair and 10 s of PackML states around it.
  for (shape, cv) in [(1.0, 0.5), (1.6, 0.8)] {
    let f = figures(alone(FailureTruth(mtbfHours: 0.5, shape: shape, mttrMinutes: 4, cv: cv), nil), hours: 120, seeds: 1...4)
    let uptime = 1800.0 / (1800 + 240 + 10)
    #expect(abs(f.uptime - uptime) < 0.012, "shape \(shape): \(f.uptime)")
    let perHour = 3600 / (3 * 1.05) * f.uptime
    #expect(abs(f.perHour / perHour - 1) < 0.003)
  }
  // Micro-stops grow with speed: at 1.25 times the rated speed, 1.25^3 times as often.
  let m = MicrostopTruth(everyMinutes: 10, meanSeconds: 20, cv: 0.7, speedExponent: 3)
  for ratio in [1.0, 1.25] {
    let f = figures(alone(nil, m), setpoints: ["M/MachSpeed": 20 * ratio], hours: 60, seeds: 1...2)
    let uptime = 600 / (600 + 21 * ratio * ratio * ratio)
    #expect(abs(f.uptime - uptime) < 0.005, "ratio \(ratio): \(f.uptime)")
  }
  let spoilt = figures(alone(nil, nil, base: 0.05), hours: 60, seeds: 1...2).scrap
  #expect(abs(spoilt - 0.05) < 0.0025)
}

/// Where the search ends for the steady line, rounded; `takt-plant --score` finds it anew.
private let nearBest = [
  "Filler/MachSpeed": 26.5, "Filler/FillPressureSet": 2.53, "Capper/CapTorqueSet": 2.12, "Labeller/GlueTempSet": 143.2, "Rinser/RinseTempSet": 62.8,
]

@Test func thereIsAClearGainToBeHad() {
  var design = (good: 0.0, value: 0.0)
  var best = (good: 0.0, value: 0.0)
  let search = SetpointSearch(.bottling, timeline: [], toHours: 8)
  for seed in UInt64(500)..<506 {
    let (a, b) = (search.run(search.design, seed: seed), search.run(nearBest, seed: seed))
    design = (design.good + a.goodPerHour, design.value + a.valuePerHour)
    best = (best.good + b.goodPerHour, best.value + b.valuePerHour)
    #expect(a.bottleneck == "Filler")
  }
  let (good, value) = (best.good / design.good, best.value / design.value)
  #expect(good > 1.10 && good < 1.25, "good: \(good)")
  #expect(value > 1.08, "value: \(value)")
}

@Test func afterTheFaultTheFasterLineIsTheWorseOne() {
  let search = SetpointSearch(.bottling, timeline: Scenario.story.timeline(faultAtHours: 0), toHours: 6)
  for (tag, value) in [("Filler/MachSpeed", 25.2), ("Filler/MachSpeed", 27), ("Filler/FillPressureSet", 2.5)] {
    var loss = 0.0
    for seed in UInt64(500)..<504 {
      loss += search.run([:], seed: seed).goodPerHour
      loss -= search.run([tag: value], seed: seed).goodPerHour
    }
    #expect(loss / 4 > 20, "\(tag) = \(value): \(loss / 4)")
  }
}

@Test func theFaultIsNoGiftToTheUntouchedLine() {
  let (steady, worn) = (Scenario.none.timeline(faultAtHours: 0), Scenario.story.timeline(faultAtHours: 0))
  var loss = 0.0
  for seed in UInt64(500)..<504 {
    loss += SetpointSearch(.bottling, timeline: steady, toHours: 6).run([:], seed: seed).goodPerHour
    loss -= SetpointSearch(.bottling, timeline: worn, toHours: 6).run([:], seed: seed).goodPerHour
  }
  #expect(loss / 4 > 0 && loss / 4 < 30)
}
