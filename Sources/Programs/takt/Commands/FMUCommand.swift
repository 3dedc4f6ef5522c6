import ArgumentParser
import FMI
import Foundation

/// `takt fmu`: functional mock-up units on their own.
struct FMUCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmu", abstract: "Functional mock-up units (FMI 2.0 and 3.0, co-simulation): what one is, and running it.",
    discussion: """
      Examples:
        takt fmu info heater.fmu
        takt fmu run heater.fmu --stop 100 --step 1 --set k=12 --set T=30 > run.csv
        takt calibrate heater.fmu --csv readings.csv --parameters k,tau --outputs T --inputs u
      """,
    subcommands: [FMUInfoCommand.self, FMURunCommand.self])
}

/// One unit, and the process that runs it.
struct FMUPlace: ParsableArguments {
  @Argument(help: "The FMU.") var file: String
  @Option(help: "Seconds that one call of the unit may take.") var patience = 30.0

  func validate() throws {
    guard patience > 0, patience.isFinite else { throw ValidationError("--patience must be above 0") }
  }

  func fmu() throws -> FMU { try explaining { () throws(FMIError) in try FMU(file) } }
  func session() throws -> FMUSession { try Self.session(try fmu(), patience: patience) }

  /// The host lies beside this program.
  static func session(_ fmu: FMU, patience: Double) throws -> FMUSession {
    let host = URL(fileURLWithPath: CommandLine.executablePath).deletingLastPathComponent().appendingPathComponent("takt-fmu-host").path
    guard FileManager.default.isExecutableFile(atPath: host) else {
      throw CommandFailure("\(host) is not there: FMUs run in that program; swift build --product takt-fmu-host makes it")
    }
    return try explaining { () throws(FMIError) in try FMUSession(fmu, host: host, patience: patience) }
  }
}

/// An error of a unit as a refusal of the command.
func explaining<Value>(_ body: () throws(FMIError) -> Value) throws -> Value {
  do throws(FMIError) { return try body() } catch { throw CommandFailure(error.description) }
}
