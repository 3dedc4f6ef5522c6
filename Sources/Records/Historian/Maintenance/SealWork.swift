internal import Storage
internal import Telemetry

/// A head to be written into a block file of young chunks: encoded quickly, for they are merged soon.
struct SealWork: Sendable {
  let runs: [HeadRun]
  let names: [String]
  let seal: Int
  let lastSequence: UInt64
  let chunkSamples: Int

  func run(on storage: any Storage) throws(HistorianError) -> BlockFile {
    do throws(StorageError) {
      var writer = try BlockWriter(seals: seal...seal, lastSequence: lastSequence, to: storage)
      do throws(StorageError) {
        for series in runs.allSeries.sorted(by: { names[Int($0)] < names[Int($1)] }) {
          let column = runs.column(of: series)!.ascending()
          writer.begin(series, tag: names[Int(series)])
          for range in evenParts(of: column.count, atMost: chunkSamples) {
            try writer.append(ChunkSummary(column, in: range)) { ChunkCodec.encode(column, in: range, effort: .quick, into: &$0) }
          }
          writer.end(latest: column.sample(at: column.count - 1))
        }
        return try writer.finish()
      } catch {
        writer.abandon()
        throw error
      }
    } catch { throw .storage(error) }
  }
}

/// Cuts `count` into the fewest parts of at most `limit`, of nearly one size.
func evenParts(of count: Int, atMost limit: Int) -> [Range<Int>] {
  let parts = (count + limit - 1) / limit
  return (0..<parts).map { (count * $0 / parts)..<(count * ($0 + 1) / parts) }
}
