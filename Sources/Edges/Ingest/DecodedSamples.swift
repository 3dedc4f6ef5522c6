public import Quantities
public import Telemetry

/// What a decoder made of one request: numbers column by column, texts one by one, and what it did not take.
public struct DecodedSamples: Sendable {
  /// The series of each number, as the directory numbers them.
  public var series: [UInt32] = []
  /// The instant of each number, in nanoseconds since 1970.
  public var instants: [Int64] = []
  public var values: [Double] = []
  /// The quality of each number; empty while all are good.
  public var qualities: [Quality] = []
  /// Samples that are text.
  public var texts: [SampleBlock] = []
  /// The arrival of all samples.
  public let arrival: Instant
  /// The first lines that were not taken, at most `errorLimit` of them.
  public var errors: [LineProtocolError] = []
  /// How many were not taken in all.
  public var errorCount = 0

  public init(arrival: Instant, capacity: Int = 0) {
    self.arrival = arrival
    series.reserveCapacity(capacity)
    instants.reserveCapacity(capacity)
    values.reserveCapacity(capacity)
  }

  /// Samples taken.
  public var count: Int { series.count + texts.count }

  /// Adds a number as it was observed: an instant far ahead of the arrival makes it doubtful, or bad and then it stands at its arrival.
  @inline(__always) mutating func append(series number: UInt32, instant: Int64, value: Double, quality: Quality) {
    var (instant, quality) = (instant, quality)
    // In the common case one comparison; arrival + tolerance cannot overflow before the year 2262.
    if instant &- arrival.nanoseconds > Self.futureTolerance { (instant, quality) = judged(instant, quality) }
    series.append(number)
    instants.append(instant)
    values.append(value)
    if quality != .good || !qualities.isEmpty { note(quality) }
  }

  mutating func append(text: String, tag: String, instant: Int64, quality: Quality) {
    let (instant, quality) = instant - arrival.nanoseconds > Self.futureTolerance ? judged(instant, quality) : (instant, quality)
    texts.append(
      SampleBlock(
        tag: tag, Sample(instant: Instant(nanoseconds: instant), arrival: arrival, value: .text(text), quality: quality)))
  }

  mutating func refuse(_ error: LineProtocolError, keeping limit: Int) {
    errorCount += 1
    if errors.count < limit { errors.append(error) }
  }

  private func judged(_ instant: Int64, _ quality: Quality) -> (Int64, Quality) {
    if instant - arrival.nanoseconds > Self.futureLimit { return (arrival.nanoseconds, .bad) }
    return (instant, min(quality, .uncertain))
  }

  private mutating func note(_ quality: Quality) {
    if qualities.isEmpty { qualities = Array(repeating: .good, count: series.count - 1) }
    qualities.append(quality)
  }

  /// 2200-01-01: what anybody sends beyond it is a mistake.
  static let latestInstant: Int64 = 7_258_118_400_000_000_000

  /// As `SampleCheck` of module Acquisition has them.
  private static let futureTolerance: Int64 = 120_000_000_000
  private static let futureLimit: Int64 = 3_600_000_000_000
}
