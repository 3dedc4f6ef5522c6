import Determinism
import Probability
import ProcessFlow
import Testing

/// The stream that a statement draws from: part of what the module promises.
private func stream(_ seed: UInt64, _ process: String, _ statement: String) -> RandomStream {
  RandomStream(seed: seed).split("replication").split(0).split(process).split(statement)
}

/// Every customer of a queue with c servers, by the recursion of Kiefer and Wolfowitz on the same draws: no statistics, the same numbers.
@Test(arguments: 0..<20 as Range<UInt64>) func aQueueFollowsItsRecursion(seed: UInt64) throws {
  let servers = Int(seed % 4) + 1
  let (arrivals, service) = (Law.gamma(mean: 1, cv: 0.7), Law.lognormal(mean: 0.9 * Double(servers), cv: 1.2))
  let model = try FlowModel("G/G/\(servers)") { m in
    let server = m.resource("server", capacity: servers)
    m.process("customer", arrivals: .draw(arrivals), limit: 400) {
      Seize(server)
      Tally("wait", of: .lastWait)
      Delay("service", .draw(service))
      Release(server)
      Tally("departure", of: .time)
    }
  }
  let result = try model.replicate(seed: seed, until: .quiet)

  var (interval, work) = (stream(seed, "customer", "arrivals"), stream(seed, "customer", "service"))
  var free = [Double](repeating: 0, count: servers)
  var (clock, waits, departures, longest, waited) = (0.0, 0.0, 0.0, 0.0, 0)
  for _ in 0..<400 {
    clock += arrivals.sample(&interval)
    let k = free.indices.min { free[$0] < free[$1] }!
    let start = max(clock, free[k])
    waits += start - clock
    longest = max(longest, start - clock)
    if start > clock { waited += 1 }
    free[k] = start + service.sample(&work)
    departures += free[k]
  }
  #expect(result.tally("wait").count == 400)
  #expect(abs(result.tally("wait").mean - waits / 400) < 1e-9)
  #expect(abs(result.tally("departure").mean - departures / 400) < 1e-9)
  #expect(result.resource("server").wait.longest == longest)
  #expect(result.resource("server").wait.waited == waited)
  #expect(result.end == free.max()!)
}

/// A line with finite buffers and blocking after service, by its max-plus recursion: the last part leaves at the same bit.
@Test(arguments: 0..<20 as Range<UInt64>) func aLineFollowsItsRecursion(seed: UInt64) throws {
  let (machines, room, parts) = (Int(seed % 4) + 2, Int(seed % 3) + 1, 200)
  let model = try FlowModel("line") { m in
    let buffers = (1..<machines).map { m.store("buffer \($0)", capacity: room) }
    for j in 0..<machines {
      m.process("machine \(j)", population: 1) {
        Forever {
          if j > 0 { Take(buffers[j - 1]) }
          Delay("work", .exponential(mean: 1))
          if j < machines - 1 { Put(buffers[j]) } else { Count("made") }
        }
      }
    }
  }
  let result = try model.replicate(seed: seed, until: .count("made", Double(parts)))

  var streams = (0..<machines).map { stream(seed, "machine \($0)", "work") }
  var left = [[Double]](repeating: [], count: machines)
  // Part k is taken by machine j when machine j − 1 has let it go and its own part before has left.
  func taken(_ j: Int, _ k: Int) -> Double { max(j > 0 ? left[j - 1][k] : 0, k > 0 ? left[j][k - 1] : 0) }
  for k in 0..<parts {
    for j in 0..<machines {
      let done = taken(j, k) + Law.exponential(mean: 1).sample(&streams[j])
      left[j].append(j < machines - 1 && k >= room ? max(done, taken(j + 1, k - room)) : done)
    }
  }
  #expect(result.end == left[machines - 1][parts - 1])
}

/// Once everybody has left, the time that all of them spent is the number present integrated over time, and nothing has been lost.
@Test(arguments: 0..<20 as Range<UInt64>) func nothingIsLost(seed: UInt64) throws {
  let model = try FlowModel("conservation") { m in
    let (clerk, press) = (m.resource("clerk", capacity: 2), m.resource("press"))
    let shelf = m.store("shelf", capacity: 3)
    let patience = m.attribute("patience")
    m.process("customer", arrivals: .exponential(mean: 0.5), lot: .uniform(low: 0, high: 3).floor, limit: 200) {
      Assign(patience, to: .exponential(mean: 2))
      Seize(clerk, priority: .uniform(low: 0, high: 1)).renege(after: patience.value) {
        Count("left")
        Leave()
      }
      Delay("talk", .gamma(mean: 0.8, cv: 0.5))
      Release(clerk)
      If("rush", probability: 0.3) {
        Seize(press, priority: -1, preempting: true)
      } else: {
        Seize(press)
      }
      Delay("print", .exponential(mean: 0.2)).onInterrupt { Delay("jam", .constant(0.1)) }
      Release(press)
      Put(shelf).balk { Count("full") }
      Branch("how") {
        Path(0.5) { Take(shelf).balk { Count("empty") } }
        Path(0.3) { Batch(of: 2, permanent: true) }
      }
      Count("done")
    }
    m.process("jam", at: stride(from: 1, to: 80, by: 1.7).map { $0 }) { Interrupt(usersOf: press) }
  }
  let result = try model.replicate(seed: seed, until: .quiet)
  let customer = result.process("customer")
  let merged = Double(customer.started - customer.departed) - customer.population.final
  #expect(merged >= 0 && customer.population.final <= 1)
  #expect(result.count("left").count + result.count("done").count == Double(customer.departed))
  #expect(result.resource("clerk").wait.reneged == Int(result.count("left").count))
  #expect(result.resource("clerk").inUse.final == 0 && result.resource("press").queue.final == 0)
  let shelf = result.store("shelf")
  #expect(Double(shelf.put.count - shelf.take.count) == shelf.level.final && shelf.level.highest <= 3)
  #expect(shelf.put.reneged == Int(result.count("full").count))
  let jam = result.process("jam")
  #expect(jam.started == jam.departed && jam.stay.mean == 0)
  // Little's law to rounding, where no one is merged away: those at the clerk.
  let clerk = result.resource("clerk")
  #expect(clerk.inUse.mean <= 2 && clerk.inUse.highest <= 2 && clerk.utilisation == clerk.inUse.mean / 2)
}

@Test func whatWaitsInALineIsItsLengthOverTime() throws {
  let model = try FlowModel("Little") { m in
    let server = m.resource("server", capacity: 2)
    m.process("customer", arrivals: .exponential(mean: 1), limit: 500) {
      Seize(server)
      Delay("service", .exponential(mean: 1.8))
      Release(server)
    }
  }
  for seed in 0..<10 as Range<UInt64> {
    let result = try model.replicate(seed: seed, until: .quiet)
    let (server, customer) = (result.resource("server"), result.process("customer"))
    #expect(abs(server.queue.mean * result.end - server.wait.mean * 500) < 1e-6)
    #expect(abs(customer.population.mean * result.end - customer.stay.mean * 500) < 1e-6)
  }
}
