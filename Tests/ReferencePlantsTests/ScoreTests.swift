import ReferencePlants
import Telemetry
import Testing

@Test func theSearchIsNeverWorseThanTheDesignAndFindsTheGain() {
  var truth = PlantTruth.bottling
  truth.stations = [StationTruth](truth.stations[1...1])  // the Filler alone: two set-points, quick
  truth.buffers = [truth.buffers[0]]
  let search = SetpointSearch(truth, timeline: [], toHours: 2, seeds: [1, 2], levels: 5)
  var shares: [Double] = []
  let best = search.best { shares.append($0) }
  #expect(shares == shares.sorted() && shares.last == 1)
  #expect(search.value(best) > 1.05 * search.value(search.design))
  #expect(abs(best["Filler/FillPressureSet"]! - 2.5) < 0.15)
  for range in search.ranges { #expect((range.low...range.high).contains(best[range.tag]!)) }
}

@Test func aRunIsScoredBetweenDesignAndBest() throws {
  var truth = PlantTruth.bottling
  truth.stations = [StationTruth](truth.stations[1...1])
  truth.buffers = [truth.buffers[0]]
  func log(_ setpoints: [String: Double], hours: Double = 3) throws -> RunLog {
    var plant = ReferencePlant(truth, seed: 5, timeline: Scenario.story.timeline(faultAtHours: 2.5), setpoints: setpoints)
    plant.advance(to: hours * 3600)
    plant.finish()
    return try RunLog(text: plant.takeRecords().map(\.line).joined(separator: "\n"))
  }
  let best = ["Filler/MachSpeed": 26.0, "Filler/FillPressureSet": 2.5]
  let untouched = try log([:])
  #expect(untouched.seed == 5 && untouched.truth == truth && untouched.hours.map(\.end) == [1, 2, 3])
  #expect(untouched.timeline == Scenario.story.timeline(faultAtHours: 2.5))
  let search = try RunScore.search(for: untouched, fromHours: 1)
  let low = RunScore(untouched, search: search, best: best)
  // An untouched run replays to itself: nothing captured.
  #expect(abs(low.run.valuePerHour - low.design.valuePerHour) < 0.02)
  #expect(abs(low.gainCapturedPercent!) < 0.1)
  let high = RunScore(try log(best), search: search, best: best)
  #expect(abs(high.regretPerHour) < 0.02 && abs(high.gainCapturedPercent! - 100) < 0.1)
  #expect(try RunScore.search(for: untouched).fingerprint != search.fingerprint)

  #expect(throws: ScoreError.noHeader) { try RunLog(text: "{}\n") }
  #expect(throws: ScoreError.malformed(line: 2)) { try RunLog(text: "x\n{\"kind\":\"header\"") }
  let short = try log([:], hours: 0.5)
  #expect(throws: ScoreError.noCompleteHour(after: 0)) { try RunScore.search(for: short) }
}
