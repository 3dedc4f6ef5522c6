import Determinism
import LineModel
import Probability
import Simulation
import Testing

/// ANSI/ISA-TR88.00.02-2015, figure of the state model with its commands: what may follow what.
private let transitions: [PackMLState: Set<PackMLState>] = {
  var table: [PackMLState: Set<PackMLState>] = [
    // State complete.
    .clearing: [.stopped], .stopping: [.stopped], .resetting: [.idle], .starting: [.execute], .holding: [.held], .unholding: [.execute],
    .suspending: [.suspended], .unsuspending: [.execute], .completing: [.complete], .aborting: [.aborted],
    // Commands: reset, start, hold, suspend, complete, unhold, unsuspend, clear.
    .stopped: [.resetting], .idle: [.starting], .execute: [.holding, .suspending, .completing], .held: [.unholding],
    .suspended: [.unsuspending], .complete: [.resetting], .aborted: [.clearing],
  ]
  // Stop is taken in every state but those that already stop or are stopped, and those of aborting.
  for state in PackMLState.allCases where ![.undefined, .stopping, .stopped, .clearing, .aborting, .aborted].contains(state) {
    table[state]!.insert(.stopping)
  }
  // Abort in every state but the aborting ones themselves.
  for state in PackMLState.allCases where ![.undefined, .aborting, .aborted].contains(state) { table[state]!.insert(.aborting) }
  return table
}()

private func trace(_ states: [(Double, LineTrace.State)]) -> LineTrace {
  LineTrace(
    entries: states.map { LineTrace.Entry(time: $0.0, kind: .state, index: 0, value: Int32($0.1.rawValue)) }, isCut: false, stations: [0])
}

@Test(arguments: 0..<40) func everyPublishedPairIsAWayOfTheStandardAndNoSecondIsLost(seed: Int) {
  var luck = RandomStream(seed: UInt64(seed), "packml")
  var states: [(Double, LineTrace.State)] = []
  var time = luck.chance(0.5) ? 0.0 : 3
  for _ in 0..<200 {
    states.append((time, LineTrace.State.allCases[luck.integer(below: 9)]))
    // Now and then no time at all, or a blink.
    time += luck.chance(0.1) ? 0 : luck.chance(0.2) ? luck.uniform(0, 0.01) : luck.uniform(0, 60)
  }
  let records = PackMLPublisher(actingTime: luck.chance(0.3) ? 0 : luck.uniform(0, 5)).records(of: trace(states), until: time)[0]
  #expect(records[0].time == 0 && records[0].state == (states[0].0 > 0 ? .suspended : PackMLPublisher.rest(in: states.last { $0.0 == 0 }!.1).0))
  // Until it is heard of it is starved.
  if states[0].0 > 0 { states.insert((0, .starved), at: 0) }
  for (a, b) in zip(records, records.dropFirst()) {
    #expect(a.time <= b.time && a != b)
    if a.state == b.state {
      #expect(a.state == .stopped && a.mode != b.mode, "seed \(seed): \(a) then \(b)")
    } else {
      #expect(transitions[a.state]!.contains(b.state), "seed \(seed): \(a) then \(b)")
    }
  }
  // Seconds by what the machine was doing, from the trace and from what was published.
  func total(_ wanted: Set<LineTrace.State>) -> Double {
    zip(states, states.dropFirst().map(\.0) + [time]).reduce(0) { $0 + (wanted.contains($1.0.1) ? $1.1 - $1.0.0 : 0) }
  }
  func published(_ wanted: Set<PackMLState>) -> Double {
    zip(records, records.dropFirst().map(\.time) + [time]).reduce(0) { $0 + (wanted.contains($1.0.state) ? $1.1 - $1.0.time : 0) }
  }
  let pairs: [(Set<LineTrace.State>, Set<PackMLState>)] = [
    ([.working], [.execute]), ([.starved, .blocked], [.suspending, .suspended, .unsuspending]),
    ([.microstopped, .waiting], [.holding, .held, .unholding]),
    ([.failed, .closed, .setup, .maintenance], [.aborting, .aborted, .clearing, .stopping, .stopped, .resetting, .idle, .starting]),
  ]
  for (simulated, shown) in pairs {
    #expect(
      (total(simulated) - published(shown)).magnitude < 1e-6, "seed \(seed): \(simulated): \(total(simulated)) s, published \(published(shown)) s")
  }
}

