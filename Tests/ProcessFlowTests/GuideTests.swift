import Foundation
import OutputAnalysis
import ProcessFlow
import Testing

// Every block of Swift on the page docs/process-flow.md stands here, word for word, and runs; the last test sees to it.

@Test func theFirstModel() throws {
  let queue = try FlowModel("M/M/1") { m in
    let server = m.resource("server")
    m.process("customer", arrivals: .exponential(mean: 1.25)) {
      Seize(server)
      Delay("service", .exponential(mean: 1))
      Release(server)
    }
  }
  let result = try queue.replicate(seed: 1, until: .departures(10_000))
  print("mean time in the system:", result.process("customer").stay.mean)
  #expect(abs(result.process("customer").stay.mean - 5) < 1)

  let results = try queue.run(count: 10, seed: 1, until: .departures(1_000), warmUp: .departures(200))
  let stay = Estimate(of: results.map { $0.process("customer").stay.mean })
  print("\(stay.mean), 95 % interval \(stay.low) to \(stay.high)")
  #expect(stay.low < 5 && stay.high > 5)
}

@Test func resources() throws {
  let clinic = try FlowModel("clinic") { m in
    let doctor = m.resource("doctor", capacity: 2)
    let nurse = m.resource("nurse", shifts: [Shift(from: 0, capacity: 1), Shift(from: 8, capacity: 2)], cycle: 24)

    m.process("patient", arrivals: .exponential(mean: 0.5)) {
      Seize(nurse)
      Delay("look", .triangular(low: 0.1, mode: 0.2, high: 0.5))
      Release(nurse)
      Seize(doctor, priority: 2).renege(after: .uniform(low: 1, high: 3)) {
        Count("went home")
        Leave()
      }
      Delay("treat", .lognormal(mean: 0.6, cv: 0.5))
      Release(doctor)
    }
    m.process("emergency", arrivals: .exponential(mean: 8)) {
      Seize(doctor, priority: 1, preempting: true)
      Delay("save", .exponential(mean: 1))
      Release(doctor)
    }
  }
  let day = try clinic.replicate(seed: 1, until: .time(24 * 30), warmUp: .time(24))
  let doctor = day.resource("doctor")
  print("doctors busy \(doctor.utilisation), mean wait \(doctor.wait.mean), interrupted \(doctor.preemptions) times")
  print("went home: \(day.count("went home").rate * 24) a day")
  #expect(doctor.preemptions > 0 && day.count("went home").count > 0 && doctor.utilisation > 0.5)
}

@Test func storesAndLevels() throws {
  let line = try FlowModel("line") { m in
    let buffer = m.store("buffer", capacity: 5)
    let paint = m.level("paint", capacity: 100, initial: 100)
    let made = m.attribute("made")

    m.process("press", population: 1) {
      Forever {
        Delay("press", .exponential(mean: 1))
        Put(buffer, item: .time)
      }
    }
    m.process("painter", population: 1) {
      Forever {
        Take(buffer, into: made)
        Take(paint, amount: 2)
        Delay("paint", .exponential(mean: 0.9))
        Tally("lead time", of: .time - made.value)
      }
    }
    m.process("tanker", population: 1) {
      Forever {
        Wait(until: paint.amount < 20)
        Delay("drive", 5)
        Put(paint, amount: 80)
      }
    }
  }
  let week = try line.replicate(seed: 1, until: .time(1_000))
  print(week.tally("lead time").mean, week.store("buffer").level.mean, week.level("paint").level.lowest)
  #expect(week.tally("lead time").count > 700 && week.store("buffer").level.highest == 5 && week.level("paint").level.lowest < 20)
}

@Test func choices() throws {
  let shop = try FlowModel("shop") { m in
    let size = m.attribute("size")
    let lathe = m.resource("lathe")
    let inspector = m.resource("inspector")
    m.process("order", arrivals: 10) {
      Assign(size, to: .uniform(low: 1, high: 9).floor)
      Repeat(size.value) { Spawn("part") }
    }
    m.process("part") {
      Seize(lathe)
      Delay("turn", .gamma(mean: 1, cv: 0.3) * (1 + size.value / 10))
      Release(lathe)
      If(inspector.queueLength < 3) {
        Seize(inspector)
        Delay("inspect", 0.5)
        Release(inspector)
        If("scrap", probability: 0.05) {
          Count("scrap")
        } else: {
          Count("good")
        }
      } else: {
        Count("not inspected")
      }
      Batch("box", of: 12, permanent: true)
      Tally("boxed after", of: .age)
    }
  }
  let result = try shop.replicate(seed: 1, until: .count("good", 500))
  print(result.count("scrap").count, result.tally("boxed after").mean)
  #expect(result.count("good").count == 500 && result.count("scrap").count > 5 && result.tally("boxed after").count > 30)
}

