import LineModel
import Probability
import Simulation
import Testing

private var line: LineSpec {
  var filler = StationSpec(
    name: "Filler", inputs: [InputSpec(buffer: 0, count: 1)], output: 1, cycle: .gamma(mean: 2, cv: 0.1),
    failure: StoppageSpec(interval: .exponential(mean: 3600), length: .lognormal(mean: 300, cv: 0.8)), scrap: 0.01)
  filler.productCycles = [nil, .constant(4)]
  filler.machines = 2
  return LineSpec(
    stations: [filler, StationSpec(name: "Pack.2", inputs: [InputSpec(buffer: 1, count: 1)], output: nil, cycle: .constant(3))],
    buffers: [BufferSpec(name: "In", capacity: BufferSpec.unlimited, transit: 0), BufferSpec(name: "B1", capacity: 30, transit: 6)],
    sources: [SourceSpec(name: "Depot", into: 0, lot: 10, interval: .constant(20))], products: [ProductSpec(name: "A"), ProductSpec(name: "B")],
    crews: [CrewSpec(name: "Fitters", count: 2, skills: ["repair"])])
}

@Test func editsKeepTheShapeOfALawAndScaleAllWorkAlike() throws {
  let changed = try WhatIf(parsing: "station.filler.MTBF=+20%, station.Filler.cycle=2.2s,buffer.b1.capacity=-10%,crew.fitters.count=+1", for: line)
    .applied(
      to: line)
  #expect(changed.stations[0].failure?.interval == .exponential(mean: 4320))
  #expect(changed.stations[0].failure?.length == line.stations[0].failure?.length)
  #expect((changed.stations[0].cycle.mean - 2.2).magnitude < 1e-12 && changed.stations[0].cycle.cv == 0.1)
  #expect((changed.stations[0].productCycles[1]!.mean - 4.4).magnitude < 1e-12 && changed.stations[0].productCycles[0] == nil)
  #expect(changed.buffers[1].capacity == 27 && changed.crews[0].count == 3)
  #expect(changed.stations[1] == line.stations[1])
}

@Test(arguments: [
  ("station.Filler.cycle=2.1 s", 2.1), ("station.Filler.cycle=-5%", 1.9), ("station.Filler.cycle=+0.5 s", 2.5), ("station.filler.mttr=6min", 360),
  ("station.Filler.scrap=2 %", 0.02), ("station.Filler.scrap=+50%", 0.015), ("station.Filler.machines=3", 3), ("station.pack.2.cycle=−10%", 2.7),
  ("buffer.B1.capacity=40", 40), ("buffer.In.capacity=40", 40), ("source.Depot.interval=+100%", 40), ("station.Filler.machines=+20%", 2),
])
func aChangeIsReadInItsUnit(text: String, after: Double) throws {
  let edit = try #require(try WhatIf(parsing: text, for: line).edits.first)
  #expect((edit.after - after).magnitude < 1e-9, "\(text): \(edit)")
}

@Test(arguments: [
  ("station.Fillr.mtbf=+20%", "did you mean Filler?"), ("station.Filler.speed=+20%", "mtbf, mttr"), ("station.Pack.2.mtbf=+20%", "cycle, machines"),
  ("machine.Filler.mtbf=+20%", "There are station, buffer, source, crew"), ("buffer.B9.capacity=3", "There are In, B1"),
  ("station.Filler.cycle=2.1", "2.1 s"), ("station.Filler.cycle=2 kg", "with its unit"), ("station.Filler.cycle=fast", "with its unit"),
  ("station.Filler.machines=2.5", "whole number"), ("station.Filler.machines=0", "out of range"), ("station.Filler.scrap=120 %", "out of range"),
  ("station.Filler.cycle=-200%", "out of range"), ("buffer.In.capacity=+10%", "has no limit"), ("station.Filler.mtbf", "PATH=CHANGE"),
  ("station.Filler.mtbf=+1%,station.Filler.MTBF=+2%", "twice"), ("", "PATH=CHANGE"),
])
func aWrongWhatIfSaysWhatThereIs(text: String, says: String) throws {
  let error = #expect(throws: WhatIfError.self) { try WhatIf(parsing: text, for: line) }
  #expect(error?.description.contains(says) == true, "\(text): \(error?.description ?? "read")")
}

@Test func everyKnobTurnsAndTurnsBack() {
  for knob in line.knobs {
    let value = knob.value(in: line)
    guard value.isFinite, value > 0, value < 1e15 else { continue }
    var changed = line
    knob.set(knob.unit == .share ? value / 2 : value * 2, in: &changed)
    #expect(changed != line, "\(knob.path) turns nothing")
    knob.set(value, in: &changed)
    #expect((knob.value(in: changed) - value).magnitude < 1e-9 * value, "\(knob.path)")
  }
}

@Test func plannedSecondsAreWeightedByWhatIsMade() {
  #expect(line.plannedSeconds(at: 0) == 2)
  #expect(line.plannedSeconds(at: 0, weights: [1, 3]) == 3.5)
  // B comes twice to the filler, once with work of its own; A never.
  var routed = line
  routed.products = [
    ProductSpec(name: "A", route: [StepSpec(buffer: 1)]),
    ProductSpec(name: "B", route: [StepSpec(buffer: 0), StepSpec(buffer: 0, cycle: .constant(10)), StepSpec(buffer: 1)]),
  ]
  #expect(routed.plannedSeconds(at: 0, weights: [5, 1]) == 7)
}
