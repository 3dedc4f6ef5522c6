import ArgumentParser
import Foundation
import Historian
import HistorianServer
import Ingest
import Quantities
import UnixSignals

struct HistorianServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve a historian over HTTP: InfluxDB line protocol and Prometheus remote write in, queries out.",
    discussion: """
      An answer to a write means that its samples survive a power cut. --durability written answers earlier: they then survive the end of the
      process, and a power cut may cost the last second.

      Examples:
        takt historian serve --data historian
        takt historian serve --data historian --host 0.0.0.0 --token-file token      (from outside, a token is asked for)
        curl -X POST 'http://127.0.0.1:8471/write' --data-binary 'cpu,host=a usage=1.5'
        curl 'http://127.0.0.1:8471/api/v1/query?query=cpu_usage'
      """)
  @OptionGroup var place: HistorianPlace
  @Option(help: "The address to listen on.") var host = "127.0.0.1"
  @Option(help: "The port; 0 lets the system choose.") var port = 8471
  @Option(help: "What an answer to a write promises: synced (survives a power cut) or written (survives the end of the process).")
  var durability = "synced"
  @Option(help: "A file with the token that clients must show; needed to listen beyond this machine.") var tokenFile: String?
  @Option(help: "Name tags STATION/MEASUREMENT by this tag key, as a plant's connections do; without it, by all labels.") var stationKey: String?
  @Option(help: "Threads that read and decode.") var threads = 2
  @Option(help: "The most bytes of writes in hand, in MiB; beyond it senders are told to come again.") var openMegabytes = 64
  @Option(help: "The most bytes of one body, in MiB.") var bodyMegabytes = 32
  @Option(help: "The most series.") var seriesLimit = 2_000_000
  @Flag(help: "Print JSON.") var json = false

  func run() async throws { try await orExplain { try await serve() } }

  private func serve() async throws {
    signal(SIGPIPE, SIG_IGN)
    let configuration = try configuration()
    let (historian, storage, lock) = try place.open()
    let recovery = historian.recovery
    let server: HistorianServer
    do {
      server = try await HistorianServer(
        configuration, historian: historian, storage: storage, seed: .random(in: 0 ... .max), clock: { WallClock.now })
    } catch { throw CommandFailure("\(error)") }
    // Nobody else may write to the folder while this runs.
    defer { withExtendedLifetime(lock) {} }
    if json {
      try JSONOutput.print(Started(port: server.port, recovery: "\(recovery)", isSound: recovery.isSound))
    } else {
      print("\(place.data): \(recovery)\nlistening on http://\(host):\(server.port), writes are answered when \(durability)")
    }
    fflush(nil)
    for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { break }
    await server.close()
    if !json { print("stopped; everything acknowledged is on the disk") }
  }

  private struct Started: Encodable {
    var port: Int
    var recovery: String
    var isSound: Bool
  }

  private func configuration() throws -> HistorianServerConfiguration {
    var configuration = HistorianServerConfiguration()
    guard let durability = HistorianServerConfiguration.Durability(rawValue: durability) else {
      throw ValidationError("--durability is synced or written")
    }
    guard openMegabytes > 0, bodyMegabytes > 0, openMegabytes < 1 << 20, bodyMegabytes < 1 << 20, threads > 0 else {
      throw ValidationError("limits are above zero")
    }
    (configuration.host, configuration.port, configuration.durability) = (host, port, durability)
    (configuration.threads, configuration.seriesLimit) = (threads, seriesLimit)
    (configuration.openBytes, configuration.bodyBytes) = (openMegabytes << 20, bodyMegabytes << 20)
    if let stationKey { configuration.naming = .station(key: stationKey) }
    if let tokenFile {
      guard let content = FileManager.default.contents(atPath: tokenFile) else { throw CommandFailure("\(tokenFile) cannot be read") }
      let token = String(decoding: content, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      guard !token.isEmpty else { throw CommandFailure("\(tokenFile) is empty") }
      configuration.token = token
    }
    if let flaw = configuration.flaw { throw CommandFailure(flaw) }
    return configuration
  }
}
