import Determinism
import Probability
import Simulation
import Testing

private func departures(_ line: LineSpec, from state: LineState? = nil, horizon: Double) throws -> [Double] {
  try simulate(line: line, state: state, seed: 1, horizon: horizon, recording: Recording(departures: true)).departures
}

@Test func partsTravelBeforeTheyMayBeTaken() throws {
  // First part at 1, arrives at 6, done at 8; the conveyor then feeds one every 2 s.
  let line = serial([.constant(1), .constant(2)], capacities: [3], transit: 5)
  let result = try simulate(line: line, seed: 1, horizon: 20, recording: Recording(departures: true))
  // With room for three, parts 1 to 3 enter at 1, 2, 3; part 4 is ready at 4 and enters when part 1 is taken, at 6.
  #expect(result.departures == [8, 10, 12, 14, 16, 18, 20])
  let tight = try departures(serial([.constant(1), .constant(2)], capacities: [1], transit: 5), horizon: 20)
  // Room for one: each part enters when the one before it is taken.
  #expect(tight == [8, 13, 18])
}

@Test func lotsWaitForRoomAndOutagesPutThemOff() throws {
  var line = LineSpec(
    stations: [StationSpec(name: "M", inputs: [InputSpec(buffer: 0, count: 1)], output: nil, cycle: .constant(1))],
    buffers: [BufferSpec(name: "In", capacity: 2, transit: 0)],
    sources: [SourceSpec(name: "Depot", into: 0, lot: 5, interval: .constant(10))])
  // The lot of 10: three move up at once (one in work, two wait), the fourth at 11, the fifth at 12; the next interval begins then.
  #expect(try departures(line, horizon: 27) == [11, 12, 13, 14, 15, 23, 24, 25, 26, 27])
  line.sources[0].outages = [ClosureSpec(start: 5, end: 7), ClosureSpec(start: 9, end: 30), ClosureSpec(start: 30, end: 31)]
  #expect(try departures(line, horizon: 37) == [32, 33, 34, 35, 36])
  let result = try simulate(line: line, seed: 1, horizon: 31.5)
  #expect(result.delivered == [3])
}

@Test func mergesTakeTheirCountsAndParallelStationsShareABuffer() throws {
  // A makes one every 1 s, B one every 3 s; a kit is 2 of A and 1 of B.
  let merge = LineSpec(
    stations: [
      StationSpec(name: "A", inputs: [], output: 0, cycle: .constant(1)), StationSpec(name: "B", inputs: [], output: 1, cycle: .constant(3)),
      StationSpec(name: "Join", inputs: [InputSpec(buffer: 0, count: 2), InputSpec(buffer: 1, count: 1)], output: nil, cycle: .constant(1)),
    ],
    buffers: [BufferSpec(name: "fromA", capacity: 1, transit: 0), BufferSpec(name: "fromB", capacity: 4, transit: 0)], sources: [])
  let result = try simulate(line: merge, seed: 1, horizon: 31, recording: Recording(departures: true))
  #expect(result.departures == (1...10).map { Double($0) * 3 + 1 })
  #expect(result.stations[0].times.blocked > 5)
  // Two stations of 4 s behind one of 2 s keep up with it.
  let parallel = LineSpec(
    stations: [
      StationSpec(name: "First", inputs: [], output: 0, cycle: .constant(2)),
      StationSpec(name: "Left", inputs: [InputSpec(buffer: 0, count: 1)], output: nil, cycle: .constant(4)),
      StationSpec(name: "Right", inputs: [InputSpec(buffer: 0, count: 1)], output: nil, cycle: .constant(4)),
    ],
    buffers: [BufferSpec(name: "B", capacity: 3, transit: 0)], sources: [])
  let shared = try simulate(line: parallel, seed: 1, horizon: 42, recording: Recording(departures: true))
  #expect(shared.departures == (3...21).map { Double($0) * 2 })
  #expect(shared.stations.map(\.produced) == [21, 10, 9])
}

@Test func scrapDefectsAndInspectionHaveTheirShares() throws {
  var line = serial([.constant(1), .constant(1), .constant(1)], capacities: [2, 2], scrap: [0.05, 0, 0])
  line.stations[0].latentDefect = 0.1
  line.stations[1].inspection = InspectionLaw(sensitivity: 0.8, falseReject: 0.02)
  line.stations[2].latentDefect = 0.01
  let result = try simulate(line: line, seed: 8, horizon: 60_000)
  let left = Double(result.good + result.escapes)
  func expectShare(_ count: Int, of n: Int, _ p: Double) {
    let error = (p * (1 - p) / Double(n)).squareRoot()
    #expect((Double(count) / Double(n) - p).magnitude < 4 * error, "\(count) of \(n), expected a share of \(p)")
  }
  expectShare(result.stations[0].rejected, of: result.stations[0].produced, 0.05)
  let found = 0.1 * 0.8 + 0.9 * 0.02
  expectShare(result.stations[1].rejected, of: result.stations[1].produced, found)
  let unseen = 0.1 * 0.2 / (1 - found)
  expectShare(result.escapes, of: Int(left), 1 - (1 - unseen) * (1 - 0.01))
  #expect(result.scrapped == result.stations.reduce(0) { $0 + $1.rejected })
}

