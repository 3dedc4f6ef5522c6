import Probability
import Simulation
import Testing

/// Two stations in a ring whose buffers are full: each waits for the other.
@Test func aRingOfFullBuffersIsReportedWithItsStations() throws {
  let line = LineSpec(
    stations: [
      StationSpec(name: "A", inputs: [InputSpec(buffer: 1, count: 1)], output: 0, cycle: .constant(2)),
      StationSpec(name: "B", inputs: [InputSpec(buffer: 0, count: 1)], output: 1, cycle: .constant(3)),
      StationSpec(name: "Elsewhere", inputs: [], output: nil, cycle: .constant(1)),
    ],
    buffers: [BufferSpec(name: "toB", capacity: 1, transit: 0), BufferSpec(name: "toA", capacity: 1, transit: 0)], sources: [])
  let full = LineState(
    levels: [1, 1],
    stations: [StationState(condition: .working(elapsed: 0)), StationState(condition: .working(elapsed: 0)), StationState(condition: .idle)])
  let result = try simulate(line: line, state: full, seed: 1, horizon: 100)
  let deadlock = try #require(result.deadlock)
  #expect(deadlock.waits.map(\.station) == ["A", "B"] && deadlock.waits.map(\.on) == [["B"], ["A"]])
  #expect(deadlock.waits.allSatisfy(\.blocked) && deadlock.waits.map(\.buffers) == [["toB"], ["toA"]])
  #expect(deadlock.since == 3 && result.stations[2].produced == 100)
  #expect(deadlock.description.contains("A is blocked at toB and waits for B"))
  // One part less, and they go on for ever.
  let fine = LineState(levels: [1, 0], stations: full.stations)
  #expect(try simulate(line: line, state: fine, seed: 1, horizon: 100).deadlock == nil)
}

/// A merge that needs what its own blockage keeps away.
@Test func aMergeThatStarvesBehindItsOwnBlockageIsReported() throws {
  // Split sends everything by one way; Join lacks the other kind, which only a dead station could make.
  let line = LineSpec(
    stations: [
      StationSpec(name: "First", inputs: [], output: 0, cycle: .constant(1)),
      StationSpec(name: "Join", inputs: [InputSpec(buffer: 0, count: 1), InputSpec(buffer: 1, count: 1)], output: 2, cycle: .constant(1)),
      StationSpec(name: "Back", inputs: [InputSpec(buffer: 2, count: 1)], output: 1, cycle: .constant(1)),
    ],
    buffers: (0..<3).map { BufferSpec(name: "B\($0)", capacity: 2, transit: 0) }, sources: [])
  let result = try simulate(line: line, seed: 1, horizon: 50)
  let deadlock = try #require(result.deadlock)
  #expect(deadlock.waits.map(\.station) == ["First", "Join", "Back"])
  #expect(deadlock.waits.map(\.blocked) == [true, false, false])
  #expect(deadlock.waits[1].on == ["Back"] && deadlock.waits[2].on == ["Join"])
}

@Test func linesThatRunOrRunEmptyAreNoDeadlock() throws {
  #expect(try simulate(line: exponentialLine(5, capacity: 0, mttf: 100), seed: 1, horizon: 500).deadlock == nil)
  var empty = serial([.constant(1), .constant(50)], capacities: [1])
  empty.stations[0].inputs = [InputSpec(buffer: 1, count: 1)]
  empty.buffers.append(BufferSpec(name: "In", capacity: 9, transit: 0))
  // Nothing feeds In: once the second station is done, the line is empty.
  let state = LineState(levels: [0, 2], stations: [StationState(condition: .idle), StationState(condition: .idle)])
  let result = try simulate(line: empty, state: state, seed: 1, horizon: 500)
  #expect(result.deadlock == nil && result.good == 2)
  // Stopped by a long repair or a closure is not dead either.
  var closed = serial([.constant(1), .constant(1)], capacities: [1])
  closed.stations[1].closures = [ClosureSpec(start: 10, end: 1e9)]
  #expect(try simulate(line: closed, seed: 1, horizon: 500).deadlock == nil)
}

