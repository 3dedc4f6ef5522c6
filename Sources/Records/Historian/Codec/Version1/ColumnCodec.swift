internal import Quantities
internal import Storage
internal import Telemetry

/// Version 1's chunk, read only. `docs/historian-format.md` draws it.
enum ColumnCodec {
  private static let hasNumbers: UInt8 = 1
  private static let hasTexts: UInt8 = 2
  /// Far more than a writer made; a reader refuses more before it allocates.
  private static let countLimit = 1 << 20

  /// Decodes `bytes[range]`, which must be a whole chunk.
  static func decode(_ bytes: [UInt8], in range: Range<Int>) throws(Malformed) -> SeriesColumn {
    guard range.count > 4 else { throw Malformed() }
    var tail = ByteReader(bytes, in: range.upperBound - 4..<range.upperBound)
    let body = range.lowerBound..<range.upperBound - 4
    guard try tail.read32() == CRC32C.checksum(bytes, in: body) else { throw Malformed() }
    return try decodeBody(bytes, in: body)
  }

  /// The same for a chunk without its checksum.
  static func decodeBody(_ bytes: [UInt8], in body: Range<Int>) throws(Malformed) -> SeriesColumn {
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
    var column = SeriesColumn()
    (column.instants, column.arrivals, column.texts) = (instants, arrivals, texts)
    column.numbers = numbers.isEmpty ? Array(repeating: 0, count: Int(count)) : numbers
    column.marks = qualities.map(Mark.place)
    for (i, place) in indices.enumerated() where place >= 0 {
      column.marks[i] |= Mark.text
      column.numbers[i] = Double(bitPattern: UInt64(place))
    }
    return column
  }

  /// Runs: quality (1 byte), length (varint), until the count is reached.
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
