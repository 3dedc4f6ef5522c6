public import Historian
public import Quantities
public import Telemetry

/// What a decoder made of one request: numbers column by column, texts one by one, and what it did not take.
public struct DecodedSamples: Sendable {
  /// The numbers, as the historian takes them.
  public var batch: SampleBatch
  /// Samples that are text.
  public var texts: [SampleBlock] = []
  /// The first lines that were not taken, at most `errorLimit` of them.
  public var errors: [LineProtocolError] = []
  /// How many were not taken in all.
  public var errorCount = 0

  public init(arrival: Instant, capacity: Int = 0) {
    batch = SampleBatch(arrival: arrival)
    batch.reserveCapacity(capacity)
  }

  /// The arrival of all samples.
  public var arrival: Instant { batch.arrival }

  /// Samples taken.
  public var count: Int { batch.count + texts.count }

  /// Adds a number as it was observed: an instant far ahead of the arrival makes it doubtful, or bad and then it stands at its arrival.
  @inline(__always) mutating func append(series: SeriesID, instant: Int64, value: Double, quality: Quality) {
    var (instant, quality) = (instant, quality)
    // In the common case one comparison; arrival + tolerance cannot overflow before the year 2262.
    if instant &- arrival.nanoseconds > Self.futureTolerance { (instant, quality) = judged(instant, quality) }
    batch.append(series: series, instant: instant, value: value, quality: quality)
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

  /// 2200-01-01: what anybody sends beyond it is a mistake.
  static let latestInstant: Int64 = 7_258_118_400_000_000_000

  /// As `SampleCheck` of module Acquisition has them.
  private static let futureTolerance: Int64 = 120_000_000_000
  private static let futureLimit: Int64 = 3_600_000_000_000
}
