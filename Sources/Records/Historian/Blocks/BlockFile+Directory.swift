internal import Quantities
internal import Storage
internal import Telemetry

extension BlockFile {
  /// One tag's line in a directory.
  struct Entry {
    var tag: String
    /// The sample with the greatest instant.
    var latest: Sample
    var chunks: [Chunk]
  }

  /// A file as it was read: its directory by name, for the reader to number.
  struct Opened {
    var lastSequence: UInt64
    var version: Int
    var byteCount: Int
    var content: any StoredFile
    var entries: [Entry]
  }

  static let footerSize = 24
  static let footerMagic: [UInt8] = Array("TAKTEND2".utf8)

  /// Layout: last sequence (8 bytes) · count of tags · for each: name, latest sample, count of chunks, for each chunk its
  /// length and summary. Chunks lie in this order without gaps, the first behind the file's magic.
  static func encodeDirectory(_ entries: [Entry], lastSequence: UInt64) -> [UInt8] {
    var writer = ByteWriter()
    writer.append64(lastSequence)
    writer.appendVarint(entries.count)
    for entry in entries {
      writer.appendString(entry.tag)
      encode(entry.latest, into: &writer)
      writer.appendVarint(entry.chunks.count)
      for chunk in entry.chunks {
        writer.appendVarint(Int(chunk.length))
        chunk.summary.encode(into: &writer)
      }
    }
    return writer.bytes
  }

  static func decodeDirectory(_ bytes: [UInt8], base: Int) throws(Malformed) -> (lastSequence: UInt64, entries: [Entry], end: Int) {
    var reader = ByteReader(bytes)
    let lastSequence = try reader.read64()
    var entries: [Entry] = []
    var offset = base
    for _ in 0..<(try reader.count()) {
      let tag = try reader.string()
      var entry = Entry(tag: tag, latest: try decodeSample(&reader), chunks: [])
      for _ in 0..<(try reader.count()) {
        let length = try reader.varint()
        guard length <= UInt64(Int32.max) else { throw Malformed() }
        entry.chunks.append(Chunk(offset: offset, length: Int32(length), summary: try ChunkSummary(from: &reader)))
        offset += Int(length)
      }
      entries.append(entry)
    }
    guard reader.remaining == 0, Set(entries.map(\.tag)).count == entries.count else { throw Malformed() }
    return (lastSequence, entries, offset)
  }

  /// Reads the directory of a file. Throws `damaged` where it is not what was written.
  static func open(_ name: String, on storage: any Storage) throws(HistorianError) -> Opened {
    do {
      let content = try storage.open(name)
      let header = try content.read(offset: 0, count: 16)
      guard header.count == 16 else { throw Malformed() }
      return header.starts(with: magic) ? try openSecond(content) : try openFirst(content, header)
    } catch let error as StorageError {
      throw .storage(error)
    } catch { throw .damaged(name: name, offset: 0) }
  }

  /// Version 2: magic · chunks · directory · directory length (8) · XXH64 of the directory, seeded with its length (8) · magic of the end.
  private static func openSecond(_ content: any StoredFile) throws -> Opened {
    let size = content.byteCount
    guard size >= magic.count + footerSize else { throw Malformed() }
    let footer = try content.read(offset: size - footerSize, count: footerSize)
    guard footer.count == footerSize, footer[16...].elementsEqual(footerMagic) else { throw Malformed() }
    var reader = ByteReader(footer)
    let length = try reader.read64()
    let checksum = try reader.read64()
    guard length <= UInt64(size - magic.count - footerSize) else { throw Malformed() }
    let start = size - footerSize - Int(length)
    let bytes = try content.read(offset: start, count: Int(length))
    guard bytes.count == Int(length), XXH64.checksum(bytes, seed: length) == checksum else { throw Malformed() }
    let directory = try decodeDirectory(bytes, base: magic.count)
    guard directory.end == start else { throw Malformed() }
    return Opened(lastSequence: directory.lastSequence, version: 2, byteCount: size, content: content, entries: directory.entries)
  }

  /// Version 1: magic · directory length (4) · CRC-32C of the directory (4) · directory · chunks.
  private static func openFirst(_ content: any StoredFile, _ header: [UInt8]) throws -> Opened {
    guard header.starts(with: firstMagic) else { throw Malformed() }
    var reader = ByteReader(header, in: 8..<16)
    let length = Int(try reader.read32())
    let checksum = try reader.read32()
    let bytes = try content.read(offset: 16, count: length)
    guard bytes.count == length, CRC32C.checksum(bytes) == checksum else { throw Malformed() }
    let directory = try decodeDirectory(bytes, base: 16 + length)
    return Opened(lastSequence: directory.lastSequence, version: 1, byteCount: directory.end, content: content, entries: directory.entries)
  }

  private static func encode(_ sample: Sample, into writer: inout ByteWriter) {
    writer.append64(UInt64(bitPattern: sample.instant.nanoseconds))
    writer.append64(UInt64(bitPattern: sample.arrival.nanoseconds))
    writer.append(sample.quality.rawValue)
    switch sample.value {
    case .number(let x):
      writer.append(0)
      writer.append64(x.bitPattern)
    case .text(let text):
      writer.append(1)
      writer.appendString(text)
    }
  }

  private static func decodeSample(_ reader: inout ByteReader) throws(Malformed) -> Sample {
    let instant = Instant(nanoseconds: Int64(bitPattern: try reader.read64()))
    let arrival = Instant(nanoseconds: Int64(bitPattern: try reader.read64()))
    guard let quality = Quality(rawValue: try reader.byte()) else { throw Malformed() }
    let value: SampleValue
    switch try reader.byte() {
    case 0: value = .number(Double(bitPattern: try reader.read64()))
    case 1: value = .text(try reader.string())
    default: throw Malformed()
    }
    return Sample(instant: instant, arrival: arrival, value: value, quality: quality)
  }
}

extension BlockFile {
  /// A file that was opened, with its tags numbered by `series`.
  init(_ opened: Opened, name: String, seals: ClosedRange<Int>, series: inout SeriesTable) {
    var entries: [(series: UInt32, chunks: [Chunk])] = []
    for entry in opened.entries { entries.append((series.register(entry.tag).index, entry.chunks)) }
    self.init(
      name: name, seals: seals, lastSequence: opened.lastSequence, version: opened.version, byteCount: opened.byteCount, content: opened.content,
      entries: entries)
  }
}
