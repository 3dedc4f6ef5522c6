internal import Storage
internal import Telemetry

/// The historian's log: takes records in at once, makes them durable together (group commit).
///
/// Records wait in memory until `flush` writes all of them with one append and one sync. If that fails, they stay, and the
/// next `flush` writes them again, into a new segment where the old one can no longer be trusted. A record may so stand
/// in two segments; its sequence tells.
struct WriteAheadLog {
  private(set) var nextSequence: UInt64
  /// Every record up to this one is durable.
  private(set) var durableSequence: UInt64
  private var pending = ByteWriter()
  private var segment: Int
  private var segmentLength = 0
  private let segmentBytes: Int
  /// Segments on disk that are older than the present one, in order.
  private var olderSegments: [Int]
  /// Whether a ticket is out.
  private(set) var isWriting = false

  /// - Parameters:
  ///   - lastSequence: the highest that was ever used.
  ///   - segments: the numbers of the segment files that exist; a new one is begun behind them.
  init(lastSequence: UInt64, segments: [Int], segmentBytes: Int) {
    (nextSequence, durableSequence) = (lastSequence + 1, lastSequence)
    (olderSegments, self.segmentBytes) = (segments, segmentBytes)
    segment = (segments.last ?? 0) + 1
  }

  var pendingBytes: Int { pending.count }

  mutating func append(_ blocks: [SampleBlock]) -> UInt64 {
    defer { nextSequence += 1 }
    LogRecord.encode(sequence: nextSequence, blocks: blocks, into: &pending)
    return nextSequence
  }

  /// What waits, to be written; nil where nothing does. Until `finish` there is no other.
  mutating func begin() -> CommitTicket? {
    precondition(!isWriting, "a commit is still being written")
    if pending.count == 0 { return nil }
    if segmentLength >= segmentBytes { beginSegment() }
    isWriting = true
    let preface = segmentLength == 0 ? LogSegment.magic : []
    let bytes = preface.isEmpty ? pending.bytes : preface + pending.bytes
    pending.bytes = []
    return CommitTicket(
      sequence: nextSequence - 1, name: LogSegment.name(segment), bytes: bytes, prefaceCount: preface.count, offset: segmentLength)
  }

  /// - Throws: what the writing met; then the records wait again, for a new segment.
  mutating func finish(_ ticket: CommitTicket, _ result: Result<Void, StorageError>, on storage: any Storage) throws(StorageError) {
    precondition(isWriting, "no commit is being written")
    isWriting = false
    switch result {
    case .success:
      segmentLength = ticket.offset + ticket.byteCount
      durableSequence = ticket.sequence
    case .failure(let error):
      pending.bytes = ticket.bytes.dropFirst(ticket.prefaceCount) + pending.bytes
      // What this attempt left behind must not stand before later records, and should not fill the disk further.
      try? storage.truncate(ticket.name, to: ticket.offset)
      // After a failed sync the file itself cannot be trusted.
      beginSegment()
      throw error
    }
  }

  /// Removes every segment: all their records are durable elsewhere. A segment that cannot be removed is tried again the
  /// next time; until then recovery passes over its records by their sequence.
  mutating func discard(from storage: any Storage) {
    precondition(pending.count == 0, "records wait that are nowhere else")
    if segmentLength > 0 { beginSegment() }
    olderSegments.removeAll { number in
      do throws(StorageError) {
        try storage.remove(LogSegment.name(number))
        return true
      } catch { return false }
    }
  }

  private mutating func beginSegment() {
    olderSegments.append(segment)
    segment += 1
    segmentLength = 0
  }
}
