import Determinism
import Probability
import Quantities
import Testing

@testable import ProcessMining

/// A log of a line that is known: a part every 9 to 11 s at IN, 30 s later at OVEN; one in ten goes to SCRAP within 2 s, the others queue and
/// enter PACK 5 s later at the earliest; four make a box, which comes out at BOX 12 s after the last part while the station is closed; the
/// crew rests 90 s after every 600 s or so of work, told by the signal `rest`; boxes leave at EXIT 20 s later.
private func lineLog(seed: UInt64, parts: Int) -> EventLog {
  var stream = RandomStream(seed: seed, "line log")
  var events: [LogEvent] = []
  func see(_ sensor: String, _ item: String, _ t: Double) {
    events.append(LogEvent(caseID: item, activity: sensor, complete: Instant(seconds: (t * 100).rounded() / 100)))
  }
  var rests: [ClosedRange<Double>] = []
  var t = 0.0
  while t < Double(parts) * 12 {
    let start = t + stream.uniform(570, 630)
    rests.append(start...start + stream.uniform(80, 100))
    see("rest", "1", rests.last!.lowerBound)
    see("rest", "0", rests.last!.upperBound)
    t = rests.last!.upperBound
  }
  var (clock, held, boxes, free) = (0.0, 0, 0, 0.0)
  for part in 0..<parts {
    clock += stream.uniform(9, 11)
    let name = "PART_\(part)"
    see("IN", name, clock)
    see("OVEN", name, clock + 30)
    if stream.chance(0.1) {
      see("SCRAP", name, clock + 32)
      continue
    }
    let entry = max(clock + 35, free)
    see("PACK", name, entry)
    held += 1
    free = entry + 0.5
    guard held == 4 else { continue }
    held = 0
    // A rest that is on delays the beginning of the work.
    let began = rests.first { $0.contains(entry) }?.upperBound ?? entry
    let done = began + stream.uniform(11, 13)
    see("BOX", "BOX_\(boxes)", done)
    see("EXIT", "BOX_\(boxes)", done + 20)
    boxes += 1
    free = done + 1
  }
  return EventLog(events)
}

@Suite struct SensorLineTests {
  private func mined(_ log: EventLog) throws -> (SensorLine, SensorLineState) {
    guard case .line(let line, let state) = try LogStudy.calibrate(log).content else { throw MiningError.noPassages }
    return (line, state)
  }

  @Test func theLayoutOfALineIsMinedFromItsSensors() throws {
    let (line, _) = try mined(lineLog(seed: 1, parts: 700))
    func node(_ name: String) -> Int { line.nodes.firstIndex(of: name)! }
    #expect(line.nodes == ["BOX", "EXIT", "IN", "OVEN", "PACK", "SCRAP"] && line.classes == ["BOX", "PART"])
    let assembly = try #require(line.assemblies.first)
    #expect(line.assemblies.count == 1 && assembly.intake == node("PACK") && assembly.output == node("BOX"))
    #expect(assembly.sizes == [0, 4] && assembly.becomes[1] == 0 && assembly.spareRoom == 0)
    #expect(abs(assembly.process.law.mean - 12) < 0.3)
    let branch = try #require(line.branches.first)
    #expect(line.branches.count == 1 && branch.node == node("OVEN") && line.links[branch.aside].to == node("SCRAP"))
    #expect(branch.since == nil && abs(Double(branch.youngAside) / Double(branch.youngAside + branch.youngOn) - 0.1) < 0.04)
    let rest = try #require(line.breaks.first { $0.signal == "rest" })
    #expect(rest.node == node("BOX") && abs(rest.working.law.mean - 600) < 30 && abs(rest.pause.law.mean - 90) < 10)
    // What the signal tells is not taken for a stop of its own.
    #expect(line.breaks.count == 1)
    let source = try #require(line.sources.first)
    #expect(source.node == node("IN") && source.ceiling == nil && abs((source.interval[1]?.law.mean ?? 0) - 10) < 0.1)
    #expect(line.journeys.map { line.name($0) } == ["BOX → EXIT", "IN → PACK"])
  }

  @Test func theStateAtACutHoldsEveryPartThatIsInTheLine() throws {
    let log = lineLog(seed: 2, parts: 400)
    let cut = 3001.0
    guard case .line(let line, let state) = try LogStudy.calibrate(log, at: Instant(seconds: cut)).content else { throw MiningError.noPassages }
    // Counted by hand: parts seen at one sensor by then and not at the next.
    func seen(_ sensor: String) -> Int { log.events.count { $0.activity == sensor && $0.began.seconds <= cut } }
    func inside(_ from: String, _ to: String) -> Int {
      state.links[line.links.firstIndex { line.nodes[$0.from] == from && line.nodes[$0.to] == to }!].count
    }
    #expect(inside("IN", "OVEN") == seen("IN") - seen("OVEN"))
    #expect(inside("OVEN", "PACK") == seen("OVEN") - seen("PACK") - seen("SCRAP"))
    #expect(state.stations[0].parts.count == seen("PACK") - 4 * seen("BOX"))
    #expect(inside("BOX", "EXIT") == seen("BOX") - seen("EXIT"))
  }

  @Test func whatALineWillDoIsForetoldWithHonestIntervals() throws {
    var (mass, periods) = (0.0, 0.0)
    var (score, past) = (0.0, 0.0)
    for seed in 1...3 as ClosedRange<UInt64> {
      let result = try LogStudy.backtest(
        lineLog(seed: seed, parts: 800), cut: Instant(seconds: 4800), until: Instant(seconds: 7500), period: 180, replications: 30, seed: seed)
      let exits = try #require(result.report.counters.first { $0.name == "EXIT" })
      #expect(abs(exits.relativeError) < 0.08)
      score += exits.score
      past += exits.pastScore
      mass += exits.massCoverage * Double(exits.periods)
      periods += Double(exits.periods)
      let boxes = try #require(result.report.cycleTimes.first { $0.name == "BOX → EXIT" })
      #expect(abs(boxes.relativeError) < 0.01)
    }
    #expect(mass / periods > 0.7 && score < 0.8 * past)
  }

  @Test func itemsBelongToClassesByTheirNames() {
    #expect(SensorHistory.itemClass("PZ_1000_17") == "PZ_1000" && SensorHistory.itemClass("box-7") == "box" && SensorHistory.itemClass("42") == "")
  }
}
