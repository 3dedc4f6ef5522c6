import Foundation
import HTTPTypes
import Hummingbird

/// InfluxDB's two write routes, and what its clients ask before they write.
///
/// They stand outside the console's own sign-in: senders are machines with a token, which the backend checks. Errors are InfluxDB's,
/// `{"code": …, "message": …}`.
struct IngestRoutes {
  let backend: any ConsoleBackend
  let bodyLimit: Int

  func add(to router: Router<ConsoleContext>) {
    router.post("write") { request, _ in
      let name = request.query("precision")
      return try await ingest(request, precision: Self.version1(name), name: name, bucket: request.query("db"), organisation: nil)
    }
    router.post("api/v2/write") { request, _ in
      let name = request.query("precision")
      return try await ingest(
        request, precision: Self.version2(name), name: name, bucket: request.query("bucket"), organisation: request.query("org"))
    }
    for method in [HTTPRequest.Method.get, .head] {
      router.on("ping", method: method) { _, _ in Response(status: .noContent, headers: [.influxVersion: "takt"]) }
    }
    router.get("health") { _, _ in try Response.json(["name": "takt", "status": "pass"]) }
  }

  private func ingest(
    _ request: Request, precision: IngestRequest.Precision?, name: String?, bucket: String?, organisation: String?
  ) async throws -> Response {
    guard let precision else {
      return try error(.badRequest, "invalid", "precision \(name ?? "") is not known; use ns, us, ms or s")
    }
    let body: [UInt8]
    do {
      body = try await request.bytes(upTo: bodyLimit)
    } catch let refusal as Refusal {
      return try error(refusal.status, refusal.status == .contentTooLarge ? "request too large" : "invalid", refusal.message)
    }
    let answer = await backend.ingest(
      IngestRequest(body: body, precision: precision, bucket: bucket, organisation: organisation, token: token(of: request)))
    let status = HTTPResponse.Status(code: answer.status)
    guard let text = answer.body else { return Response(status: status) }
    return Response.json(text: text.utf8, status: status)
  }

  /// `Token T` and `Bearer T` of version 2; `Basic`, `p` and `u:p` of version 1 carry it as the password.
  private func token(of request: Request) -> String? {
    guard let field = request.headers[.authorization] else { return request.query("p") }
    let parts = field.split(separator: " ", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    switch parts[0].lowercased() {
    case "token":
      // Version 1 writes name and password into it, version 2 the token alone.
      return parts[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).last.map(String.init)
    case "bearer": return String(parts[1])
    case "basic":
      guard let data = Data(base64Encoded: String(parts[1])) else { return nil }
      return String(decoding: data, as: UTF8.self).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).last.map(String.init)
    default: return nil
    }
  }

  private func error(_ status: HTTPResponse.Status, _ code: String, _ message: String) throws -> Response {
    try Response.json(["code": code, "message": message], status: status)
  }

  private static func version1(_ name: String?) -> IngestRequest.Precision? {
    switch name {
    case nil, "", "n", "ns": .nanoseconds
    case "u", "us", "µ": .microseconds
    case "ms": .milliseconds
    case "s": .seconds
    default: nil
    }
  }

  private static func version2(_ name: String?) -> IngestRequest.Precision? {
    guard let name, !name.isEmpty else { return .nanoseconds }
    return IngestRequest.Precision(rawValue: name)
  }
}
