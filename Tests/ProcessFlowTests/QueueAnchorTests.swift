import Foundation
import OutputAnalysis
import ProcessFlow
import Testing

/// `TAKT_STUDY=1` runs the models twenty-five times as long.
let studyScale = ProcessInfo.processInfo.environment["TAKT_STUDY"] == "1" ? 100.0 : 4.0

/// Mean over replications, held against an exact value: within three standard errors, which must themselves be small.
private func expect(
  _ name: String, _ results: [FlowResult], _ exact: Double, errorBelow limit: Double, _ figure: (FlowResult) -> Double,
  at location: SourceLocation = #_sourceLocation
) {
  let estimate = Estimate(of: results.map(figure))
  if studyScale > 4 { print("\(name): \(estimate.mean) ± \(estimate.standardError), exact \(exact)") }
  #expect(
    abs(estimate.mean - exact) <= 3 * estimate.standardError, "\(name): \(estimate.mean) ± \(estimate.standardError), exact \(exact)",
    sourceLocation: location)
  #expect(estimate.standardError < limit, "\(name): the standard error is \(estimate.standardError)", sourceLocation: location)
}

/// Customers of rate `lambda` at `servers` servers of rate 1.
private func station(_ lambda: Double, servers: Int) throws -> FlowModel {
  try FlowModel("M/M/\(servers)") { m in
    let server = m.resource("server", capacity: servers)
    m.process("customer", arrivals: .exponential(mean: 1 / lambda)) {
      Seize(server)
      Delay("service", .exponential(mean: 1))
      Release(server)
    }
  }
}

private func run(_ model: FlowModel, _ departures: Double, count: Int = 10) throws -> [FlowResult] {
  let n = Int(departures * studyScale)
  return try model.run(count: count, seed: 1, until: .departures(n), warmUp: .departures(n / 5))
}

@Test func oneServer() throws {
  // Queues at 0.9 remember long, so this one runs longer than the others.
  let rho = 0.9
  let results = try run(station(rho, servers: 1), 10_000)
  expect("L", results, rho / (1 - rho), errorBelow: 0.6) { $0.process("customer").population.mean }
  expect("W", results, 1 / (1 - rho), errorBelow: 0.6) { $0.process("customer").stay.mean }
  expect("Wq", results, rho / (1 - rho), errorBelow: 0.6) { $0.resource("server").wait.mean }
  expect("Lq", results, rho * rho / (1 - rho), errorBelow: 0.6) { $0.resource("server").queue.mean }
  expect("rho", results, rho, errorBelow: 0.01) { $0.resource("server").utilisation }
}

@Test func severalServers() throws {
  let three = try run(station(2.5, servers: 3), 3_000)
  expect("P(wait), c 3", three, 0.702247, errorBelow: 0.02) { $0.resource("server").wait.shareWaited }
  expect("Wq, c 3", three, 1.404494, errorBelow: 0.15) { $0.resource("server").wait.mean }
  expect("L, c 3", three, 6.011236, errorBelow: 0.4) { $0.process("customer").population.mean }
  let ten = try run(station(9, servers: 10), 4_000)
  expect("P(wait), c 10", ten, 0.668732, errorBelow: 0.03) { $0.resource("server").wait.shareWaited }
  expect("Wq, c 10", ten, 0.668732, errorBelow: 0.1) { $0.resource("server").wait.mean }
}

@Test func lostCalls() throws {
  let model = try FlowModel("Erlang B") { m in
    let line = m.resource("line", capacity: 8)
    m.process("call", arrivals: .exponential(mean: 1 / 5)) {
      Seize(line).balk {
        Count("lost")
        Leave()
      }
      Delay("talk", .exponential(mean: 1))
      Release(line)
    }
  }
  expect("lost", try run(model, 3_000), 0.0700479, errorBelow: 0.004) { $0.count("lost").count / Double($0.process("call").departed) }
}

@Test func aFullWaitingRoom() throws {
  let model = try FlowModel("M/M/1/5") { m in
    let server = m.resource("server")
    let room = m.resource("room", capacity: 5)
    m.process("customer", arrivals: .exponential(mean: 1 / 0.9)) {
      Seize(room).balk {
        Count("turned away")
        Leave()
      }
      Seize(server)
      Delay("service", .exponential(mean: 1))
      Release(server)
      Release(room)
      Count("served")
      Tally("time", of: .age)
    }
  }
  let results = try run(model, 3_000)
  expect("P(block)", results, 0.126023, errorBelow: 0.006) { $0.count("turned away").count / Double($0.process("customer").departed) }
  expect("throughput", results, 0.786580, errorBelow: 0.01) { $0.count("served").rate }
  expect("W", results, 2.790286, errorBelow: 0.05) { $0.tally("time").mean }
}

@Test func otherServiceTimes() throws {
  for (law, exact) in [(Formula.constant(1), 2.0), (.uniform(low: 0, high: 2), 8.0 / 3), (.gamma(mean: 1, cv: 1 / 3.0.squareRoot()), 8.0 / 3)] {
    let model = try FlowModel("M/G/1") { m in
      let server = m.resource("server")
      m.process("customer", arrivals: .exponential(mean: 1 / 0.8)) {
        Seize(server)
        Delay("service", law)
        Release(server)
      }
    }
    expect("Wq", try run(model, 4_000), exact, errorBelow: 0.35) { $0.resource("server").wait.mean }
  }
}

