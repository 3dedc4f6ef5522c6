import Acquisition
import Actuation
import ArgumentParser
import Console
import Foundation
import LineModel
import Logging
import PlantModel
import UnixSignals

struct UpCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up", abstract: "Run a plant: acquire, calibrate, govern, show. Ends with Ctrl-C; the plant keeps its set-points.",
    discussion: "Example: takt up examples/bottling\nThen open the console at the address that it prints.")

  @Argument(help: "The plant folder.") var directory: String
  @Option(help: "Where records are kept; by default PLANT/.takt.") var data: String?
  @Option(help: "The console's port on this machine; 0 lets the system choose.") var port = 8470
  @Option(help: "Seed of every random number that Takt draws.") var seed: UInt64 = 1
  @Flag(help: "Do not print what happens.") var quiet = false
  @Option(help: "How much to log: debug, info, notice, warning, error.") var logLevel = "notice"

  func run() async throws {
    guard let level = Logger.Level(rawValue: logLevel) else { throw ValidationError("--log-level is one of debug, info, notice, warning, error") }
    var log = Logger(label: "takt") { StreamLogHandler.standardError(label: $0) }
    log.logLevel = level
    // A loop that died takes its pipe with it: that is an event, not the end of Takt.
    signal(SIGPIPE, SIG_IGN)

    let plant = PlantDirectory(directory)
    let place = data ?? plant.dataPath
    let running = try orExplain {
      let folder = try plant.folder()
      for sentence in folder.plant.beyondTheTwin { print("the twin cannot follow everything here. \(sentence)") }
      do {
        return try Topology(
          folder: folder, directory: directory, data: place, port: port, seed: seed, log: log, announce: Storyteller(isQuiet: quiet).tell
        ).bringUp()
      } catch let failure as CommandFailure { throw failure } catch { throw CommandFailure("\(place): \(error)") }
    }
    print("records in \(place): \(running.recovery)")
    if let password = running.firstPassword {
      print("sign in as engineer with the password \(password) (change it: takt user set engineer --data \(place))")
    }

    // Nobody else may write to the records while this runs.
    defer { withExtendedLifetime(running.lock) {} }
    try await run(running.parts, in: place)
    try? FileManager.default.removeItem(atPath: "\(place)/console.json")
    print("stopped; the plant keeps its set-points")
  }

  private func run(_ running: Topology.Parts, in place: String) async throws {
    let interruptions = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    try await running.core.open()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for session in running.sessions { group.addTask { await session.run() } }
      for actuator in running.actuators { group.addTask { await actuator.run() } }
      group.addTask {
        while await running.core.tick() { try await Task.sleep(for: .milliseconds(200)) }
        if let reason = await running.core.mustEnd { throw CommandFailure("\(reason). Start takt up again: it goes on from the ledger.") }
      }
      group.addTask {
        try await running.console.run { port in
          let address = TaktClient.Address(url: "http://127.0.0.1:\(port)", token: running.token, pid: getpid())
          writeAddress(address, to: place)
          print("console: \(address.url)")
        }
      }
      group.addTask {
        for await _ in interruptions { break }
        for actuator in running.actuators { actuator.stop() }
        for session in running.sessions { session.stop() }
        await running.console.stop()
        await running.core.close()
      }
      // Each ends by itself once it was told to stop; the first that falls over takes the others with it, which `waitForAll` would not do.
      while try await group.next() != nil {}
    }
  }
}

/// Leaves address and token where the command finds them, readable by this user alone.
private func writeAddress(_ address: TaktClient.Address, to place: String) {
  let path = "\(place)/console.json"
  guard let content = try? JSONEncoder().encode(address) else { return }
  _ = FileManager.default.createFile(atPath: path, contents: content, attributes: [.posixPermissions: 0o600])
}
