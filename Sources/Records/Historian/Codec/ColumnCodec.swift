internal import Quantities
internal import Storage
internal import Telemetry

/// One chunk: a column of samples, compressed, with its checksum. `docs/historian-format.md` draws it.
enum ColumnCodec {
  private static let hasNumbers: UInt8 = 1
  private static let hasTexts: UInt8 = 2
  /// More than any writer makes; a reader refuses more before it allocates.
  private static let countLimit = 1 << 24

  static func encode(_ column: SampleColumn, into writer: inout ByteWriter) {
    let start = writer.count
    let indices = column.textIndices
    var flags: UInt8 = 0
    if indices.isEmpty || indices.contains(where: { $0 < 0 }) { flags |= hasNumbers }
    if indices.contains(where: { $0 >= 0 }) { flags |= hasTexts }
    writer.appendVarint(column.count)
    writer.append(flags)
    let instants = column.instants.map(\.nanoseconds)
    TimeCodec.encode(instants, into: &writer)
    TimeCodec.encodeArrivals(column.arrivals.map(\.nanoseconds), instants: instants, into: &writer)
    if flags & hasNumbers != 0 { NumberCodec.encode(column.numbers, into: &writer) }
    if flags & hasTexts != 0 {
      writer.appendVarint(column.texts.count)
      for text in column.texts { writer.appendString(text) }
      IntegerCodec.encode(indices.map(Int64.init), into: &writer)
    }
    encodeQualities(column.qualities, into: &writer)
    writer.append32(CRC32C.checksum(writer.bytes, in: start..<writer.count))
  }

  /// Decodes `bytes[range]`, which must be a whole chunk.
  static func decode(_ bytes: [UInt8], in range: Range<Int>) throws(Malformed) -> SampleColumn {
    guard range.count > 4 else { throw Malformed() }
    var tail = ByteReader(bytes, in: range.upperBound - 4..<range.upperBound)
    let body = range.lowerBound..<range.upperBound - 4
    guard try tail.read32() == CRC32C.checksum(bytes, in: body) else { throw Malformed() }
    var reader = ByteReader(bytes, in: body)
    let count = try reader.varint()
    let flags = try reader.byte()
    guard count <= countLimit, 1...3 ~= flags else { throw Malformed() }
    let instants = try TimeCodec.decode(count: Int(count), from: &reader)
    let arrivals = try TimeCodec.decodeArrivals(instants: instants, from: &reader)
    let numbers = flags & hasNumbers != 0 ? try NumberCodec.decode(count: Int(count), from: &reader) : []
    var texts: [String] = []
    var indices: [Int64] = []
    if flags & hasTexts != 0 {
      for _ in 0..<(try reader.count()) { texts.append(try reader.string()) }
      indices = try IntegerCodec.decode(count: Int(count), from: &reader)
      guard Set(texts).count == texts.count, indices.allSatisfy({ -1..<Int64(texts.count) ~= $0 }) else { throw Malformed() }
      guard flags & hasNumbers != 0 || !indices.contains(-1) else { throw Malformed() }
    }
    let qualities = try decodeQualities(count: Int(count), from: &reader)
    guard reader.remaining == 0 else { throw Malformed() }
    return SampleColumn(
      instants: instants.map(Instant.init(nanoseconds:)), arrivals: arrivals.map(Instant.init(nanoseconds:)), qualities: qualities,
      numbers: numbers.isEmpty ? Array(repeating: 0, count: Int(count)) : numbers, texts: texts, textIndices: indices.map(Int32.init))
  }

  /// Runs: quality (1 byte), length (varint), until the count is reached.
  private static func encodeQualities(_ qualities: [Quality], into writer: inout ByteWriter) {
    var start = 0
    while start < qualities.count {
      var end = start + 1
      while end < qualities.count, qualities[end] == qualities[start] { end += 1 }
      writer.append(qualities[start].rawValue)
      writer.appendVarint(end - start)
      start = end
    }
  }

  private static func decodeQualities(count: Int, from reader: inout ByteReader) throws(Malformed) -> [Quality] {
    var qualities: [Quality] = []
    qualities.reserveCapacity(count)
    while qualities.count < count {
      guard let quality = Quality(rawValue: try reader.byte()) else { throw Malformed() }
      let run = try reader.varint()
      guard run > 0, run <= UInt64(count - qualities.count) else { throw Malformed() }
      qualities += repeatElement(quality, count: Int(run))
    }
    return qualities
  }
}
