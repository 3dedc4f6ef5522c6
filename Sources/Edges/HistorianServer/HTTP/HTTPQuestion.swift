internal import Foundation
internal import NIOHTTP1

/// A request's head, taken apart as routes want it.
struct HTTPQuestion: Sendable {
  var method: HTTPMethod
  var path: String
  /// In the order of the address, or of a form body behind it.
  var parameters: [(name: String, value: String)]
  var headers: HTTPHeaders

  init(_ head: HTTPRequestHead) {
    (method, headers) = (head.method, head.headers)
    let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = String(parts[0])
    parameters = parts.count > 1 ? Self.form(parts[1].utf8) : []
  }

  /// The first value of a parameter.
  subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

  func all(_ name: String) -> [String] { parameters.filter { $0.name == name }.map(\.value) }

  /// `a=b&c=d`, percent-decoded, `+` for a space.
  static func form(_ bytes: some Sequence<UInt8>) -> [(name: String, value: String)] {
    String(decoding: Array(bytes), as: UTF8.self).split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      func decoded(_ text: Substring) -> String {
        let spaced = String(text.replacing("+", with: " "))
        return spaced.removingPercentEncoding ?? spaced
      }
      return (decoded(parts[0]), parts.count > 1 ? decoded(parts[1]) : "")
    }
  }

  /// The token that the client shows: `Token T` and `Bearer T`; version 1 of InfluxDB carries it as the password (`Basic`, `p=`).
  var token: String? {
    guard let field = headers.first(name: "authorization") else { return self["p"] }
    let parts = field.split(separator: " ", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    func password(_ text: some StringProtocol) -> String? {
      text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).last.map { String($0) }
    }
    switch parts[0].lowercased() {
    case "token": return password(parts[1])
    case "bearer": return String(parts[1])
    case "basic": return Data(base64Encoded: String(parts[1])).flatMap { password(String(decoding: $0, as: UTF8.self)) }
    default: return nil
    }
  }
}

/// What is answered.
struct HTTPAnswer: Sendable {
  var status: HTTPResponseStatus
  var contentType: String?
  var body: [UInt8] = []
  var headers: [(String, String)] = []

  static let noContent = HTTPAnswer(status: .noContent)

  static func json(_ text: String, _ status: HTTPResponseStatus = .ok) -> HTTPAnswer {
    HTTPAnswer(status: status, contentType: "application/json", body: Array(text.utf8))
  }

  static func text(_ text: String, _ status: HTTPResponseStatus = .ok) -> HTTPAnswer {
    HTTPAnswer(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
  }

  /// Says when to come again.
  func retryAfter(seconds: Int) -> HTTPAnswer {
    var answer = self
    answer.headers.append(("Retry-After", "\(seconds)"))
    return answer
  }
}

/// A text as a JSON string, with its quotes.
func jsonString(_ text: String) -> String {
  var json = JSONText()
  json.string(text)
  return String(decoding: json.finish(), as: UTF8.self)
}
