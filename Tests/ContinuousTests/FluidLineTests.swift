import Continuous
import Foundation
import Probability
import Testing

private func twoMachines(_ l1: Double, _ m1: Double, _ l2: Double, _ m2: Double, _ capacity: Double) -> FluidLine {
  FluidLine(
    machines: [
      .init("first", rate: 1, failure: .init(.calendar, up: .exponential(mean: 1 / l1), down: .exponential(mean: 1 / m1))),
      .init("second", rate: 1, failure: .init(.calendar, up: .exponential(mean: 1 / l2), down: .exponential(mean: 1 / m2))),
    ], tanks: [.init(capacity: capacity, level: capacity / 2)])
}

/// Throughput of two synchronous exponential machines, failures by calendar time: e₂·(1 − Q).
///
/// - Source: J. Li, S. M. Meerkov, Production Systems Engineering, section 11.1, doi:10.1007/978-0-387-75579-3.
private func exactThroughput(_ l1: Double, _ m1: Double, _ l2: Double, _ m2: Double, _ capacity: Double) -> Double {
  let (e1, e2) = (m1 / (l1 + m1), m2 / (l2 + m2))
  let (failures, repairs) = (l1 + l2, m1 + m2)
  let difference = l1 * m2 - l2 * m1
  let starved: Double
  if abs(difference) < 1e-12 {
    starved = (1 - e1) * failures * repairs / (failures * repairs + l2 * m1 * (failures + repairs) * capacity)
  } else {
    let phi = e1 * (1 - e2) / (e2 * (1 - e1))
    let beta = (failures + repairs) * difference / (failures * repairs)
    starved = (1 - e1) * (1 - phi) / (1 - phi * exponential(-beta * capacity))
  }
  return e2 * (1 - starved)
}

@Suite struct FluidLineTests {
  /// (λ₁, μ₁, λ₂, μ₂, tank, throughput): published or computed from the published formula.
  @Test(arguments: [
    (0.01, 0.1, 0.01, 0.1, 10.0, 0.8557718), (0.01, 0.1, 0.02, 0.15, 5, 0.8246995), (0.05, 0.2, 0.05, 0.2, 0, 0.64),
  ])
  func twoExponentialMachinesMeetTheFormula(l1: Double, m1: Double, l2: Double, m2: Double, capacity: Double, throughput: Double) throws {
    #expect(abs(exactThroughput(l1, m1, l2, m2, capacity) - throughput) < 1e-7)
    try check(l1, m1, l2, m2, capacity, horizon: 40_000)
  }

  @Test func otherLinesMeetItToo() throws {
    try check(0.1, 0.3, 0.05, 0.4, 3, horizon: 14_000)
    try check(0.02, 0.2, 0.1, 0.5, 20, horizon: 8_000)
    try check(0.2, 1, 0.1, 0.3, 1, horizon: 14_000)
  }

  private func check(_ l1: Double, _ m1: Double, _ l2: Double, _ m2: Double, _ capacity: Double, horizon: Double) throws {
    let line = twoMachines(l1, m1, l2, m2, capacity)
    let results = try (0..<20).map { try line.run(seed: 17, replication: $0, warmUp: 500, horizon: horizon) }
    let (mean, error) = meanAndError(results.map(\.throughput))
    let exact = exactThroughput(l1, m1, l2, m2, capacity)
    #expect(error < 0.003 * exact)
    #expect(abs(mean - exact) < 3 * error, "\(mean) against \(exact), standard error \(error)")
    // Calendar time: each machine is down for its own share of the time, whatever the other does.
    let (down, downError) = meanAndError(results.map { $0.times[0].failed / $0.duration })
    #expect(abs(down - l1 / (l1 + m1)) < 4 * downError)
  }

  /// A balanced symmetric line is symmetric: its tank is half full on average, starving equals blocking.
  @Test func materialAndRoomMirrorEachOther() throws {
    let line = twoMachines(0.05, 0.2, 0.05, 0.2, 6)
    let results = try (0..<40).map { try line.run(seed: 3, replication: $0, warmUp: 200, horizon: 5_000) }
    let (level, levelError) = meanAndError(results.map { $0.meanLevels[0] })
    #expect(abs(level - 3) < 4 * levelError)
    let (difference, differenceError) = meanAndError(results.map { ($0.times[0].blocked - $0.times[1].starved) / $0.duration })
    #expect(abs(difference) < 4 * differenceError)
  }