@Test func badModelsAreRefusedWithEveryFault() throws {
  func faults(_ change: (inout LineSpec) -> Void) -> [String] {
    var line = serial([.constant(1), .constant(1)], capacities: [1])
    change(&line)
    do {
      _ = try LineSimulation(line)
      return []
    } catch {
      guard case .invalidLine(let faults) = error else { return [] }
      return faults
    }
  }
  let cases: [((inout LineSpec) -> Void, String)] = [
    ({ $0.stations = [] }, "no stations"), ({ $0.stations[0].cycle = .constant(-1) }, "station M1: cycle: value is -1.0"),
    ({ $0.stations[0].cycle = .constant(0) }, "stand still"), ({ $0.stations[0].cycle = .exponential(mean: .nan) }, "nan"),
    ({ $0.stations[1].name = "M1" }, "called M1"), ({ $0.stations[0].output = 7 }, "no buffer 7"),
    ({ $0.stations[1].inputs[0].count = 0 }, "takes 0 parts"), ({ $0.stations[1].inputs[0].buffer = -1 }, "no buffer -1"),
    ({ $0.buffers[0].capacity = -2 }, "capacity -2"), ({ $0.buffers[0].transit = .infinity }, "transit"),
    ({ ($0.buffers[0].capacity, $0.buffers[0].transit) = (0, 3) }, "cannot travel"), ({ $0.stations[0].scrap = 1.5 }, "no probability"),
    ({ $0.stations[0].scrap = .nan }, "no probability"), ({ $0.stations[0].closures = [ClosureSpec(start: 5, end: 1)] }, "is no span"),
    ({ $0.stations[0].closures = [ClosureSpec(start: 0, end: 9), ClosureSpec(start: 3, end: 12)] }, "before the one before"),
    ({ $0.stations[0].failure = StoppageSpec(interval: .constant(0), length: .constant(1)) }, "failure interval"),
    ({ $0.sources = [SourceSpec(name: "D", into: 0, lot: 0, interval: .constant(1))] }, "a lot of 0"),
    ({ $0.sources = [SourceSpec(name: "D", into: 3, lot: 1, interval: .constant(0))] }, "no buffer 3"),
    (
      {
        $0.stations[1].output = 0; $0.buffers[0].capacity = 0
      }, "feeds itself"
    ),
  ]
  for (change, expected) in cases { #expect(faults(change).contains { $0.contains(expected) }, "\(expected) is not in \(faults(change))") }
  #expect(
    faults {
      $0.stations[0].scrap = 2; $0.buffers[0].capacity = -1
    }.count == 2)
}

@Test func badStatesHorizonsAndEndlessRunsAreRefused() throws {
  let simulation = try LineSimulation(serial([.constant(1), .constant(1)], capacities: [1]))
  let idle = StationState(condition: .idle)
  for state in [
    LineState(levels: [], stations: [idle, idle]), LineState(levels: [2], stations: [idle, idle]), LineState(levels: [-1], stations: [idle, idle]),
    LineState(levels: [0], stations: [idle]), LineState(levels: [0], stations: [idle, StationState(condition: .blocked)]),
    LineState(levels: [0], stations: [StationState(condition: .working(elapsed: .nan)), idle]),
    LineState(levels: [0], stations: [StationState(condition: .idle, sinceFailure: -1), idle]),
  ] {
    #expect { try simulation.replicate(from: state, seed: 1, horizon: 10) } throws: {
      if case .invalidState(let faults) = $0 as? SimulationError { faults.count == 1 } else { false }
    }
  }
  for (horizon, warmUp, instants) in [
    (0.0, 0.0, [Double]()), (.nan, 0, []), (.infinity, 0, []), (10, 10, []), (10, -1, []), (10, 0, [3, 2]), (10, 0, [11]), (10, 0, [.nan]),
  ] {
    #expect { try simulation.replicate(seed: 1, horizon: horizon, warmUp: warmUp, recording: Recording(instants: instants)) } throws: {
      if case .invalidHorizon = $0 as? SimulationError { true } else { false }
    }
  }
  #expect(throws: SimulationError.tooManyEvents(budget: 1000, at: 501)) {
    try simulation.replicate(seed: 1, horizon: 1e12, engine: .events, eventBudget: 1000)
  }
  #expect(throws: SimulationError.self) { try simulation.replicate(seed: 1, horizon: 1e12, eventBudget: 1000) }
}
