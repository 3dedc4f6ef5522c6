internal import Storage

/// One chunk of version 2: a column of samples, compressed, with its checksum. `docs/historian-format.md` draws it.
enum ChunkCodec {
  private static let hasNumbers: UInt8 = 1
  private static let hasTexts: UInt8 = 2
  /// The most samples in a chunk; a reader refuses more before it allocates.
  static let countLimit = 1 << 20

  /// - Parameter range: samples of `column`, ascending strictly by instant; at least one.
  static func encode(_ column: SeriesColumn, in range: Range<Int>, effort: Effort, into writer: inout ByteWriter) {
    precondition(0 < range.count && range.count <= countLimit, "\(range.count) samples in a chunk")
    let start = writer.count
    let marks = Array(column.marks[range])
    var flags: UInt8 = 0
    for mark in marks { flags |= Mark.isText(mark) ? hasTexts : hasNumbers }
    writer.appendVarint(range.count)
    writer.append(flags)
    let instants = Array(column.instants[range])
    section(into: &writer) { InstantCodec.encode(instants, effort: effort, into: &$0) }
    section(into: &writer) { InstantCodec.encodeLateness(arrivals: Array(column.arrivals[range]), instants: instants, effort: effort, into: &$0) }
    if flags & hasNumbers != 0 {
      var numbers = Array(column.numbers[range])
      if flags & hasTexts != 0 { for i in marks.indices where Mark.isText(marks[i]) { numbers[i] = 0 } }
      section(into: &writer) { NumberColumn.encode(numbers, effort: effort, into: &$0) }
    }
    if flags & hasTexts != 0 { section(into: &writer) { encodeTexts(column, range, effort, into: &$0) } }
    section(into: &writer) { IntegerColumn.encode(marks.map { Int64($0 & 3) }, effort: effort, into: &$0) }
    writer.append64(XXH64.checksum(writer.bytes, in: start..<writer.count))
  }

  private static func section(into writer: inout ByteWriter, _ body: (inout ByteWriter) -> Void) {
    var content = ByteWriter()
    body(&content)
    writer.appendVarint(content.count)
    writer.bytes += content.bytes
  }

  private static func encodeTexts(_ column: SeriesColumn, _ range: Range<Int>, _ effort: Effort, into writer: inout ByteWriter) {
    var texts: [String] = []
    // By bytes: strings that look alike are not the same.
    var placeOfText: [[UInt8]: Int64] = [:]
    let places = range.map { i -> Int64 in
      guard column.isText(i) else { return -1 }
      let text = column.texts[column.textIndex(i)]
      let bytes = Array(text.utf8)
      if let known = placeOfText[bytes] { return known }
      placeOfText[bytes] = Int64(texts.count)
      texts.append(text)
      return Int64(texts.count - 1)
    }
    writer.appendVarint(texts.count)
    for text in texts { writer.appendString(text) }
    IntegerColumn.encode(places, effort: effort, into: &writer)
  }

  /// Decodes `bytes[range]`, which must be a whole chunk of `count` samples.
  ///
  /// - Parameter withArrivals: false leaves the arrivals' column empty.
  static func decode(_ bytes: [UInt8], in range: Range<Int>, count: Int, withArrivals: Bool = true) throws(Malformed) -> SeriesColumn {
    guard range.count > 8 else { throw Malformed() }
    let body = range.lowerBound..<range.upperBound - 8
    var tail = ByteReader(bytes, in: body.upperBound..<range.upperBound)
    guard try tail.read64() == XXH64.checksum(bytes, in: body) else { throw Malformed() }
    return try decodeBody(bytes, in: body, count: count, withArrivals: withArrivals)
  }

  /// The same for a chunk without its checksum.
  static func decodeBody(_ bytes: [UInt8], in body: Range<Int>, count: Int, withArrivals: Bool) throws(Malformed) -> SeriesColumn {
    var reader = ByteReader(bytes, in: body)
    let stated = try reader.varint()
    let flags = try reader.byte()
    guard stated == UInt64(count), 1...countLimit ~= count, 1...3 ~= flags else { throw Malformed() }
    var column = SeriesColumn()
    var section = try nextSection(&reader)
    column.instants = try InstantCodec.decode(count: count, from: &section)
    try requireEnd(section)
    section = try nextSection(&reader)
    if withArrivals {
      column.arrivals = try InstantCodec.decodeLateness(instants: column.instants, from: &section)
      try requireEnd(section)
    }
    if flags & hasNumbers != 0 {
      section = try nextSection(&reader)
      column.numbers = try NumberColumn.decode(count: count, from: &section)
      try requireEnd(section)
    } else {
      column.numbers = Array(repeating: 0, count: count)
    }
    var places: [Int64] = []
    if flags & hasTexts != 0 {
      section = try nextSection(&reader)
      for _ in 0..<(try section.count()) { column.texts.append(try section.string()) }
      places = [Int64](repeating: 0, count: count)
      try IntegerColumn.decode(into: &places, from: &section)
      try requireEnd(section)
    }
    section = try nextSection(&reader)
    column.marks = try decodeMarks(count: count, from: &section)
    try requireEnd(section)
    guard reader.remaining == 0 else { throw Malformed() }
    for (i, place) in places.enumerated() where place >= 0 {
      guard place < Int64(column.texts.count) else { throw Malformed() }
      column.marks[i] |= Mark.text
      column.numbers[i] = Double(bitPattern: UInt64(place))
    }
    return column
  }

  private static func nextSection(_ reader: inout ByteReader) throws(Malformed) -> ByteReader {
    let length = try reader.count()
    let start = try reader.skip(length)
    return ByteReader(reader.bytes, in: start..<start + length)
  }

  private static func requireEnd(_ section: ByteReader) throws(Malformed) { if section.remaining != 0 { throw Malformed() } }

  private static func decodeMarks(count: Int, from reader: inout ByteReader) throws(Malformed) -> [UInt8] {
    // Nearly always all are good: a sparse column (0) without a change, about its base.
    var ahead = reader
    if try ahead.byte() == 0, try ahead.byte() <= 1, try ahead.signed() == Int64(Mark.good), try ahead.varint() == 0 {
      reader = ahead
      return Array(repeating: Mark.good, count: count)
    }
    var column = [Int64](repeating: 0, count: count)
    try IntegerColumn.decode(into: &column, from: &reader)
    var marks = [UInt8](repeating: 0, count: count)
    for i in 0..<count {
      guard 0...3 ~= column[i] else { throw Malformed() }
      marks[i] = UInt8(column[i])
    }
    return marks
  }
}
