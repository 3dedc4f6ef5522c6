internal import Quantities
internal import Storage
internal import Telemetry

/// Writes a block file piece by piece under a name of its own, and gives it its name when it is whole and durable. What a crash leaves is
/// removed at the next opening.
struct BlockWriter {
  private let storage: any Storage
  private let seals: ClosedRange<Int>
  private let lastSequence: UInt64
  private let unfinished: String
  private var waiting: ByteWriter
  private var written = 0
  private var entries: [(series: UInt32, entry: BlockFile.Entry)] = []

  /// So many bytes are gathered for one write.
  private static let pieceBytes = 1 << 20

  init(seals: ClosedRange<Int>, lastSequence: UInt64, to storage: any Storage) throws(StorageError) {
    (self.storage, self.seals, self.lastSequence) = (storage, seals, lastSequence)
    unfinished = BlockFile.unfinishedName(seals)
    waiting = ByteWriter(bytes: BlockFile.magic)
    try storage.remove(unfinished)
  }

  /// Begins a tag; tags come sorted, and each has at least one chunk.
  mutating func begin(_ series: UInt32, tag: String) {
    let none = Sample(instant: .distantPast, arrival: .distantPast, value: .number(0), quality: .bad)
    entries.append((series, BlockFile.Entry(tag: tag, latest: none, chunks: [])))
  }

  /// The last sample of the tag that was begun last.
  mutating func end(latest: Sample) { entries[entries.count - 1].entry.latest = latest }

  /// A chunk of the tag that was begun last; `body` appends its bytes.
  mutating func append(_ summary: ChunkSummary, _ body: (inout ByteWriter) -> Void) throws(StorageError) {
    let start = waiting.count
    body(&waiting)
    let chunk = BlockFile.Chunk(offset: written + start, length: Int32(waiting.count - start), summary: summary)
    entries[entries.count - 1].entry.chunks.append(chunk)
    if waiting.count >= Self.pieceBytes { try flush() }
  }

  private mutating func flush() throws(StorageError) {
    try storage.append(unfinished, waiting.bytes)
    written += waiting.count
    waiting.bytes.removeAll(keepingCapacity: true)
  }

  mutating func finish() throws(StorageError) -> BlockFile {
    let directory = BlockFile.encodeDirectory(entries.map(\.entry), lastSequence: lastSequence)
    waiting.bytes += directory
    waiting.append64(UInt64(directory.count))
    waiting.append64(XXH64.checksum(directory, seed: UInt64(directory.count)))
    waiting.bytes += BlockFile.footerMagic
    try flush()
    try storage.sync(unfinished)
    let name = BlockFile.name(seals)
    try storage.rename(unfinished, to: name)
    return BlockFile(
      name: name, seals: seals, lastSequence: lastSequence, version: 2, byteCount: written, content: try storage.open(name),
      entries: entries.map { ($0.series, $0.entry.chunks) })
  }

  /// Removes what was written, as far as that goes: the disk may be what failed.
  func abandon() { try? storage.remove(unfinished) }
}
