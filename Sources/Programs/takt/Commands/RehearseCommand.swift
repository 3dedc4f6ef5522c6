import ArgumentParser
import Foundation
import Quantities
import Rehearsal

struct RehearseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rehearse", abstract: "Rehearse failure: Takt's whole runtime in a simulated world, seed by seed.",
    discussion: """
      Each seed is some hours of a small plant in which disks, networks, clocks, sensors, machines, loops and people fail. Every invariant is
      checked after every step against the true plant and the true disk. A seed that breaks one is shrunk to the faults that it needs.
      Examples:
        takt rehearse --seeds 1000
        takt rehearse --seed 4711 --trace
        takt rehearse --scenario all --seeds 100
        takt rehearse --seeds 400 --mutant fenceNotStored
      """)

  private static let standardHours = RehearsalOptions().length.hours

  @Option(help: "How many seeds, or seeds of each scenario.") var seeds = 1000
  @Option(help: "The first seed.") var from: UInt64 = 0
  @Option(help: "One seed alone.") var seed: UInt64?
  @Flag(help: "With --seed: the whole story.") var trace = false
  @Option(help: "Plant hours of trouble in each seed.") var hours = standardHours
  @Option(help: "A scenario by its number or name, or all.") var scenario: String?
  @Option(help: "A deliberate break, to see that it is found: \(Mutant.allCases.map(\.rawValue).joined(separator: ", ")).") var mutant: String?
  @Option(
    help: "How stages are run: \(RehearsedRollout.allCases.map(\.rawValue).joined(separator: ", ")). Else each seed chooses.")
  var rollout: String?
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    guard seeds >= 1, hours > 0 else { throw ValidationError("--seeds and --hours must be positive") }
    if let mutant, Mutant(rawValue: mutant) == nil { throw ValidationError("there is no mutant \(mutant)") }
    if let rollout, RehearsedRollout(rawValue: rollout) == nil { throw ValidationError("there is no rollout \(rollout)") }
    if trace, seed == nil { throw ValidationError("--trace wants a --seed") }
  }

  private var options: RehearsalOptions {
    var options = RehearsalOptions()
    options.length = .hours(hours)
    options.mutant = mutant.flatMap { Mutant(rawValue: $0) }
    options.rollout = rollout.flatMap { RehearsedRollout(rawValue: $0) }
    return options
  }

  func run() throws {
    if let scenario { return try rehearse(scenario: scenario) }
    if let seed { return try rehearseOne(seed) }
    try rehearseMany()
  }

  // MARK: - One seed

  private func rehearseOne(_ seed: UInt64) throws {
    var options = options
    options.isTold = true
    let outcome = Rehearsal.rehearse(seed: seed, options)
    if trace { for line in outcome.story { print(line) } }
    print("seed \(seed): \(outcome.faults.count) faults, \(outcome.figures.sentence)")
    guard !outcome.violations.isEmpty else { return print("every invariant held") }
    show(shrink(outcome, options), whole: outcome)
    throw ExitCode(1)
  }

  private func show(_ short: RehearsalOutcome, whole: RehearsalOutcome) {
    print(Style.colour(.red, "seed \(short.seed): \(short.violations[0])"))
    print("  needed of \(whole.faults.count) faults:\(short.faults.isEmpty ? " none" : "")")
    for fault in short.faults { print("    \(fault)") }
    print("  the last events:")
    for line in short.story.suffix(12) { print("    \(line.prefix(300))") }
    let length = hours == Self.standardHours ? "" : " --hours \(hours)"
    print("  takt rehearse --seed \(short.seed) --trace\(length)\(rollout.map { " --rollout \($0)" } ?? "")\(mutant.map { " --mutant \($0)" } ?? "")")
  }

  // MARK: - Many seeds

  private struct Answer: Encodable {
    var seeds: Int
    var failing: [UInt64]
    var seedsPerSecondPerCore: Double
    var cores: Int
    var plantHours: Double
    var lives: Int
    var facts: Int
    var writes: Int
    var settled: Int
    var rolledBack: Int
  }

  private func rehearseMany() throws {
    let bar = ProgressBar("rehearsing")
    let (options, first, count) = (options, from, seeds)
    let block = 50
    let started = CPUSeconds.now
    let blocks = Cores { done, _ in bar.show(min(done * block, count), of: count) }.map((count + block - 1) / block) { index in
      var (figures, failing) = (RehearsalFigures(), [UInt64]())
      for seed in index * block..<min((index + 1) * block, count) {
        let outcome = Rehearsal.rehearse(seed: first + UInt64(seed), options)
        figures += outcome.figures
        if !outcome.violations.isEmpty { failing.append(outcome.seed) }
      }
      return (figures, failing)
    }
    let seconds = CPUSeconds.now - started
    let figures = blocks.reduce(into: RehearsalFigures()) { $0 += $1.0 }
    let failing = blocks.flatMap { $0.1 }
    let rate = Double(count) / max(seconds, 1e-9)
    if json {
      try JSONOutput.print(
        Answer(
          seeds: count, failing: failing, seedsPerSecondPerCore: rate, cores: ProcessInfo.processInfo.activeProcessorCount,
          plantHours: figures.plantTime.hours, lives: figures.lives, facts: figures.facts, writes: figures.writes, settled: figures.settled,
          rolledBack: figures.rolledBack))
    } else {
      print("\(count) seeds, \(fixed(rate, 0)) seeds per second per core: \(figures.sentence)")
    }
    guard !failing.isEmpty else {
      if !json { print(Style.colour(.green, "every invariant held in every seed")) }
      return
    }
    if !json {
      print("\(failing.count) seeds break an invariant; the first of them, shrunk:")
      var told = options
      told.isTold = true
      for seed in failing.prefix(3) {
        let outcome = Rehearsal.rehearse(seed: seed, told)
        show(shrink(outcome, told), whole: outcome)
      }
    }
    throw ExitCode(1)
  }

  // MARK: - Scenarios

  private func rehearse(scenario name: String) throws {
    let chosen = name == "all" ? Scenario.all : Scenario.all.filter { $0.name == name || "\($0.number)" == name }
    guard !chosen.isEmpty else {
      throw ValidationError("there is no scenario \(name): \(Scenario.all.map { "\($0.number)" }.joined(separator: ", "))")
    }
    let (count, first) = (seeds, from)
    let bar = ProgressBar("rehearsing")
    let results = Cores { bar.show($0, of: $1) }.map(chosen.count) { chosen[$0].measure(seeds: first..<first + UInt64(count)) }
    if json {
      try JSONOutput.print(results)
    } else {
      var table = TextTable(header: ["#", "scenario", "required", "measured", "holds"])
      for result in results { table.rows.append(["\(result.number)", result.name, result.required, result.measured, result.holds ? "yes" : "NO"]) }
      table.print()
    }
    if results.contains(where: { !$0.holds }) { throw ExitCode(1) }
  }
}

/// Seconds of processor time of the whole process.
private enum CPUSeconds {
  static var now: Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
}

extension RehearsalFigures {
  fileprivate var sentence: String {
    "\(fixed(plantTime.hours, 1)) plant hours, \(lives) starts, \(facts) facts, \(writes) writes, \(stages) stages, \(settled) settled, "
      + "\(rolledBack) rolled back"
  }
}
