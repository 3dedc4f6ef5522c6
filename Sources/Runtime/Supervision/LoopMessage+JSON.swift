import Foundation

/// A line that is not of the loop protocol. Retrying does not help; the loop's author must mend it.
public enum LoopProtocolError: Error, Sendable, Hashable {
  /// Not a JSON object of a known type, or a field is missing; `reason` names it.
  case malformed(reason: String)
}

private struct Envelope: Codable {
  var type: String
  var version: Int?
  var request: Int?
  var reason: String?
  var message: String?
}

extension MessageToLoop {
  /// One line, without the newline.
  public func line() -> [UInt8] {
    switch self {
    case .hello(let hello): tagged("hello", hello)
    case .observe(let observation): tagged("observe", observation)
    case .stop: Array(#"{"type":"stop"}"#.utf8)
    }
  }

  /// Reads one line, as the built-in loops do.
  public init(line: [UInt8]) throws(LoopProtocolError) {
    switch try decode(Envelope.self, line).type {
    case "hello": self = .hello(try decode(LoopHello.self, line))
    case "observe": self = .observe(try decode(LoopObservation.self, line))
    case "stop": self = .stop
    case let other: throw .malformed(reason: "unknown type \"\(other)\"")
    }
  }
}

extension MessageFromLoop {
  /// One line, without the newline.
  public func line() -> [UInt8] {
    switch self {
    case .ready(let version): encode(Envelope(type: "ready", version: version))
    case .heartbeat: Array(#"{"type":"heartbeat"}"#.utf8)
    case .proposal(let proposal): tagged("proposal", proposal)
    case .stay(let request, let reason): encode(Envelope(type: "stay", request: request, reason: reason))
    case .log(let message): encode(Envelope(type: "log", message: message))
    }
  }

  public init(line: [UInt8]) throws(LoopProtocolError) {
    let envelope = try decode(Envelope.self, line)
    switch envelope.type {
    case "ready":
      guard let version = envelope.version else { throw .malformed(reason: "\"ready\" lacks \"version\"") }
      self = .ready(version: version)
    case "heartbeat": self = .heartbeat
    case "proposal": self = .proposal(try decode(LoopProposal.self, line))
    case "stay":
      guard let request = envelope.request else { throw .malformed(reason: "\"stay\" lacks \"request\"") }
      self = .stay(request: request, reason: envelope.reason ?? "no reason given")
    case "log": self = .log(envelope.message ?? "")
    case let other: throw .malformed(reason: "unknown type \"\(other)\"")
    }
  }
}

private func encode(_ value: some Encodable) -> [UInt8] {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  guard let data = try? encoder.encode(value) else { preconditionFailure("a loop message holds a value that JSON cannot carry: \(value)") }
  return Array(data)
}

private func decode<Value: Decodable>(_ type: Value.Type, _ line: [UInt8]) throws(LoopProtocolError) -> Value {
  do { return try JSONDecoder().decode(type, from: Data(line)) } catch { throw .malformed(reason: "\(error)") }
}

/// The object's own fields with `"type"` in front.
private func tagged(_ type: String, _ value: some Encodable) -> [UInt8] {
  Array(#"{"type":"\#(type)","#.utf8) + encode(value).dropFirst()
}