@Test func aFailureComesBackByClearingStoppedResettingIdleAndStarting() {
  let records = PackMLPublisher(actingTime: 1).records(of: trace([(0, .working), (10, .failed), (40, .working)]), until: 50)[0]
  #expect(records.map(\.state) == [.execute, .aborting, .aborted, .clearing, .stopped, .resetting, .idle, .starting, .execute])
  #expect(records.map(\.time) == [0, 10, 11, 35, 36, 37, 38, 39, 40])
  #expect(records.allSatisfy { $0.mode == .production })
}

@Test func upkeepAndSetUpAreStoppedInModesOfTheirOwn() {
  let records = PackMLPublisher(actingTime: 1).records(
    of: trace([(0, .working), (10, .setup), (20, .maintenance), (40, .starved), (60, .working)]), until: 70)[0]
  let resting = records.filter { !$0.state.isActing && $0.state != .idle }
  #expect(resting.map(\.state) == [.execute, .stopped, .stopped, .execute, .suspended, .execute])
  #expect(resting.map(\.mode) == [.production, .setup, .maintenance, .production, .production, .production])
}

@Test func aShortStopIsTooShortForItsActingStatesAndKeepsItsLength() {
  let records = PackMLPublisher(actingTime: 10).records(of: trace([(0, .working), (10, .microstopped), (14, .working)]), until: 20)[0]
  #expect(records.map(\.state) == [.execute, .holding, .held, .unholding, .execute])
  #expect(records.map(\.time) == [0, 10, 11, 13, 14])
}

@Test func aSimulatedLinePublishesWhatItDid() throws {
  var cut = StationSpec(
    name: "Cut", inputs: [InputSpec(buffer: 0, count: 1)], output: 1, cycle: .exponential(mean: 3),
    failure: StoppageSpec(interval: .exponential(mean: 300), length: .exponential(mean: 60)),
    microstop: StoppageSpec(interval: .exponential(mean: 100), length: .exponential(mean: 5)), closures: [ClosureSpec(start: 1000, end: 1500)])
  cut.machines = 2
  let pack = StationSpec(name: "Pack", inputs: [InputSpec(buffer: 1, count: 1)], output: nil, cycle: .exponential(mean: 2))
  let line = LineSpec(
    stations: [cut, pack], buffers: [BufferSpec(name: "In", capacity: 20, transit: 0), BufferSpec(name: "B", capacity: 3, transit: 0)],
    sources: [SourceSpec(name: "Depot", into: 0, lot: 10, interval: .constant(18))])
  let result = try LineSimulation(line).replicate(seed: 5, horizon: 3000, recording: Recording(trace: true))
  let all = PackMLPublisher().records(of: try #require(result.trace), until: 3000)
  #expect(all.count == 3)
  for records in all {
    for (a, b) in zip(records, records.dropFirst()) { #expect(a.time <= b.time && transitions[a.state]!.contains(b.state), "\(a) then \(b)") }
  }
  func execute(_ records: [PackMLRecord]) -> Double {
    zip(records, records.dropFirst().map(\.time) + [3000]).reduce(0) { $0 + ($1.0.state == .execute ? $1.1 - $1.0.time : 0) }
  }
  #expect((execute(all[0]) + execute(all[1]) - result.stations[0].times.working).magnitude < 1e-6)
  #expect((execute(all[2]) - result.stations[1].times.working).magnitude < 1e-6)
  #expect(Set(all[0].map(\.state)).isSuperset(of: [.execute, .aborted, .held, .stopped, .suspended, .idle, .resetting]))
}
