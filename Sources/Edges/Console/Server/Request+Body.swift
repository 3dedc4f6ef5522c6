import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
  /// The whole body, uncompressed and within the limit.
  ///
  /// - Throws: `Refusal` with 415 for a compressed body and 413 for one that is too large.
  func bytes(upTo limit: Int) async throws -> [UInt8] {
    if let encoding = headers[.contentEncoding], encoding.lowercased() != "identity" { throw Refusal.compressed(encoding) }
    if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit { throw Refusal.tooLarge(limit: limit) }
    do {
      let buffer = try await body.collect(upTo: limit)
      return Array(buffer.readableBytesView)
    } catch is NIOTooManyBytesError {
      throw Refusal.tooLarge(limit: limit)
    }
  }

  /// A small JSON body; nil where there is none.
  ///
  /// The content type is demanded because a page elsewhere cannot send it without asking first.
  func json<Value: Decodable>(_ type: Value.Type) async throws -> Value? {
    let bytes = try await bytes(upTo: 64 * 1024)
    if bytes.isEmpty { return nil }
    guard headers[.contentType]?.lowercased().hasPrefix("application/json") == true else {
      throw Refusal(status: .unsupportedMediaType, code: "unsupported-type", message: "the body must be application/json")
    }
    do {
      return try ConsoleJSON.decoder().decode(type, from: Data(bytes))
    } catch {
      throw Refusal.badRequest("the body is not the JSON that is expected here")
    }
  }

  /// A query parameter, percent-decoded.
  func query(_ name: String) -> String? { uri.queryParameters.get(name) }
}
