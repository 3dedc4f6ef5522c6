internal import Historian
internal import Ingest
internal import NIOCore
internal import NIOHTTP1
internal import Quantities

/// Decodes the writes of all connections of one event loop. Only that loop's thread uses it.
final class IngestWorker {
  private let server: ServerState
  private var lineProtocol: LineProtocolReader
  private var remoteWrite: RemoteWriteReader

  init(_ server: ServerState, seed: UInt64) {
    self.server = server
    remoteWrite = RemoteWriteReader(seed: seed, cacheBytes: server.configuration.cacheBytes)
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
      return series(body, question)
    }
  }

  private func series(_ body: ByteBuffer, _ question: HTTPQuestion) -> Outcome {
    let dialect = WriteDialect.remoteWrite
    if question.headers.first(name: "content-type")?.contains("io.prometheus.write.v2") == true {
      return .answer(dialect.error(.unsupportedMediaType, code: "", "remote write 2.0 is not taken; send version 1.0"))
    }
    let (limit, now) = (server.configuration.bodyBytes, server.clock())
    do throws(RemoteWriteReader.Failure) {
      return .samples(try decoded(body, limit, now))
    } catch {
      if case .tooLarge = error { return .answer(dialect.error(.payloadTooLarge, code: "", error.message)) }
      return .answer(dialect.error(.badRequest, code: "", error.message))
    }
  }

  private func decoded(_ body: ByteBuffer, _ limit: Int, _ now: Instant) throws(RemoteWriteReader.Failure) -> DecodedSamples {
    let result = unsafe body.withUnsafeReadableBytes { bytes -> Result<DecodedSamples, RemoteWriteReader.Failure> in
      do throws(RemoteWriteReader.Failure) {
        return .success(unsafe try remoteWrite.read(bytes, limit: limit, at: now, directory: server.store.series(of:)))
      } catch { return .failure(error) }
    }
    return try result.get()
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
