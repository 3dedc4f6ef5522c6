import Determinism
import Quantities
import Telemetry
import Testing
import Twin

@Test func disorderDoublesAndLossDoNotChangeWhatIsCounted() {
  var line = TestLine(seed: 1)
  line.run(toHours: 1)
  var calm = Twin(plant: line.plant, seed: 3, configuration: .small)
  calm.follow(line.samples)

  var stream = RandomStream(seed: 8, "disorder")
  var disordered: [(tag: String, sample: Sample)] = []
  var lossy: [(tag: String, sample: Sample)] = []
  for (tag, sample) in line.samples {
    var late = sample
    late.arrival = sample.arrival + .seconds(stream.uniform(0, 25))
    disordered.append((tag, late))
    if stream.chance(0.2) { disordered.append((tag, late)) }
    if stream.chance(0.02) {
      disordered.append((tag, Sample(instant: late.instant, arrival: late.arrival, value: .number(.nan), quality: .bad)))
    }
    // Counts may be lost; what a machine does next tells them. States may not, or nobody could know.
    if !(tag.hasSuffix("Count") && stream.chance(0.3)) { lossy.append((tag, sample)) }
    if tag.hasSuffix("Temp") && stream.chance(0.05) {
      var old = sample
      old.instant = sample.instant - .minutes(5)
      lossy.append((tag, old))
    }
  }
  disordered.sort { ($0.sample.arrival, $0.tag) < ($1.sample.arrival, $1.tag) }
  // Bad readings of numbers that are told again at once: only the states' bad readings leave a mark, so they are left out here.
  disordered.removeAll { $0.tag.hasSuffix("StateCurrent") && $0.sample.quality == .bad }
  var shaken = Twin(plant: line.plant, seed: 3, configuration: .small)
  shaken.follow(disordered)
  var torn = Twin(plant: line.plant, seed: 3, configuration: .small)
  torn.follow(lossy)

  // The last count of each machine may be among the lost.
  for (twin, slack) in [(calm, 0), (shaken, 0), (torn, 4)] {
    let present = twin.present
    #expect(abs(present.good - line.good) <= 1 + slack)
    for (station, machine) in zip(present.stations, line.machines) {
      #expect(abs(station.processed - machine.processed) <= slack && abs(station.rejected - machine.rejected) <= slack)
      #expect(station.counterFaults == 0)
    }
    for (buffer, level) in zip(present.buffers, line.buffers).dropFirst() {
      #expect(abs(buffer.level - level) <= 1 + 2 * slack, "\(buffer.name): \(buffer.level) of \(level)")
    }
  }
  #expect(calm.present.badSamples == 0 && shaken.present.badSamples > 0)
  #expect(torn.present.lateSamples > 0)
  // Within the allowed lateness, the order of arrival leaves no trace in what is measured without a doubt.
  let (a, b) = (calm.calibration, shaken.calibration)
  for (x, y) in zip(a.estimates, b.estimates) where x.parameter != .scrap { #expect(x == y) }
}

@Test func oneStreamAndSeedGiveOneTwinToTheBit() {
  var line = TestLine(seed: 2)
  line.run(toHours: 0.75)
  var twins: [Twin] = []
  for _ in 0..<2 {
    var twin = Twin(plant: line.plant, seed: 5, configuration: .small)
    twin.follow(line.samples)
    twins.append(twin)
  }
  #expect(twins[0].calibration == twins[1].calibration)
  #expect(twins[0].validity == twins[1].validity)
  #expect(twins[0].residuals == twins[1].residuals)
  let snapshot = twins[0]
  #expect(snapshot.forecast(horizon: .hours(1), replications: 8) == twins[1].forecast(horizon: .hours(1), replications: 8))
  #expect(twins[0].calibration.id.count == 16)
}

@Test func aRestartedCounterAndALeapAreBridged() {
  var line = TestLine(seed: 4, stations: 1)
  line.run(toHours: 0.5)
  let before = line.machines[0].processed
  let samples = line.samples.map { tag, sample -> (tag: String, sample: Sample) in
    guard tag == "M1/ProdProcessedCount", let x = sample.value.number else { return (tag, sample) }
    var changed = sample
    // From 120 parts on the controller counts anew from zero; one reading is nonsense.
    if x > 120 { changed.value = .number(x - 120) }
    if x == 200 { changed.value = .number(9e6) }
    return (tag, changed)
  }
  var twin = Twin(plant: line.plant, seed: 1, configuration: .small)
  twin.follow(samples)
  let station = twin.present.stations[0]
  #expect(station.counterFaults >= 2)
  // The leap's own parts are lost, and nothing else.
  #expect(abs(station.processed - before) <= 90, "\(station.processed) of \(before)")
}
