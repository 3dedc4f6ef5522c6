import Quantities
import Storage
import Telemetry
import Testing

@testable import Historian

/// Mutates what the writers make, and feeds it to the decoders with its checksum out of the way: they may refuse, or give other samples, and
/// nothing else.
struct DecoderFuzz {
  private var random: Random
  private let chunks: [(bytes: [UInt8], count: Int)]
  private let payloads: [[UInt8]]
  private let directories: [[UInt8]]
  /// Of version 1.
  private let oldChunks: [[UInt8]]
  private(set) var accepted = 0

  init(seed: UInt64) {
    random = Random(seed)
    var random = Random(77)
    var chunks: [(bytes: [UInt8], count: Int)] = []
    var directories: [[UInt8]] = []
    for kind in 0..<12 {
      let column = Self.column(kind, &random)
      for effort in [Effort.quick, .thorough] {
        var writer = ByteWriter()
        ChunkCodec.encode(column, in: 0..<column.count, effort: effort, into: &writer)
        chunks.append((Array(writer.bytes.dropLast(8)), column.count))
      }
      let chunk = BlockFile.Chunk(offset: 8, length: 99, summary: ChunkSummary(column, in: 0..<column.count))
      directories.append(BlockFile.encodeDirectory([.init(tag: "A\(kind)", latest: column.latest, chunks: [chunk, chunk])], lastSequence: 7))
    }
    let old = bytes(blockFileOfVersionOne)
    oldChunks = [Array(old[210..<263]), Array(old[267..<291])]
    (self.chunks, self.directories, payloads) = (chunks, directories, Self.logPayloads(&random))
  }

  /// Kinds of columns so that every coding and every predictor occurs.
  private static func column(_ kind: Int, _ random: inout Random) -> SeriesColumn {
    var column = SeriesColumn()
    let count = 20 + random.below(300)
    var walk = 0
    for i in 0..<count {
      walk += random.below(7) - 3
      let jitter = kind % 3 == 0 ? Int64(random.below(41)) * 1_000_000 : kind % 3 == 1 ? Int64(random.below(1000)) : 0
      column.instants.append(Int64(i + (kind == 5 ? i / 9 : 0)) * 1_000_000_000 + jitter)
      column.arrivals.append(column.instants[i] + Int64(random.below(kind == 2 ? 1_000_000 : 2)) * 1_000_000_000)
      column.marks.append(random.chance(kind == 4 ? 3 : 60) ? UInt8(random.below(3)) : Mark.good)
      switch kind % 6 {
      case 0: column.numbers.append(Double(walk) / 100)
      case 1: column.numbers.append(Double(bitPattern: random.next()))
      case 2: column.numbers.append(random.chance(40) ? 5 : 4)
      case 3: column.numbers.append(20 + Double(random.below(1 << 30)) / Double(1 << 31))
      case 4: column.numbers.append(random.chance(30) ? .nan : Double(random.below(30_000)) / 10)
      default:
        if column.texts.isEmpty { column.texts = ["", "Größe", "P-1"] }
        column.numbers.append(Double(bitPattern: UInt64(random.below(3))))
        column.marks[i] |= Mark.text
      }
    }
    return column
  }

  private static func logPayloads(_ random: inout Random) -> [[UInt8]] {
    var payloads: [[UInt8]] = []
    for kind in 0..<6 {
      var batch = SampleBatch(arrival: Instant(nanoseconds: 5))
      for i in 0..<1 + random.below(80) {
        let instant = Int64(i) * [1, 1_000_000, 1 << 40][kind % 3] + Int64(random.below(2)) * 1_000_000
        batch.append(series: SeriesID(index: UInt32(random.below([100, 30_000, 1 << 20][kind % 3]))), instant: instant, value: Double(i) / 3)
      }
      var writer = ByteWriter()
      BatchRecord.encode(batch, marks: kind < 3 ? [] : Array(repeating: 2, count: batch.count), seriesCount: 1 << 20, into: &writer)
      payloads.append(writer.bytes)
    }
    for i in 0..<3 {
      var writer = ByteWriter()
      LogRecord.encodeBlocks([randomBlock(&random, around: i), randomBlock(&random, around: i)], sequence: 1, into: &writer)
      payloads.append(Array(writer.bytes.dropFirst(LogRecord.headerSize)))
      writer = ByteWriter()
      LogRecord.encodeNames(["A", "Größe", "x\(i)"], into: &writer)
      payloads.append(Array(writer.bytes.dropFirst(LogRecord.headerSize)))
    }
    return payloads
  }

  /// One input of each decoder.
  mutating func step() {
    let chunk = random.pick(chunks)
    let mutated = mutate(chunk.bytes)
    let count = random.chance(8) ? random.below(600) : chunk.count
    do throws(Malformed) {
      let view = try ChunkView(unchecked: mutated, in: 0..<mutated.count, count: count)
      let column = try view.column(withArrivals: true)
      precondition(column.count == count && column.numbers.count == count && column.marks.count == count && column.arrivals.count == count)
      for i in 0..<count where column.isText(i) { precondition(column.textIndex(i) < column.texts.count) }
      if let ticks = try view.ticks() { precondition(0...count ~= (ticks.firstIndex(atOrAfter: Int64(random.next() >> 8), count: count) ?? 0)) }
      accepted += 1
    } catch {}
    let payload = mutate(random.pick(payloads))
    do throws(Malformed) {
      var reader = ByteReader(payload)
      switch try reader.byte() {
      case LogRecord.names: _ = try LogRecord.decodeNames(&reader)
      case LogRecord.batch:
        let content = try BatchRecord.decode(&reader)
        precondition(content.series.count == content.values.count && content.series.count == content.instants.count)
      default: _ = try LogRecord.decodeBlocks(&reader)
      }
      accepted += 1
    } catch {}
    let directory = mutate(random.pick(directories))
    do throws(Malformed) {
      _ = try BlockFile.decodeDirectory(directory, base: 8)
      accepted += 1
    } catch {}
    let old = mutate(random.pick(oldChunks))
    _ = try? ColumnCodec.decodeBody(old, in: 0..<old.count)
  }

  private mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<1 + random.below(4) {
      if bytes.isEmpty { break }
      let at = random.below(bytes.count)
      switch random.below(7) {
      case 0: bytes[at] ^= 1 << UInt8(random.below(8))
      case 1: bytes[at] = UInt8(truncatingIfNeeded: random.next())
      case 2: bytes[at] = random.pick([0, 1, 127, 128, 255])
      case 3: bytes.removeSubrange(at..<min(bytes.count, at + 1 + random.below(9)))
      case 4: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: at)
      case 5: bytes.removeLast(random.below(bytes.count))
      default: for i in at..<min(bytes.count, at + 10) { bytes[i] = random.chance(2) ? 255 : 0 }
      }
    }
    return bytes
  }
}

@Test func noBytesTrapADecoder() {
  var fuzz = DecoderFuzz(seed: 1)
  for _ in 0..<2_500 { fuzz.step() }
  #expect(fuzz.accepted > 0 && fuzz.accepted < 7_500)
}
