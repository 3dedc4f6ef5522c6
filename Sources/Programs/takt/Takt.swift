import ArgumentParser
import Foundation

/// The command. Every verb has `--help` with an example and, where programs read, `--json`; exit codes are 0 done, 1 refused or falls short, 2 misuse.
@main
struct Takt: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "takt", abstract: "An operating system for a factory: every change is proven, staged, judged and reversible.",
    discussion: "Begin with: takt check examples/bottling, then takt up examples/bottling.",
    version: "0.1.0",
    groupedSubcommands: [
      CommandGroup(name: "Plant folder", subcommands: [CheckCommand.self, SchemaCommand.self, DiffCommand.self]),
      CommandGroup(
        name: "Simulation and twin",
        subcommands: [
          SimulateCommand.self, CalibrateCommand.self, FMUCommand.self, ForecastCommand.self, BenchCommand.self, LatencyCommand.self,
          RehearseCommand.self,
        ]),
      CommandGroup(
        name: "Running plant",
        subcommands: [
          UpCommand.self, PsCommand.self, TopCommand.self, TwinCommand.self, TagsCommand.self, LogsCommand.self, KillCommand.self, ResumeCommand.self,
        ]),
      CommandGroup(
        name: "Changes",
        subcommands: [
          ProposeCommand.self, ProposalsCommand.self, ApproveCommand.self, RejectCommand.self, RollbackCommand.self, TakeOverCommand.self,
          RearmCommand.self,
          HaltCommand.self,
          PromoteCommand.self, PlanCommand.self, EnvelopeCommand.self,
        ]),
      CommandGroup(
        name: "Records",
        subcommands: [
          LedgerCommand.self, ReplayCommand.self, EvidenceCommand.self, AssuranceCommand.self, HistorianCommand.self, QueryCommand.self,
          ImportCommand.self,
          ExportCommand.self,
        ]),
      CommandGroup(name: "Housekeeping", subcommands: [UserCommand.self, KeyCommand.self, LoopCommand.self]),
    ])

  /// Runs what was typed. The parser's own exit code for misuse would be 64.
  static func main() async {
    do {
      var command = try parseAsRoot()
      if var waiting = command as? any AsyncParsableCommand { try await waiting.run() } else { try command.run() }
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      FileHandle.standardError.write(Data("\(fullMessage(for: error))\n".utf8))
      Foundation.exit(2)
    }
  }
}
