internal import Quantities
internal import Storage
internal import Telemetry

/// A sealed, immutable file of compressed chunks and the directory that finds them. Its directory stays in memory.
///
/// A file covers a run of seals, `firstSeal...lastSeal`; a merged file covers those of its parts and supersedes them.
struct BlockFile {
  /// One chunk: at most `chunkSamples` of one tag.
  struct Chunk {
    /// From the beginning of the file.
    var offset: Int
    var length: Int
    var summary: SampleSummary
  }

  struct TagEntry {
    var chunks: [Chunk]
    /// The sample with the greatest instant.
    var latest: Sample
  }

  let name: String
  let firstSeal: Int
  let lastSeal: Int
  /// The log's records up to this sequence are in this file or an older one.
  let lastSequence: UInt64
  let byteCount: Int
  let tags: [String: TagEntry]
  let content: any StoredFile

  static let folder = "blocks/"
  static let magic: [UInt8] = Array("TAKTBLK1".utf8)
  static let headerSize = 16

  static func name(firstSeal: Int, lastSeal: Int) -> String { "\(folder)\(padded(firstSeal))-\(padded(lastSeal)).blk" }

  /// The seals that a file of this name covers; nil for a name that is not a block file's.
  static func seals(ofName name: String) -> ClosedRange<Int>? {
    guard name.hasPrefix(folder), name.hasSuffix(".blk") else { return nil }
    let parts = name.dropFirst(folder.count).dropLast(4).split(separator: "-")
    guard parts.count == 2, let first = Int(parts[0]), let last = Int(parts[1]), 0 <= first, first <= last else { return nil }
    return first...last
  }

  func supersedes(_ seals: ClosedRange<Int>) -> Bool {
    (firstSeal...lastSeal) != seals && firstSeal <= seals.lowerBound && seals.upperBound <= lastSeal
  }

  /// Writes a file whole and durably. `columns` give each tag's samples, ascending by instant, in order of tags.
  static func write(
    seals: ClosedRange<Int>, lastSequence: UInt64, tags: [String], chunkSamples: Int, to storage: any Storage,
    column: (String) throws(HistorianError) -> SampleColumn
  ) throws(HistorianError) -> BlockFile {
    var chunks = ByteWriter()
    var entries: [(tag: String, entry: TagEntry)] = []
    for tag in tags {
      let all = try column(tag)
      guard let latest = all.last else { continue }
      var entry = TagEntry(chunks: [], latest: latest)
      for start in stride(from: 0, to: all.count, by: chunkSamples) {
        var part = SampleColumn()
        part.append(all, at: start..<min(start + chunkSamples, all.count))
        let offset = chunks.count
        ColumnCodec.encode(part, into: &chunks)
        entry.chunks.append(Chunk(offset: offset, length: chunks.count - offset, summary: SampleSummary(part)))
      }
      entries.append((tag, entry))
    }
    let directory = encodeDirectory(entries, lastSequence: lastSequence)
    var file = ByteWriter(bytes: magic)
    file.append32(UInt32(directory.count))
    file.append32(CRC32C.checksum(directory))
    file.bytes += directory
    let base = file.count
    file.bytes += chunks.bytes
    let name = Self.name(firstSeal: seals.lowerBound, lastSeal: seals.upperBound)
    let content: any StoredFile
    do throws(StorageError) {
      try storage.replace(name, file.bytes)
      content = try storage.open(name)
    } catch { throw .storage(error) }
    return BlockFile(
      name: name, firstSeal: seals.lowerBound, lastSeal: seals.upperBound, lastSequence: lastSequence, byteCount: file.count,
      tags: Dictionary(uniqueKeysWithValues: entries.map { ($0.tag, $0.entry.moved(by: base)) }), content: content)
  }
}

extension BlockFile {
  /// Reads the directory of a file. Throws `damaged` where it is not what was written.
  init(reading name: String, seals: ClosedRange<Int>, from storage: any Storage) throws(HistorianError) {
    var directory: [UInt8] = []
    var length = 0
    var checksum: UInt32 = 0
    do {
      content = try storage.open(name)
      let header = try content.read(offset: 0, count: Self.headerSize)
      guard header.count == Self.headerSize, header.starts(with: Self.magic) else { throw Malformed() }
      var reader = ByteReader(header, in: 8..<16)
      length = Int(try reader.read32())
      checksum = try reader.read32()
      directory = try content.read(offset: Self.headerSize, count: length)
      guard directory.count == length, CRC32C.checksum(directory) == checksum else { throw Malformed() }
      let base = Self.headerSize + length
      let (lastSequence, entries) = try Self.decodeDirectory(directory)
      (self.name, firstSeal, lastSeal) = (name, seals.lowerBound, seals.upperBound)
      self.lastSequence = lastSequence
      tags = entries.mapValues { $0.moved(by: base) }
      byteCount = base + entries.values.reduce(0) { $0 + $1.chunks.reduce(0) { $0 + $1.length } }
    } catch let error as StorageError {
      throw .storage(error)
    } catch {
      throw .damaged(name: name, offset: 0)
    }
  }

  /// Reads and decodes one chunk.
  func column(of chunk: Chunk) throws(HistorianError) -> SampleColumn {
    let bytes: [UInt8]
    do throws(StorageError) {
      bytes = try content.read(offset: chunk.offset, count: chunk.length)
    } catch { throw .storage(error) }
    do throws(Malformed) {
      guard bytes.count == chunk.length else { throw Malformed() }
      let column = try ColumnCodec.decode(bytes, in: 0..<bytes.count)
      guard column.count == chunk.summary.count else { throw Malformed() }
      return column
    } catch { throw .damaged(name: name, offset: chunk.offset) }
  }
}

extension BlockFile.TagEntry {
  /// Offsets in the directory count from the end of the directory, which is not known before it is written.
  fileprivate func moved(by base: Int) -> Self {
    var entry = self
    for i in entry.chunks.indices { entry.chunks[i].offset += base }
    return entry
  }
}

/// Twelve digits, so that names sort as numbers do.
func padded(_ number: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, 12 - digits.count)) + digits
}
