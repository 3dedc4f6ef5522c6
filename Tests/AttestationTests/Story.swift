import Attestation
import Crypto
import Foundation
import Governance
import Ledger
import PlantModel
import Quantities

/// A change of the example line from proposal to settled, as facts in a chain, with what the judge really says of its windows.
struct Story {
  static let change = ChangeID("brisk-otter-17")
  static let files: [String: String] = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let folder = root.appending(path: "examples/bottling-4")
    var files: [String: String] = [:]
    for name in ["plant.yaml", "envelope.yaml", "connections.yaml", "loops/setpoints.yaml"] {
      files[name] = try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
    return files
  }()

  let plan: GovernancePlan
  private(set) var facts: [Fact] = []
  private var now = Instant(seconds: 1_000_000)

  /// - Parameter edit: changes a fact before it is taken in; the chain is made after.
  init(edit: (inout Fact.What) -> Void = { _ in }) throws {
    plan = GovernancePlan(try PlantFolder.read(files: Self.files))
    let tag = "Filler/MachSpeed"
    let interval = ClaimInterval(lower: 3, expected: 10, upper: 17)
    let proposal = Proposal(
      id: Self.change, loop: "setpoints", created: now, moves: [Move(tag: tag, from: 24, to: 26)],
      claim: Claim(objective: .valuePerHour, goodPerHour: interval, valuePerHour: interval, confidence: 0.9, horizon: .hours(4)),
      rationale: "the filler is the bottleneck", revision: plan.revision, calibration: "c1", expires: now + .hours(2))
    var state = GovernorState()
    func take(_ what: Fact.What, _ story: inout Story) {
      var what = what
      edit(&what)
      story.now += .seconds(10)
      let fact = Fact(at: story.now, what)
      state.apply(fact)
      story.facts.append(fact)
    }
    take(.gatewayOpened(epoch: 1), &self)
    take(.revisionAdopted(revision: plan.revision, envelope: plan.envelopeHash, limits: nil), &self)
    take(.loopRegistered(loop: "setpoints", authority: .closedLoop), &self)
    take(.changeProposed(proposal: proposal), &self)
    take(
      .changeProven(
        proof: Proof(
          change: Self.change, revision: plan.revision, calibration: "c1", replications: 200, probabilityOfGain: 0.95, predicted: interval,
          envelopeClean: true, twinValid: true, rollbackAdmissible: true)), &self)
    take(.envelopeChecked(change: Self.change, binding: "b"), &self)
    take(.changeArmed(change: Self.change, lastKnownGood: [tag: 24]), &self)
    take(.shadowStarted(change: Self.change), &self)
    for (step, share, from, to) in [(0, 0.7, 24.0, 25.4), (1, 1.0, 25.4, 26.0)] {
      let token = WriteToken(epoch: 1, sequence: UInt64(step + 1))
      take(.stageStarted(change: Self.change, step: step, share: share, full: step == 1), &self)
      take(
        .writeIntended(
          intent: WriteIntent(
            token: token, change: Self.change, tag: tag, from: from, value: to, purpose: .advance, expires: now + .minutes(2))), &self)
      take(.writeConfirmed(token: token, readBack: to), &self)
      take(.stageReached(change: Self.change, step: step), &self)
      let evidence = Self.evidence(step: step, share: share, since: now)
      now += .hours(3)
      guard var judgement = plan.judgement(of: evidence, in: state)?.judgement else { continue }
      judgement.evidence = evidence
      take(.stageJudged(change: Self.change, step: step, judgement: judgement), &self)
    }
    take(.changeSettled(change: Self.change, setpoints: [tag: 26]), &self)
    // What came after is in the ledger and not in the bundle.
    take(.loopStarted(loop: "setpoints"), &self)
    take(.probationEnded(change: ChangeID("another-one-11")), &self)
  }

  private static func evidence(step: Int, share: Double, since: Instant) -> Evidence {
    let windows = (0..<18).map { index in
      EvidenceWindow(
        start: since + .minutes(Double(index * 10)), end: since + .minutes(Double(index * 10 + 10)),
        realised: 1000 + 10 * share + [0.5, -0.5, 0.25][index % 3], counterfactual: 1000, sd: 2)
    }
    return Evidence(change: change, step: step, since: since, windows: windows, missingShare: 0, complete: true)
  }

  /// The facts as the ledger keeps them.
  var ledger: [LedgerEntry] {
    var entries: [LedgerEntry] = []
    for fact in facts {
      entries.append(
        LedgerEntry(
          LedgerDraft(instant: fact.at, kind: fact.kind, payload: fact.encoded()), sequence: UInt64(entries.count),
          previous: entries.last?.hash ?? .zero))
    }
    return entries
  }

  static let keys = [1, 2].compactMap { try? key($0) }

  static func key(_ byte: UInt8) throws -> Curve25519.Signing.PrivateKey {
    try Curve25519.Signing.PrivateKey(rawRepresentation: Array(repeating: byte, count: 32))
  }

  func bundle(keys: [Curve25519.Signing.PrivateKey] = Story.keys, files: [String: String] = Story.files) throws -> EvidenceBundle {
    try EvidenceBundle(of: Self.change, ledger: ledger, plantFiles: files, takt: "test", keys: keys)
  }
}
