import Determinism
import Foundation
import Probability
import Simulation
import Testing

/// What must hold of any result of any line, in a sentence each.
func breaches(of result: LineResult, _ line: LineSpec, horizon: Double) -> [String] {
  var breaches: [String] = []
  func expect(_ holds: Bool, _ what: @autoclosure () -> String) { if !holds { breaches.append(what()) } }
  let slack = 1e-9 * (1 + horizon)
  let b = result.balance
  expect(b.before + b.delivered + b.made + b.split == b.left + b.scrapped + b.merged + b.after, "the balance does not close: \(b)")
  expect(b.delivered == result.delivered.reduce(0, +) && b.left == result.good + result.escapes && b.scrapped == result.scrapped, "not its balance")
  expect([b.before, b.delivered, b.made, b.split, b.left, b.scrapped, b.merged, b.after].allSatisfy { $0 >= 0 }, "negative: \(b)")
  expect(b.after >= result.final.levels.reduce(0, +), "more in buffers than in the line")
  expect(result.span >= 0 && result.span <= horizon + slack, "span \(result.span)")
  for (station, spec) in zip(result.stations, line.stations) {
    let t = station.times
    let all = [t.working, t.starved, t.blocked, t.failed, t.microstopped, t.closed, t.setup, t.maintenance, t.waiting]
    expect(all.allSatisfy { $0 >= -slack }, "negative time at \(station.name): \(t)")
    expect((t.total - result.span * Double(spec.machines)).magnitude <= slack, "times of \(station.name) add up to \(t.total), not \(result.span)")
    expect(station.produced >= 0 && station.rejected >= station.reworked && station.reworked >= 0 && station.setups >= 0, "counts of \(station)")
    expect(station.energy.map { $0.total >= 0 } ?? true, "energy of \(station.name)")
  }
  for (k, (buffer, spec)) in zip(result.buffers, line.buffers).enumerated() {
    expect(buffer.meanLevel >= -slack && buffer.meanLevel <= Double(spec.capacity) + slack, "level of \(buffer)")
    expect(buffer.mostParts >= result.final.levels[k] && buffer.mostParts <= spec.capacity, "most in \(buffer)")
    expect(buffer.waited >= 0 && buffer.waited <= buffer.taken && buffer.meanWait >= 0, "waits of \(buffer)")
  }
  for source in result.sources { expect(source.delivered >= 0 && source.lost >= 0, "\(source)") }
  expect(result.leadTime.count == b.left && result.leadTime.least >= 0 && result.leadTime.most <= horizon, "lead time \(result.leadTime)")
  if !result.products.isEmpty {
    expect(result.products.reduce(0) { $0 + $1.good } == result.good, "products do not add up")
    expect(result.products.reduce(0) { $0 + $1.scrapped } == result.scrapped, "products' scrap does not add up")
  }
  for order in result.orders {
    expect(order.good + order.scrapped <= order.quantity, "\(order)")
    expect((order.completed != nil) == (order.good + order.scrapped == order.quantity), "\(order)")
  }
  for crew in result.crews { expect(crew.utilisation >= 0 && crew.utilisation <= 1 + 1e-9, "\(crew)") }
  for (way, spec) in zip(result.transports, line.transports) {
    expect(way.parts >= way.trips && way.parts <= way.trips * spec.load, "\(way)")
    expect(way.busy >= 0 && way.busy <= result.span * Double(line.fleets[spec.fleet].vehicles) + slack, "\(way)")
  }
  for (loop, spec) in zip(result.cardLoops, line.cardLoops) {
    expect(loop.meanInUse >= -slack && loop.meanInUse <= Double(spec.cards) + slack, "\(loop) of \(spec.cards)")
  }
  expect(zip(result.departures, result.departures.dropFirst()).allSatisfy { $0 <= $1 }, "departures out of order")
  expect(zip(result.curve, result.curve.dropFirst()).allSatisfy { $0 <= $1 }, "a curve that falls")
  expect(result.final.faults(for: line).isEmpty, "a final state that is none: \(result.final.faults(for: line))")
  if let trace = result.trace { breaches += traceBreaches(of: trace, result, line) }
  return breaches
}

