internal import Storage

/// One chunk of version 2: a column of samples, compressed, with its checksum. `docs/historian-format.md` draws it.
enum ChunkCodec {
  static let hasNumbers: UInt8 = 1
  static let hasTexts: UInt8 = 2
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
    try ChunkView(bytes, in: range, count: count).column(withArrivals: withArrivals)
  }
}

/// A chunk whose columns are decoded one by one, as they are asked for.
struct ChunkView {
  let count: Int
  private let hasTexts: Bool
  private let instantSection: ByteReader
  private let latenessSection: ByteReader
  private let numberSection: ByteReader?
  private let textSection: ByteReader?
  private let qualitySection: ByteReader

  /// - Throws: where `bytes[range]` is not a chunk of `count` samples with its checksum.
  init(_ bytes: [UInt8], in range: Range<Int>, count: Int) throws(Malformed) {
    guard range.count > 8 else { throw Malformed() }
    let body = range.lowerBound..<range.upperBound - 8
    var tail = ByteReader(bytes, in: body.upperBound..<range.upperBound)
    guard try tail.read64() == XXH64.checksum(bytes, in: body) else { throw Malformed() }
    try self.init(unchecked: bytes, in: body, count: count)
  }

  /// The same without a checksum at the end.
  init(unchecked bytes: [UInt8], in body: Range<Int>, count: Int) throws(Malformed) {
    var reader = ByteReader(bytes, in: body)
    let stated = try reader.varint()
    let flags = try reader.byte()
    guard stated == UInt64(count), 1...ChunkCodec.countLimit ~= count, 1...3 ~= flags else { throw Malformed() }
    self.count = count
    instantSection = try Self.nextSection(&reader)
    latenessSection = try Self.nextSection(&reader)
    numberSection = flags & ChunkCodec.hasNumbers != 0 ? try Self.nextSection(&reader) : nil
    hasTexts = flags & ChunkCodec.hasTexts != 0
    textSection = hasTexts ? try Self.nextSection(&reader) : nil
    qualitySection = try Self.nextSection(&reader)
    guard reader.remaining == 0 else { throw Malformed() }
  }

  private static func nextSection(_ reader: inout ByteReader) throws(Malformed) -> ByteReader {
    let length = try reader.count()
    let start = try reader.skip(length)
    return ByteReader(reader.bytes, in: start..<start + length)
  }

  private func requireEnd(_ section: ByteReader) throws(Malformed) { if section.remaining != 0 { throw Malformed() } }

  func column(withArrivals: Bool) throws(Malformed) -> SeriesColumn {
    var column = SeriesColumn()
    column.instants = try instants()
    if withArrivals {
      var section = latenessSection
      column.arrivals = try InstantCodec.decodeLateness(instants: column.instants, from: &section)
      try requireEnd(section)
    }
    column.numbers = try numbers()
    column.marks = try qualities()
    if hasTexts { try addTexts(to: &column) }
    return column
  }

  func marks() throws(Malformed) -> [UInt8] {
    hasTexts ? try column(withArrivals: false).marks : try qualities()
  }

  func instants() throws(Malformed) -> [Int64] {
    var section = instantSection
    let instants = try InstantCodec.decode(count: count, from: &section)
    try requireEnd(section)
    return instants
  }

  /// Where the instants must lie, if that can be told without decoding them.
  func ticks() throws(Malformed) -> Ticks? { try InstantCodec.ticks(from: instantSection) }

  /// Zero where the sample is a text.
  func numbers() throws(Malformed) -> [Double] {
    guard var section = numberSection else { return Array(repeating: 0, count: count) }
    let numbers = try NumberColumn.decode(count: count, from: &section)
    try requireEnd(section)
    return numbers
  }

  /// The numbers as scaled decimals, each m / `scale`; nil where some are none.
  func scaledNumbers() throws(Malformed) -> (numbers: [Int64], scale: Double)? {
    guard !hasTexts, var section = numberSection else { return nil }
    guard let scaled = try NumberColumn.decodeScaled(count: count, from: &section) else { return nil }
    try requireEnd(section)
    return scaled
  }

  /// Whether all samples are good numbers, told without decoding.
  func isAllGoodNumbers() throws(Malformed) -> Bool { hasTexts ? false : try isAllGood() }

  /// Nearly always all are good: a sparse column (0) without a change, about its base.
  private func isAllGood() throws(Malformed) -> Bool {
    var section = qualitySection
    guard try section.byte() == 0, try section.byte() <= 1, try section.signed() == Int64(Mark.good) else { return false }
    return try section.varint() == 0
  }

  /// Marks without the flag of texts.
  private func qualities() throws(Malformed) -> [UInt8] {
    if try isAllGood() { return Array(repeating: Mark.good, count: count) }
    var section = qualitySection
    var column = [Int64](repeating: 0, count: count)
    try IntegerColumn.decode(into: &column, from: &section)
    try requireEnd(section)
    var marks = [UInt8](repeating: 0, count: count)
    for i in 0..<count {
      guard 0...3 ~= column[i] else { throw Malformed() }
      marks[i] = UInt8(column[i])
    }
    return marks
  }

  private func addTexts(to column: inout SeriesColumn) throws(Malformed) {
    guard var section = textSection else { return }
    for _ in 0..<(try section.count()) { column.texts.append(try section.string()) }
    var places = [Int64](repeating: 0, count: count)
    try IntegerColumn.decode(into: &places, from: &section)
    try requireEnd(section)
    for (i, place) in places.enumerated() where place >= 0 {
      guard place < Int64(column.texts.count) else { throw Malformed() }
      column.marks[i] |= Mark.text
      column.numbers[i] = Double(bitPattern: UInt64(place))
    }
  }
}
