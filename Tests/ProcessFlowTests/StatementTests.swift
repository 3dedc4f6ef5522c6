import Foundation
import ProcessFlow
import Testing

/// Runs a model without luck to its quiet end.
private func quiet(_ declare: (FlowDraft) -> Void) throws -> FlowResult {
  try FlowModel("test", declare).replicate(seed: 1, until: .quiet)
}

@Test func aPreemptedProcessDoesTheRestLater() throws {
  let result = try quiet { m in
    let server = m.resource("server", capacity: 2)
    m.process("low", at: [0, 1]) {
      Seize(server, priority: 5)
      Delay("work", 10)
      Release(server)
      Tally("low", of: .time)
    }
    m.process("high", at: [3]) {
      Seize(server, priority: 1, preempting: true)
      Delay("work", 2)
      Release(server)
      Tally("high", of: .time)
    }
  }
  // The later of the two is put off at 3 and goes on at 5: it ends at 13 instead of 11.
  #expect(result.tally("low").lowest == 10 && result.tally("low").highest == 13)
  #expect(result.tally("high").mean == 5)
  let server = result.resource("server")
  #expect(server.preemptions == 1 && server.wait.waited == 0)
  #expect(abs(server.utilisation * result.end * 2 - 22) < 1e-12 && abs(server.queue.mean * result.end - 2) < 1e-12)
}

@Test func preemptingDisturbsOnlyTheLessUrgent() throws {
  let result = try quiet { m in
    let server = m.resource("server")
    m.process("first", at: [0]) {
      Seize(server, priority: 1)
      Delay("work", 10)
      Release(server)
    }
    m.process("equal", at: [1]) {
      Seize(server, priority: 1, preempting: true)
      Tally("equal", of: .time)
      Release(server)
    }
  }
  #expect(result.tally("equal").mean == 10 && result.resource("server").preemptions == 0)
}

@Test func anInterruptedDelayGoesOnAfterItsHandler() throws {
  let result = try quiet { m in
    let machine = m.resource("machine")
    m.process("part", at: [0]) {
      Seize(machine)
      Delay("work", 10).onInterrupt {
        Tally("left", of: .remaining)
        Delay("repair", 3)
      }
      Release(machine)
      Tally("done", of: .time)
    }
    // At 4 and 9 it works; at 5 it is under repair, which nothing interrupts.
    m.process("failure", at: [4, 5, 9]) { Interrupt(usersOf: machine) }
  }
  #expect(result.tally("done").mean == 16)
  #expect(result.tally("left").count == 2 && result.tally("left").highest == 6 && result.tally("left").lowest == 4)
}

@Test func anInterruptionEndsWhatIsInterruptible() throws {
  let result = try quiet { m in
    let key = m.resource("key")
    let whom = m.variable("whom")
    m.process("keeper", at: [0]) {
      Seize(key)
      Delay("long", 100)
      Release(key)
    }
    m.process("visitor", at: [1]) {
      Assign(whom, to: .identity)
      Interruptible {
        Seize(key)
        Release(key)
        Count("got it")
      } onInterrupt: {
        Tally("given up", of: .time)
      }
      Tally("after", of: .time)
    }
    m.process("caller", at: [7, 8]) { Interrupt(process: whom.value) }
  }
  #expect(result.tally("given up").mean == 7 && result.tally("after").count == 1 && result.count("got it").count == 0)
  #expect(result.resource("key").queue.final == 0 && result.resource("key").wait.count == 1)
}

@Test func storesGiveInTheirOrder() throws {
  for (order, digits) in [(StoreOrder.fifo, 312.0), (.lifo, 213), (.priority, 123)] {
    let result = try quiet { m in
      let shelf = m.store("shelf", order: order)
      let (item, sequence) = (m.attribute("item"), m.variable("sequence"))
      m.process("in", at: [0]) {
        for number in [3, 1, 2] { Put(shelf, item: Formula(number), priority: Formula(number)) }
      }
      m.process("out", at: [5]) {
        Repeat(3) {
          Take(shelf, into: item)
          Assign(sequence, to: sequence.value * 10 + item.value)
        }
        Tally("sequence", of: sequence.value)
      }
    }
    #expect(result.tally("sequence").mean == digits)
    #expect(result.store("shelf").stay.mean == 5 && result.store("shelf").level.highest == 3)
  }
}

