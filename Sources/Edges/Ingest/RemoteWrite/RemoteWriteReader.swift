public import Historian
public import Quantities
internal import Telemetry

/// Reads Prometheus's remote write 1.0: one protobuf message `WriteRequest`, compressed by Snappy.
///
/// ```
/// WriteRequest { repeated TimeSeries timeseries = 1; … }
/// TimeSeries   { repeated Label labels = 1; repeated Sample samples = 2; … }
/// Label        { string name = 1; string value = 2; }
/// Sample       { double value = 1; int64 timestamp = 2; }   timestamp in milliseconds since 1970
/// ```
/// Other fields (metadata, exemplars, histograms) are passed over. A NaN is kept bit for bit, the mark of a series' end among them, and is bad.
/// - Source: https://prometheus.io/docs/specs/prw/remote_write_spec/
public struct RemoteWriteReader: Sendable {
  /// Why a request was not taken at all; a retry does not help.
  public enum Failure: Error, Sendable, Hashable {
    case notSnappy
    case tooLarge(limit: Int)
    /// Not the message, or cut short.
    case malformed
    /// A series without labels, or with labels that are not UTF-8.
    case badLabels
    /// The historian holds as many series as it may.
    case tooManySeries
    /// A timestamp outside 1970 … 2200, in milliseconds.
    case timestampOutOfRange(Int64)

    /// In words.
    public var message: String {
      switch self {
      case .notSnappy: "snappy: corrupt input"
      case .tooLarge(let limit): "the request grows beyond \(limit) bytes"
      case .malformed: "the message is no WriteRequest"
      case .badLabels: "a series has no labels, or labels that are not UTF-8"
      case .tooManySeries: "max-series limit reached"
      case .timestampOutOfRange(let milliseconds): "time outside range 1970 - 2200: \(milliseconds)"
      }
    }
  }

  private var cache: SeriesCache
  private var before: SeriesCache.Place = -1

  /// - Parameters:
  ///   - seed: for the hash of series; any number.
  ///   - cacheBytes: how much may be remembered of series seen.
  public init(seed: UInt64 = 0, cacheBytes: Int = 64 << 20) { cache = SeriesCache(seed: seed, byteLimit: cacheBytes) }

  /// Reads a request that anybody may have sent; all of it is taken or nothing.
  ///
  /// - Parameters:
  ///   - limit: the most bytes that it may expand to.
  ///   - directory: the number of the series of a tag, made if new; nil when there may be no more.
  public mutating func read(
    _ body: UnsafeRawBufferPointer, limit: Int, at now: Instant, directory: (String) -> SeriesID?
  ) throws(Failure) -> DecodedSamples {
    let message: [UInt8]
    do {
      message = unsafe try Snappy.expand(body, limit: limit)
    } catch {
      switch error {
      case .malformed: throw .notSnappy
      case .tooLarge(let limit): throw .tooLarge(limit: limit)
      }
    }
    let result = message.withView { view -> Result<DecodedSamples, Failure> in
      do throws(Failure) { return .success(try request(view, now, directory)) } catch { return .failure(error) }
    }
    return try result.get()
  }

  private mutating func request(_ view: ByteView, _ now: Instant, _ directory: (String) -> SeriesID?) throws(Failure) -> DecodedSamples {
    var samples = DecodedSamples(arrival: now, capacity: view.count / 20)
    var cursor = ByteCursor(view)
    while let (field, value) = try ProtobufField.next(&cursor) {
      guard field == 1 else { continue }
      guard case .bytes(let from, let count) = value, var series = ByteCursor(view, from: from, count: count) else { throw .malformed }
      try take(&series, into: &samples, directory)
    }
    return samples
  }

  private mutating func take(
    _ cursor: inout ByteCursor, into samples: inout DecodedSamples, _ directory: (String) -> SeriesID?
  ) throws(Failure) {
    let id = try series(&cursor, directory)
    while let (field, value) = try ProtobufField.next(&cursor) {
      // Labels behind samples are allowed by the format, and no sender writes them so.
      if field == 1 { throw .malformed }
      guard field == 2 else { continue }
      guard case .bytes(let from, let count) = value, var sample = ByteCursor(cursor.view, from: from, count: count) else { throw .malformed }
      try take(&sample, of: id, into: &samples)
    }
  }