/// The trace of a run without warm-up tells the same as its totals.
private func traceBreaches(of trace: LineTrace, _ result: LineResult, _ line: LineSpec) -> [String] {
  var breaches: [String] = []
  var levels = line.buffers.map { _ in 0 }
  var left = 0
  var states = trace.stations.map { _ in (state: LineTrace.State.starved, since: 0.0) }
  var times = line.stations.map { _ in [Double](repeating: 0, count: LineTrace.State.allCases.count) }
  var rejected = trace.stations.map { _ in 0 }
  for entry in trace.entries {
    let k = Int(entry.index)
    switch entry.kind {
    case .state:
      times[trace.stations[k]][states[k].state.rawValue] += entry.time - states[k].since
      states[k] = (LineTrace.State(rawValue: Int(entry.value))!, entry.time)
    case .level:
      levels[k] = Int(entry.value)
      if levels[k] < 0 || levels[k] > line.buffers[k].capacity { breaches.append("level \(levels[k]) of \(line.buffers[k].name)") }
    case .left: left = Int(entry.value)
    case .rejected: rejected[k] = Int(entry.value)
    case .produced: break
    }
  }
  for (k, state) in states.enumerated() { times[trace.stations[k]][state.state.rawValue] += result.span - state.since }
  if levels != result.final.levels { breaches.append("levels \(levels) of the trace, \(result.final.levels) of the result") }
  if left != result.balance.left { breaches.append("\(left) left by the trace, \(result.balance.left) by the result") }
  for (s, station) in result.stations.enumerated() {
    let t = station.times
    let own = [t.working, t.starved, t.blocked, t.failed, t.microstopped, t.closed, t.setup, t.maintenance, t.waiting]
    if !zip(times[s], own).allSatisfy({ ($0 - $1).magnitude < 1e-6 }) {
      breaches.append("times of \(station.name): \(times[s]) by the trace, \(own)")
    }
    let all = zip(trace.stations, rejected).reduce(0) { $0 + ($1.0 == s ? $1.1 : 0) }
    if all != station.rejected { breaches.append("\(all) rejected at \(station.name) by the trace, \(station.rejected) by the result") }
  }
  return breaches
}

/// TAKT_FUZZ and TAKT_FUZZ_FROM: how many lines, and from which seed.
func environment(_ name: String, else value: UInt64) -> UInt64 { ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } ?? value }

/// Whatever is put together gives a refusal, a result whose books close, or a report of who waits for whom; never a hang.
@Test func randomLinesAreRefusedOrFinishWithTheirBooksClosed() throws {
  var (refused, finished, dead, stillborn) = (0, 0, 0, 0)
  let first = environment("TAKT_FUZZ_FROM", else: 0)
  let count = environment("TAKT_FUZZ", else: 500)
  for seed in first..<first + count {
    var random = RandomLines(seed: seed)
    let line = random.line()
    let simulation: LineSimulation
    do { simulation = try LineSimulation(line) } catch {
      guard case .invalidLine(let faults) = error, !faults.isEmpty else { Issue.record("seed \(seed): \(error)"); continue }
      refused += 1
      continue
    }
    let horizon = random.among([60, 150, 300.5])
    let traces = random.chance(0.3)
    let warmUp = !traces && random.chance(0.4) ? 41.5 : 0
    let parts: Int? = random.chance(0.2) ? random.count(1...30) : nil
    let sampling: Sampling = random.chance(0.2) ? .inverse(antithetic: random.chance(0.5)) : .direct
    let recording = Recording(instants: [10, 50, 59], departures: true, trace: traces)
    func run(_ horizon: Double, from state: LineState? = nil) throws -> LineResult {
      try simulation.replicate(
        from: state, seed: seed, replication: 1, horizon: horizon, parts: parts, warmUp: warmUp, recording: recording, sampling: sampling,
        eventBudget: 300_000)
    }
    let result: LineResult
    do { result = try run(horizon) } catch SimulationError.tooManyEvents {
      Issue.record("seed \(seed): too many events")
      continue
    }
    finished += 1
    for breach in breaches(of: result, line, horizon: horizon) { Issue.record("seed \(seed): \(breach)") }
    #expect(try run(horizon) == result, "seed \(seed): not the same again")
    // The final state is a state to start from, as any.
    if !traces {
      let next = try run(horizon, from: result.final)
      for breach in breaches(of: next, line, horizon: horizon) { Issue.record("seed \(seed), restarted: \(breach)") }
    }
    // Who is reported dead never makes anything again; and where all stands still, somebody is reported.
    let later = try simulation.replicate(
      seed: seed, replication: 1, horizon: 3 * horizon, warmUp: horizon, engine: .events, sampling: sampling, eventBudget: 300_000)
    if let deadlock = result.deadlock, parts == nil {
      dead += 1
      for wait in deadlock.waits {
        if let s = line.stations.firstIndex(where: { $0.name == wait.station }) {
          #expect(later.stations[s].produced == 0, "seed \(seed): \(wait.station) was reported dead: \(deadlock)")
        }
      }
      #expect(later.deadlock != nil, "seed \(seed): no more dead: \(deadlock) \(later.final)")
    }
    let holds = later.final.stations.contains { $0.condition == .blocked }
    let stands = later.stations.allSatisfy { $0.produced == 0 && $0.times.working + $0.times.failed + $0.times.closed + $0.times.waiting == 0 }
    if holds && stands {
      stillborn += 1
      #expect(later.deadlock != nil, "seed \(seed): stands still and does not say so: \(later.final) \(later.cardLoops)")
    }
  }
  print("random lines: \(refused) refused, \(finished) finished, of these \(dead) with a deadlock, \(stillborn) stand still")
  #expect(refused < Int(count) / 2)
}

/// Found by seed 25696: a station that has shelved work, and holds a part for its own full buffer, will never take the work up again.
@Test func shelvedWorkDoesNotHideADeadlock() throws {
  var random = RandomLines(seed: 25696)
  let result = try LineSimulation(random.line()).replicate(seed: 25696, horizon: 20_000)
  let deadlock = try #require(result.deadlock)
  #expect(deadlock.waits.contains { $0.station == "S1" && $0.blocked && $0.buffers == ["B1"] })
}
