public import Crypto
public import Governance
public import Ledger
internal import PlantModel

/// Everything that is known of one change, by name, so that a stranger can check it and run it again: a folder of small text files.
///
/// | file | what |
/// |---|---|
/// | `entries.jsonl` | the ledger's entries from the first to the change's last, one a line |
/// | `proofs.json` | for each of the change's entries the proof that it is in the ledger |
/// | `plant/…` | the plant folder of the revision in force, where it was at hand |
/// | `inputs/HASH` | what a fact names by its SHA-256 |
/// | `keys/ID.pub` | the public keys that signed, in hex |
/// | `statement.dsse.json` | in-toto statement over all of these (but the keys), signed |
public struct EvidenceBundle: Sendable, Hashable {
  /// By path within the folder.
  public var files: [String: [UInt8]]

  /// A bundle as it was read; nothing is checked (`BundleVerification` does).
  public init(files: [String: [UInt8]]) { self.files = files }

  // The names in the table above.
  public static let entriesName = "entries.jsonl"
  public static let proofsName = "proofs.json"
  public static let envelopeName = "statement.dsse.json"
  public static let plantFolder = "plant/"
  public static let inputsFolder = "inputs/"
  public static let keysFolder = "keys/"

  /// Puts the bundle of a change together. The same arguments give the same bytes.
  ///
  /// - Parameters:
  ///   - ledger: every entry of the ledger, in order.
  ///   - plantFiles: the plant folder as it stands, by path; left out where it is not the revision that was in force.
  ///   - inputs: content by its SHA-256 in lower-case hex; those that a fact of the change names are taken in.
  ///   - keys: who signs, at least one.
  ///   - takt: the version of Takt, for the statement.
  /// - Throws: `noSuchChange`, `unreadable` where an entry is no fact, `badKey`; retrying cannot help.
  public init(
    of change: ChangeID, ledger: [LedgerEntry], plantFiles: [String: String], inputs: [String: [UInt8]] = [:], takt: String,
    keys: [Curve25519.Signing.PrivateKey]
  ) throws(AttestationError) {
    let story = try Story(of: change, in: ledger)
    var files: [String: [UInt8]] = [:]
    var lines: [UInt8] = []
    for entry in ledger[...story.last] { lines += try Self.json(BundleEntry(entry)) + [UInt8(ascii: "\n")] }
    files[Self.entriesName] = lines
    let tree = LedgerTree(entryHashes: ledger.map(\.hash))
    files[Self.proofsName] = try Self.json(
      story.own.map { sequence throws(AttestationError) in
        do throws(LedgerError) { return BundleProof(try tree.prove(sequence)) } catch { throw .unreadable("\(error)") }
      })
    let revision = story.state.change(change)?.proposal.revision
    if PlantFolder.revision(of: plantFiles) == revision {
      for (path, text) in plantFiles { files[Self.plantFolder + path] = Array(text.utf8) }
    }
    for (hash, content) in inputs where story.text.contains(hash) { files[Self.inputsFolder + hash] = content }
    let subject = files.keys.sorted().map { Statement.Subject(name: $0, sha256: "\(LedgerHash(of: files[$0] ?? []))") }
    let statement = Statement(
      subject: subject,
      predicate: Statement.Predicate(
        change: change.name, end: story.state.change(change)?.outcome?.end.rawValue ?? "open", takt: takt, ledgerCount: UInt64(ledger.count),
        ledgerRoot: "\(tree.root)", ledgerHead: "\(ledger[ledger.count - 1].hash)", state: story.state.hash, revision: revision,
        envelope: story.envelope))
    let envelope = try SignedEnvelope(signing: Self.json(statement), as: Statement.payloadType, with: keys)
    files[Self.envelopeName] = try Self.json(envelope)
    for key in keys.map({ VerifyingKey($0.publicKey) }) { files["\(Self.keysFolder)\(key.id).pub"] = Array(key.hex.utf8) }
    self.files = files
  }

  /// What the facts tell of one change.
  private struct Story {
    /// Indices of the entries that are about the change, and of the last.
    var own: [UInt64] = []
    var last = 0
    /// After the last of them.
    var state = GovernorState()
    /// The envelope in force when it was proposed.
    var envelope: String?
    /// The change's facts, as text.
    var text = ""

    init(of change: ChangeID, in ledger: [LedgerEntry]) throws(AttestationError) {
      var tokens: Set<WriteToken> = []
      var facts: [Fact] = []
      for (index, entry) in ledger.enumerated() {
        let fact: Fact
        do throws(GovernanceError) { fact = try Fact(decoding: entry.payload) } catch { throw .unreadable("entry \(entry.sequence): \(error)") }
        facts.append(fact)
        guard fact.isAbout(change, &tokens) else { continue }
        own.append(entry.sequence)
        last = index
        text += String(decoding: entry.payload, as: UTF8.self)
      }
      guard !own.isEmpty else { throw .noSuchChange(change.name) }
      for fact in facts[...last] {
        state.apply(fact)
        if case .changeProposed(let proposal) = fact.what, proposal.id == change { envelope = state.envelope }
      }
    }
  }

  static func json(_ value: some Encodable) throws(AttestationError) -> [UInt8] {
    do { return try CanonicalJSON.bytes(of: value) } catch { throw .unreadable("\(error)") }
  }
}

extension Fact {
  /// Whether the fact belongs to the change; `tokens` collects the change's writes, by which the outcomes of writes are known.
  func isAbout(_ id: ChangeID, _ tokens: inout Set<WriteToken>) -> Bool {
    switch what {
    case .writeIntended(let intent) where intent.change == id:
      tokens.insert(intent.token)
      return true
    case .writeConfirmed(let token, _), .writeFailed(let token, _), .writeRefused(let token, _): return tokens.contains(token)
    default: return change == id
    }
  }
}
