import Foundation
import Glibc

/// An HTTP client of one socket and nothing else: it sends exactly the headers that a test wants.
struct RawClient: Sendable {
  var port: Int

  struct Reply: Sendable {
    var status: Int
    /// Names in lower case; of a repeated one, the last.
    var headers: [String: String]
    var body: String

    func json() throws -> [String: Any] {
      try (JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]) ?? [:]
    }
  }

  /// What is sent when a test does not say otherwise: what a browser's page from this console would send.
  var origin: String { "http://127.0.0.1:\(port)" }

  func get(_ path: String, _ headers: [String: String] = [:]) async throws -> Reply { try await send("GET", path, headers, []) }

  /// A POST as a page of this console makes it.
  func post(_ path: String, _ headers: [String: String] = [:], json: String? = nil) async throws -> Reply {
    var all = ["Origin": origin]
    if json != nil { all["Content-Type"] = "application/json" }
    return try await send("POST", path, all.merging(headers) { $1 }, Array((json ?? "").utf8))
  }

  /// A POST with no header of its own.
  func postBare(_ path: String, _ headers: [String: String] = [:], body: [UInt8] = []) async throws -> Reply {
    try await send("POST", path, headers, body)
  }

  /// Signs in and returns the cookie.
  func signIn(_ name: String, password: String = "correct horse") async throws -> String {
    let reply = try await post("/api/v1/session", json: #"{"name": "\#(name)", "password": "\#(password)"}"#)
    guard reply.status == 200, let cookie = reply.headers["set-cookie"]?.split(separator: ";").first else { throw ClientError.noSession(reply.body) }
    return String(cookie)
  }

  enum ClientError: Error { case cannotConnect(Int32), noResponse, noSession(String) }

  func send(_ method: String, _ path: String, _ headers: [String: String], _ body: [UInt8]) async throws -> Reply {
    var all = ["Host": "127.0.0.1:\(port)", "Connection": "close"]
    if !body.isEmpty || method == "POST" { all["Content-Length"] = "\(body.count)" }
    all.merge(headers) { $1 }
    let head = "\(method) \(path) HTTP/1.1\r\n" + all.sorted { $0.key < $1.key }.map { "\($0): \($1)\r\n" }.joined() + "\r\n"
    return try await sendRaw(Array(head.utf8) + body)
  }

  /// Sends these bytes and reads until the server closes.
  func sendRaw(_ bytes: [UInt8]) async throws -> Reply { try Self.parse(try await exchange(bytes) { _ in false }) }

  /// Opens a stream and reads until `enough` says so of the text so far, or the server ends it, or ten seconds of silence.
  func stream(_ path: String, _ headers: [String: String] = [:], until enough: @escaping @Sendable (String) -> Bool) async throws -> String {
    let all = ["Host": "127.0.0.1:\(port)"].merging(headers) { $1 }
    let head = "GET \(path) HTTP/1.1\r\n" + all.map { "\($0): \($1)\r\n" }.joined() + "\r\n"
    return String(decoding: try await exchange(Array(head.utf8)) { enough(String(decoding: $0, as: UTF8.self)) }, as: UTF8.self)
  }

  private static func parse(_ bytes: [UInt8]) throws -> Reply {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { throw ClientError.noResponse }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
    }
    let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return Reply(status: status, headers: headers, body: String(text[end.upperBound...]))
  }

  private func exchange(_ bytes: [UInt8], until enough: @escaping @Sendable ([UInt8]) -> Bool) async throws -> [UInt8] {
    let port = port
    return try await withCheckedThrowingContinuation { continuation in
      // A thread of its own: a socket that waits must not take one of the few that the server runs on.
      Thread.detachNewThread { continuation.resume(with: Result { try Self.blockingExchange(port, bytes, enough) }) }
    }
  }

  private static func blockingExchange(_ port: Int, _ bytes: [UInt8], _ enough: ([UInt8]) -> Bool) throws -> [UInt8] {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var silence = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &silence, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard connected == 0 else { throw ClientError.cannotConnect(errno) }
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      // A server may answer (413) before it has read everything.
      if count <= 0 { break }
      sent += count
    }
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while !enough(received) {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count <= 0 { break }
      received += buffer[..<count]
    }
    return received
  }
}
