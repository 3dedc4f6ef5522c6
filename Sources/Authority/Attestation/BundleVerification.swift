internal import Foundation
public import Governance
internal import Ledger
public import PlantModel

/// Checks a bundle and runs again what can be run from it alone, with nothing but its files and the keys that one trusts.
///
/// In this order: signatures, files, chain, inclusion, state, plant folder, writes, judgements, and what the caller can run again. Every check
/// is made and reported, also after one has failed; only what cannot be read any more ends it early.
public struct BundleVerification: Sendable {
  /// In the order in which they were made.
  public private(set) var checks: [BundleCheck] = []
  /// Whether every check holds; parts that are not in the bundle do not count against it.
  public var holds: Bool { !checks.isEmpty && !checks.contains { $0.result == .fails } }

  private let bundle: EvidenceBundle
  private var facts: [(sequence: UInt64, fact: Fact)] = []
  private var folder: PlantFolder?

  /// What a fact of the change can be computed again from.
  public struct Basis: Sendable {
    /// The governor's state before the fact.
    public var state: GovernorState
    /// The content of `inputs/` by hash.
    public var inputs: [String: [UInt8]]
    /// Nil where the plant folder is not in the bundle.
    public var folder: PlantFolder?
  }

  /// Runs a fact's own computation again, from what the bundle holds. Nil for a fact that is not computed.
  public typealias Rerun = (Fact, Basis) -> BundleCheck?

  /// - Parameters:
  ///   - trusted: the keys that count; where empty, those that the bundle itself brings, which shows that it is whole, not whose it is.
  ///   - threshold: how many of them must have signed.
  ///   - rerun: what else can be run again, fact by fact.
  public init(of bundle: EvidenceBundle, trusting trusted: [VerifyingKey] = [], threshold: Int = 1, rerun: Rerun = { _, _ in nil }) {
    self.bundle = bundle
    guard let statement = checkSignatures(trusted, threshold) else { return }
    checkFiles(statement)
    guard let entries = checkChain(statement) else { return }
    checkInclusion(statement, entries)
    checkState(statement)
    checkPlant(statement)
    checkWrites(statement)
    checkJudgements(statement)
    computeAgain(rerun, statement)
  }

