import Console
import Foundation
import Quantities

/// How the command reaches the `takt up` that runs a plant: by the address and token that it left in its data folder.
struct TaktClient {
  struct Address: Codable {
    var url: String
    var token: String
    var pid: Int32
  }

  private let console: ConsoleClient

  /// - Throws: `CommandFailure` where no running plant has left its address.
  init(data: String) throws {
    let path = "\(data)/console.json"
    guard let content = FileManager.default.contents(atPath: path), let address = try? JSONDecoder().decode(Address.self, from: content) else {
      throw CommandFailure("no running plant found in \(data); start one with: takt up")
    }
    console = ConsoleClient(address: address.url, token: address.token)
  }

  func get<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) async throws -> Value {
    try await explained { () async throws(ConsoleClientError) in try await console.get(type, path) }
  }

  /// The answer as it came, for `--json`.
  func getText(_ path: String) async throws -> String {
    try await explained { () async throws(ConsoleClientError) in String(decoding: try await console.data(path), as: UTF8.self) }
  }

  func post(_ path: String, reason: String? = nil) async throws { try await post(path, CommandBody(reason: reason)) }

  /// The plant's own time: what a signature's expiry counts in.
  func plantTime() async throws -> Instant {
    struct Moment: Decodable { var plantTime: Instant }
    return try await get("snapshot", as: Moment.self).plantTime
  }

  func post(_ path: String, _ body: CommandBody) async throws {
    try await explained { () async throws(ConsoleClientError) in try await console.post(path, body) }
  }

  /// Proposes a change by hand; the name that it was given.
  func propose(_ body: ProposalBody) async throws -> String {
    try await explained { () async throws(ConsoleClientError) in try await console.propose(body) }
  }

  private func explained<Value>(_ body: () async throws(ConsoleClientError) -> Value) async throws -> Value {
    do { return try await body() } catch { throw CommandFailure("\(error)") }
  }
}
