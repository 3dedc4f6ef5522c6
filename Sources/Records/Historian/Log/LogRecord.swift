internal import Quantities
internal import Storage
internal import Telemetry

/// One record of the write-ahead log.
///
/// Layout of version 2, little-endian: magic (4) · XXH64 of all that follows (8) · payload length (4) · sequence (8) · payload.
/// The payload's first byte says what it is: names of series, a batch, or blocks; `docs/historian-format.md` draws each.
struct LogRecord {
  var sequence: UInt64
  /// Where the payload stands.
  var payload: Range<Int>
  var version: Int

  static let magic: UInt32 = 0x3243_5254  // "TRC2" as it lies on disk
  static let firstMagic: UInt32 = 0x4345_5254  // "TREC"
  static let headerSize = 24
  static let names: UInt8 = 0
  static let batch: UInt8 = 1
  static let blocks: UInt8 = 2

  /// A record whose payload is being written at the end of a writer.
  struct Opened {
    private let start: Int

    init(sequence: UInt64, in writer: inout ByteWriter) {
      start = writer.count
      writer.append32(magic)
      writer.append64(0)
      writer.append32(0)
      writer.append64(sequence)
    }

    func close(in writer: inout ByteWriter) {
      writer.overwrite32(UInt32(writer.count - start - headerSize), at: start + 12)
      let checksum = XXH64.checksum(writer.bytes, in: start + 12..<writer.count)
      writer.overwrite32(UInt32(truncatingIfNeeded: checksum), at: start + 4)
      writer.overwrite32(UInt32(truncatingIfNeeded: checksum >> 32), at: start + 8)
    }
  }

  /// The record at `offset`, and where the next one begins; nil where no whole, undamaged record stands.
  static func find(_ bytes: [UInt8], at offset: Int) -> (record: LogRecord, end: Int)? {
    do throws(Malformed) {
      var reader = ByteReader(bytes, in: offset..<bytes.count)
      switch try reader.read32() {
      case magic:
        let checksum = try reader.read64()
        let length = Int(try reader.read32())
        let sequence = try reader.read64()
        let end = reader.offset + length
        guard length > 0, end <= bytes.count, XXH64.checksum(bytes, in: offset + 12..<end) == checksum else { return nil }
        return (LogRecord(sequence: sequence, payload: reader.offset..<end, version: 2), end)
      case firstMagic:
        let checksum = try reader.read32()
        let length = Int(try reader.read32())
        let sequence = try reader.read64()
        let end = reader.offset + length
        guard end <= bytes.count, CRC32C.checksum(bytes, in: offset + 8..<end) == checksum else { return nil }
        return (LogRecord(sequence: sequence, payload: reader.offset..<end, version: 1), end)
      default: return nil
      }
    } catch { return nil }
  }

  // MARK: - Names

  /// Payload: 0 · first number (varint) · count (varint) · strings.
  static func encodeNames(_ names: ArraySlice<String>, into writer: inout ByteWriter) {
    let record = Opened(sequence: 0, in: &writer)
    writer.append(Self.names)
    writer.appendVarint(names.startIndex)
    writer.appendVarint(names.count)
    for name in names { writer.appendString(name) }
    record.close(in: &writer)
  }

  static func decodeNames(_ reader: inout ByteReader) throws(Malformed) -> (first: Int, names: [String]) {
    let first = try reader.varint()
    guard first < UInt64(UInt32.max) else { throw Malformed() }
    var names: [String] = []
    for _ in 0..<(try reader.count()) { names.append(try reader.string()) }
    guard reader.remaining == 0 else { throw Malformed() }
    return (Int(first), names)
  }

  // MARK: - Blocks

  /// Payload: 2 · as version 1: count of blocks (varint), each: tag, count (varint), kind (0 numbers, 1 texts), instants, arrivals, values,
  /// qualities.
  static func encodeBlocks(_ blocks: [SampleBlock], sequence: UInt64, into writer: inout ByteWriter) {
    let record = Opened(sequence: sequence, in: &writer)
    writer.append(Self.blocks)
    writer.appendVarint(blocks.count)
    for block in blocks {
      writer.appendString(block.tag)
      writer.appendVarint(block.count)
      switch block.values {
      case .numbers: writer.append(0)
      case .texts: writer.append(1)
      }
      writer.appendColumn(block.instants)
      writer.appendColumn(block.arrivals)
      switch block.values {
      case .numbers(let values): writer.appendColumn(values)
      case .texts(let values): for text in values { writer.appendString(text) }
      }
      for quality in block.qualities { writer.append(quality.rawValue) }
    }
    record.close(in: &writer)
  }

  static func decodeBlocks(_ reader: inout ByteReader) throws(Malformed) -> [SampleBlock] {
    var blocks: [SampleBlock] = []
    for _ in 0..<(try reader.count()) {
      let tag = try reader.string()
      let count = try reader.count(leastBytes: 18)
      let kind = try reader.byte()
      let instants = try reader.instants(count)
      let arrivals = try reader.instants(count)
      let values: SampleBlock.Values
      switch kind {
      case 0: values = .numbers(try reader.numbers(count))
      case 1:
        var texts: [String] = []
        for _ in 0..<count { texts.append(try reader.string()) }
        values = .texts(texts)
      default: throw Malformed()
      }
      var qualities: [Quality] = []
      qualities.reserveCapacity(count)
      for _ in 0..<count {
        guard let quality = Quality(rawValue: try reader.byte()) else { throw Malformed() }
        qualities.append(quality)
      }
      blocks.append(SampleBlock(tag: tag, instants: instants, arrivals: arrivals, values: values, qualities: qualities))
    }
    guard reader.remaining == 0 else { throw Malformed() }
    return blocks
  }
}
