internal import Foundation
public import Ledger
internal import Quantities

/// A ledger entry as a bundle holds it: one JSON object a line. The payload is the entry's own text, byte for byte.
public struct BundleEntry: Sendable, Hashable, Codable {
  /// From 0 for the ledger's first.
  public var sequence: UInt64
  /// Nanoseconds since 1970.
  public var instant: Int64
  public var kind: String
  public var payload: String
  /// The hash of the entry before, 64 lower-case hexadecimal digits.
  public var previous: String
  /// Its own, likewise.
  public var hash: String

  /// - Throws: `AttestationError.unreadable` where the payload is not UTF-8, which no fact is.
  public init(_ entry: LedgerEntry) throws(AttestationError) {
    guard let text = String(validating: entry.payload, as: UTF8.self) else { throw .unreadable("entry \(entry.sequence) is no text") }
    (sequence, instant, kind, payload) = (entry.sequence, entry.instant.nanoseconds, entry.kind, text)
    (previous, hash) = ("\(entry.previous)", "\(entry.hash)")
  }

  /// The entry again; its hash is not checked.
  ///
  /// - Throws: `AttestationError.unreadable` where a hash is none.
  public func entry() throws(AttestationError) -> LedgerEntry {
    guard let previous = LedgerHash(hex: previous), let hash = LedgerHash(hex: hash) else { throw .unreadable("entry \(sequence) has no hash") }
    return LedgerEntry(
      sequence: sequence, instant: Instant(nanoseconds: instant), kind: kind, payload: Array(payload.utf8), previous: previous, hash: hash)
  }
}

/// The proof that one entry is in the ledger of the statement's root.
public struct BundleProof: Sendable, Hashable, Codable {
  /// Of the entry, from 0.
  public var sequence: UInt64
  /// Entries in the tree.
  public var count: UInt64
  /// The hashes beside the way from the leaf up, 64 lower-case hexadecimal digits each.
  public var path: [String]

  /// As text.
  public init(_ proof: InclusionProof) { (sequence, count, path) = (proof.sequence, proof.count, proof.path.map { "\($0)" }) }

  /// The proof again, unchecked; nil where a hash is none.
  public var proof: InclusionProof? {
    let hashes = path.compactMap { LedgerHash(hex: $0) }
    return hashes.count == path.count ? InclusionProof(sequence: sequence, count: count, path: hashes) : nil
  }
}
