import Foundation
import TestBroker
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A broker, Takt and the reference plant of one test, in a folder of their own; all are killed with it.
final class Line {
  let folder: URL
  private let broker: Broker
  private let speed: Int
  private var children: [Child] = []
  private(set) var takt: Child?
  private var commands = 0

  var data: String { folder.appendingPathComponent("data").path }
  var plantFolder: String { folder.appendingPathComponent("plant").path }

  /// Nil, with a printed line, where a program is missing.
  init?(speed: Int, _ test: String = #function) throws {
    guard Programs.areBuilt else {
      print("skipped \(test): takt and takt-plant are not built beside the tests (\(Programs.folder.path))")
      return nil
    }
    guard let broker = try Broker() else {
      print("skipped \(test): mosquitto is not installed")
      return nil
    }
    (self.speed, self.broker) = (speed, broker)
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("takt-loop-\(ProcessInfo.processInfo.processIdentifier)-\(broker.port)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: Programs.repository.appendingPathComponent("examples/bottling"), to: URL(fileURLWithPath: plantFolder))
    try replace("connections.yaml", [("speed: 60", "speed: \(speed)"), ("port: 1883", "port: \(broker.port)")])
  }

  /// A line that is up: Takt has heard the plant. One that is not heard within half a minute is given up once, and what its programs said is printed:
  /// a run of CI met one whose cause is not known.
  static func up(speed: Int, _ test: String = #function) async throws -> Line? {
    for isLast in [false, true] {
      guard let line = try Line(speed: speed, test) else { return nil }
      try await line.startTakt()
      try line.startPlant()
      if await within(30, { ((try? await line.snapshot()["plantTime"]) as? NSNumber)?.int64Value ?? 0 > 0 }) { return line }
      let story = try await line.story()
      try #require(!isLast, "no telemetry\n\(story)")
      print("\(test): no telemetry, trying once more\n\(story)")
    }
    return nil
  }

  deinit {
    children.forEach { $0.signal(SIGKILL) }
    try? FileManager.default.removeItem(at: folder)
  }

  /// Changes a file of the plant folder; each text must stand there.
  func replace(_ file: String, _ replacements: [(old: String, new: String)]) throws {
    let url = URL(fileURLWithPath: plantFolder).appendingPathComponent(file)
    var text = try String(contentsOf: url, encoding: .utf8)
    for (old, new) in replacements {
      try #require(text.contains(old), "\(file) no longer holds \(old)")
      text = text.replacingOccurrences(of: old, with: new)
    }
    try text.write(to: url, atomically: true, encoding: .utf8)
  }

  /// Starts Takt and waits until its console answers.
  func startTakt() async throws {
    try? FileManager.default.removeItem(atPath: "\(data)/console.json")
    commands += 1
    let child = try Child(
      Programs.takt, ["up", plantFolder, "--data", data, "--port", "0"], output: folder.appendingPathComponent("takt-\(commands).log"))
    children.append(child)
    takt = child
    try #require(await within(60) { (try? await self.console().get("/health")) != nil }, "takt does not answer: \(log("takt-\(commands).log"))")
  }

  func startPlant() throws {
    children.append(
      try Child(
        Programs.plant,
        [
          "--mqtt", "127.0.0.1:\(broker.port)", "--speed", "\(speed)", "--seed", "7", "--scenario", "none", "--primary-host", "takt",
          "--wait-for-birth",
          "--truth-log", folder.appendingPathComponent("truth.jsonl").path,
        ], output: folder.appendingPathComponent("plant.log")))
  }

  func log(_ name: String) -> String { (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? "" }

  /// What the programs printed and what Takt counted: for whoever finds out why a test failed.
  func story() async throws -> String {
    let programs = ["takt-1.log", "plant.log"].map { "\($0):\n\(log($0).suffix(4_000))" } + ["mosquitto.log:\n\(broker.log.suffix(4_000))"]
    let data = try await snapshot()["data"] as? [String: Any]
    return programs.joined(separator: "\n") + "\ncounters: \(data?["counters"] ?? "")"
  }

  // MARK: Takt's answers

  /// The console of the Takt that runs now.
  func console() throws -> ConsoleAddress {
    try JSONDecoder().decode(ConsoleAddress.self, from: Data(contentsOf: URL(fileURLWithPath: "\(data)/console.json")))
  }

  func snapshot() async throws -> [String: Any] { try await console().get("/api/v1/snapshot") }

  func post(_ path: String) async throws -> Int { try await console().post(path) }

  /// Runs a verb of the command on this line's data folder.
  func command(_ arguments: String...) async throws -> (status: Int32, output: String) { try await command(arguments) }

  func command(_ arguments: [String]) async throws -> (status: Int32, output: String) {
    commands += 1
    let name = "command-\(commands).log"
    let child = try Child(Programs.takt, arguments + ["--data", data], output: folder.appendingPathComponent(name))
    let status = await child.ended(within: 60)
    return (status, log(name))
  }

  /// The ledger's facts, as recorded.
  func facts() async throws -> [[String: Any]] {
    let (status, output) = try await command("ledger", "show", "--json", "--last", "1000000")
    try #require(status == 0, "\(output)")
    return output.split(separator: "\n").compactMap { (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any] }
  }
}

/// Where Takt's console listens, as it left it in its data folder.
struct ConsoleAddress: Sendable, Decodable {
  var url: String

  func get(_ path: String) async throws -> [String: Any] {
    let (body, response) = try await URLSession.shared.data(for: request(path))
    try #require((response as? HTTPURLResponse)?.statusCode == 200)
    return try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any])
  }

  /// The status; 0 where no answer came.
  func post(_ path: String, _ body: String = "") async throws -> Int {
    var request = try request(path)
    request.httpMethod = "POST"
    request.httpBody = Data(body.utf8)
    guard let (_, response) = try? await URLSession.shared.data(for: request) else { return 0 }
    return (response as? HTTPURLResponse)?.statusCode ?? 0
  }

  private func request(_ path: String) throws -> URLRequest {
    var request = URLRequest(url: try #require(URL(string: url + path)))
    request.timeoutInterval = 10
    return request
  }
}

extension [[String: Any]] {
  var kinds: [String] { compactMap { $0["kind"] as? String } }
}
