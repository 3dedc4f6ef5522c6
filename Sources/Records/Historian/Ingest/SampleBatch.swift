public import Quantities
public import Telemetry

/// A tag's number in one open historian: dense from 0, the same while the process lives, another after a restart.
public struct SeriesID: Sendable, Hashable {
  public let index: UInt32

  public init(index: UInt32) { self.index = index }
}

/// Samples of many series in order of arrival, column by column: what a decoder hands over. Numbers only; texts go by `SampleBlock`.
///
/// All samples of a batch arrived together. A decoder fills one batch, appends it, empties it with its memory kept, and fills it again.
public struct SampleBatch: Sendable {
  public private(set) var series: [SeriesID] = []
  /// When the sources say that they were measured: nanoseconds since 1970.
  public private(set) var instants: [Int64] = []
  public private(set) var values: [Double] = []
  /// Empty while all are good.
  public private(set) var qualities: [Quality] = []
  public var arrival: Instant

  public init(arrival: Instant) { self.arrival = arrival }

  public var count: Int { series.count }

  @inlinable
  public mutating func append(series id: SeriesID, instant: Int64, value: Double, quality: Quality = .good) {
    appendColumns(id, instant, value, quality)
  }

  @usableFromInline
  mutating func appendColumns(_ id: SeriesID, _ instant: Int64, _ value: Double, _ quality: Quality) {
    if quality != .good, qualities.isEmpty { qualities = Array(repeating: .good, count: count) }
    if quality != .good || !qualities.isEmpty { qualities.append(quality) }
    series.append(id)
    instants.append(instant)
    values.append(value)
  }

  public mutating func removeAll(keepingCapacity: Bool = true) {
    series.removeAll(keepingCapacity: keepingCapacity)
    instants.removeAll(keepingCapacity: keepingCapacity)
    values.removeAll(keepingCapacity: keepingCapacity)
    qualities.removeAll(keepingCapacity: keepingCapacity)
  }

  public mutating func reserveCapacity(_ count: Int) {
    series.reserveCapacity(count)
    instants.reserveCapacity(count)
    values.reserveCapacity(count)
  }
}
