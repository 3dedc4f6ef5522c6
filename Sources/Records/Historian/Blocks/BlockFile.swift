internal import Storage
internal import Telemetry

/// A sealed, immutable file of compressed chunks and the directory that finds them. Its directory stays in memory, as flat tables.
///
/// A file covers a run of seals, `firstSeal...lastSeal`; a merged file covers those of its parts and supersedes them.
struct BlockFile: Sendable {
  /// One chunk: samples of one series, ascending.
  struct Chunk: Sendable {
    /// From the beginning of the file.
    var offset: Int
    var length: Int32
    var summary: ChunkSummary
  }

  let name: String
  let firstSeal: Int
  let lastSeal: Int
  /// The log's records up to this sequence are in this file or an older one.
  let lastSequence: UInt64
  let version: Int
  let byteCount: Int
  let content: any StoredFile
  /// Ascending.
  private let series: [UInt32]
  /// Where each series' chunks begin; one more entry closes the last.
  private let starts: [UInt32]
  private let allChunks: [Chunk]

  static let folder = "blocks/"
  static let magic: [UInt8] = Array("TAKTBLK2".utf8)
  static let firstMagic: [UInt8] = Array("TAKTBLK1".utf8)

  static func name(_ seals: ClosedRange<Int>) -> String { "\(folder)\(padded(seals.lowerBound))-\(padded(seals.upperBound)).blk" }

  /// The name of a file that is being written.
  static func unfinishedName(_ seals: ClosedRange<Int>) -> String { name(seals) + ".part" }

  static func isUnfinished(_ name: String) -> Bool { name.hasPrefix(folder) && name.hasSuffix(".part") }

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

  /// How often its samples were merged: 0 for a single seal.
  var isMerged: Bool { firstSeal < lastSeal }

  /// - Parameter entries: each series' chunks, in any order of series.
  init(
    name: String, seals: ClosedRange<Int>, lastSequence: UInt64, version: Int, byteCount: Int, content: any StoredFile,
    entries: [(series: UInt32, chunks: [Chunk])]
  ) {
    (self.name, firstSeal, lastSeal) = (name, seals.lowerBound, seals.upperBound)
    (self.lastSequence, self.version, self.byteCount, self.content) = (lastSequence, version, byteCount, content)
    var starts: [UInt32] = [0]
    var all: [Chunk] = []
    let sorted = entries.sorted { $0.series < $1.series }
    all.reserveCapacity(entries.reduce(0) { $0 + $1.chunks.count })
    for entry in sorted {
      all += entry.chunks
      starts.append(UInt32(all.count))
    }
    (series, self.starts, allChunks) = (sorted.map(\.series), starts, all)
  }

  var allSeries: [UInt32] { series }

  var sampleCount: Int { allChunks.reduce(0) { $0 + $1.summary.count } }

  /// The least and the greatest instant.
  var span: ClosedRange<Int64>? {
    guard let first = allChunks.map(\.summary.first).min(), let last = allChunks.map(\.summary.last).max() else { return nil }
    return first...last
  }

  /// The chunks of a series, in order of time.
  func chunks(of number: UInt32) -> ArraySlice<Chunk> {
    var (low, high) = (0, series.count)
    while low < high {
      let middle = (low + high) / 2
      if series[middle] < number { low = middle + 1 } else { high = middle }
    }
    guard low < series.count, series[low] == number else { return [] }
    return allChunks[Int(starts[low])..<Int(starts[low + 1])]
  }

  /// Reads and decodes one chunk.
  func column(of chunk: Chunk, withArrivals: Bool) throws(HistorianError) -> SeriesColumn {
    let bytes = try bytes(of: chunk)
    do throws(Malformed) {
      if version == 1 {
        let column = try ColumnCodec.decode(bytes, in: 0..<bytes.count)
        guard column.count == chunk.summary.count else { throw Malformed() }
        return column
      }
      return try ChunkCodec.decode(bytes, in: 0..<bytes.count, count: chunk.summary.count, withArrivals: withArrivals)
    } catch { throw .damaged(name: name, offset: chunk.offset) }
  }

  /// One chunk of version 2, to be decoded column by column; nil for one of version 1.
  func view(of chunk: Chunk) throws(HistorianError) -> ChunkView? {
    if version == 1 { return nil }
    let bytes = try bytes(of: chunk)
    do throws(Malformed) { return try ChunkView(bytes, in: 0..<bytes.count, count: chunk.summary.count) } catch {
      throw .damaged(name: name, offset: chunk.offset)
    }
  }

  /// The instants of a chunk, ascending.
  func instants(of chunk: Chunk) throws(HistorianError) -> [Int64] {
    guard let view = try view(of: chunk) else { return try column(of: chunk, withArrivals: false).instants }
    do throws(Malformed) { return try view.instants() } catch { throw .damaged(name: name, offset: chunk.offset) }
  }

  /// A chunk as it lies in the file; `damaged` where it is short.
  func bytes(of chunk: Chunk) throws(HistorianError) -> [UInt8] {
    let bytes: [UInt8]
    do throws(StorageError) {
      bytes = try content.read(offset: chunk.offset, count: Int(chunk.length))
    } catch { throw .storage(error) }
    guard bytes.count == Int(chunk.length) else { throw .damaged(name: name, offset: chunk.offset) }
    return bytes
  }
}

/// Twelve digits, so that names sort as numbers do.
func padded(_ number: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, 12 - digits.count)) + digits
}