@Test func breakdowns() throws {
  let machine = try FlowModel("machine that fails") { m in
    let machine = m.resource("machine")
    m.process("part", arrivals: .exponential(mean: 2)) {
      Seize(machine)
      Delay("work", .exponential(mean: 1)).onInterrupt {
        Delay("repair", .exponential(mean: 10))
      }
      Release(machine)
    }
    m.process("failure", population: 1) {
      Forever {
        Delay("life", .exponential(mean: 100))
        Interrupt(usersOf: machine)
      }
    }
  }
  let result = try machine.replicate(seed: 1, until: .departures(20_000, of: "part"))
  #expect(abs(result.process("part").stay.mean - 3.56) < 0.5)
}

@Test func ownComponents() throws {
  let shop = try FlowModel("two stations") { m in
    let drill = m.resource("drill")
    let mill = m.resource("mill")
    m.process("part", arrivals: .exponential(mean: 1.5)) {
      Scope("drill") { Station(server: drill, work: .exponential(mean: 1), scrap: 0.02) }
      Scope("mill") { Station(server: mill, work: .gamma(mean: 1.1, cv: 0.4), scrap: 0.01) }
      Count("good")
    }
  }
  let result = try shop.replicate(seed: 1, until: .departures(2_000))
  #expect(result.count("good").count + result.count("scrap").count == 2_000 && result.count("scrap").count > 20)
}

struct Station: Statement {
  var server: Resource
  var work: Formula
  var scrap: Double

  var body: Block {
    Seize(server)
    Delay("work", work)
    Release(server)
    If("scrap", probability: Formula(scrap)) {
      Count("scrap")
      Leave()
    }
  }
}

@Test func closures() throws {
  let model = try FlowModel("own rule") { m in
    let (fast, slow) = (m.resource("fast"), m.resource("slow"))
    let choice = m.attribute("choice")
    m.process("job", arrivals: .exponential(mean: 1)) {
      Run("dispatch") { context in
        let load = Double(context.queueLength(of: fast) + context.inUse(of: fast))
        context[choice] = load / 2 < Double(context.queueLength(of: slow)) + 0.3 * context.uniform() ? 1 : 2
      }
      If(choice.value == 1) {
        Seize(fast)
        Delay("fast", .exponential(mean: 1))
        Release(fast)
      } else: {
        Seize(slow)
        Delay("slow", .exponential(mean: 2))
        Release(slow)
      }
    }
  }
  let result = try model.replicate(seed: 1, until: .departures(1_000))
  #expect(result.resource("fast").wait.count > 300 && result.resource("slow").wait.count > 50)
}

@Test func twoVariants() throws {
  func counter(clerks: Int, meanService: Double) throws -> FlowModel {
    try FlowModel("counter") { m in
      let clerk = m.resource("clerk", capacity: clerks)
      m.process("customer", arrivals: .exponential(mean: 1)) {
        Seize(clerk)
        Delay("service", .gamma(mean: meanService, cv: 0.7))
        Release(clerk)
      }
    }
  }
  let today = try counter(clerks: 2, meanService: 1.6).run(count: 20, seed: 1, until: .departures(500))
  let idea = try counter(clerks: 2, meanService: 1.5).run(count: 20, seed: 1, until: .departures(500))
  let gain = PairedDifference(
    today.map { $0.resource("clerk").wait.mean }, minus: idea.map { $0.resource("clerk").wait.mean })
  print("\(gain.estimate.mean) shorter, \(gain.estimate.low) to \(gain.estimate.high)")
  print("as good as \(gain.varianceReduction) times as many independent runs")
  #expect(gain.isSignificant && gain.varianceReduction > 3)

  let pairs = try counter(clerks: 2, meanService: 1.6).antitheticPairs(count: 10, seed: 1, until: .departures(500))
  let wait = AntitheticPairs(
    pairs.map { $0.0.resource("clerk").wait.mean }, pairs.map { $0.1.resource("clerk").wait.mean })
  print("mean wait \(wait.estimate.mean), variance divided by \(wait.varianceReduction)")
  #expect(wait.estimate.low > 0)
}

@Test func errors() throws {
  do {
    _ = try FlowModel("typo") { m in
      let server = m.resource("server")
      m.process("customer", arrivals: .exponential(mean: 1)) {
        Seize("servr")
        Release(server)
      }
    }
  } catch {
    print(error)
    #expect(error.description.hasSuffix("Seize(servr): no resource is called 'servr'; there are 'server'"))
  }
}

@Test func everyBlockOfThePageIsCompiledHere() throws {
  let here = URL(filePath: #filePath)
  let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  func plain(_ lines: some Sequence<Substring>) -> String {
    lines.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty && !$0.hasPrefix("#expect") }.joined(separator: "\n")
  }
  let source = plain(try String(contentsOf: here, encoding: .utf8).split(separator: "\n"))
  let page = try String(contentsOf: root.appending(path: "docs/process-flow.md"), encoding: .utf8)
  let blocks = page.components(separatedBy: "```swift\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
  #expect(blocks.count >= 10)
  for block in blocks { #expect(source.contains(plain(block.split(separator: "\n"))), "this block of the page is not compiled:\n\(block)") }
}
