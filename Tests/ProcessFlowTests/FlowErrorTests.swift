import ProcessFlow
import Testing

/// The faults that compiling a model finds.
private func faults(_ declare: (FlowDraft) -> Void) -> [String] {
  do {
    _ = try FlowModel("bad", declare)
    return []
  } catch {
    guard case .invalidModel("bad", let faults) = error else { return ["another error: \(error)"] }
    return faults
  }
}

@Test func compilingNamesEveryFault() {
  let found = faults { m in
    let server = m.resource("server")
    m.process("customer", arrivals: .exponential(mean: -1)) {
      Seize("servant")
      Delay("work", -2)
      Delay("work", .time)
      Seize(server, count: 2)
      Tally("x", of: Attribute("size").value)
      Branch {
        Path(0.7) {}
        Path(0.7) {}
      }
    }
    m.process("idle", arrivals: .age) { Forever { Count("turns") } }
  }
  let expected = [
    "process 'customer', statement 1, Seize(servant): no resource is called 'servant'; there are 'server'",
    "process 'customer', statement 2, Delay(\"work\"): a time of -2.0", "two statements are called 'work'",
    "Seize(server, count: 2): it asks for 2 units, and there are never more than 1", "no attribute is called 'size'; there is none",
    "sum to 1.4", "mean is -1.0", "process 'idle', statement 1, Forever: a turn of it takes no time and never ends",
    "reads a process that is not there yet",
  ]
  for text in expected { #expect(found.contains { $0.contains(text) }, "nothing says \(text); said: \(found)") }
  #expect(faults { _ in } == ["there is no process"])
  let doubled = faults { m in
    _ = (m.resource("a"), m.resource("a", capacity: -1), m.resource("s", shifts: [Shift(from: 1, capacity: 1)], cycle: 0))
    _ = (m.store("b", capacity: 0), m.level("l", capacity: 1, initial: 2))
    m.process("p", at: [2, 1]) {}
  }
  #expect(doubled.count == 5, "\(doubled)")
}

@Test func seizingAndReleasingAreChecked() {
  let found = faults { m in
    let (a, b) = (m.resource("a"), m.resource("b"))
    m.process("gives what it has not", population: 1) { Release(a) }
    m.process("keeps", population: 1) {
      Seize(a)
      If(a.queueLength > 0) {
        Release(a)
      } else: {
        Leave()
      }
    }
    m.process("gives twice", population: 1) {
      Seize(b)
      Release(b)
      If("x", probability: 0.5) { Release(b) }
    }
    m.process("right", population: 1) {
      Seize(a).balk { Leave() }
      If("x", probability: 0.5) {
        Seize(b)
        Delay(1)
        Release(b)
      }
      Release(a)
    }
  }
  #expect(
    found == [
      "process 'gives what it has not' releases 1 of 'a' where it holds 0", "process 'keeps' leaves while it holds 1 of 'a'",
      "process 'gives twice' releases 1 of 'b' where it holds 0",
    ])
}

/// Where the paths differ, only the run can tell.
@Test func theRunChecksWhatCompilingCannot() throws {
  func model(_ first: Bool) throws -> FlowModel {
    try FlowModel("doubtful") { m in
      let a = m.resource("a")
      m.process("p", at: [3]) {
        If(.time > (first ? 5 : 1)) { Seize(a) }
        If(.time > (first ? 1 : 5)) { Release(a) }
      }
    }
  }
  #expect(
    throws: FlowError.releasedWithoutSeize(Place(process: "p", statement: 4, text: "Release(a)"), resource: "a", holds: 0, at: 3)
  ) { try model(true).replicate(seed: 1, until: .quiet) }
  #expect(throws: FlowError.leftHolding(process: "p 1", resource: "a", units: 1, at: 3)) { try model(false).replicate(seed: 1, until: .quiet) }
}