  /// Files of one folder of the bundle, by their names in it.
  private func content(below folder: String) -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    for (path, bytes) in bundle.files where path.hasPrefix(folder) { found[String(path.dropFirst(folder.count))] = bytes }
    return found
  }

  private mutating func fail(_ name: String, _ found: String) { checks.append(BundleCheck(name, said: "readable", found: found, .fails)) }

  // MARK: - Who says so

  private mutating func checkSignatures(_ trusted: [VerifyingKey], _ threshold: Int) -> Statement? {
    guard let bytes = bundle.files[EvidenceBundle.envelopeName], let envelope = try? JSONDecoder().decode(SignedEnvelope.self, from: Data(bytes)),
      let body = envelope.body
    else {
      fail("signed statement", "\(EvidenceBundle.envelopeName) is missing or no envelope")
      return nil
    }
    let own = content(below: EvidenceBundle.keysFolder).values.compactMap { try? VerifyingKey(hex: String(decoding: $0, as: UTF8.self)) }
    let keys = Array(Set(trusted.isEmpty ? own : trusted)).sorted { $0.id < $1.id }
    let signers = envelope.signers(among: keys)
    checks.append(
      BundleCheck(
        trusted.isEmpty ? "signatures by the bundle's own keys" : "signatures by trusted keys", said: "at least \(max(threshold, 1))",
        found: "\(signers.count): \(signers.map { String($0.id.prefix(16)) }.joined(separator: ", "))",
        signers.count >= max(threshold, 1) ? .holds : .fails))
    guard envelope.payloadType == Statement.payloadType, let statement = try? JSONDecoder().decode(Statement.self, from: Data(body)),
      statement._type == Statement.type, statement.predicateType == Statement.predicateType
    else {
      fail("statement", "the payload is no in-toto statement about evidence")
      return nil
    }
    return statement
  }

  // MARK: - The files are those that were signed

  private mutating func checkFiles(_ statement: Statement) {
    for subject in statement.subject {
      let found = bundle.files[subject.name].map { "\(LedgerHash(of: $0))" } ?? "missing"
      checks.append(BundleCheck("file \(subject.name)", said: subject.digest["sha256"] ?? "", found: found))
    }
    let signed = Set(statement.subject.map(\.name))
    for path in bundle.files.keys.sorted()
    where path != EvidenceBundle.envelopeName && !path.hasPrefix(EvidenceBundle.keysFolder) && !signed.contains(path) {
      checks.append(BundleCheck("file \(path)", said: "not signed", found: "in the folder", .fails))
    }
    for (hash, content) in content(below: EvidenceBundle.inputsFolder).sorted(by: { $0.key < $1.key }) {
      checks.append(BundleCheck("input by its name", said: hash, found: "\(LedgerHash(of: content))"))
    }
  }

  // MARK: - The ledger

  private mutating func checkChain(_ statement: Statement) -> [LedgerEntry]? {
    let lines = bundle.files[EvidenceBundle.entriesName] ?? []
    var entries: [LedgerEntry] = []
    var previous = LedgerHash.zero
    for line in lines.split(separator: UInt8(ascii: "\n")) {
      guard let entry = try? JSONDecoder().decode(BundleEntry.self, from: Data(line)).entry(), let fact = try? Fact(decoding: entry.payload) else {
        fail("entry \(entries.count)", "no entry, or no fact")
        return nil
      }
      let remade = LedgerEntry(
        LedgerDraft(instant: entry.instant, kind: entry.kind, payload: entry.payload), sequence: UInt64(entries.count), previous: previous)
      guard remade == entry, fact.kind == entry.kind else {
        checks.append(BundleCheck("chain at entry \(entries.count)", said: "\(entry.hash)", found: "\(remade.hash)", .fails))
        return nil
      }
      previous = entry.hash
      entries.append(entry)
      facts.append((entry.sequence, fact))
    }
    checks.append(BundleCheck("chain of \(entries.count) entries", said: "unbroken", found: entries.isEmpty ? "empty" : "unbroken"))
    return entries.isEmpty ? nil : entries
  }

  private mutating func checkInclusion(_ statement: Statement, _ entries: [LedgerEntry]) {
    let predicate = statement.predicate
    let proofs = (try? JSONDecoder().decode([BundleProof].self, from: Data(bundle.files[EvidenceBundle.proofsName] ?? []))) ?? []
    let bySequence = Dictionary(proofs.map { ($0.sequence, $0) }, uniquingKeysWith: { first, _ in first })
    var tokens: Set<WriteToken> = []
    let own = facts.filter { $0.fact.isAbout(ChangeID(predicate.change), &tokens) }.map(\.sequence)
    let root = LedgerHash(hex: predicate.ledgerRoot) ?? .zero
    let included = own.filter { sequence in
      guard let proof = bySequence[sequence]?.proof, proof.count == predicate.ledgerCount else { return false }
      return proof.verifies(entryHash: entries[Int(sequence)].hash, root: root)
    }
    checks.append(
      BundleCheck(
        "inclusion in the tree of \(predicate.ledgerCount) entries, root \(predicate.ledgerRoot)", said: "\(own.count) facts of the change",
        found: "\(included.count) facts of the change"))
    if own.isEmpty { fail("the change", "no fact is about \(predicate.change)") }
    guard UInt64(entries.count) == predicate.ledgerCount else { return }
    checks.append(BundleCheck("root of the whole tree", said: predicate.ledgerRoot, found: "\(LedgerTree(entryHashes: entries.map(\.hash)).root)"))
    checks.append(BundleCheck("last entry", said: predicate.ledgerHead, found: "\(entries[entries.count - 1].hash)"))
  }

  // MARK: - Run again

  private mutating func checkState(_ statement: Statement) {
    let state = GovernorState(folding: facts.map(\.fact))
    checks.append(BundleCheck("state folded from \(facts.count) facts", said: statement.predicate.state, found: state.hash))
    let end = state.change(ChangeID(statement.predicate.change))?.outcome?.end.rawValue ?? "open"
    checks.append(BundleCheck("how the change ended", said: statement.predicate.end, found: end))
  }

  private mutating func checkPlant(_ statement: Statement) {
    let files = content(below: EvidenceBundle.plantFolder).mapValues { String(decoding: $0, as: UTF8.self) }
    guard let revision = statement.predicate.revision, !files.isEmpty else {
      checks.append(
        BundleCheck("plant folder", said: statement.predicate.revision ?? "none", found: "another revision was at hand", .notInBundle))
      return
    }
    checks.append(BundleCheck("revision of the plant folder", said: revision, found: PlantFolder.revision(of: files)))
    guard let read = try? PlantFolder.read(files: files) else { return fail("plant folder", "it cannot be read") }
    folder = read
    if let envelope = statement.predicate.envelope {
      checks.append(BundleCheck("envelope", said: envelope, found: GovernancePlan(read).envelopeHash))
    }
  }

  /// Every write of the change against the envelope of the bundle's own plant folder: limits, step, hour.
  private mutating func checkWrites(_ statement: Statement) {
    let change = ChangeID(statement.predicate.change)
    var state = GovernorState()
    let check = folder.map { GovernancePlan($0).check }
    for (_, fact) in facts {
      if case .writeIntended(let intent) = fact.what, intent.change == change {
        let name = "write \(intent.token): \(intent.tag) from \(intent.from) to \(intent.value)"
        if let check {
          checks.append(
            BundleCheck(name, said: "inside the envelope", found: WriteAudit(check).flaw(of: intent, in: state, at: fact.at) ?? "inside the envelope")
          )
        } else {
          checks.append(BundleCheck(name, said: "inside the envelope", found: "no plant folder", .notInBundle))
        }
      }
      state.apply(fact)
    }
  }

  /// Every judgement of the change once more, from the windows that were recorded with it.
  private mutating func checkJudgements(_ statement: Statement) {
    let change = ChangeID(statement.predicate.change)
    var state = GovernorState()
    for (_, fact) in facts {
      if case .stageJudged(let id, let step, let judgement) = fact.what, id == change {
        let name = "judgement \(step == EvidenceRequest.probationStep ? "in probation" : "of step \(step + 1)"): \(judgement.verdict.rawValue)"
        let said = judgementText(judgement)
        if let evidence = judgement.evidence, let folder {
          let again = GovernancePlan(folder).judgement(of: evidence, in: state)?.judgement
          checks.append(BundleCheck(name, said: said, found: again.map { judgementText($0, timedOutAs: judgement.verdict) } ?? "no judgement"))
        } else {
          checks.append(
            BundleCheck(name, said: said, found: judgement.evidence == nil ? "no windows recorded" : "no plant folder", .notInBundle))
        }
      }
      state.apply(fact)
    }
  }

  private mutating func computeAgain(_ rerun: Rerun, _ statement: Statement) {
    var basis = Basis(state: GovernorState(), inputs: content(below: EvidenceBundle.inputsFolder), folder: folder)
    for (_, fact) in facts {
      if fact.change?.name == statement.predicate.change, let check = rerun(fact, basis) { checks.append(check) }
      basis.state.apply(fact)
    }
  }

  /// The SHA-256 of all numbers of a judgement. That the time was up is the governor's word, not the judge's: it turns an undecided verdict, or
  /// a favourable one whose evidence has grown old, into `inconclusive` or `noEvidence`, and nothing else.
  private func judgementText(_ judgement: Judgement, timedOutAs end: Verdict? = nil) -> String {
    var bare = judgement
    bare.evidence = nil
    if let end, end == .inconclusive || end == .noEvidence, bare.verdict == .continue || bare.verdict == .keep { bare.verdict = end }
    return (try? EvidenceBundle.json(bare)).map { "\(LedgerHash(of: $0))" } ?? "not a number"
  }
}