@Test func aFullStoreBlocksAndAnEmptyOneToo() throws {
  let result = try quiet { m in
    let shelf = m.store("shelf", capacity: 1)
    let item = m.attribute("item")
    m.process("early", at: [0]) {
      Take(shelf, into: item)
      Tally("first taken", of: .time)
      Tally("item", of: item.value)
    }
    m.process("in", at: [2]) {
      Put(shelf, item: 7)
      Put(shelf, item: 8)
      Put(shelf, item: 9)
      Tally("all in", of: .time)
    }
    m.process("late", at: [6]) {
      Take(shelf, into: item)
      Tally("item", of: item.value)
    }
  }
  #expect(result.tally("first taken").mean == 2 && result.tally("all in").mean == 6)
  #expect(result.tally("item").mean == 7.5)
  let shelf = result.store("shelf")
  #expect(shelf.put.count == 3 && shelf.put.waited == 1 && shelf.put.longest == 4 && shelf.take.waited == 1 && shelf.take.longest == 2)
}

@Test func aLevelServesTheFirstInLineOnly() throws {
  let result = try quiet { m in
    let tank = m.level("tank", capacity: 10, initial: 4)
    m.process("big", at: [1]) {
      Take(tank, amount: 8)
      Tally("big", of: .time)
    }
    m.process("small", at: [2]) {
      Take(tank, amount: 1)
      Tally("small", of: .time)
    }
    m.process("fill", at: [3, 5]) { Put(tank, amount: 3) }
  }
  #expect(result.tally("big").mean == 5 && result.tally("small").mean == 5)
  #expect(result.level("tank").level.final == 1 && result.level("tank").level.highest == 10)
}

@Test func signalsAndConditionsWake() throws {
  let result = try quiet { m in
    let go = m.signal("go")
    let tank = m.level("tank")
    m.process("sleeper", at: [0, 1]) {
      Wait(for: go)
      Tally("woken", of: .time)
    }
    m.process("watcher", at: [0]) {
      Wait(until: tank.amount >= 3 && go.waiting == 0)
      Tally("seen", of: .time)
    }
    m.process("hasty", at: [0]) {
      Wait(for: go).renege(after: 2) { Tally("given up", of: .time) }
    }
    m.process("filler", at: [3, 4]) { Put(tank, amount: 2) }
    m.process("caller", at: [6]) { Broadcast(go) }
  }
  #expect(result.tally("woken").count == 2 && result.tally("woken").mean == 6)
  #expect(result.tally("seen").mean == 6 && result.tally("given up").mean == 2)
}

@Test func batchesGoTogetherAndComeApart() throws {
  let result = try quiet { m in
    m.process("part", at: [0, 1, 2, 3, 4]) {
      Batch("pallet", of: 2)
      Delay("ride", 10)
      Tally("rides", of: .time)
      Separate()
      Tally("off", of: .time)
    }
    m.process("glued", at: [0, 1]) {
      Batch(of: 2, permanent: true)
      Tally("glued", of: .age)
    }
  }
  #expect(result.tally("rides").count == 2 && result.tally("rides").lowest == 11 && result.tally("rides").highest == 13)
  #expect(result.tally("off").count == 4 && result.process("part").departed == 4 && result.process("part").population.final == 1)
  #expect(result.tally("glued").count == 1 && result.tally("glued").mean == 1 && result.process("glued").departed == 1)
  #expect(result.waiting.map(\.process) == ["part 5"])
}

