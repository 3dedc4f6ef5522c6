internal import Quantities
public import Storage
public import Telemetry

/// The plant's memory: every sample with its quality and lateness, durable before it is acknowledged.
///
/// `append` takes blocks in and makes them readable; `commit` returns once everything appended so far survives a power cut,
/// with one write and one sync for all of it (group commit). An edge appends what its writers send, commits, and then
/// answers them all; samples that were appended but not committed may be lost in a crash. Between commits it calls
/// `maintain`, which moves samples from the head in memory into compressed, immutable block files.
///
/// **What a sample means.** Late and out-of-order samples are taken like any other. Of two samples of one tag with one
/// instant the one appended last stays, whatever its quality. A number that is NaN or infinite is kept bit for bit, but
/// its quality becomes `bad`.
///
/// It has one owner, who calls from one thread at a time; it reads no clock. Another process may read the same storage by
/// `Historian.reader(of:)`.
public final class Historian {
  public let limits: HistorianLimits
  /// What opening found.
  public let recovery: RecoveryReport

  let storage: any Storage
  /// In the order in which they were sealed.
  var blockFiles: [BlockFile]
  var nextSeal: Int
  var head: Head
  var log: WriteAheadLog
  var series = SeriesTable()
  /// For each tag the sample with the greatest instant.
  var latest: [String: Sample]

  /// Opens the historian on `storage`, or begins an empty one there: reads the block files' directories, replays the log,
  /// cuts torn tails, and says so in `recovery`.
  ///
  /// - Throws: `storage`; nothing was lost by trying.
  public convenience init(on storage: any Storage, limits: HistorianLimits = HistorianLimits()) throws(HistorianError) {
    try self.init(on: storage, limits: limits, mayChange: true)
  }

  init(on storage: any Storage, limits: HistorianLimits, mayChange: Bool) throws(HistorianError) {
    let found: Recovered
    do throws(StorageError) {
      found = try Recovered(from: storage, mayChange: mayChange)
    } catch { throw .storage(error) }
    (self.storage, self.limits) = (storage, limits)
    (recovery, blockFiles, head, latest) = (found.report, found.blockFiles, found.head, found.latest)
    nextSeal = found.nextSeal
    log = WriteAheadLog(lastSequence: found.lastSequence, segments: found.segments, segmentBytes: limits.segmentBytes)
  }

  /// Takes blocks in; queries see them at once. Returns their number: they are durable when `commit` returns it or a higher one.
  ///
  /// Where the head would grow beyond its limit it commits and seals first, so memory stays bounded even if nobody calls
  /// `maintain` (but then this call takes longer).
  /// - Throws: `storage` if that sealing failed, `batchTooLarge`; then none of the blocks was taken.
  @discardableResult
  public func append(blocks: [SampleBlock]) throws(HistorianError) -> UInt64 {
    let cost = blocks.reduce(0) { $0 + Head.cost(of: $1) }
    guard cost <= limits.headBytes else { throw .batchTooLarge(bytes: cost, limit: limits.headBytes) }
    if head.byteCount + cost > limits.headBytes { try seal() }
    let blocks = blocks.map(withHonestQuality)
    let sequence = log.append(blocks)
    take(blocks)
    return sequence
  }

  /// Makes everything appended so far durable. Returns the number of the last append, which may be one that was durable before.
  ///
  /// - Throws: `storage`; the samples are still there and the next `commit` tries again.
  @discardableResult
  public func commit() throws(HistorianError) -> UInt64 {
    guard let ticket = beginCommit() else { return durableSequence }
    return try finishCommit(ticket, ticket.write(to: storage))
  }

  /// The first half of a commit: what there is to write, or nil where all is durable. At most one ticket is out at a time; while it is, appends
  /// and snapshots go on, and nothing seals.
  public func beginCommit() -> CommitTicket? { log.begin() }

  /// The second half: takes in how the writing went. Returns the number of the last append that is durable.
  ///
  /// - Throws: `storage` where the writing failed; the samples are still there and the next commit writes them again, elsewhere.
  @discardableResult
  public func finishCommit(_ ticket: CommitTicket, _ result: Result<Void, StorageError>) throws(HistorianError) -> UInt64 {
    do throws(StorageError) { try log.finish(ticket, result, on: storage) } catch { throw .storage(error) }
    return durableSequence
  }

  /// The last append that is durable.
  public var durableSequence: UInt64 { log.durableSequence }

  /// What the head holds, in bytes; never more than `limits.headBytes`.
  public var headBytes: Int { head.byteCount }

  /// NaN and infinity never pass as good.
  private func withHonestQuality(_ block: SampleBlock) -> SampleBlock {
    guard case .numbers(let values) = block.values, !values.allSatisfy(\.isFinite) else { return block }
    var block = block
    for i in values.indices where !values[i].isFinite { block.qualities[i] = .bad }
    return block
  }

  private func take(_ blocks: [SampleBlock]) {
    for block in blocks {
      head.append(block)
      latest.takeLatest(of: block)
    }
  }
}

extension [String: Sample] {
  /// Keeps the greatest instant for each tag; of equal ones the later written.
  mutating func takeLatest(of block: SampleBlock) {
    guard var best = block.instants.indices.first else { return }
    for i in block.instants.indices where block.instants[i] >= block.instants[best] { best = i }
    take(block[best], of: block.tag)
  }

  mutating func take(_ sample: Sample, of tag: String) {
    if let known = self[tag], known.instant > sample.instant { return }
    self[tag] = sample
  }
}
