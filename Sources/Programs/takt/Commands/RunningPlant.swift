import ArgumentParser
import Console

/// Options of every verb that speaks to a running plant.
struct RunningPlant: ParsableArguments {
  @Option(name: .customLong("plant"), help: "The plant folder.") var directory = "."
  @Option(help: "The data folder of takt up, where it is not PLANT/.takt.") var data: String?

  func client() throws -> TaktClient { try TaktClient(data: data ?? PlantDirectory(directory).dataPath) }
}

/// A verb that sends one command to the running plant.
protocol PlantCommand: AsyncParsableCommand {
  var plant: RunningPlant { get }
  var path: String { get }
  var reason: String? { get }
  var done: String { get }
}

extension PlantCommand {
  var reason: String? { nil }
  func run() async throws {
    try await orExplain { try await plant.client().post(path, reason: reason) }
    print(done)
  }
}

struct TakeOverCommand: PlantCommand {
  static let configuration = CommandConfiguration(
    commandName: "takeover", abstract: "Take the line: nothing is written any more, set-points stay where they are.",
    discussion: "Example: takt takeover --plant examples/bottling")
  @OptionGroup var plant: RunningPlant
  var path: String { "takeover" }
  var done: String { "You have the line. Give it back with: takt rearm" }
}

struct RearmCommand: PlantCommand {
  static let configuration = CommandConfiguration(
    commandName: "rearm", abstract: "Give the line back after a takeover.", discussion: "Example: takt rearm --plant examples/bottling")
  @OptionGroup var plant: RunningPlant
  var path: String { "rearm" }
  var done: String { "Automatic again." }
}

struct HaltCommand: PlantCommand {
  static let configuration = CommandConfiguration(
    commandName: "halt", abstract: "Stop every write and every loop at once.",
    discussion: "Example: takt halt --reason \"strange noise at the filler\"")
  @OptionGroup var plant: RunningPlant
  @Option(help: "Why, for the ledger.") var reason: String?
  var path: String { "halt" }
  var done: String { "Halted. Go on with: takt resume" }
}

struct ResumeCommand: PlantCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on after a halt, or let one loop go on.", discussion: "Examples: takt resume, takt resume setpoints")
  @OptionGroup var plant: RunningPlant
  @Argument(help: "A loop; without one, the whole plant resumes after a halt.") var loop: String?
  var path: String { loop.map { "loops/\($0)/resume" } ?? "resume" }
  var done: String { loop.map { "\($0) goes on." } ?? "Resumed." }
}

struct KillCommand: PlantCommand {
  static let configuration = CommandConfiguration(
    commandName: "kill", abstract: "Stop a loop's process; it stays down until takt resume LOOP.", discussion: "Example: takt kill setpoints")
  @OptionGroup var plant: RunningPlant
  @Argument(help: "The loop.") var loop: String
  var path: String { "loops/\(loop)/kill" }
  var done: String { "\(loop) is stopped. Let it go on with: takt resume \(loop)" }
}

struct PromoteCommand: PlantCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote", abstract: "Give a loop one level of authority more, if its track record carries it.",
    discussion: "Example: takt promote setpoints")
  @OptionGroup var plant: RunningPlant
  @Argument(help: "The loop.") var loop: String
  var path: String { "loops/\(loop)/promote" }
  var done: String { "\(loop) is promoted." }
}

struct RejectCommand: PlantCommand {
  static let configuration = CommandConfiguration(
    commandName: "reject", abstract: "Reject a change before it is written.",
    discussion: "Example: takt reject brisk-otter-17 --reason \"cleaning tonight\"")
  @OptionGroup var plant: RunningPlant
  @Argument(help: "The change.") var change: String
  @Option(help: "Why, for the ledger.") var reason: String?
  var path: String { "changes/\(change)/reject" }
  var done: String { "\(change) is rejected." }
}

struct RollbackCommand: PlantCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback", abstract: "Take a change back to the last known good set-points.", discussion: "Example: takt rollback brisk-otter-17")
  @OptionGroup var plant: RunningPlant
  @Argument(help: "The change.") var change: String
  var path: String { "changes/\(change)/rollback" }
  var done: String { "\(change) is on its way back." }
}
