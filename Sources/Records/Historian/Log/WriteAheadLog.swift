internal import Storage
internal import Telemetry

/// The historian's log: takes records in at once, makes them durable together (group commit).
///
/// Records wait in memory until `begin` hands all of them out to be written with one append and one sync. If that fails, they wait again, for
/// a new segment, where the old one can no longer be trusted. A record may so stand in two segments; its sequence tells. Each segment names
/// the series that its batches number, twice, so that one damaged record never takes others with it.
struct WriteAheadLog {
  private(set) var nextSequence: UInt64
  /// Every record up to this one is durable.
  private(set) var durableSequence: UInt64
  private var pending = ByteWriter()
  /// Whether what waits numbers its series, so that the segment must name them.
  private var isNumbered = false
  private var segment: Int
  private var segmentLength = 0
  private var segmentSequence: UInt64 = 0
  /// So many series are named in this segment.
  private var namedCount = 0
  private let segmentBytes: Int
  /// Segments on disk that are older than the present one, in order, with the last sequence in each.
  private var olderSegments: [(number: Int, lastSequence: UInt64)]
  /// Whether a ticket is out.
  private(set) var isWriting = false

  /// - Parameters:
  ///   - lastSequence: the highest that was ever used.
  ///   - segments: the segment files that exist; a new one is begun behind them.
  init(lastSequence: UInt64, segments: [(number: Int, lastSequence: UInt64)], segmentBytes: Int) {
    (nextSequence, durableSequence) = (lastSequence + 1, lastSequence)
    (olderSegments, self.segmentBytes) = (segments, segmentBytes)
    segment = (segments.last?.number ?? 0) + 1
  }

  var pendingBytes: Int { pending.count }

  mutating func append(_ blocks: [SampleBlock]) -> UInt64 {
    defer { nextSequence += 1 }
    LogRecord.encodeBlocks(blocks, sequence: nextSequence, into: &pending)
    return nextSequence
  }

  mutating func append(_ batch: borrowing SampleBatch, marks: [UInt8], seriesCount: Int) -> UInt64 {
    defer { nextSequence += 1 }
    isNumbered = true
    // By hand rather than by a closure, which could not borrow the batch.
    let record = LogRecord.Opened(sequence: nextSequence, in: &pending)
    BatchRecord.encode(batch, marks: marks, seriesCount: seriesCount, into: &pending)
    record.close(in: &pending)
    return nextSequence
  }

  /// What waits, to be written; nil where nothing does. Until `finish` there is no other.
  mutating func begin(names: [String]) -> CommitTicket? {
    precondition(!isWriting, "a commit is still being written")
    if pending.count == 0 { return nil }
    if segmentLength >= segmentBytes { beginSegment() }
    isWriting = true
    var preface = ByteWriter(bytes: segmentLength == 0 ? LogSegment.magic : [])
    if isNumbered, namedCount < names.count {
      for _ in 0..<2 { LogRecord.encodeNames(names[namedCount...], into: &preface) }
    }
    let prefaceCount = preface.count
    let bytes: [UInt8]
    if prefaceCount == 0 { bytes = pending.bytes } else { bytes = preface.bytes + pending.bytes }
    let capacity = min(pending.count, 1 << 22)
    pending.bytes = []
    pending.bytes.reserveCapacity(capacity)
    return CommitTicket(
      sequence: nextSequence - 1, name: LogSegment.name(segment), bytes: bytes, prefaceCount: prefaceCount, offset: segmentLength,
      namedCount: isNumbered ? names.count : namedCount)
  }

  /// - Throws: what the writing met; then the records wait again, for a new segment.
  mutating func finish(_ ticket: CommitTicket, _ result: Result<Void, StorageError>, on storage: any Storage) throws(StorageError) {
    precondition(isWriting, "no commit is being written")
    isWriting = false
    segmentSequence = ticket.sequence
    switch result {
    case .success:
      segmentLength = ticket.offset + ticket.byteCount
      durableSequence = max(durableSequence, ticket.sequence)
      namedCount = ticket.namedCount
      if pending.count == 0 { isNumbered = false }
    case .failure(let error):
      pending.bytes = ticket.bytes.dropFirst(ticket.prefaceCount) + pending.bytes
      // What this attempt left behind must not stand before later records, and should not fill the disk further.
      try? storage.truncate(ticket.name, to: ticket.offset)
      // After a failed sync the file itself cannot be trusted.
      beginSegment()
      throw error
    }
  }

  /// Goes on in a new segment, so that the present one can be removed when all in it is in block files.
  mutating func cut() { if segmentLength > 0, !isWriting { beginSegment() } }

  /// Lets go of the segments whose records are all at or below `sequence`: they are durable elsewhere. Returns their names, to be removed; until
  /// they are, recovery passes over their records by their sequence.
  mutating func discard(upTo sequence: UInt64) -> [String] {
    if segmentSequence <= sequence { cut() }
    let done = olderSegments.filter { $0.lastSequence <= sequence }
    olderSegments.removeAll { $0.lastSequence <= sequence }
    durableSequence = max(durableSequence, min(sequence, nextSequence - 1))
    return done.map { LogSegment.name($0.number) }
  }

  private mutating func beginSegment() {
    olderSegments.append((segment, segmentSequence))
    segment += 1
    segmentLength = 0
    namedCount = 0
  }
}
