import Ledger
import Testing

private func hashes(_ count: Int) -> [LedgerHash] { (0..<count).map { LedgerHash(of: [UInt8($0)]) } }

/// Roots computed in Python from RFC 6962's definition, over leaves SHA-256(i).
@Test func rootsAreThoseOfTheStandard() {
  let roots = [
    1: "d9de27625445003d8a9739a851e3ff8d41c0683630b4d63a88327a6aaa37c409",
    2: "604d540f09268b91672ab011394d5266ccd7d4484d0d109411a55848126a1b2c",
    3: "d1f13800048f5909d4043fc0c152f6643280cba608b672715e56ce159a20629f",
    7: "bee2275db16667589a4515f63e0d053a2fa602c1d9f9703e98920a5bdad59baf",
    16: "cc6e692ad24b6d105fa005c1028345bd7fd47c0221444ae3e6b9aa3708cacfc2",
  ]
  for (count, root) in roots { #expect(LedgerTree(entryHashes: hashes(count)).root.description == root, "\(count) leaves") }
  // SHA-256 of nothing.
  #expect(LedgerTree(entryHashes: []).root.description == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
}

@Test func everyEntryOfEveryTreeIsProvenAndNothingElseIs() throws {
  for count in 1...40 {
    let leaves = hashes(count)
    let tree = LedgerTree(entryHashes: leaves)
    for sequence in 0..<count {
      let proof = try tree.prove(UInt64(sequence))
      let hash = leaves[sequence]
      #expect(proof.verifies(entryHash: hash, root: tree.root), "\(sequence) of \(count)")
      #expect(proof.path.count <= 6)

      var forged = [
        proof.verifies(entryHash: flipped(hash, sequence % 32, 1), root: tree.root),
        proof.verifies(entryHash: hash, root: flipped(tree.root, count % 32, 0x40)),
      ]
      for i in proof.path.indices {
        var path = proof.path
        path[i] = flipped(path[i], i, 2)
        forged.append(InclusionProof(sequence: proof.sequence, count: proof.count, path: path).verifies(entryHash: hash, root: tree.root))
      }
      for (other, path) in [
        (proof.sequence, proof.path + [.zero]), (proof.sequence, Array(proof.path.dropLast())), (proof.sequence ^ 1, proof.path),
        (proof.count, proof.path),
      ] where path.count != proof.path.count || other != proof.sequence {
        forged.append(InclusionProof(sequence: other, count: proof.count, path: path).verifies(entryHash: hash, root: tree.root))
      }
      #expect(!forged.contains(true), "\(sequence) of \(count)")
    }
    #expect(throws: LedgerError.noSuchEntry(sequence: UInt64(count))) { try tree.prove(UInt64(count)) }
  }
}

@Test func aTreeOverAStoreTakesTheEntriesThatWereThereAtTheTime() throws {
  let store = try ledger(of: 1500)
  let early = try LedgerTree(of: store, count: 1100)
  #expect(early.count == 1100)
  #expect(early.root == LedgerTree(entryHashes: store.entries.prefix(1100).map(\.hash)).root)
  #expect(try LedgerTree(of: store).prove(1499).verifies(entryHash: store.entries[1499].hash, root: LedgerTree(of: store).root))
  #expect(throws: LedgerError.noSuchEntry(sequence: 1500)) { try LedgerTree(of: store, count: 1501) }
}