@Test func breakdownsWhileWorking() throws {
  // The failure clock runs always, but strikes only who is at work: as lives are exponential, that is a clock that runs while working.
  let model = try FlowModel("breakdowns") { m in
    let machine = m.resource("machine")
    m.process("part", arrivals: .exponential(mean: 2)) {
      Seize(machine)
      Delay("work", .exponential(mean: 1)).onInterrupt { Delay("repair", .exponential(mean: 10)) }
      Release(machine)
    }
    m.process("failure", population: 1) {
      Forever {
        Delay("life", .exponential(mean: 100))
        Interrupt(usersOf: machine)
      }
    }
  }
  let n = Int(6_000 * studyScale)
  let results = try model.run(count: 10, seed: 1, until: .departures(n, of: "part"), warmUp: .departures(n / 5, of: "part"))
  expect("Wq", results, 2.455556, errorBelow: 0.3) { $0.resource("machine").wait.mean }
  expect("W", results, 3.555556, errorBelow: 0.3) { $0.process("part").stay.mean }
}

@Test func twoPriorities() throws {
  for isPreempting in [false, true] {
    let model = try FlowModel("priorities") { m in
      let server = m.resource("server")
      for (name, rate, priority) in [("first", 0.3, 1), ("second", 0.5, 2)] {
        m.process(name, arrivals: .exponential(mean: 1 / rate)) {
          Seize(server, priority: Formula(priority), preempting: isPreempting)
          Tally("wait of \(name)", of: .lastWait)
          Delay("service", .exponential(mean: 1))
          Release(server)
        }
      }
    }
    let results = try run(model, 6_000)
    if isPreempting {
      expect("W, first", results, 1.428571, errorBelow: 0.05) { $0.process("first").stay.mean }
      expect("W, second", results, 7.142857, errorBelow: 0.8) { $0.process("second").stay.mean }
    } else {
      expect("Wq, first", results, 1.142857, errorBelow: 0.05) { $0.tally("wait of first").mean }
      expect("Wq, second", results, 5.714286, errorBelow: 0.7) { $0.tally("wait of second").mean }
    }
  }
}

@Test func aJacksonNetwork() throws {
  let model = try FlowModel("Jackson") { m in
    let next = m.attribute("next", initial: 1)
    let stations = (1...3).map { m.resource("station \($0)") }
    m.process("job", arrivals: .exponential(mean: 1)) {
      While(next.value > 0) {
        If(next.value == 1) {
          Visit(server: stations[0], rate: 1.5)
          If("1 to 2", probability: 0.6) {
            Assign(next, to: 2)
          } else: {
            Assign(next, to: 3)
          }
        } else: {
          If(next.value == 2) {
            Visit(server: stations[1], rate: 1)
            If("2 to 1", probability: 0.2) {
              Assign(next, to: 1)
            } else: {
              Assign(next, to: 3)
            }
          } else: {
            Visit(server: stations[2], rate: 1.25)
            Assign(next, to: 0)
          }
        }
      }
    }
  }
  let results = try run(model, 3_000)
  for (i, flow, length) in [(1, 1.136364, 3.125), (2, 0.681818, 2.142857), (3, 1, 4)] {
    let station = Resource("station \(i)")
    expect("flow \(i)", results, flow, errorBelow: 0.02) { Double($0.resource(station).wait.count) / ($0.end - $0.start) }
    expect("L \(i)", results, length, errorBelow: 0.6) { $0.resource(station).queue.mean + $0.resource(station).inUse.mean }
  }
  expect("W", results, 9.267857, errorBelow: 0.8) { $0.process("job").stay.mean }
}

/// A component of the test's own.
private struct Visit: Statement {
  var server: Resource
  var rate: Double
  var body: Block {
    Seize(server)
    Delay("work at \(server.name)", .exponential(mean: 1 / rate))
    Release(server)
  }
}

@Test func aClosedNetwork() throws {
  func network(_ means: [Double], jobs: Int) throws -> FlowModel {
    try FlowModel("closed") { m in
      let servers = means.indices.map { m.resource("server \($0)") }
      m.process("job", population: jobs) {
        Forever {
          for (server, mean) in zip(servers, means) { Visit(server: server, rate: 1 / mean) }
          Count("rounds")
        }
      }
    }
  }
  for (means, jobs, exact) in [([1.0, 1, 1], 5, 5.0 / 7), ([1, 2, 1.5], 4, 0.4219097)] {
    let n = 1_500 * studyScale
    let results = try network(means, jobs: jobs).run(count: 8, seed: 1, until: .count("rounds", n), warmUp: .count("rounds", n / 10))
    expect("throughput", results, exact, errorBelow: 0.01) { $0.count("rounds").rate }
  }
}

@Test func repairmen() throws {
  for (machines, menCount, exact) in [(5, 1, 0.8720956), (20, 2, 0.8273953)] {
    let model = try FlowModel("repairman") { m in
      let men = m.resource("repairman", capacity: menCount)
      let running = m.resource("running", capacity: machines)
      m.process("machine", population: machines) {
        Forever {
          Seize(running)
          Delay("life", .exponential(mean: 10))
          Release(running)
          Seize(men)
          Delay("repair", .exponential(mean: 1))
          Release(men)
        }
      }
    }
    let end = 40_000 / Double(machines) * studyScale
    let results = try model.run(count: 8, seed: 1, until: .time(end), warmUp: .time(end / 10))
    expect("availability", results, exact, errorBelow: 0.01) { $0.resource("running").utilisation }
  }
}

/// The long-run rate of the line comes from 3.2e8 parts of the reference programs.
@Test func aLineWhoseMachinesFail() throws {
  let n = 1_000 * studyScale
  let results = try failingLine().run(count: 8, seed: 1, until: .count("made", n), warmUp: .count("made", n / 4))
  expect("throughput", results, 0.6407, errorBelow: 0.012) { $0.count("made").rate }
}