  @Test func aTankBetweenUnequalMachinesFillsAndThenSlowsTheFaster() throws {
    let line = FluidLine(machines: [.init("a", rate: 2), .init("b", rate: 1)], tanks: [.init(capacity: 10)])
    let result = try line.run(seed: 1, horizon: 30)
    #expect(result.times[0] == .init(working: 10, slowed: 20))
    #expect(result.times[1] == .init(working: 30))
    #expect(result.produced == [40, 30])
    #expect(result.finalLevels == [10])
    #expect(abs(result.meanLevels[0] - (50 + 200) / 30.0) < 1e-12)
    #expect(result.throughput == 1)

    let reversed = FluidLine(machines: [.init("a", rate: 1), .init("b", rate: 2)], tanks: [.init(capacity: 10, level: 5)])
    let drained = try reversed.run(seed: 1, horizon: 30)
    #expect(drained.times[1] == .init(working: 5, slowed: 25))
    #expect(drained.produced == [30, 35])
  }

  /// Machine b works 8, is repaired for 4. Tank of 3 before it, of 2 behind it: worked out by hand.
  @Test func aDeterministicStopRunsThroughTheTanks() throws {
    let line = FluidLine(
      machines: [
        .init("a", rate: 1), .init("b", rate: 1, failure: .init(.calendar, up: .constant(8), down: .constant(4))), .init("c", rate: 1),
      ], tanks: [.init(capacity: 3), .init(capacity: 2)])
    let result = try line.run(seed: 1, horizon: 12)
    // From 8 to 11 a fills the tank, from 11 to 12 it is blocked; c has nothing for all of the stop.
    #expect(result.times[0] == .init(working: 11, blocked: 1))
    #expect(result.times[1] == .init(working: 8, failed: 4))
    #expect(result.times[2] == .init(working: 8, starved: 4))
    #expect(result.finalLevels == [3, 0])
    #expect(result.failures == [0, 1, 0])
  }

  @Test func operatingTimeStandsWhileAMachineStands() throws {
    // b takes half of what a could make, so a wears at half speed once its tank is full: 10 of work last 2 + 16 of time.
    let line = FluidLine(
      machines: [.init("a", rate: 2, failure: .init(.operating, up: .constant(10), down: .constant(3))), .init("b", rate: 1)],
      tanks: [.init(capacity: 2)])
    let result = try line.run(seed: 1, horizon: 18.5)
    #expect(result.failures == [1, 0])
    #expect(result.times[0] == .init(working: 2, slowed: 16, failed: 0.5))
    // Looking at it half way wears it no more.
    let later = try line.run(seed: 1, warmUp: 6, horizon: 12.5)
    #expect(later.times[0] == .init(slowed: 12, failed: 0.5))
    // Blocked outright it does not wear at all.
    let blocked = FluidLine(machines: line.machines, tanks: line.tanks, sinkRate: 0)
    let still = try blocked.run(seed: 1, horizon: 1_000)
    #expect(still.failures == [0, 0])
    #expect(still.times[0] == .init(working: 1, blocked: 999))
  }

  @Test func rigidCouplingMovesAllMachinesAsOne() throws {
    // No tanks: a machine that fails stops all; the middle one is starved or blocked by where the failure is.
    let line = FluidLine(
      machines: [
        .init("a", rate: 3, failure: .init(.calendar, up: .constant(10), down: .constant(1))), .init("b", rate: 2),
        .init("c", rate: 4, failure: .init(.calendar, up: .constant(5), down: .constant(1))),
      ], tanks: [.init(capacity: 0), .init(capacity: 0)])
    let result = try line.run(seed: 1, horizon: 10.5)
    #expect(result.times[1] == .init(working: 9, starved: 0.5, blocked: 1))
    #expect(result.times[0] == .init(slowed: 9, blocked: 1, failed: 0.5))
    #expect(result.produced == [18, 18, 18])
  }

  /// Without tanks and with failures while working only, no two machines are down at once: throughput is rate / (1 + Σ MTTRᵢ/MTTFᵢ), whatever
  /// the laws.
  ///
  /// - Source: J. A. Buzacott 1967, doi:10.1080/00207546708929751.
  @Test func aRigidLineThatWearsByWorkMeetsBuzacott() throws {
    let laws: [(Law, Law)] = [
      (.gamma(mean: 50, cv: 0.4), .lognormal(mean: 5, cv: 0.3)), (.weibull(mean: 20, shape: 3), .constant(3)),
      (.gamma(mean: 40, cv: 0.2), .gamma(mean: 4, cv: 0.3)), (.uniform(low: 5, high: 15), .triangular(low: 0, mode: 1, high: 2)),
    ]
    let machines = laws.enumerated().map { i, law in
      FluidLine.Machine("m\(i)", rate: 2, failure: .init(.operating, up: law.0, down: law.1))
    }
    let line = FluidLine(machines: machines, tanks: Array(repeating: .init(capacity: 0), count: 3))
    let results = try (0..<20).map { try line.run(seed: 5, replication: $0, warmUp: 100, horizon: 2_000) }
    let (mean, error) = meanAndError(results.map(\.throughput))
    let exact = 2 / (1 + laws.reduce(0) { $0 + $1.1.mean / $1.0.mean })
    #expect(error < 0.003 * exact)
    #expect(abs(mean - exact) < 3 * error, "\(mean) against \(exact), standard error \(error)")
  }