@Test func philosophersAreFoundOut() throws {
  let model = try FlowModel("philosophers") { m in
    let forks = (0..<3).map { m.resource("fork \($0)") }
    for i in 0..<3 {
      m.process("philosopher \(i)", population: 1) {
        Forever {
          Seize(forks[i])
          Delay("reach", 1)
          Seize(forks[(i + 1) % 3])
          Delay("eat", 1)
          Release(forks[i])
          Release(forks[(i + 1) % 3])
        }
      }
    }
    // Something that goes on does not hide the deadlock.
    m.process("fly", arrivals: 1) { Count("buzz") }
  }
  do {
    _ = try model.replicate(seed: 1, until: .time(50))
    Issue.record("the deadlock went unseen")
  } catch {
    guard case .deadlock(let waits, at: 50) = error else {
      Issue.record("another error: \(error)")
      return
    }
    #expect(waits.map(\.process) == ["philosopher 0 1", "philosopher 1 1", "philosopher 2 1"])
    #expect(waits.map(\.heldBy) == [["philosopher 1 1"], ["philosopher 2 1"], ["philosopher 0 1"]])
    #expect("\(error)".contains("philosopher 0 1 waits at statement 4, Seize(fork 1), held by philosopher 1 1"))
  }
}

@Test func waitingForNobodyIsADeadlock() throws {
  let model = try FlowModel("starved") { m in
    let shelf = m.store("shelf")
    m.process("p", population: 1) { Forever { Take(shelf) } }
  }
  let place = Place(process: "p", statement: 2, text: "Take(shelf)")
  let wait = WaitingProcess(process: "p 1", place: place, heldBy: [])
  #expect(throws: FlowError.deadlock([wait], at: 10)) { try model.replicate(seed: 1, until: .time(10)) }
  #expect(try model.replicate(seed: 1, until: .quiet).waiting == [wait])
}

@Test func nothingHangs() throws {
  let loop = try FlowModel("loop") { m in
    let x = m.attribute("x")
    m.process("p", at: [2]) { While(x.value == 0) { Count("turn") } }
  }
  let pingPong = try FlowModel("ping-pong") { m in
    let (a, b) = (m.store("a", initial: [1]), m.store("b"))
    m.process("ping", population: 1) {
      Forever {
        Take(a)
        Put(b)
      }
    }
    m.process("pong", population: 1) {
      Forever {
        Take(b)
        Put(a)
      }
    }
  }
  let zeroArrivals = try FlowModel("zero") { m in m.process("p", arrivals: .uniform(low: 0, high: 0)) {} }
  let zeroDelays = try FlowModel("zero") { m in m.process("p", population: 1) { Forever { Delay("none", .uniform(low: 0, high: 0)) } } }
  for model in [loop, pingPong, zeroArrivals, zeroDelays] {
    #expect { try model.replicate(seed: 1, until: .departures(1_000_000_000)) } throws: { error in
      if case FlowError.endlessInstant = error { true } else { false }
    }
  }
}

@Test func endsThatCannotBeReachedAreErrors() throws {
  let model = try FlowModel("short") { m in m.process("p", arrivals: 1, limit: 3) { Count("c") } }
  #expect(throws: FlowError.ranDry(at: 3)) { try model.replicate(seed: 1, until: .departures(4)) }
  #expect(throws: FlowError.invalidStop("no counter is called 'd'")) { try model.replicate(seed: 1, until: .count("d", 1)) }
  #expect(throws: FlowError.invalidStop("no process is called 'q'")) { try model.replicate(seed: 1, until: .departures(1, of: "q")) }
  #expect { try model.replicate(seed: 1, until: .time(-1)) } throws: { error in
    if case FlowError.invalidStop = error { true } else { false }
  }
  let bad = try FlowModel("bad") { m in m.process("p", at: [1]) { Delay("back", 0.5 - .time) } }
  #expect(throws: FlowError.badNumber(Place(process: "p", statement: 1, text: "Delay(\"back\")"), value: -0.5, at: 1)) {
    try bad.replicate(seed: 1, until: .quiet)
  }
}
