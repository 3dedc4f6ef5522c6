import ArgumentParser
import Foundation
import ReferencePlants

/// A simulated bottling line with a hidden truth behind a real Sparkplug B edge node.
@main
struct TaktPlant: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "takt-plant",
    abstract: "A simulated bottling line with a hidden truth, seen only through Sparkplug B or files.",
    discussion: """
      Whoever tests a platform may read the truth log; the platform may not. The line: Rinser, Filler, Capper, Labeller.

      EXAMPLES
        Live, 60 times as fast as real time, with the announced fault after 3 plant hours:
          takt-plant --mqtt 127.0.0.1:1883 --speed 60 --seed 7 --truth-log truth.jsonl

        A week into a file, as fast as possible:
          takt-plant --offline out --hours 168 --scenario drift --truth-log truth.jsonl

        Start with other set-points:
          takt-plant --offline out --hours 8 --set Filler/MachSpeed=26 --set Capper/CapTorqueSet=2.1

        How good was a run, between the design's set-points and the best ones?
          takt-plant --score truth.jsonl --best best.json
      """)

  @Option(help: ArgumentHelp("Live: the MQTT broker to speak to.", valueName: "host:port"))
  var mqtt: String?

  @Option(help: ArgumentHelp("Offline: write telemetry.csv into this folder, as fast as possible.", valueName: "dir"))
  var offline: String?

  @Option(help: ArgumentHelp("Score the run of this truth log against default and best set-points, as JSON.", valueName: "truth.jsonl"))
  var score: String?

  @OptionGroup(title: "THE RUN")
  var plant: RunOptions

  @OptionGroup(title: "LIVE")
  var live: LiveOptions

  @OptionGroup(title: "SCORE")
  var scoring: ScoreOptions

  /// Exit codes: 0 done, 1 could not, 2 misuse.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      FileHandle.standardError.write(Data((fullMessage(for: error) + "\n").utf8))
      Foundation.exit(2)
    }
  }

  func validate() throws {
    let chosen = [mqtt, offline, score].compactMap { $0 }.count
    guard chosen == 1 else { throw ValidationError("Give exactly one of --mqtt, --offline and --score.") }
    if let mqtt { _ = try BrokerAddress(mqtt) }
    try plant.check()
    guard live.speed > 0, live.publishMs > 0 else { throw ValidationError("--speed and --publish-ms must be above 0.") }
  }

  func run() throws {
    if let score {
      try ScoreRun(path: score, options: scoring).run()
    } else if let offline {
      try OfflineRun(folder: offline, options: plant).run()
    } else if let mqtt {
      try LiveRun(broker: BrokerAddress(mqtt), options: plant, live: live).run()
    }
  }
}