  @Test func sourceAndSinkLimitTheLine() throws {
    var line = FluidLine(machines: [.init("a", rate: 2), .init("b", rate: 2)], tanks: [.init(capacity: 4, level: 4)], sourceRate: 0.5)
    let fed = try line.run(seed: 1, warmUp: 10, horizon: 10)
    #expect(fed.throughput == 0.5)
    #expect(fed.times[1] == .init(slowed: 10))
    (line.sourceRate, line.sinkRate) = (nil, 0.25)
    let drained = try line.run(seed: 1, warmUp: 50, horizon: 10)
    #expect(drained.throughput == 0.25)
    #expect(drained.finalLevels == [4])
  }

  /// In every run: what goes in and does not come out is in the tanks, times add up, levels stay inside.
  @Test func volumeAndTimeAreKept() throws {
    let laws: [Law] = [
      .exponential(mean: 20), .weibull(mean: 15, shape: 2), .lognormal(mean: 8, cv: 1.5), .empirical([3, 9, 30]), .gamma(mean: 10, cv: 0.5),
    ]
    for seed in 0..<20 {
      let machines = (0..<5).map { i in
        FluidLine.Machine(
          "m\(i)", rate: 1 + 0.25 * Double((i + seed) % 3),
          failure: .init(seed % 2 == 0 ? .calendar : .operating, up: laws[i].scaled(by: 3), down: laws[(i + seed) % 5]))
      }
      let tanks = [0.0, 2, 7, 30].map { FluidLine.Tank(capacity: $0, level: $0 / 2) }
      let result = try FluidLine(machines: machines, tanks: tanks).run(seed: UInt64(seed), horizon: 1_000)
      for (i, tank) in tanks.enumerated() {
        #expect(abs(result.produced[i] - result.produced[i + 1] - (result.finalLevels[i] - tank.level)) < 1e-8)
        #expect(result.finalLevels[i] >= 0 && result.finalLevels[i] <= tank.capacity)
        #expect(result.meanLevels[i] >= 0 && result.meanLevels[i] <= tank.capacity)
      }
      for times in result.times { #expect(abs(times.working + times.slowed + times.starved + times.blocked + times.failed - 1_000) < 1e-8) }
      #expect(result.failures.reduce(0, +) > 10)
    }
  }

  @Test func oneMachinesLuckDoesNotDependOnAnothersLaws() throws {
    var line = twoMachines(0.05, 0.2, 0.05, 0.2, 4)
    let before = try line.run(seed: 9, horizon: 2_000)
    line.machines[1].failure = .init(.calendar, up: .constant(7), down: .constant(1))
    let after = try line.run(seed: 9, horizon: 2_000)
    #expect(abs(before.times[0].failed - after.times[0].failed) < 1e-9)
    #expect(before.failures[0] == after.failures[0])
    #expect(before.throughput != after.throughput)
    #expect(try line.run(seed: 9, horizon: 2_000) == after)
    #expect(try line.run(seed: 9, replication: 1, horizon: 2_000) != after)
  }

  @Test func aSenselessLineIsRefusedWithAllFaults() throws {
    let bad = FluidLine(machines: [.init("a", rate: 0), .init("a", rate: 1)], tanks: [], sourceRate: -1)
    let error = #expect(throws: ContinuousError.self) { try bad.run(seed: 1, horizon: .nan) }
    guard case .invalid(let faults)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(faults.count == 5)
    let frantic = FluidLine(machines: [.init("a", rate: 1, failure: .init(.calendar, up: .constant(0), down: .constant(0)))], tanks: [])
    #expect(throws: ContinuousError.tooManyEvents(limit: 1_000, at: 0)) { try frantic.run(seed: 1, horizon: 1, eventLimit: 1_000) }
    let line = twoMachines(0.05, 0.2, 0.05, 0.2, 4)
    #expect(try JSONDecoder().decode(FluidLine.self, from: JSONEncoder().encode(line)) == line)
  }
}
