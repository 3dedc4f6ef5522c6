import ArgumentParser
import Foundation
import LineModel
import PlantModel
import Quantities
import Reports
import Simulation

struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Run the plant as designed: KPIs, losses and bottleneck with confidence intervals, and what-ifs.",
    discussion: """
      Examples:
        takt simulate examples/bottling --hours 24 --replications 50
        takt simulate examples/bottling --until-precision 1 --warm-up auto     (good parts per hour to 1 %; warm-up by MSER-5)
        takt simulate examples/bottling --what-if station.Filler.mtbf=+20% --what-if buffer.B1.capacity=60,buffer.B2.capacity=80
        takt simulate examples/bottling --set Filler/MachSpeed=26              (a variant too: set-points instead of figures)
        takt simulate examples/bottling --report report.html --trace run.json

      A what-if is PATH=CHANGE. Paths: station.NAME.cycle, .mtbf, .mttr, .scrap, .machines, .microstop.interval; buffer.NAME.capacity, .transit;
      source.NAME.interval; crew.NAME.count; cards.NAME.cards; fleet.NAME.vehicles; a wrong path names what the line has. Changes: +20%, -5%,
      +1, or a new value: 40, 2.1s, 6min. Edits joined by commas make one variant; a repeated option makes several, all compared with the line as
      it stands on the same random numbers.

      Exit codes: 0 done; 1 the plant or a what-if cannot be simulated, stations wait for each other for ever, or the precision was not reached; 2 misuse.
      """)

  @Argument(help: "The plant folder.") var directory: String
  @Option(help: "Simulated hours of each replication, after the warm-up.") var hours = 24.0
  @Option(help: "Hours before statistics are taken, or auto: found by MSER-5 from pilot runs.") var warmUp = "1"
  @Option(help: "Independent replications.") var replications = 20
  @Option(help: "Run until good parts per hour are known to this many percent (at most 1000 replications).") var untilPrecision: Double?
  @Option(help: "Seed; the same seed gives the same figures.") var seed: UInt64 = 1
  @Option(name: .customLong("set"), help: "A set-point of a variant, as TAG=VALUE; several make one variant together.") var sets: [String] = []
  @Option(name: .customLong("what-if"), help: "A variant, as PATH=CHANGE[,PATH=CHANGE…]; may be given several times.") var whatIfs: [String] = []
  @Option(help: "Write what happened in replication 0 to this file, for the console's /replay.") var trace: String?
  @Option(help: "Write a report to this HTML file.") var report: String?
  @Flag(help: "Print JSON.") var json = false

  /// Hours, or nil for MSER-5.
  private var givenWarmUp: Double? { warmUp.lowercased() == "auto" ? nil : Double(warmUp) }

  func validate() throws {
    guard hours > 0, hours.isFinite, hours <= 1_000_000 else { throw ValidationError("--hours must be above 0 and at most 1000000") }
    guard warmUp.lowercased() == "auto" || givenWarmUp.map({ $0 >= 0 && $0.isFinite }) == true else {
      throw ValidationError("--warm-up must be hours, not negative, or auto")
    }
    guard replications >= 2 else { throw ValidationError("--replications must be at least 2: one gives no interval") }
    if let untilPrecision, !(untilPrecision > 0 && untilPrecision < 100) { throw ValidationError("--until-precision is a percentage, e.g. 1") }
  }

  func run() throws {
    try orExplain {
      let folder = try PlantDirectory(directory).folder()
      let job = try job(folder)
      let outcome: (study: LineStudy, trace: LineTrace?)
      do { outcome = try job.run() } catch let error as SimulationError { throw CommandFailure("\(error)") }
      if let path = report { try write(Data(HTMLReport(of: outcome.study).text.utf8), to: path) }
      if let path = trace, let recorded = outcome.trace {
        let about = outcome.study.about
        let header = TraceHeader(
          plant: folder.plant.name, revision: folder.revision, seed: seed, replication: 0, warmUp: about.warmUp, horizon: about.warmUp + about.span,
          line: job.line, trace: recorded)
        do { try write(try TraceFile(header: header, trace: recorded).encoded(), to: path) } catch let error as TraceError {
          throw CommandFailure("\(error)")
        }
      }
      if json { try JSONOutput.print(outcome.study) } else { StudyText(outcome.study).print() }
      tell(outcome.trace)
      if outcome.study.about.precision != nil, !job.reached(outcome.study) {
        throw CommandFailure("the precision was not reached; the intervals above are what \(outcome.study.about.replications) replications give")
      }
    }
  }

  private func job(_ folder: PlantFolder) throws -> SimulationJob {
    let plant = folder.plant
    func line(_ setpoints: Setpoints) -> LineSpec { plant.line(at: setpoints) }
    let base = line(plant.designSetpoints)
    var variants: [SimulationJob.Variant] = []
    let changed = try Self.setpoints(sets, plant)
    if !changed.isEmpty {
      let design = plant.designSetpoints
      variants.append(
        .init(
          name: sets.joined(separator: ","),
          changes: changed.keys.sorted().map { "\($0) from \(fixed(design[$0], 3)) to \(fixed(changed[$0], 3))" },
          line: line(design.merging(changed) { $1 })))
    }
    for text in whatIfs {
      do {
        let whatIf = try WhatIf(parsing: text, for: base)
        variants.append(.init(name: whatIf.text, changes: whatIf.changes, line: whatIf.applied(to: base)))
      } catch { throw CommandFailure("--what-if \(error)") }
    }
    return SimulationJob(
      plant: plant, revision: folder.revision, command: command, line: base, variants: variants, span: hours * 3600,
      warmUp: givenWarmUp.map { $0 * 3600 }, replications: replications, precision: untilPrecision.map { $0 / 100 }, seed: seed)
  }

  /// What to type to get the same again: only what bears on the figures.
  private var command: String {
    var words = ["takt", "simulate", directory, "--hours", Self.plain(hours), "--warm-up", warmUp]
    if let untilPrecision { words += ["--until-precision", Self.plain(untilPrecision)] } else { words += ["--replications", "\(replications)"] }
    words += ["--seed", "\(seed)"] + sets.flatMap { ["--set", $0] } + whatIfs.flatMap { ["--what-if", $0] }
    let safe = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=+,%:")
    return words.map { $0.allSatisfy(safe.contains) && !$0.isEmpty ? $0 : "'\($0.replacing("'", with: "'\\''"))'" }.joined(separator: " ")
  }

  private static func plain(_ x: Double) -> String { x == x.rounded() && abs(x) < 1e15 ? "\(Int64(x))" : "\(x)" }

  private func write(_ data: Data, to path: String) throws {
    do { try data.write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
      throw CommandFailure("\(path) cannot be written: \(error.localizedDescription)")
    }
  }

  /// Where the files are, on standard error so that `--json` stays JSON.
  private func tell(_ recorded: LineTrace?) {
    var lines: [String] = []
    if let report { lines.append("report: \(report) (open it in a browser)") }
    if let trace, let recorded {
      lines.append(
        "trace: \(trace), \(recorded.entries.count) entries\(recorded.isCut ? ", cut at the limit" : ""). To watch it: takt up \(directory), then open "
          + "http://127.0.0.1:8470/replay and choose the file")
    }
    for line in lines { FileHandle.standardError.write(Data("\(line)\n".utf8)) }
  }

  /// Reads TAG=VALUE; an unknown tag or a value outside the machine's range is an error that names what there is.
  static func setpoints(_ sets: [String], _ plant: Plant) throws -> Setpoints {
    var values: Setpoints = [:]
    for set in sets {
      let parts = set.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let value = Double(parts[1]), value.isFinite else {
        throw CommandFailure("--set \(set): write TAG=VALUE, e.g. Filler/MachSpeed=26")
      }
      guard let spec = plant.setpoints.first(where: { $0.tag == parts[0] }) else {
        throw CommandFailure("--set \(set): there is no set-point \(parts[0]); there are \(plant.setpoints.map(\.tag).joined(separator: ", "))")
      }
      guard value >= spec.low, value <= spec.high else {
        throw CommandFailure("--set \(set): \(parts[0]) goes from \(spec.low) to \(spec.high) \(spec.unit)")
      }
      values[parts[0]] = value
    }
    return values
  }
}
