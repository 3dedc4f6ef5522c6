public import Historian
public import Quantities

/// Reads bodies of InfluxDB line protocol at the speed of a disk: plain lines in one pass over their bytes, all others by the whole grammar.
///
/// It gives the samples and the errors that `LineProtocolDecoder` of module Acquisition gives for a plant without tags (tested line by
/// line). A field `quality` with a number is the quality of its line's samples, not a series. A line that cannot be read is reported and
/// spoils no other.
public struct LineProtocolReader: Sendable {
  public let naming: SeriesNaming
  /// The most errors of one body that are kept; more are counted.
  public let errorLimit: Int
  var cache: SeriesCache
  /// The key of the line before.
  var before: SeriesCache.Place = -1
  /// The values of the line in hand, until its quality and instant are known.
  var pending: [(series: SeriesID, value: Double)] = []

  /// - Parameters:
  ///   - seed: for the hash of series; any number.
  ///   - cacheBytes: how much may be remembered of series seen.
  public init(naming: SeriesNaming, seed: UInt64 = 0, cacheBytes: Int = 64 << 20, errorLimit: Int = 100) {
    (self.naming, self.errorLimit) = (naming, errorLimit)
    cache = SeriesCache(seed: seed, byteLimit: cacheBytes)
  }

  /// Reads a body that anybody may have sent; it never traps.
  ///
  /// - Parameters:
  ///   - now: the arrival of all samples, and the instant of those without a timestamp.
  ///   - directory: the number of the series of a tag, made if new; nil when there may be no more.
  public mutating func read(
    _ body: [UInt8], precision: TimestampPrecision, at now: Instant, directory: (String) -> SeriesID?
  ) -> DecodedSamples {
    body.withView { read($0, precision, now, directory) }
  }

  /// The same for bytes that the caller keeps alive and unchanged.
  public mutating func read(
    _ body: UnsafeRawBufferPointer, precision: TimestampPrecision, at now: Instant, directory: (String) -> SeriesID?
  ) -> DecodedSamples {
    read(unsafe ByteView(body), precision, now, directory)
  }

  private mutating func read(
    _ body: ByteView, _ precision: TimestampPrecision, _ now: Instant, _ directory: (String) -> SeriesID?
  ) -> DecodedSamples {
    // A guess of the number of lines that is seldom too low, and costs little where it is too high.
    var samples = DecodedSamples(arrival: now, capacity: body.count / 40)
    var cutter = LineCutter()
    while cutter.position < body.count {
      if let end = readPlainLine(body, from: cutter.position, precision, into: &samples, directory) {
        cutter.position = end
        cutter.number += 1
      } else if let line = cutter.cut(body) {
        readAnyLine(body, line, precision, into: &samples, directory)
      }
    }
    return samples
  }
}
