internal import Foundation
internal import Ingest
public import PlantModel
public import Quantities
public import Telemetry

/// What an HTTP server answers to a write of line protocol, without the server: bytes in, blocks and an answer out.
public struct LineProtocolEndpoint: Sendable {
  public private(set) var decoder: LineProtocolDecoder

  public init(_ spec: LineProtocolSpec, plant: Plant) { decoder = LineProtocolDecoder(spec, check: SampleCheck(plant: plant)) }

  /// As InfluxDB answers: 204 without a body when every line was taken; 400 with `code`, `message` and the first bad `line` when some were
  /// not. The others are taken all the same ("partial write").
  public struct Answer: Sendable, Hashable {
    public var blocks: [SampleBlock]
    public var status: Int
    /// A JSON object, or nil.
    public var body: String?
  }

  public mutating func handle(body: [UInt8], precision: LineProtocolDecoder.Precision, now: Instant) -> Answer {
    let decoded = decoder.decode(body, precision: precision, at: now)
    guard let first = decoded.errors.first else { return Answer(blocks: decoded.blocks, status: 204, body: nil) }
    let shown = decoded.errors.prefix(10).map { "line \($0.line): \($0.message)" }.joined(separator: "; ")
    let more = decoded.errors.count > 10 ? "; and \(decoded.errors.count - 10) more" : ""
    let document = Refusal(
      code: "invalid", message: (decoded.accepted > 0 ? "partial write: " : "") + shown + more, line: first.line,
      accepted: decoded.accepted, rejected: decoded.errors.count)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let json = (try? encoder.encode(document)).map { String(decoding: $0, as: UTF8.self) }
    return Answer(blocks: decoded.blocks, status: 400, body: json ?? #"{"code":"invalid"}"#)
  }

  private struct Refusal: Encodable {
    var code: String
    var message: String
    var line: Int
    var accepted: Int
    var rejected: Int
  }
}
