import ArgumentParser
import FMI
import FMUCalibration
import Foundation

/// `takt calibrate MODEL.fmu`: parameters of an FMU from a table of readings.
struct FMUCalibrationOptions: ParsableArguments {
  @Option(help: "FMU: the parameters to learn, by commas: NAME, or NAME=LOW..HIGH.") var parameters: String?
  @Option(help: "FMU: the variables that were measured, by commas; each has a column in the file of --csv.") var outputs: String?
  @Option(help: "FMU: the inputs that were recorded, by commas; held from row to row.") var inputs: String?
  @Option(help: "FMU: its states, by commas, where it does not declare them: NAME, or NAME=SETTER.") var states: String?
  @Option(name: .customLong("start-value"), help: "FMU: what a variable starts from, NAME=VALUE; a state also NAME=VALUE+-DEVIATION.")
  var starts: [String] = []
  @Option(help: "FMU: the sensors' deviations, OUTPUT=DEVIATION by commas; without it they are learned.") var noise: String?
  @Option(help: "FMU: noise on the states, STATE=DEVIATION in a second, by commas.") var processNoise: String?
  @Option(help: "FMU: unscented, ensemble, or simulation (whole runs, for a unit whose states cannot be set).")
  var method = CalibrationMethod.unscented
  @Option(help: "FMU: members of the ensemble.") var members = 100
  @Option(help: "FMU: the longest communication step in seconds; without it, from reading to reading.") var step: Double?
  @Option(help: "FMU: seconds that one call of the unit may take.") var patience = 30.0

  /// Prints the estimates and the verdict; ends with exit code 1 where the model is wrong in its structure.
  func run(_ path: String, readings: String?, seed: UInt64, json: Bool) throws {
    guard let readings else { throw CommandFailure("say with --csv where the readings are: time and a column for each output and input") }
    guard let parameters else { throw CommandFailure("say with --parameters what is to be learned; takt fmu info \(path) lists what there is") }
    guard let outputs else { throw CommandFailure("say with --outputs what was measured; takt fmu info \(path) lists what there is") }
    guard members >= 2, patience > 0 else { throw CommandFailure("--members must be at least 2, --patience above 0") }
    var request = CalibrationRequest(parameters: Self.list(parameters), outputs: Self.list(outputs))
    (request.inputs, request.states, request.start) = (Self.list(inputs ?? ""), states.map(Self.list), starts)
    (request.noise, request.processNoise) = (Self.list(noise ?? ""), Self.list(processNoise ?? ""))
    (request.method, request.members, request.step) = (method.meant, members, step)
    let table = try readingTable(readings)
    let session = try FMUPlace.session(try explaining { () throws(FMIError) in try FMU(path) }, patience: patience)
    let report: CalibrationReport
    do throws(FMUCalibrationError) { report = try FMUStudy(session, table: table, request: request).run(seed: seed) } catch {
      throw CommandFailure(error.description)
    }
    if json { try JSONOutput.print(report) } else { Self.print(report) }
    if !report.isCalibrated { throw CommandFailure("no parameters make \(path) right about these readings: it is wrong in its structure") }
  }

  private static func list(_ text: String) -> [String] { text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }

  private static func print(_ report: CalibrationReport) {
    Swift.print(
      report.isCalibrated
        ? Style.colour(.green, "calibrated") + " by \(report.readings) readings: the best fit leaves nothing in them that a right model would not"
        : Style.colour(.red, "structural") + ": the best fit of \(report.readings) readings leaves what a right model would not; do not use it")
    Swift.print("")
    TextTable(
      header: [report.isCalibrated ? "PARAMETER" : "BEST FIT, REFUTED", "ESTIMATE", "STD ERROR", "5 %", "95 %", "UNIT", "START", "FILTER ALONE"],
      rows: report.parameters.map {
        [
          $0.name, number($0.estimate), number($0.standardError), number($0.low), number($0.high), $0.unit ?? "—", number($0.start),
          $0.filterEstimate.map(number) ?? "—",
        ]
      }
    ).print()
    Swift.print("")
    TextTable(
      header: ["WHITENED INNOVATIONS", "P", "SIZE", "IN", ""],
      rows: report.checks.map { [$0.of, number($0.pValue), fixed($0.size, 2), $0.output ?? "—", $0.refutes ? "refutes the model" : ""] }
    ).print()
    Swift.print("")
    for sensor in report.sensors {
      Swift.print("noise of \(sensor.output): \(number(sensor.deviation)) \(sensor.unit ?? "")\(sensor.isLearned ? ", learned" : "")")
    }
  }

  /// Five figures.
  private static func number(_ value: Double) -> String { String(format: "%.5g", value) }
}

/// How parameters are found, as typed.
enum CalibrationMethod: String, ExpressibleByArgument, CaseIterable {
  case unscented, ensemble, simulation

  var meant: CalibrationRequest.Method {
    switch self {
    case .unscented: .unscented
    case .ensemble: .ensemble
    case .simulation: .simulation
    }
  }
}