@Test func shiftsChangeTheCapacity() throws {
  let model = try FlowModel("shifts") { m in
    let clerk = m.resource("clerk", shifts: [Shift(from: 0, capacity: 1), Shift(from: 8, capacity: 0)], cycle: 24)
    m.process("customer", at: [7, 7.5, 30]) {
      Seize(clerk)
      Tally("start", of: .time)
      Delay("service", 2)
      Release(clerk)
    }
  }
  let result = try model.replicate(seed: 1, until: .time(48))
  // The first finishes in overtime; the second waits until the next day; the third comes in the middle of a shift.
  #expect(result.tally("start").lowest == 7 && result.tally("start").highest == 30 && abs(result.tally("start").mean - 61.0 / 3) < 1e-12)
  #expect(result.resource("clerk").capacity.mean == 16.0 / 48 && abs(result.resource("clerk").utilisation - 6.0 / 16) < 1e-12)
}

@Test func renegingLetsThoseBehindGo() throws {
  let result = try quiet { m in
    let crane = m.resource("crane", capacity: 2)
    m.process("long", at: [0]) {
      Seize(crane)
      Delay("work", 10)
      Release(crane)
    }
    m.process("big", at: [1]) {
      Seize(crane, count: 2).renege(after: 3) { Leave() }
      Release(crane, count: 2)
    }
    m.process("small", at: [2]) {
      Seize(crane)
      Tally("small", of: .time)
      Release(crane)
    }
  }
  #expect(result.tally("small").mean == 4 && result.resource("crane").wait.reneged == 1)
}

@Test func arrivalsComeAsDeclared() throws {
  let result = try quiet { m in
    let size = m.attribute("size", initial: 5)
    m.process("lot", arrivals: 10, lot: 3, first: 2, limit: 4) {
      Tally("lot", of: .time)
      Assign(size, to: size.value + 1)
      If(size.value == 6) { Spawn("child", count: 2) }
    }
    m.process("child") { Tally("inherited", of: size.value) }
    m.process("crew", population: 6) { Tally("crew", of: .time) }
  }
  #expect(result.tally("lot").count == 12 && result.tally("lot").lowest == 2 && result.tally("lot").highest == 32)
  #expect(result.tally("inherited").count == 24 && result.tally("inherited").mean == 6)
  #expect(result.tally("crew").count == 6 && result.end == 32)
}

@Test func formulasReadTheModel() throws {
  let result = try quiet { m in
    let server = m.resource("server", capacity: 2)
    let (shelf, tank, x) = (m.store("shelf", initial: [1, 2]), m.level("tank", initial: 3), m.attribute("x", initial: 2))
    m.process("one", at: [1]) {
      Seize(server)
      Tally("inUse", of: server.inUse + 10 * server.capacity + 100 * server.queueLength)
      Tally("stock", of: shelf.count * tank.amount)
      Tally("sum", of: (x.value - 5) / 2 + Formula.larger(1, 4) - Formula.smaller(1, 4) + (-x.value) + Formula(2.7).floor)
      Tally("logic", of: Formula.count("c") + FlowProcess("one").population)
      If(!(x.value < 2) && (x.value <= 1 || x.value != 3)) {
        Count("c")
      } else: {
        Count("never")
      }
      While(x.value < 5) { Assign(x, to: x.value + 1) }
      Tally("x", of: x.value)
      Release(server)
    }
  }
  #expect(result.tally("inUse").mean == 21 && result.tally("stock").mean == 6 && result.tally("sum").mean == 1.5)
  #expect(result.tally("logic").mean == 1 && result.count("c").count == 1 && result.count("never").count == 0 && result.tally("x").mean == 5)
}

@Test func chanceSplitsAsItShould() throws {
  let result = try quiet { m in
    m.process("part", arrivals: 1, limit: 20_000) {
      Branch("way") {
        Path(0.1) { Count("a") }
        Path(0.2) { Count("b") }
        Path(0.7) { Count("c") }
      }
      If("scrap", probability: 0.25) { Count("scrap") }
    }
  }
  for (name, p) in [("a", 0.1), ("b", 0.2), ("c", 0.7), ("scrap", 0.25)] {
    #expect(abs(result.count(name).count / 20_000 - p) < 4 * (p * (1 - p) / 20_000).squareRoot())
  }
  #expect(result.count("a").count + result.count("b").count + result.count("c").count == 20_000)
}

