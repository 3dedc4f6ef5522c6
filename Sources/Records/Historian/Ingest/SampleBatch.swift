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
  @usableFromInline var seriesColumn: [SeriesID] = []
  @usableFromInline var instantColumn: [Int64] = []
  @usableFromInline var valueColumn: [Double] = []
  @usableFromInline var qualityColumn: [Quality] = []
  public var arrival: Instant

  public init(arrival: Instant) { self.arrival = arrival }

  public var count: Int { seriesColumn.count }

  public var series: [SeriesID] { seriesColumn }

  /// When the sources say that they were measured: nanoseconds since 1970.
  public var instants: [Int64] { instantColumn }

  public var values: [Double] { valueColumn }

  /// Empty while all are good.
  public var qualities: [Quality] { qualityColumn }

  @inlinable
  public mutating func append(series id: SeriesID, instant: Int64, value: Double, quality: Quality = .good) {
    if quality != .good || !qualityColumn.isEmpty { append(quality: quality) }
    seriesColumn.append(id)
    instantColumn.append(instant)
    valueColumn.append(value)
  }

  /// Of the sample that is appended next.
  @usableFromInline
  mutating func append(quality: Quality) {
    if qualityColumn.isEmpty { qualityColumn = Array(repeating: .good, count: count) }
    qualityColumn.append(quality)
  }

  public mutating func removeAll(keepingCapacity: Bool = true) {
    seriesColumn.removeAll(keepingCapacity: keepingCapacity)
    instantColumn.removeAll(keepingCapacity: keepingCapacity)
    valueColumn.removeAll(keepingCapacity: keepingCapacity)
    qualityColumn.removeAll(keepingCapacity: keepingCapacity)
  }

  public mutating func reserveCapacity(_ count: Int) {
    seriesColumn.reserveCapacity(count)
    instantColumn.reserveCapacity(count)
    valueColumn.reserveCapacity(count)
  }
}
