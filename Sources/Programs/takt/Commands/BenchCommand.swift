import ArgumentParser
import Determinism
import Foundation
import LineModel
import PlantModel
import Simulation

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "How fast a plant is simulated: one long replication, or many what-ifs.",
    discussion: """
      Examples:
        takt bench examples/bottling --parts 1000000 --json
        takt bench examples/bottling --parts 10000 --what-ifs 1000 --replications 10
      Reading and compiling the plant is not counted. Statistics are full, as takt simulate takes them.
      """)

  enum Engine: String, ExpressibleByArgument, CaseIterable {
    case auto, events
    case maxPlus = "max-plus"
    var choice: LineSimulation.Choice {
      switch self {
      case .auto: .automatic
      case .events: .events
      case .maxPlus: .maxPlus
      }
    }
  }

  @Argument(help: "The plant folder.") var directory: String
  @Option(help: "Parts that leave the line in each replication.") var parts = 100_000
  @Option(help: "Seed.") var seed: UInt64 = 1
  @Option(help: "auto, events or max-plus.") var engine = Engine.auto
  @Option(help: "So many variants of the line, spread over the cores, instead of one run.") var whatIfs: Int?
  @Option(help: "Replications of each variant.") var replications = 10
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    guard parts >= 1 else { throw ValidationError("--parts must be at least 1") }
    guard replications >= 1, whatIfs.map({ $0 >= 1 }) ?? true else { throw ValidationError("--what-ifs and --replications must be at least 1") }
  }

  func run() throws {
    try orExplain {
      let plant = try PlantDirectory(directory).folder().plant
      let line = plant.line(at: plant.designSetpoints)
      do {
        if let whatIfs { try compare(line, whatIfs) } else { try runOnce(line) }
      } catch let error as SimulationError { throw CommandFailure("\(error)") }
    }
  }

  /// One run. `Benchmarks/simulation` reads exactly these keys.
  private struct OneRun: Encodable {
    /// That left the line.
    var parts: Int
    var events: Int
    /// Parts per second that left the line.
    var throughput: Double
    /// Mean seconds in the line.
    var leadTime: Double
    var runSeconds: Double
    var cpuSeconds: Double
    /// That the run's state took at its end, as the engine reports it.
    var bytes: Int
    var engine: String
  }

  private func runOnce(_ line: LineSpec) throws {
    let simulation = try LineSimulation(line)
    let stopwatch = Stopwatch(CLOCK_THREAD_CPUTIME_ID)
    let result = try simulation.replicate(seed: seed, horizon: .infinity, parts: parts, engine: engine.choice, eventBudget: .max)
    let took = stopwatch.seconds
    try refuseDeadlock(result, "the line")
    let run = OneRun(
      parts: result.leadTime.count, events: result.events, throughput: result.throughput, leadTime: result.leadTime.mean, runSeconds: took.wall,
      cpuSeconds: took.cpu, bytes: result.memory, engine: result.engine.rawValue)
    if json { return try JSONOutput.print(run) }
    print("\(run.parts) parts, \(run.events) events by \(run.engine == "maxPlus" ? "the max-plus recursion" : "events")")
    print("\(fixed(run.cpuSeconds, 3)) s of one core: \(fixed(Double(run.events) / run.cpuSeconds / 1e6, 1)) million events per second")
    print("throughput \(fixed(3600 * run.throughput, 1)) parts per hour, mean lead time \(fixed(run.leadTime, 1)) s")
  }

  private struct WhatIfs: Encodable {
    var whatIfs: Int
    var replications: Int
    var parts: Int
    var events: Int
    var wallSeconds: Double
    var cpuSeconds: Double
    var variantsPerSecond: Double
    var engine: String
    var best: Int
    /// Good parts per hour: of the line as it stands, and of the best variant.
    var baseGoodPerHour: Double
    var bestGoodPerHour: Double
  }

  private func compare(_ line: LineSpec, _ count: Int) throws {
    let (seed, replications, parts, engine) = (seed, replications, parts, engine.choice)
    // Variant 0 is the line as it stands.
    let lines = [line] + (1...count).map { Self.variant($0, of: line, seed: seed) }
    let bar = ProgressBar("what-ifs  ")
    let stopwatch = Stopwatch(CLOCK_PROCESS_CPUTIME_ID)
    let outcomes = Cores { bar.show($0, of: $1) }.map(lines.count) { k -> Result<Replications, SimulationError> in
      Result { () throws(SimulationError) in
        try Replications.run(LineSimulation(lines[k]), seed: seed, count: replications, horizon: .infinity, parts: parts, engine: engine)
      }
    }
    let took = stopwatch.seconds
    var rates: [Double] = []
    var events = 0
    var name = "maxPlus"
    for (k, outcome) in outcomes.enumerated() {
      let runs = try outcome.get()
      for result in runs.results { try refuseDeadlock(result, "variant \(k)") }
      rates.append(runs.results.reduce(0) { $0 + $1.goodRate * 3600 } / Double(replications))
      events += runs.results.reduce(0) { $0 + $1.events }
      if runs.results.contains(where: { $0.engine == .events }) { name = "events" }
    }
    let best = rates.indices.max { rates[$0] < rates[$1] }!
    let answer = WhatIfs(
      whatIfs: count, replications: replications, parts: parts, events: events, wallSeconds: took.wall, cpuSeconds: took.cpu,
      variantsPerSecond: Double(lines.count) / took.wall, engine: name, best: best, baseGoodPerHour: rates[0], bestGoodPerHour: rates[best])
    if json { return try JSONOutput.print(answer) }
    print("\(count) what-ifs and the line as it stands, \(replications) replications of \(parts) parts each, \(events) events (\(name))")
    print(
      "\(fixed(took.wall, 2)) s on the clock, \(fixed(took.cpu, 2)) s of cores: \(fixed(answer.variantsPerSecond, 1)) variants per second, "
        + "\(fixed(Double(events) / took.cpu / 1e6, 1)) million events per core second")
    print("as it stands \(fixed(rates[0], 1)) good parts per hour; best is variant \(best) with \(fixed(rates[best], 1))")
  }

  /// Variant k: each cycle times 0.9 … 1.1, each time between failures times 0.8 … 1.25, each limited buffer times 0.5 … 2, drawn from a stream
  /// of the seed and k.
  static func variant(_ k: Int, of line: LineSpec, seed: UInt64) -> LineSpec {
    var stream = RandomStream(seed: seed, "bench", "what-if").split(k)
    var changed = line
    for knob in line.knobs {
      let value = knob.value(in: line)
      switch (knob.kind, knob.property) {
      case ("station", "cycle"): knob.set(value * stream.uniform(0.9, 1.1), in: &changed)
      case ("station", "mtbf"): knob.set(value * stream.uniform(0.8, 1.25), in: &changed)
      case ("buffer", "capacity"):
        let factor = stream.uniform(0.5, 2)
        // A hand-over stays one; a travelling part needs its place.
        if value > 0, value < Double(BufferSpec.unlimited) { knob.set(max(1, (value * factor).rounded()), in: &changed) }
      default: break
      }
    }
    return changed
  }

  private func refuseDeadlock(_ result: LineResult, _ name: String) throws {
    if let deadlock = result.deadlock { throw CommandFailure("\(name) locks up: \(deadlock)") }
  }
}

/// Seconds since it was made: on the clock, and of this thread's core or of all the process's cores.
private struct Stopwatch {
  private let started = ContinuousClock.now
  private let clock: clockid_t
  private let cpu: Double

  init(_ clock: clockid_t) { (self.clock, cpu) = (clock, Self.cpuSeconds(clock)) }

  var seconds: (wall: Double, cpu: Double) { ((ContinuousClock.now - started) / .seconds(1), Self.cpuSeconds(clock) - cpu) }

  private static func cpuSeconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    _ = unsafe clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
