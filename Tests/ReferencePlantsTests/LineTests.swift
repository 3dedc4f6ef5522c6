import Quantities
import ReferencePlants
import Telemetry
import Testing

@Test func noPartIsLostOrMade() {
  for seed in UInt64(1)...4 {
    var plant = ReferencePlant(seed: seed, timeline: Scenario.story.timeline(faultAtHours: 1))
    for minute in 1...150 {
      if minute == 40 { plant.write("Filler/MachSpeed", .number(29)) }
      if minute == 80 { plant.write("Rinser/MachSpeed", .number(16)) }
      plant.advance(to: Double(minute) * 60)
      let (released, accounted) = plant.conservation
      #expect(released == accounted, "seed \(seed), minute \(minute)")
    }
    let k = plant.keyFigures
    #expect(k.good > 1500 && k.scrap > 20)
    #expect(k.stations.map(\.rejected).reduce(0, +) == k.scrap)
    for station in k.stations {
      let booked = station.seconds.reduce(0.0) { $0 + $1.seconds }
      #expect(abs(booked - 9000) < 1e-6)
    }
  }
}

@Test func machinesMoveOnlyAlongPackMLTransitions() {
  let legal: Set<[MachineState]> = [
    [.idle, .starting], [.starting, .execute], [.execute, .suspended], [.suspended, .execute], [.execute, .held], [.held, .unholding],
    [.unholding, .execute], [.execute, .aborting], [.aborting, .aborted], [.aborted, .clearing], [.clearing, .stopped],
    [.stopped, .resetting], [.resetting, .idle],
  ]
  var seen = Set<[MachineState]>()
  for seed in UInt64(1)...3 {
    var plant = ReferencePlant(seed: seed)
    plant.advance(to: 8 * 3600)
    var last: [Int: MachineState] = [:]
    for sample in plant.takeSamples() where plant.tags[sample.tag].metric == "StateCurrent" {
      guard case .int32(let number) = sample.value, let state = MachineState(Double(number)) else {
        Issue.record("a state that PackML does not know: \(sample.value)")
        continue
      }
      if let before = last[sample.tag], before != state {
        #expect(legal.contains([before, state]), "\(before) to \(state), seed \(seed)")
        seen.insert([before, state])
      }
      last[sample.tag] = state
    }
  }
  #expect(seen == legal)  // every one of them is really walked
}

@Test func samplesComeInOrderAndAreRepeatedWithinAMinute() {
  var plant = ReferencePlant(seed: 11)
  plant.advance(to: 3600)
  var last: [Int: Int64] = [:]
  for sample in plant.takeSamples() {
    let t = sample.instant.milliseconds
    if let before = last[sample.tag] { #expect(t >= before && t - before <= 65_000, "\(plant.tags[sample.tag].name)") }
    last[sample.tag] = t
    #expect(sample.quality == .good)
  }
  #expect(last.count == plant.tags.count)
  #expect(last.values.allSatisfy { $0 >= 3_600_000 - 65_000 })
}