  @inline(__always) private func take(_ cursor: inout ByteCursor, of id: SeriesID, into samples: inout DecodedSamples) throws(Failure) {
    var value = 0.0
    var milliseconds: Int64 = 0
    while let (field, content) = try ProtobufField.next(&cursor) {
      switch (field, content) {
      case (1, .fixed64(let bits)): value = Double(bitPattern: bits)
      case (2, .varint(let number)): milliseconds = Int64(bitPattern: number)
      default: break
      }
    }
    guard milliseconds >= 0, milliseconds <= DecodedSamples.latestInstant / 1_000_000 else { throw .timestampOutOfRange(milliseconds) }
    samples.append(series: id, instant: milliseconds * 1_000_000, value: value, quality: value.isFinite ? .good : .bad)
  }

  /// The series whose labels stand at the cursor, which moves behind them.
  private mutating func series(_ cursor: inout ByteCursor, _ directory: (String) -> SeriesID?) throws(Failure) -> SeriesID {
    let start = cursor.position
    if let place = cache.expected(after: before, in: cursor.view, at: start) {
      let end = start + cache.length(of: place)
      if end == cursor.end || (end < cursor.end && cursor.view[end] != Self.labelTag) {
        _ = cursor.take(end - start)
        before = place
        return cache.field(cache.firstField(of: place)).series
      }
    }
    while !cursor.isAtEnd, cursor.view[cursor.position] == Self.labelTag { _ = try ProtobufField.next(&cursor) }
    let end = cursor.position
    let hash = cache.hash(cursor.view, start, end)
    let place: SeriesCache.Place
    if let known = cache.find(cursor.view, start, end, hash: hash) {
      place = known
    } else {
      place = try newSeries(cursor.view, start, end, hash, directory)
    }
    cache.follow(before, by: place)
    before = place
    return cache.field(cache.firstField(of: place)).series
  }

  private mutating func newSeries(
    _ view: ByteView, _ start: Int, _ end: Int, _ hash: UInt32, _ directory: (String) -> SeriesID?
  ) throws(Failure) -> SeriesCache.Place {
    var metric = ""
    var labels: [SeriesName.Label] = []
    guard var cursor = ByteCursor(view, from: start, count: end - start) else { throw .malformed }
    while let (_, value) = try ProtobufField.next(&cursor) {
      guard case .bytes(let from, let count) = value, var pair = ByteCursor(view, from: from, count: count) else { throw .malformed }
      var label = SeriesName.Label(name: "", value: "")
      while let (field, content) = try ProtobufField.next(&pair) {
        guard case .bytes(let from, let count) = content else { throw .malformed }
        guard let text = view.text(from..<from + count) else { throw .badLabels }
        if field == 1 { label.name = text } else if field == 2 { label.value = text }
      }
      if label.name == "__name__" { metric = label.value } else { labels.append(label) }
    }
    let name = SeriesName(metric: metric, labels: labels)
    guard !name.text.isEmpty else { throw .badLabels }
    guard let id = directory(name.text) else { throw .tooManySeries }
    let place = cache.insert(view, start, end, hash: hash)
    _ = cache.insertField([], of: place, series: id, isQuality: false)
    return place
  }

  /// Field 1, length-delimited.
  private static let labelTag: UInt8 = 0x0A
}

/// One field of a protobuf message.
enum ProtobufField {
  case varint(UInt64)
  case fixed64(UInt64)
  case fixed32(UInt32)
  case bytes(from: Int, count: Int)

  /// The next field and its number; nil at the end.
  @inline(__always) static func next(_ cursor: inout ByteCursor) throws(RemoteWriteReader.Failure) -> (UInt64, ProtobufField)? {
    if cursor.isAtEnd { return nil }
    guard let tag = cursor.varint(), tag >> 3 > 0 else { throw .malformed }
    switch tag & 7 {
    case 0: if let value = cursor.varint() { return (tag >> 3, .varint(value)) }
    case 1: if let value = cursor.littleEndian(bytes: 8) { return (tag >> 3, .fixed64(value)) }
    case 2:
      if let length = cursor.varint(), length <= UInt64(Int.max), let from = cursor.take(Int(length)) {
        return (tag >> 3, .bytes(from: from, count: Int(length)))
      }
    case 5: if let value = cursor.littleEndian(bytes: 4) { return (tag >> 3, .fixed32(UInt32(truncatingIfNeeded: value))) }
    default: break
    }
    throw .malformed
  }
}
