import Determinism
import Foundation
import Probability
import Simulation
import Testing

private func faults(_ line: LineSpec) -> [String] {
  do { _ = try LineSimulation(line) } catch {
    if case .invalidLine(let faults) = error { return faults }
  }
  return []
}

/// A line with a source, two products, a crew and a vehicle, all in order.
private func soundLine() -> LineSpec {
  var line = serial([.constant(1), .constant(1), .constant(1)], capacities: [4, 4])
  line.stations[0].inputs = [InputSpec(buffer: 2, count: 1)]
  line.buffers.append(BufferSpec(name: "In", capacity: 5, transit: 0))
  line.sources = [SourceSpec(name: "Depot", into: 3, lot: 2, interval: .constant(2))]
  line.buffers.append(BufferSpec(name: "Dock", capacity: 5, transit: 0))
  line.products = [ProductSpec(name: "A"), ProductSpec(name: "B")]
  line.crews = [CrewSpec(name: "Team", count: 2, skills: ["weld"])]
  line.fleets = [FleetSpec(name: "Fleet", vehicles: 1)]
  line.transports = [TransportSpec(name: "Way", fleet: 0, from: 3, to: 2, approach: .constant(1), haul: .constant(1))]
  line.cardLoops = [CardLoopSpec(name: "Loop", cards: 3, sources: [0])]
  return line
}

@Test func badModelsOfEveryKindAreRefusedWithASentence() throws {
  #expect(faults(soundLine()) == [])
  let cases: [((inout LineSpec) -> Void, String)] = [
    (
      {
        $0.stations[1].output = 0; $0.buffers[0].capacity = 0
      }, "station M2: feeds itself through a buffer of capacity 0"
    ),
    (
      {
        $0.stations[2].output = 0
        $0.buffers[0].capacity = 0
        $0.buffers[1].capacity = 0
      }, "stations M2, M3 hand over to each other in a ring without any room"
    ),
    ({ $0.stations[0].output = 9 }, "station M1: there is no buffer 9"), ({ $0.sources[0].into = -1 }, "source Depot: there is no buffer -1"),
    (
      {
        $0.stations[2].output = 4; $0.buffers.append(BufferSpec(name: "Nowhere", capacity: 1, transit: 0))
      }, "Nowhere, from which nobody takes"
    ),
    ({ $0.products[0].route = [StepSpec(buffer: 7)] }, "product A: there is no buffer 7"),
    ({ $0.stations[0].routing = .chance([BranchSpec(buffer: 8, share: 1)]) }, "there is no buffer 8"),
    ({ $0.stations[0].routing = .chance([BranchSpec(buffer: 1, share: 0.4)]) }, "must add up to 1"),
    ({ $0.stations[0].routing = .chance([BranchSpec(buffer: 1, share: .nan)]) }, "must add up to 1"),
    ({ $0.stations[0].routing = .emptiest([]) }, "routes to no buffer"), ({ $0.stations[0].routing = .disassembly([]) }, "must yield parts"),
    ({ $0.stations[0].cycle = .constant(-1) }, "station M1: cycle: value is -1.0"),
    ({ $0.stations[0].cycle = .gamma(mean: .nan, cv: 1) }, "station M1: cycle"), ({ $0.sources[0].interval = .exponential(mean: -2) }, "interval"),
    ({ $0.transports[0].haul = .constant(.infinity) }, "transport Way: haul"), ({ $0.buffers[0].headway = .nan }, "headway"),
    ({ $0.stations[0].batch = BatchSpec(least: 6, most: 8) }, "waits for 6 parts, and buffer In holds 5"),
    ({ $0.stations[0].batch = BatchSpec(least: 3, most: 2) }, "batches of 3 to 2"),
    (
      {
        $0.transports[0].least = 7; $0.transports[0].load = 7
      }, "which holds less than a load"
    ),
    ({ $0.stations[0].needs = [NeedSpec(skill: "solder")] }, "station M1: no crew has skill solder"),
    ({ $0.stations[0].needs = [NeedSpec(skill: "weld", count: 3)] }, "needs 3 with skill weld, and there are 2"),
    ({ $0.stations[0].needs = [NeedSpec(skill: "weld", count: 0)] }, "needs 0 with skill weld"),
    ({ $0.cardLoops[0].cards = 0 }, "card loop Loop: 0 cards let nothing through"), ({ $0.cardLoops[0].sources = [4] }, "there is no source 4"),
    (
      {
        $0.stations[1].name = "M1.2"; $0.stations[0].machines = 2
      }, "two stations are called M1.2"
    ),
    ({ $0.stations[0].machines = .max }, "machines: 9223372036854775807 are more than"),
    ({ $0.stations[0].batch = BatchSpec(least: 1, most: .max) }, "are more than"), ({ $0.sources[0].lot = .max }, "are more than"),
    (
      {
        $0.fleets[0].vehicles = 10_000; $0.transports[0].load = 10_000
      }, "its vehicles hold more than"
    ),
    ({ $0.stations[0].closures = [ClosureSpec(start: .nan, end: 3)] }, "is no span"), ({ $0.sources[0].outagePeriod = 0 }, "a period of 0.0 s"),
    ({ $0.crews[0].skills = [] }, "crew Team: has no skill"), ({ $0.sources[0].mix = [0.5] }, "a mix of 1 shares for 2 products"),
  ]
  for (change, expected) in cases {
    var line = soundLine()
    change(&line)
    #expect(faults(line).contains { $0.contains(expected) }, "\(expected) is not in \(faults(line))")
  }
}