/// Random lines of every shape: no part is lost or made, time adds up, levels stay within their bounds, and the run ends.
@Test func randomLinesConservePartsAndTime() throws {
  for seed in 0..<150 as Range<UInt64> {
    let line = randomLine(seed)
    let horizon = 2000.0
    let result = try simulate(line: line, seed: seed, horizon: horizon, warmUp: 0)
    for (b, buffer) in line.buffers.enumerated() {
      let level = result.final.levels[b]
      #expect(level >= 0 && level <= buffer.capacity, "seed \(seed), \(buffer.name): \(level)")
      #expect(result.meanLevels[b] >= 0 && result.meanLevels[b] <= Double(buffer.capacity) + 1e-9)
      var came = 0
      for (s, source) in line.sources.enumerated() where source.into == b { came += result.delivered[s] }
      for (i, station) in line.stations.enumerated() where station.output == b {
        came += result.stations[i].produced - result.stations[i].rejected - (result.final.stations[i].condition == .blocked ? 1 : 0)
      }
      // A consumer has taken whole kits for what it made and holds, and perhaps part of the next.
      var (least, most) = (0, 0)
      for (i, station) in line.stations.enumerated() {
        for input in station.inputs where input.buffer == b {
          let state = result.final.stations[i].condition
          let holds =
            switch state {
            case .working, .failed, .microstopped: 1
            case .idle, .blocked: 0
            }
          least += input.count * (result.stations[i].produced + holds)
          most +=
            input.count * (result.stations[i].produced + holds) + (state == .idle ? input.count - (line.stations[i].inputs.count == 1 ? 1 : 0) : 0)
        }
      }
      #expect(came - level >= least && came - level <= most, "seed \(seed), \(buffer.name): \(came) came, \(level) stand, \(least) to \(most) taken")
    }
    for station in result.stations { #expect((station.times.total - horizon).magnitude < 1e-6 * horizon, "seed \(seed): \(station)") }
    #expect(result.scrapped == result.stations.reduce(0) { $0 + $1.rejected })
  }
}

/// Layers of one to three stations, with or without hand-overs, merges, conveyors, stops, closures and defects.
private func randomLine(_ seed: UInt64) -> LineSpec {
  var dice = RandomStream(seed: seed, "random line")
  let laws: [Law] = [.constant(1), .exponential(mean: 1), .gamma(mean: 1.2, cv: 0.4), .uniform(low: 0, high: 2), .empirical([0, 0.5, 2])]
  var line = LineSpec(stations: [], buffers: [BufferSpec(name: "In", capacity: 1 + dice.integer(below: 9), transit: 0)], sources: [])
  line.sources = [
    SourceSpec(
      name: "Depot", into: 0, lot: 1 + dice.integer(below: 6), interval: .gamma(mean: 2, cv: 0.5), outages: [ClosureSpec(start: 100, end: 160)])
  ]
  if dice.chance(0.3) { line.sources.append(SourceSpec(name: "Second", into: 0, lot: 2, interval: .constant(3))) }
  var from = [0]
  let layers = 1 + dice.integer(below: 4)
  for layer in 0..<layers {
    let last = layer == layers - 1
    let forks = !last && dice.chance(0.3)
    var to: [Int] = []
    for k in 0..<(forks ? 2 : 1) where !last {
      let capacity = dice.integer(below: 5)
      line.buffers.append(BufferSpec(name: "B\(layer).\(k)", capacity: capacity, transit: capacity > 0 && dice.chance(0.4) ? 1.5 : 0))
      to.append(line.buffers.count - 1)
    }
    for k in 0..<max(to.count, 1 + dice.integer(below: 3)) {
      var station = StationSpec(
        name: "S\(layer).\(k)", inputs: from.map { InputSpec(buffer: $0, count: 1 + dice.integer(below: 2)) },
        output: last ? nil : to[k % to.count], cycle: laws[dice.integer(below: laws.count)])
      if dice.chance(0.5) { station.failure = StoppageSpec(interval: .exponential(mean: 15), length: .lognormal(mean: 5, cv: 1)) }
      if dice.chance(0.5) { station.microstop = StoppageSpec(interval: .weibull(mean: 5, shape: 2), length: .empirical([0, 1])) }
      if dice.chance(0.4) { station.closures = [ClosureSpec(start: -3, end: 2), ClosureSpec(start: 50, end: 90), ClosureSpec(start: 90, end: 91)] }
      if dice.chance(0.4) { (station.scrap, station.latentDefect) = (0.1, 0.1) }
      if dice.chance(0.3) { station.inspection = InspectionLaw(sensitivity: 0.9, falseReject: 0.05) }
      line.stations.append(station)
    }
    from = to
  }
  return line
}

/// One departure lets a thousand blocked stations move up at one instant.
@Test func aLongLineMovesUpInOneWave() throws {
  for capacity in [0, 1] {
    let n = 1000
    let line = serial([Law](repeating: .constant(1), count: n - 1) + [.constant(2)], capacities: [Int](repeating: capacity, count: n - 1))
    let state = LineState(
      levels: [Int](repeating: capacity, count: n - 1),
      stations: [StationState](repeating: StationState(condition: .blocked), count: n - 1) + [StationState(condition: .working(elapsed: 0))])
    let result = try simulate(line: line, state: state, seed: 1, horizon: 5, recording: Recording(departures: true))
    #expect(result.departures == [2, 4] && result.stations.dropLast().allSatisfy { $0.produced == 2 })
  }
}

@Test func whoWaitsLongestForRoomGetsItFirst() throws {
  // The second source's lot waits from 5 on, the first's from 10 on: the second's goes in first, one a second.
  let line = LineSpec(
    stations: [StationSpec(name: "M", inputs: [InputSpec(buffer: 0, count: 1)], output: nil, cycle: .constant(1))],
    buffers: [BufferSpec(name: "In", capacity: 1, transit: 0)],
    sources: [
      SourceSpec(name: "Late", into: 0, lot: 3, interval: .constant(10)), SourceSpec(name: "Early", into: 0, lot: 20, interval: .constant(5)),
    ])
  #expect(try simulate(line: line, seed: 1, horizon: 12.5).delivered == [0, 9])
}
