public import Quantities

/// A fact that is to be recorded: everything but its place in the chain.
public struct LedgerDraft: Sendable, Hashable {
  /// When the fact came about (plant time).
  public var instant: Instant
  /// The fact's kind, in the past tense: `SetpointWritten`.
  public var kind: String
  /// The fact itself, as JSON.
  public var payload: [UInt8]

  public init(instant: Instant, kind: String, payload: [UInt8]) { (self.instant, self.kind, self.payload) = (instant, kind, payload) }
}

/// One recorded fact, chained to the one before it.
public struct LedgerEntry: Sendable, Hashable {
  /// 0, 1, 2 … without gaps.
  public var sequence: UInt64
  public var instant: Instant
  public var kind: String
  public var payload: [UInt8]
  /// The hash of the entry before; zeros for the first.
  public var previous: LedgerHash
  /// SHA-256 over `canonicalBytes`.
  public var hash: LedgerHash

  /// As read from a store, which may have been tampered with: `hash` is not checked.
  public init(sequence: UInt64, instant: Instant, kind: String, payload: [UInt8], previous: LedgerHash, hash: LedgerHash) {
    (self.sequence, self.instant, self.kind) = (sequence, instant, kind)
    (self.payload, self.previous, self.hash) = (payload, previous, hash)
  }

  /// A new entry with the hash that it must have.
  public init(_ draft: LedgerDraft, sequence: UInt64, previous: LedgerHash) {
    self.init(sequence: sequence, instant: draft.instant, kind: draft.kind, payload: draft.payload, previous: previous, hash: .zero)
    hash = LedgerHash(of: canonicalBytes)
  }

  /// What is hashed. Big-endian: "TAKT-LEDGER-1" (13 bytes) · sequence (8) · instant in nanoseconds (8) · length of kind (4) ·
  /// kind (UTF-8) · length of payload (4) · payload · previous hash (32).
  ///
  /// Every part has a fixed or a stated length, so no two entries share their bytes.
  public var canonicalBytes: [UInt8] {
    var bytes = Array("TAKT-LEDGER-1".utf8)
    bytes.reserveCapacity(bytes.count + 56 + kind.utf8.count + payload.count)
    appendBigEndian(sequence, count: 8, to: &bytes)
    appendBigEndian(UInt64(bitPattern: instant.nanoseconds), count: 8, to: &bytes)
    appendBigEndian(UInt64(kind.utf8.count), count: 4, to: &bytes)
    bytes += kind.utf8
    appendBigEndian(UInt64(payload.count), count: 4, to: &bytes)
    bytes += payload
    bytes += previous.bytes
    return bytes
  }
}

private func appendBigEndian(_ value: UInt64, count: Int, to bytes: inout [UInt8]) {
  for i in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * i))) }
}