@Test func aClosureSeesAndChangesTheModel() throws {
  let result = try quiet { m in
    let server = m.resource("server")
    let (x, total) = (m.attribute("x"), m.variable("total"))
    m.process("one", at: [1, 2]) {
      Seize(server)
      Run("own rule") { context in
        context[x] = context.time + Double(context.inUse(of: server)) + Double(context.queueLength(of: server)) * 100
        context[total] += context[x]
        if context.uniform() < 0 { context[total] = .nan }
      }
      Delay("hold", x.value)
      Release(server)
      Tally("total", of: total.value)
    }
  }
  #expect(result.tally("total").lowest == 2 && result.tally("total").highest == 6 && result.end == 7)
}

@Test func theSameSeedGivesTheSameBytes() throws {
  let model = try FlowModel("M/M/2") { m in
    let server = m.resource("server", capacity: 2)
    m.process("customer", arrivals: .exponential(mean: 1)) {
      Seize(server)
      Delay("service", .gamma(mean: 1.5, cv: 0.4))
      Release(server)
    }
  }
  let encoder = JSONEncoder()
  encoder.outputFormatting = .sortedKeys
  func bytes(_ replication: Int) throws -> Data {
    try encoder.encode(model.replicate(seed: 9, replication: replication, until: .departures(500), warmUp: .time(20)))
  }
  #expect(try bytes(3) == bytes(3) && bytes(3) != bytes(4))
  let one = try model.replicate(seed: 9, replication: 1, until: .time(100))
  #expect(try model.run(count: 2, seed: 9, until: .time(100))[1] == one)
  #expect(try JSONDecoder().decode(FlowResult.self, from: encoder.encode(one)) == one)
}

@Test func aWarmUpIsForgotten() throws {
  let model = try FlowModel("warm-up") { m in
    let server = m.resource("server")
    m.process("customer", arrivals: 10, first: 0) {
      Seize(server)
      Delay("service", 4)
      Release(server)
      Count("served")
    }
  }
  let result = try model.replicate(seed: 1, until: .time(105), warmUp: .time(55))
  #expect(result.start == 55 && result.end == 105 && result.count("served").count == 5 && result.count("served").rate == 0.1)
  #expect(abs(result.resource("server").utilisation - 0.4) < 1e-12 && result.process("customer").departed == 5)
}

@Test func nobodyInterruptsOrPreemptsItself() throws {
  let result = try quiet { m in
    let machine = m.resource("machine", capacity: 2)
    m.process("part", at: [0]) {
      Seize(machine, priority: 5)
      Delay("work", 10).onInterrupt { Count("interrupted") }
      Interrupt(usersOf: machine)
      Interrupt(process: .identity)
      Seize(machine, count: 1, priority: 1, preempting: true)
      Seize(machine, count: 1, priority: 0, preempting: true, name: "third").balk { Count("refused") }
      Release(machine, count: 2)
      Tally("done", of: .time)
    }
  }
  #expect(result.tally("done").mean == 10 && result.count("interrupted").count == 0 && result.count("refused").count == 1)
}

/// Who comes first through a condition may close it for the next.
@Test func oneConditionLetsOneThrough() throws {
  let result = try quiet { m in
    let gate = m.variable("gate", initial: 1)
    m.process("walker", at: [0, 0, 0]) {
      Wait(until: gate.value == 0)
      Assign(gate, to: 1)
      Tally("through", of: .time)
      Delay("walk", 5)
      Assign(gate, to: 0)
    }
    m.process("keeper", at: [2]) { Assign(gate, to: 0) }
  }
  #expect(result.tally("through").count == 3 && result.tally("through").mean == 7 && result.end == 17)
}

@Test func theGoalReachedIsNoDeadlock() throws {
  let model = try FlowModel("served") { m in
    let shelf = m.store("shelf")
    m.process("server", population: 1) {
      Forever {
        Take(shelf)
        Delay("work", 1)
        Count("served")
      }
    }
    m.process("customer", at: [0, 1, 2]) { Put(shelf) }
  }
  #expect(try model.replicate(seed: 1, until: .count("served", 3)).end == 3)
}
