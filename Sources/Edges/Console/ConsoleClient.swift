public import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Speaks to a running console, as the `takt` command does: `ps`, `top`, `approve`, `halt` and the rest.
public struct ConsoleClient: Sendable {
  /// Where it listens, e.g. `http://127.0.0.1:8470`.
  public var address: String
  /// The command's token; nil acts as the local panel.
  public var token: String?

  public init(address: String = "http://127.0.0.1:8470", token: String? = nil) { (self.address, self.token) = (address, token) }

  /// The JSON at `path` (below `/api/v1/`), as it came.
  public func data(_ path: String, query: [(name: String, value: String)] = []) async throws(ConsoleClientError) -> Data {
    try await send("GET", path, query, nil)
  }

  /// The JSON at `path` as a value, e.g. `get([LoopView].self, "loops")`.
  public func get<Value: Decodable>(
    _ type: Value.Type, _ path: String, query: [(name: String, value: String)] = []
  ) async throws(ConsoleClientError) -> Value {
    let data = try await data(path, query: query)
    do {
      return try ConsoleJSON.decoder().decode(type, from: data)
    } catch {
      throw .unreadable(path: path)
    }
  }

  /// One command, e.g. `post("changes/C-17/approve")`. Returning means that it is done.
  ///
  /// - Throws: `answered` with 409 when the core refused, 401 or 403 when the token may not do this.
  public func post(_ path: String, reason: String? = nil) async throws(ConsoleClientError) {
    try await post(path, CommandBody(reason: reason))
  }

  /// One command with what it may carry.
  public func post(_ path: String, _ body: CommandBody) async throws(ConsoleClientError) {
    _ = try await send("POST", path, [], body.isEmpty ? nil : try? ConsoleJSON.encoder().encode(body))
  }

  /// Proposes a change by hand; the name that it was given.
  ///
  /// - Throws: as `post`; `answered` with 409 says in its message what to do about it.
  public func propose(_ body: ProposalBody) async throws(ConsoleClientError) -> String {
    struct Answer: Decodable { var change: String }
    let data = try await send("POST", "proposals", [], try? ConsoleJSON.encoder().encode(body))
    guard let answer = try? ConsoleJSON.decoder().decode(Answer.self, from: data) else { throw .unreadable(path: "proposals") }
    return answer.change
  }

  private func send(
    _ method: String, _ path: String, _ query: [(name: String, value: String)], _ body: Data?
  ) async throws(ConsoleClientError) -> Data {
    guard var components = URLComponents(string: "\(address)/api/v1/\(path)") else { throw .unreachable(reason: "\(address) is no address") }
    if !query.isEmpty { components.queryItems = query.map { URLQueryItem(name: $0.name, value: $0.value) } }
    guard let url = components.url else { throw .unreachable(reason: "\(address) is no address") }
    var request = URLRequest(url: url)
    request.httpMethod = method
    if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
    if let body {
      request.setValue("application/json", forHTTPHeaderField: "Content-Type")
      request.httpBody = body
    }
    let answer: (data: Data, status: Int)
    do {
      answer = try await Self.exchange(request)
    } catch {
      throw .unreachable(reason: error.localizedDescription)
    }
    guard answer.status == 200 else {
      struct Problem: Decodable { var error: String?, message: String? }
      let problem = try? ConsoleJSON.decoder().decode(Problem.self, from: answer.data)
      throw .answered(status: answer.status, code: problem?.error ?? "", message: problem?.message ?? "status \(answer.status)")
    }
    return answer.data
  }

  private static func exchange(_ request: URLRequest) async throws -> (data: Data, status: Int) {
    try await withCheckedThrowingContinuation { continuation in
      let session = URLSession(configuration: .ephemeral)
      let task = session.dataTask(with: request) { data, response, error in
        if let error {
          continuation.resume(throwing: error)
        } else {
          continuation.resume(returning: (data ?? Data(), (response as? HTTPURLResponse)?.statusCode ?? 0))
        }
      }
      task.resume()
      session.finishTasksAndInvalidate()
    }
  }
}

/// Why a question to the console has no answer.
public enum ConsoleClientError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Nobody listens there; trying again helps once Takt runs.
  case unreachable(reason: String)
  /// The console said no; `code` is one of docs/http-api.md. Trying again helps with 503 alone.
  case answered(status: Int, code: String, message: String)
  /// The answer is not what this version expects; trying again cannot help.
  case unreadable(path: String)

  public var description: String {
    switch self {
    case .unreachable(let reason): "no running plant answers: \(reason)"
    case .answered(_, _, let message): message
    case .unreadable(let path): "the answer to \(path) is not what this version expects"
    }
  }
}
