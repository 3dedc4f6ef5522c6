import HTTPTypes
import Hummingbird

/// A request that is not carried out; becomes the response `{"error": code, "message": sentence}`.
struct Refusal: Error, HTTPResponseError {
  var status: HTTPResponse.Status
  var code: String
  var message: String
  var headers: HTTPFields = [:]

  static func badRequest(_ message: String) -> Refusal { Refusal(status: .badRequest, code: "bad-request", message: message) }
  static func unauthorized(_ message: String) -> Refusal { Refusal(status: .unauthorized, code: "sign-in-needed", message: message) }
  static func forbidden(_ message: String) -> Refusal { Refusal(status: .forbidden, code: "forbidden", message: message) }
  static func notFound(_ message: String) -> Refusal { Refusal(status: .notFound, code: "not-found", message: message) }
  /// The core said no.
  static func refused(_ message: String) -> Refusal { Refusal(status: .conflict, code: "refused", message: message) }
  static func tooLarge(limit: Int) -> Refusal {
    Refusal(status: .contentTooLarge, code: "too-large", message: "the body is larger than \(limit) bytes")
  }
  static func compressed(_ encoding: String) -> Refusal {
    Refusal(
      status: .unsupportedMediaType, code: "unsupported-encoding",
      message: "Content-Encoding \(encoding) is not supported: send the body uncompressed (in Telegraf: content_encoding = \"identity\")",
      headers: [.acceptEncoding: "identity"])
  }

  func response(from request: Request, context: some RequestContext) throws -> Response {
    var response = try Response.json(["error": code, "message": message], status: status)
    for field in headers { response.headers[field.name] = field.value }
    return response
  }
}
