internal import Quantities
internal import Storage
internal import Telemetry

/// One record of the write-ahead log: the blocks of one append.
///
/// Layout, little-endian: magic (4) · CRC-32C of all that follows (4) · payload length (4) · sequence (8) · payload.
/// Payload: count of blocks · for each: tag, count, kind (0 numbers, 1 texts), instants, arrivals, values, qualities.
struct LogRecord {
  var sequence: UInt64
  var blocks: [SampleBlock]

  static let magic: UInt32 = 0x4345_5254  // "TREC" as it lies on disk
  static let headerSize = 20

  static func encode(sequence: UInt64, blocks: [SampleBlock], into writer: inout ByteWriter) {
    let start = writer.count
    writer.append32(magic)
    writer.append32(0)
    writer.append32(0)
    writer.append64(sequence)
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
      writer.bytes += block.qualities.map(\.rawValue)
    }
    writer.overwrite32(UInt32(writer.count - start - headerSize), at: start + 8)
    writer.overwrite32(CRC32C.checksum(writer.bytes, in: start + 8..<writer.count), at: start + 4)
  }

  /// The record at `offset`, and where the next one begins; nil where no whole, undamaged record stands.
  static func decode(_ bytes: [UInt8], at offset: Int) -> (record: LogRecord, end: Int)? {
    do throws(Malformed) {
      var reader = ByteReader(bytes, in: offset..<bytes.count)
      guard try reader.read32() == magic else { return nil }
      let checksum = try reader.read32()
      let length = Int(try reader.read32())
      let sequence = try reader.read64()
      let end = reader.offset + length
      guard end <= bytes.count, CRC32C.checksum(bytes, in: offset + 8..<end) == checksum else { return nil }
      var payload = ByteReader(bytes, in: reader.offset..<end)
      return (LogRecord(sequence: sequence, blocks: try decodeBlocks(&payload)), end)
    } catch { return nil }
  }

  private static func decodeBlocks(_ reader: inout ByteReader) throws(Malformed) -> [SampleBlock] {
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
