import Foundation
import HTTPTypes
import Hummingbird
import Quantities

/// Everything that only looks.
struct QueryRoutes {
  let backend: any ConsoleBackend
  let tags: KeptTags

  init(backend: any ConsoleBackend) { (self.backend, tags) = (backend, KeptTags(backend: backend)) }

  private struct LedgerPage: Encodable { var facts: [FactView] }

  func add(to api: RouterGroup<ConsoleContext>) {
    part(api, "snapshot") { $0 }
    part(api, "line") { $0.line }
    part(api, "twin") { $0.twin }
    part(api, "changes") { $0.changes }
    part(api, "loops") { $0.loops }
    part(api, "alarms") { $0.alarms }
    part(api, "data") { $0.data }
    api.get("twin/posterior") { _, context in
      try context.require(.see)
      return try Response.json(await backend.posterior())
    }
    api.get("twin/residuals") { _, context in
      try context.require(.see)
      return try Response.json(await backend.residuals())
    }
    api.get("tags") { _, context in
      try context.require(.see)
      return try Response.json(await tags.present())
    }
    api.get("changes/:id") { _, context in
      try context.require(.see)
      let id = context.parameters.get("id") ?? ""
      guard let change = await backend.snapshot().changes.first(where: { $0.id == id }) else { throw Refusal.notFound("there is no change \(id)") }
      return try Response.json(change)
    }
    api.get("loops/:id/log") { _, context in
      try context.require(.see)
      let id = context.parameters.get("id") ?? ""
      guard let lines = await backend.log(of: id) else { throw Refusal.notFound("there is no loop \(id)") }
      return try Response.json(lines)
    }
    api.get("history") { request, context in
      try context.require(.see)
      return try await history(request)
    }
    api.get("ledger") { request, context in
      try context.require(.see)
      let count = try Self.integer(request, "count", default: 100, within: 1...1_000)
      let from = try request.query("from").map { _ in try Self.integer(request, "from", default: 1, within: 1...Int.max) }
      let query = LedgerQuery(from: from, count: count, kind: request.query("kind"), change: request.query("change"))
      return try Response.json(LedgerPage(facts: await backend.ledger(query)))
    }
    api.get("ledger/verify") { _, context in
      try context.require(.see)
      return try Response.json(await backend.verifyLedger())
    }
  }

  /// A route to one part of the snapshot.
  private func part(
    _ api: RouterGroup<ConsoleContext>, _ path: RouterPath, _ pick: @escaping @Sendable (ConsoleSnapshot) -> any Encodable & Sendable
  ) {
    api.get(path) { _, context in
      try context.require(.see)
      return try Response.json(pick(await backend.snapshot()))
    }
  }

  private func history(_ request: Request) async throws -> Response {
    guard let tag = request.query("tag"), !tag.isEmpty else { throw Refusal.badRequest("tag is missing: history?tag=Station/Metric") }
    let from = try request.query("from").map(Self.instant)
    let to = try request.query("to").map(Self.instant)
    if let from, let to, from >= to { throw Refusal.badRequest("from must lie before to") }
    let points = try Self.integer(request, "points", default: 1_000, within: 1...20_000)
    switch await backend.history(HistoryQuery(tag: tag, from: from, to: to, maxPoints: points)) {
    case .series(let series): return try Response.json(series)
    case .unknownTag: throw Refusal.notFound("there is no tag \(tag)")
    case .failed(let reason): throw Refusal(status: .serviceUnavailable, code: "unavailable", message: reason)
    }
  }

  private static func integer(_ request: Request, _ name: String, default standard: Int, within range: ClosedRange<Int>) throws(Refusal) -> Int {
    guard let text = request.query(name) else { return standard }
    guard let number = Int(text), range.contains(number) else {
      throw .badRequest("\(name) must be a whole number of \(range.lowerBound) … \(range.upperBound)")
    }
    return number
  }

  /// Nanoseconds since 1970, or ISO 8601 in UTC, to the millisecond.
  private static func instant(_ text: String) throws(Refusal) -> Instant {
    if let nanoseconds = Int64(text) { return Instant(nanoseconds: nanoseconds) }
    for fraction in [true, false] {
      let style = Date.ISO8601FormatStyle(includingFractionalSeconds: fraction)
      guard let seconds = try? style.parse(text).timeIntervalSince1970, abs(seconds) < 9e9 else { continue }
      return Instant(milliseconds: Int64((seconds * 1_000).rounded()))
    }
    throw .badRequest("\(text) is no instant: write 2026-05-04T06:00:00Z or nanoseconds since 1970")
  }
}