/// Two cards for the whole line, and an oven that waits for three parts.
@Test func aCardLoopThatStarvesItselfIsReportedWithItsSource() throws {
  var line = queue(arrivals: .constant(1), service: .constant(1))
  line.stations[0].batch = BatchSpec(least: 3, most: 3)
  line.cardLoops = [CardLoopSpec(name: "CONWIP", cards: 2, sources: [0])]
  let result = try simulate(line: line, seed: 1, horizon: 100)
  let deadlock = try #require(result.deadlock)
  #expect(deadlock.waits.map(\.station) == ["S0", "Arrivals"] && deadlock.waits.map(\.cards) == [[], ["CONWIP"]])
  #expect(deadlock.description.contains("Arrivals is without a card of CONWIP"))
  #expect(result.balance.after == 2 && result.good == 0)
  line.cardLoops[0].cards = 3
  #expect(try simulate(line: line, seed: 1, horizon: 100).deadlock == nil)
}

/// The one man who runs the machine also mends it.
@Test func peopleMendTheMachineThatTheyWereWorkingAt() throws {
  for clock in [StoppageSpec.Clock.operating, .calendar] {
    var line = serial([.constant(10)], capacities: [])
    line.crews = [CrewSpec(name: "Smith", count: 1, skills: ["turn", "mend"])]
    line.stations[0].needs = [NeedSpec(skill: "turn")]
    var failure = StoppageSpec(interval: .constant(25), length: .constant(5))
    (failure.clock, failure.need) = (clock, NeedSpec(skill: "mend"))
    line.stations[0].failure = failure
    let result = try simulate(line: line, seed: 1, horizon: 90)
    // 25 s of work and 5 s of repair, again and again.
    #expect(result.stations[0].times.failed == 15 && result.stations[0].times.working == 75 && result.good == 7, "\(clock): \(result.stations[0])")
    #expect(result.crews[0].utilisation == 1)
  }
}

/// A belt that stands lets nobody on, whatever room it has: the part goes to the other buffer.
@Test func theEmptiestBufferIsOneThatTakes() throws {
  var line = LineSpec(
    stations: [
      StationSpec(name: "Split", inputs: [], output: nil, cycle: .constant(1)),
      StationSpec(name: "Slow", inputs: [InputSpec(buffer: 0, count: 1)], output: nil, cycle: .constant(1000)),
      StationSpec(name: "Fast", inputs: [InputSpec(buffer: 1, count: 1)], output: nil, cycle: .constant(2)),
    ],
    buffers: [BufferSpec(name: "Belt", capacity: 5, transit: 1, accumulates: false), BufferSpec(name: "Rack", capacity: 3, transit: 0)], sources: [])
  line.stations[0].routing = .emptiest([0, 1])
  let result = try simulate(line: line, seed: 1, horizon: 100)
  #expect(result.final.levels[0] < 5 && result.stations[2].produced > 40, "\(result.final.levels), \(result.stations[2].produced)")
}

/// A number in a sound line is replaced by one of another world: the line is refused, or finishes with its books closed, or runs out of events.
@Test func noNumberWhateverBringsTheEngineDown() throws {
  var (refused, finished, endless, unreadable) = (0, 0, 0, 0)
  let encoder = JSONEncoder()
  let decoder = JSONDecoder()
  encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  let count = environment("TAKT_FUZZ", else: 400)
  for seed in 0..<count {
    var random = RandomLines(seed: seed &+ 50_000 &+ environment("TAKT_FUZZ_FROM", else: 0))
    var tree = try JSONSerialization.jsonObject(with: encoder.encode(random.line()))
    let places = numbers(in: tree)
    for _ in 0..<random.count(1...2) {
      var place = random.count(0...places - 1)
      let odd: Any = random.among(
        [
          -1, 0, 1, 1_000_000, Int.max, Int.min, 1e-300, 1e300, -0.5, 0.5, 1e9, "nan", "inf", "-inf", Double.leastNonzeroMagnitude,
        ] as [any Sendable])
      tree = replaced(tree, &place, odd)
    }
    guard let line = try? decoder.decode(LineSpec.self, from: JSONSerialization.data(withJSONObject: tree)) else {
      unreadable += 1
      continue
    }
    do {
      let result = try LineSimulation(line).replicate(seed: seed, horizon: 40, eventBudget: 20_000)
      finished += 1
      for breach in breaches(of: result, line, horizon: 40) { Issue.record("seed \(seed): \(breach)") }
    } catch {
      switch error {
      case .invalidLine(let faults):
        refused += 1
        #expect(!faults.isEmpty)
      case .tooManyEvents: endless += 1
      default: Issue.record("seed \(seed): \(error)")
      }
    }
  }
  print("random lines with odd numbers: \(refused) refused, \(finished) finished, \(endless) out of events, \(unreadable) unreadable")
  #expect(refused > 20 && finished > 20)
}

/// Numbers in a tree of JSON, and the same tree with one of them replaced.
private func numbers(in tree: Any) -> Int {
  switch tree {
  case let list as [Any]: list.reduce(0) { $0 + numbers(in: $1) }
  case let object as [String: Any]: object.values.reduce(0) { $0 + numbers(in: $1) }
  case let text as String: ["inf", "-inf", "nan"].contains(text) ? 1 : 0
  default: tree is Bool && !(tree is NSNumber) ? 0 : 1
  }
}

private func replaced(_ tree: Any, _ place: inout Int, _ odd: Any) -> Any {
  switch tree {
  case let list as [Any]: return list.map { replaced($0, &place, odd) }
  case let object as [String: Any]:
    var copy = object
    for key in object.keys.sorted() { copy[key] = replaced(object[key]!, &place, odd) }
    return copy
  case is String: return tree
  default:
    defer { place -= 1 }
    return place == 0 ? odd : tree
  }
}
