internal import Quantities
public import Storage
public import Telemetry

/// The plant's memory: every sample with its quality and lateness, durable before it is acknowledged.
///
/// `append` takes samples in and makes them readable; `commit` returns once everything appended so far survives a power cut,
/// with one write and one sync for all of it (group commit). An edge appends what its writers send, commits, and then
/// answers them all; samples that were appended but not committed may be lost in a crash. Between commits it calls
/// `maintain`, which moves samples from the head in memory into compressed, immutable block files.
///
/// **What a sample means.** Late and out-of-order samples are taken like any other. Of two samples of one tag with one
/// instant the one appended last stays, whatever its quality. A number that is NaN or infinite is kept bit for bit, but
/// its quality becomes `bad`.
///
/// It has one owner, who calls from one thread at a time; it reads no clock. A server with several threads puts a lock around it and keeps what
/// takes long outside: `beginCommit` and `finishCommit` around the writing of the log, `beginMaintenance` and `finishMaintenance` around sealing
/// and merging, and `snapshot` for questions. Another process may read the same storage by `Historian.reader(of:)`.
public final class Historian {
  public let limits: HistorianLimits
  /// What opening found.
  public let recovery: RecoveryReport

  let storage: any Storage
  /// In the order in which they were sealed.
  var blockFiles: [BlockFile]
  var nextSeal: Int
  var head = Head()
  /// What is being sealed: older than the head.
  var frozen: Head?
  var log: WriteAheadLog
  var series: SeriesTable
  /// Of all samples that are settled.
  var latest: LatestTable
  /// Files that are no longer needed, to be removed with the next work; after a crash the next opening knows them.
  var superseded: [String] = []
  /// Whether maintenance work is out.
  var isWorking = false
  private var lastSnapshot: HistorianSnapshot?
  /// What all snapshots learn of chunks that overlap.
  private let twinFree = TwinFreeChunks()

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
    (recovery, blockFiles, head, latest, series) = (found.report, found.blockFiles, found.head, found.latest, found.series)
    nextSeal = found.nextSeal
    log = WriteAheadLog(lastSequence: found.lastSequence, segments: found.segments, segmentBytes: limits.segmentBytes)
  }

  /// Takes blocks in; queries see them at once. Returns their number: they are durable when `commit` returns it or a higher one.
  ///
  /// Where the head would grow beyond its limit it commits and seals first, so memory stays bounded even if nobody calls
  /// `maintain` (but then this call takes longer).
  /// - Throws: `storage` if that sealing failed, `batchTooLarge`, `headFull`; then none of the blocks was taken.
  @discardableResult
  public func append(blocks: [SampleBlock]) throws(HistorianError) -> UInt64 {
    try makeRoom(for: blocks.reduce(0) { $0 + Head.cost(of: $1) })
    // Nearly always all are finite, and nothing is copied.
    let blocks = blocks.allSatisfy(isHonest) ? blocks : blocks.map(withHonestQuality)
    let sequence = log.append(blocks)
    for block in blocks { head.append(block, of: series.register(block.tag)) }
    noteAppend()
    return sequence
  }

  func makeRoom(for cost: Int) throws(HistorianError) {
    guard cost <= limits.headBytes else { throw .batchTooLarge(bytes: cost, limit: limits.headBytes) }
    guard headBytes + cost > limits.headBytes else { return }
    if isWorking || log.isWriting { throw .headFull(bytes: headBytes, limit: limits.headBytes) }
    try seal()
  }

  func noteAppend() {
    lastSnapshot = nil
    if head.isRunDue { settle() }
  }

  func settle() { if let run = head.settle(seriesCount: series.count) { latest.take(run) } }

  /// Makes everything appended so far durable. Returns the number of the last append, which may be one that was durable before.
  ///
  /// - Throws: `storage`; the samples are still there and the next `commit` tries again.
  @discardableResult
  public func commit() throws(HistorianError) -> UInt64 {
    guard let ticket = beginCommit() else { return durableSequence }
    return try finishCommit(ticket, ticket.write(to: storage))
  }

  /// The first half of a commit: what there is to write, or nil where all is durable. At most one ticket is out at a time; while it is, appends
  /// and snapshots go on.
  public func beginCommit() -> CommitTicket? { log.begin(names: series.names) }

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

  /// The bytes of the log that wait for a commit.
  public var uncommittedBytes: Int { log.pendingBytes }

  /// What the head holds, in bytes, with what is being sealed; never more than `limits.headBytes`.
  public var headBytes: Int { head.byteCount + (frozen?.byteCount ?? 0) }

  /// All that was appended so far, durable or not, to be read without the historian. It costs little; it keeps memory and files alive until it goes.
  public func snapshot() -> HistorianSnapshot {
    if let lastSnapshot { return lastSnapshot }
    settle()
    let snapshot = HistorianSnapshot(
      blockFiles: blockFiles, runs: (frozen?.runs ?? []) + head.runs, latest: latest, series: series, twinFree: twinFree)
    lastSnapshot = snapshot
    return snapshot
  }

  /// Block files or the head changed.
  func noteChange() { lastSnapshot = nil }

  private func isHonest(_ block: SampleBlock) -> Bool {
    guard case .numbers(let values) = block.values else { return true }
    return values.allSatisfy { $0.isFinite }
  }

  /// NaN and infinity never pass as good.
  private func withHonestQuality(_ block: SampleBlock) -> SampleBlock {
    guard case .numbers(let values) = block.values, !values.allSatisfy(\.isFinite) else { return block }
    var block = block
    for i in values.indices where !values[i].isFinite { block.qualities[i] = .bad }
    return block
  }
}
