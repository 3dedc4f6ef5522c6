import ArgumentParser
import FMI
import FMUHost
import Foundation
import Interchange

struct FMURunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run an FMU from start to stop and print its outputs as CSV, a row for each communication step.",
    discussion: """
      Examples:
        takt fmu run heater.fmu --stop 100 --step 1 --set k=12 --set T=30
        takt fmu run heater.fmu --inputs power.csv --outputs T,steps      (power.csv: time,u; each value holds to the next row)

      Times and step are the unit's own default experiment where not given. The unit runs in a process of its own: a crash, a hang or a refused call ends
      with a message and exit code 1.
      """)
  @OptionGroup var place: FMUPlace
  @Option(help: "Where it begins, in seconds.") var start: Double?
  @Option(help: "Where it ends, in seconds.") var stop: Double?
  @Option(help: "The communication step, in seconds; without any, a five-hundredth of the time.") var step: Double?
  @Option(name: .customLong("set"), help: "A start value, as NAME=VALUE; may be given several times.") var sets: [String] = []
  @Option(help: "A CSV file of inputs: time and a column for each.") var inputs: String?
  @Option(help: "What is recorded, by commas; without it the unit's outputs.") var outputs: String?
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    try orExplain {
      let session = try place.session()
      let run = try description(session.fmu)
      let bar = ProgressBar(session.fmu.description.modelName)
      let timer = DispatchSource.makeTimerSource()
      let (first, last) = (run.points[0], run.points[run.points.count - 1])
      timer.schedule(deadline: .now() + 0.5, repeating: 0.2)
      timer.setEventHandler {
        if let t = session.currentTime, last > first { bar.show(Int(1000 * (t - first) / (last - first)), of: 1000) }
      }
      timer.resume()
      defer { timer.cancel() }
      let rows = try explaining { () throws(FMIError) in try session.run(run) }
      var table = ResultTable(columns: ["time"] + run.records.flatMap(\.columns))
      for (t, row) in zip(run.points, rows) { table.append([.number(t)] + row.map { .number($0) }) }
      FileHandle.standardOutput.write(Data(json ? table.json() : table.csv()))
    }
  }

  private func description(_ fmu: FMU) throws -> FMURun {
    let experiment = fmu.description.experiment
    let begin = start ?? experiment.startTime ?? 0
    guard let end = stop ?? experiment.stopTime else { throw CommandFailure("\(fmu.path) does not say when to stop; say --stop SECONDS") }
    guard begin.isFinite, end.isFinite, begin < end else {
      throw CommandFailure("it would run from \(begin) to \(end): --stop must be after --start")
    }
    let length = step ?? experiment.stepSize ?? (end - begin) / 500
    guard length > 0, (end - begin) / length <= 10_000_000 else {
      throw CommandFailure("a step of \(length) s gives no number of steps up to 10000000")
    }
    let records: [Variable] =
      if let outputs {
        try outputs.split(separator: ",").map { name in try explaining { () throws(FMIError) in try fmu.variable(String(name)) } }
      } else {
        fmu.description.outputs.map { fmu.description.variables[$0] }.filter { $0.slot.type.isNumber }
      }
    if records.isEmpty { throw CommandFailure("\(fmu.path) declares no outputs; name what is to be recorded with --outputs") }
    var run = FMURun(points: FMURun.points(from: begin, to: end, step: length), records: records)
    run.stopTime = end
    run.tolerance = experiment.tolerance
    for text in sets {
      let parts = text.split(separator: "=", maxSplits: 1)
      let values = parts.count == 2 ? parts[1].split(separator: ",").map { Double($0) } : []
      guard !values.isEmpty, !values.contains(nil) else { throw CommandFailure("--set \(text): write NAME=VALUE, of an array NAME=VALUE,VALUE,…") }
      run.start.append(.init(try explaining { () throws(FMIError) in try fmu.variable(String(parts[0])) }, values.compactMap { $0 }))
    }
    if let inputs { try read(inputs, into: &run, of: fmu) }
    return run
  }

  /// Each communication point takes the last row at or before it.
  private func read(_ path: String, into run: inout FMURun, of fmu: FMU) throws {
    let table = try readingTable(path)
    for column in table.columns { run.inputs.append(try explaining { () throws(FMIError) in try fmu.variable(column.name) }) }
    guard let first = table.instants.first, first <= run.points[0] else {
      throw CommandFailure("\(path): its first row must be at \(run.points[0]) s or before, where the run begins")
    }
    for (k, row) in table.rows.enumerated() where row.contains(nil) { throw CommandFailure("\(path): row \(k + 1) has an empty cell") }
    var place = 0
    for t in run.points {
      while place + 1 < table.instants.count, table.instants[place + 1] <= t { place += 1 }
      run.inputRows.append(table.rows[place].compactMap { $0 })
    }
  }
}

/// A file of readings, or the refusal that says what is wrong with it.
func readingTable(_ path: String) throws -> ReadingTable {
  guard let data = FileManager.default.contents(atPath: path) else { throw CommandFailure("\(path) cannot be read") }
  do throws(ReadingTable.Fault) { return try ReadingTable([UInt8](data)) } catch { throw CommandFailure("\(path): \(error)") }
}
