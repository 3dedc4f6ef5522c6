internal import Quantities
internal import Telemetry

/// What a chunk says about its samples without being decoded. Summaries of disjoint samples add up.
struct SampleSummary: Sendable, Hashable {
  var first = Instant.distantFuture
  var last = Instant.distantPast
  /// By quality: bad, stale, uncertain, good (`Quality.allCases`, worst first).
  var qualityCounts = [0, 0, 0, 0]
  var lateness = LatenessProfile()
  /// Over usable numbers: finite and at least uncertain.
  var usableCount = 0
  var minimum = Double.infinity
  var maximum = -Double.infinity
  var sum = 0.0

  var count: Int { qualityCounts.reduce(0, +) }

  init() {}

  init(_ column: SampleColumn) {
    for i in column.indices {
      first = min(first, column.instants[i])
      last = max(last, column.instants[i])
      qualityCounts[Self.place(column.qualities[i])] += 1
      lateness.add(Duration(nanoseconds: saturatingDifference(column.arrivals[i], column.instants[i])))
      let x = column.numbers[i]
      if !column.isText(i), x.isFinite, column.qualities[i] >= .uncertain {
        usableCount += 1
        minimum = min(minimum, x)
        maximum = max(maximum, x)
        sum += x
      }
    }
  }

  mutating func add(_ other: SampleSummary) {
    first = min(first, other.first)
    last = max(last, other.last)
    for i in qualityCounts.indices { qualityCounts[i] += other.qualityCounts[i] }
    lateness.add(other.lateness)
    usableCount += other.usableCount
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
    sum += other.sum
  }

  static func place(_ quality: Quality) -> Int {
    switch quality {
    case .bad: 0
    case .stale: 1
    case .uncertain: 2
    case .good: 3
    }
  }
}

/// `a − b` in nanoseconds, held at the ends of the range: a source may claim any instant.
func saturatingDifference(_ a: Instant, _ b: Instant) -> Int64 {
  let (difference, overflow) = a.nanoseconds.subtractingReportingOverflow(b.nanoseconds)
  return overflow ? (a < b ? .min : .max) : difference
}

extension SampleSummary {
  func encode(into writer: inout ByteWriter) {
    writer.append64(UInt64(bitPattern: first.nanoseconds))
    writer.append64(UInt64(bitPattern: last.nanoseconds))
    for count in qualityCounts { writer.appendVarint(count) }
    for count in lateness.counts { writer.appendVarint(count) }
    writer.append64(UInt64(bitPattern: lateness.greatest.nanoseconds))
    writer.appendVarint(usableCount)
    if usableCount > 0 { for x in [minimum, maximum, sum] { writer.append64(x.bitPattern) } }
  }

  init(from reader: inout ByteReader) throws(Malformed) {
    first = Instant(nanoseconds: Int64(bitPattern: try reader.read64()))
    last = Instant(nanoseconds: Int64(bitPattern: try reader.read64()))
    for i in qualityCounts.indices { qualityCounts[i] = try Self.number(&reader) }
    for i in lateness.counts.indices { lateness.counts[i] = try Self.number(&reader) }
    lateness.greatest = Duration(nanoseconds: Int64(bitPattern: try reader.read64()))
    usableCount = try Self.number(&reader)
    guard usableCount > 0 else { return }
    minimum = Double(bitPattern: try reader.read64())
    maximum = Double(bitPattern: try reader.read64())
    sum = Double(bitPattern: try reader.read64())
  }

  private static func number(_ reader: inout ByteReader) throws(Malformed) -> Int {
    guard let number = Int32(exactly: try reader.varint()) else { throw Malformed() }
    return Int(number)
  }
}
