internal import Historian
internal import Ingest
internal import NIOCore
internal import NIOHTTP1
internal import Quantities

/// Decodes the writes of all connections of one event loop. Only that loop's thread uses it.
final class IngestWorker {
  private let server: ServerState
  private var lineProtocol: LineProtocolReader

  init(_ server: ServerState, seed: UInt64) {
    self.server = server
    lineProtocol = LineProtocolReader(naming: server.configuration.naming, seed: seed, cacheBytes: server.configuration.cacheBytes)
  }

  /// What came of a body: samples to take, or an answer at once.
  enum Outcome {
    case samples(DecodedSamples)
    case answer(HTTPAnswer)
  }

  /// Decodes a body in the dialect of its route.
  func decode(_ body: ByteBuffer, _ question: HTTPQuestion, _ dialect: WriteDialect) -> Outcome {
    server.metrics.note(.bytes, body.readableBytes)
    switch dialect {
    case .version1:
      server.metrics.note(.lineProtocolRequests)
      let name = question["precision"]
      guard let precision = TimestampPrecision(version1: name) else {
        return .answer(dialect.error(.badRequest, code: "invalid", "invalid precision \"\(name ?? "")\" (use n, u, ms, s, m or h)"))
      }
      return lines(body, question, dialect, precision)
    case .version2:
      server.metrics.note(.lineProtocolRequests)
      let name = question["precision"]
      guard let precision = TimestampPrecision(version2: name) else {
        return .answer(dialect.error(.badRequest, code: "invalid", "invalid precision \"\(name ?? "")\" (use ns, us, ms or s)"))
      }
      return lines(body, question, dialect, precision)
    case .remoteWrite:
      server.metrics.note(.remoteWriteRequests)
      return .answer(dialect.error(.notImplemented, code: "", "not here"))
    }
  }

  private func lines(_ body: ByteBuffer, _ question: HTTPQuestion, _ dialect: WriteDialect, _ precision: TimestampPrecision) -> Outcome {
    let now = server.clock()
    switch question.headers.first(name: "content-encoding")?.lowercased() {
    case nil, "", "identity":
      return .samples(
        unsafe body.withUnsafeReadableBytes { unsafe lineProtocol.read($0, precision: precision, at: now, directory: server.store.series(of:)) })
    case "gzip":
      let limit = server.configuration.bodyBytes
      let expanded: [UInt8]
      do {
        expanded = try unsafe body.withUnsafeReadableBytes { unsafe try Gzip.expand($0, limit: limit) }
      } catch Gzip.Failure.tooLarge {
        return .answer(dialect.error(.payloadTooLarge, code: "request too large", "the body grows beyond \(limit) bytes"))
      } catch {
        return .answer(dialect.error(.badRequest, code: "invalid", "the body is not gzip"))
      }
      return .samples(lineProtocol.read(expanded, precision: precision, at: now, directory: server.store.series(of:)))
    case let other?:
      return .answer(dialect.error(.unsupportedMediaType, code: "invalid", "content encoding \(other) is not known; use gzip or identity"))
    }
  }
}
