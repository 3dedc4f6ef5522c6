public import Quantities
internal import SwiftProtobuf

/// The content of one Sparkplug B message.
public struct SparkplugPayload: Sendable, Hashable {
  /// When it was sent.
  public var instant: Instant?
  /// 0…255, counted by the edge node over all its births and data; absent in NDEATH and commands.
  public var sequence: UInt8?
  public var metrics: [SparkplugMetric]

  public init(instant: Instant?, sequence: UInt8? = nil, metrics: [SparkplugMetric]) {
    (self.instant, self.sequence, self.metrics) = (instant, sequence, metrics)
  }

  /// Reads a payload from bytes that anybody may have sent.
  ///
  /// - Throws: `SparkplugError.malformed`. It never traps.
  public init(decoding bytes: [UInt8]) throws(SparkplugError) {
    let message: PBPayload
    do { message = try PBPayload(serializedBytes: bytes) } catch { throw .malformed }
    if message.hasSeq && message.seq > 255 { throw .malformed }
    instant = message.hasTimestamp ? Instant(sparkplugMilliseconds: message.timestamp) : nil
    sequence = message.hasSeq ? UInt8(message.seq) : nil
    metrics = message.metrics.map(SparkplugMetric.init)
  }

  /// The bytes of the message.
  public func encoded() -> [UInt8] {
    var message = PBPayload()
    if let instant { message.timestamp = instant.sparkplugMilliseconds }
    if let sequence { message.seq = UInt64(sequence) }
    message.metrics = metrics.map(PBMetric.init)
    // No required field and no extension stands in the schema, so encoding has nothing to refuse.
    guard let bytes: [UInt8] = try? message.serializedBytes() else { preconditionFailure("a payload without required fields did not encode") }
    return bytes
  }

  /// The session's number of an NBIRTH or NDEATH (metric `bdSeq`), 0…255; nil where it is missing or no such number.
  public var birthDeathSequence: UInt8? {
    guard let metric = metrics.first(where: { $0.name == Self.birthDeathName }),
      let value = try? metric.value(declared: .int64), let number = value.number
    else { return nil }
    return UInt8(exactly: number)
  }

  public static let birthDeathName = "bdSeq"
  public static let rebirthName = "Node Control/Rebirth"

  /// The NCMD that asks an edge node for all its births again.
  public static func rebirthCommand(at instant: Instant) -> SparkplugPayload {
    SparkplugPayload(
      instant: instant,
      metrics: [
        SparkplugMetric(
          name: rebirthName, alias: nil, instant: instant, datatypeCode: SparkplugDataType.boolean.rawValue, wire: .boolean(true),
          isNull: false, isHistorical: false, isTransient: false, properties: SparkplugProperties())
      ])
  }

  /// The metric `bdSeq` of an NBIRTH or NDEATH.
  public static func birthDeathMetric(_ sequence: UInt8, at instant: Instant) -> SparkplugMetric {
    SparkplugMetric(
      name: birthDeathName, alias: nil, instant: instant, datatypeCode: SparkplugDataType.int64.rawValue, wire: .long(UInt64(sequence)),
      isNull: false, isHistorical: false, isTransient: false, properties: SparkplugProperties())
  }
}

extension Instant {
  /// The latest instant that Takt takes from outside, 2200-01-01: far enough from the end of time that spans do not overflow.
  public static let latestFromOutside = Instant(milliseconds: 7_258_118_400_000)

  /// From milliseconds as sent by anybody; later than `latestFromOutside` counts as that.
  init(sparkplugMilliseconds milliseconds: UInt64) {
    self.init(milliseconds: Int64(min(milliseconds, UInt64(Instant.latestFromOutside.milliseconds))))
  }

  /// Milliseconds for the wire; before 1970 counts as 1970.
  var sparkplugMilliseconds: UInt64 { UInt64(max(0, milliseconds)) }
}
