/// Proof that one entry is in a ledger of `count` entries, without the others: log₂(n) hashes.
///
/// The tree is RFC 6962's: leaf = SHA-256(0 ‖ entry hash), node = SHA-256(1 ‖ left ‖ right), split at the greatest power of two
/// below the count. Source: RFC 6962 section 2.1, verification as in RFC 9162 section 2.1.3.2.
public struct InclusionProof: Sendable, Hashable {
  public var sequence: UInt64
  public var count: UInt64
  /// The siblings from the leaf up to the root.
  public var path: [LedgerHash]

  public init(sequence: UInt64, count: UInt64, path: [LedgerHash]) { (self.sequence, self.count, self.path) = (sequence, count, path) }

  /// Whether the entry with this hash stands at `sequence` in the tree with this root.
  public func verifies(entryHash: LedgerHash, root: LedgerHash) -> Bool {
    guard sequence < count else { return false }
    var position = sequence
    var lastPosition = count - 1
    var hash = merkleLeaf(entryHash)
    for sibling in path {
      if lastPosition == 0 { return false }
      if position & 1 == 1 || position == lastPosition {
        hash = merkleNode(sibling, hash)
        // At the right edge a lone node rises without a sibling until it is a right child.
        while position & 1 == 0, position != 0 {
          position >>= 1
          lastPosition >>= 1
        }
      } else {
        hash = merkleNode(hash, sibling)
      }
      position >>= 1
      lastPosition >>= 1
    }
    return lastPosition == 0 && hash == root
  }
}

/// The Merkle tree over a ledger's entry hashes.
public struct LedgerTree: Sendable {
  private let leaves: [LedgerHash]

  /// - Parameter entryHashes: `hash` of each entry, in order.
  public init(entryHashes: [LedgerHash]) { leaves = entryHashes.map(merkleLeaf) }

  /// Reads the hashes of the first `count` entries (all, if nil). O(n).
  ///
  /// - Throws: what the reader throws; `noSuchEntry` if there are fewer.
  public init(of reader: any LedgerReader, count: UInt64? = nil) throws(LedgerError) {
    let present = try reader.count()
    let count = count ?? present
    guard count <= present else { throw .noSuchEntry(sequence: count - 1) }
    var hashes: [LedgerHash] = []
    while UInt64(hashes.count) < count {
      let start = UInt64(hashes.count)
      let page = try reader.read(start..<min(start + ledgerPage, count))
      guard !page.isEmpty else { throw .noSuchEntry(sequence: start) }
      hashes += page.map(\.hash)
    }
    self.init(entryHashes: hashes)
  }

  public var count: UInt64 { UInt64(leaves.count) }

  /// The hash that stands for all entries; SHA-256 of nothing for an empty ledger.
  public var root: LedgerHash { leaves.isEmpty ? LedgerHash(of: []) : Self.root(leaves[...]) }

  /// The proof for the entry at `sequence`. O(n).
  ///
  /// - Throws: `noSuchEntry`.
  public func prove(_ sequence: UInt64) throws(LedgerError) -> InclusionProof {
    guard sequence < count else { throw .noSuchEntry(sequence: sequence) }
    return InclusionProof(sequence: sequence, count: count, path: Self.path(to: Int(sequence), in: leaves[...]))
  }

  private static func root(_ leaves: ArraySlice<LedgerHash>) -> LedgerHash {
    if leaves.count == 1 { return leaves[leaves.startIndex] }
    let middle = leaves.startIndex + split(leaves.count)
    return merkleNode(root(leaves[..<middle]), root(leaves[middle...]))
  }

  private static func path(to index: Int, in leaves: ArraySlice<LedgerHash>) -> [LedgerHash] {
    if leaves.count == 1 { return [] }
    let middle = leaves.startIndex + split(leaves.count)
    return index < middle
      ? path(to: index, in: leaves[..<middle]) + [root(leaves[middle...])]
      : path(to: index, in: leaves[middle...]) + [root(leaves[..<middle])]
  }

  /// The greatest power of two below `count`.
  private static func split(_ count: Int) -> Int { 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount) }
}

private func merkleLeaf(_ entryHash: LedgerHash) -> LedgerHash { LedgerHash(of: [0] + entryHash.bytes) }

private func merkleNode(_ left: LedgerHash, _ right: LedgerHash) -> LedgerHash { LedgerHash(of: [1] + left.bytes + right.bytes) }
