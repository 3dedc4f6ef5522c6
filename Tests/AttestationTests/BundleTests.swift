import Attestation
import Crypto
import Foundation
import Governance
import Ledger
import Testing

@Suite struct BundleTests {
  private static let trusted = Story.keys.map { VerifyingKey($0.publicKey) }

  private func failures(_ bundle: EvidenceBundle, trusting keys: [VerifyingKey] = BundleTests.trusted, threshold: Int = 2) -> [BundleCheck] {
    BundleVerification(of: bundle, trusting: keys, threshold: threshold).checks.filter { $0.result == .fails }
  }

  @Test func aStrangerReachesTheSameHashes() throws {
    let bundle = try Story().bundle()
    let found = BundleVerification(of: bundle, trusting: Self.trusted, threshold: 2)
    #expect(found.holds, "\(found.checks.filter { $0.result == .fails })")
    for part in [
      "signatures", "chain", "inclusion", "state", "envelope", "revision", "write 1.1", "write 1.2", "judgement of step 1", "judgement of step 2",
    ] {
      #expect(found.checks.contains { $0.name.hasPrefix(part) && $0.result == .holds }, "\(part) was not looked at")
    }
    // What came after the change's last fact is not in it, and its inclusion is shown in the larger tree.
    #expect(found.checks.contains { $0.name.hasPrefix("inclusion in the tree of 21 entries") })
    #expect(try Story().bundle() == bundle, "the same ledger gives the same bytes")
    #expect(BundleVerification(of: bundle).holds)
  }

  @Test func aByteChangedInAnyFileIsRefused() throws {
    let bundle = try Story().bundle()
    for (path, bytes) in bundle.files.sorted(by: { $0.key < $1.key }) where !path.hasPrefix(EvidenceBundle.keysFolder) {
      for place in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 12)) {
        var bent = bundle
        bent.files[path]?[place] ^= 1
        #expect(!failures(bent).isEmpty, "\(path), byte \(place)")
      }
      var without = bundle
      without.files[path] = nil
      #expect(!failures(without).isEmpty, "\(path) left out")
    }
    var with = bundle
    with.files["inputs/0000"] = Array("smuggled".utf8)
    #expect(!failures(with).isEmpty)
  }

  @Test func onlyTrustedSignaturesCount() throws {
    let bundle = try Story().bundle()
    let stranger = try Story.key(9)
    #expect(failures(bundle, trusting: [VerifyingKey(stranger.publicKey)], threshold: 1).map(\.name) == ["signatures by trusted keys"])
    #expect(failures(bundle, threshold: 3).count == 1)
    // Somebody signs the same story with a key of his own.
    let other = try Story().bundle(keys: [stranger])
    #expect(failures(other, threshold: 1).map(\.name) == ["signatures by trusted keys"])
    #expect(failures(other, trusting: [], threshold: 1).isEmpty)
  }

  /// The keepers of the keys themselves tell something else: chain, tree and signatures are right, and it still does not pass.
  @Test func aStoryThatIsNotTrueDoesNotPassAlthoughItIsSigned() throws {
    func told(_ edit: @escaping (inout Fact.What) -> Void) throws -> [String] { failures(try Story(edit: edit).bundle()).map(\.name) }
    #expect(try told { _ in }.isEmpty)
    let better = try told { what in
      if case .stageJudged(let id, 0, var judgement) = what {
        judgement.gainLogE += 1e-9
        what = .stageJudged(change: id, step: 0, judgement: judgement)
      }
    }
    #expect(better == ["judgement of step 1: keep"])
    let kept = try told { what in
      if case .stageJudged(let id, 1, var judgement) = what {
        judgement.evidence?.windows[3].realised -= 500
        what = .stageJudged(change: id, step: 1, judgement: judgement)
      }
    }
    #expect(kept.count == 1 && kept[0].hasPrefix("judgement of step 2"))
    for (value, from) in [(30.0, 29.0), (25.4, 20.0), (17.0, 18.0)] {
      let outside = try told { what in
        if case .writeIntended(var intent) = what, intent.token.sequence == 1 {
          (intent.value, intent.from) = (value, from)
          what = .writeIntended(intent: intent)
        }
      }
      #expect(outside.count == 1 && outside[0].hasPrefix("write 1.1"), "\(from) to \(value): \(outside)")
    }
  }

  @Test func anotherPlantFolderIsNotTakenForTheOneInForce() throws {
    var files = Story.files
    files["envelope.yaml"]? += "\n# wider\n"
    let bundle = try Story().bundle(files: files)
    #expect(!bundle.files.keys.contains { $0.hasPrefix(EvidenceBundle.plantFolder) })
    let checks = BundleVerification(of: bundle, trusting: Self.trusted).checks
    #expect(checks.count { $0.result == .notInBundle } == 5 && !checks.contains { $0.result == .fails })
    #expect(throws: AttestationError.noSuchChange("no-such-99")) {
      try EvidenceBundle(of: ChangeID("no-such-99"), ledger: Story().ledger, plantFiles: files, takt: "test", keys: Story.keys)
    }
  }

  @Test func whatAFactNamesByItsHashTravelsAlongAndIsRunAgain() throws {
    let content = Array("the posterior's draws".utf8)
    let hash = "\(LedgerHash(of: content))"
    let story = try Story { what in
      if case .changeProposed(var proposal) = what {
        proposal.rationale = "see \(hash)"
        what = .changeProposed(proposal: proposal)
      }
    }
    let bundle = try EvidenceBundle(
      of: Story.change, ledger: story.ledger, plantFiles: Story.files, inputs: [hash: content, "unnamed": [1]], takt: "test", keys: Story.keys)
    #expect(bundle.files["inputs/\(hash)"] == content && bundle.files["inputs/unnamed"] == nil)
    let found = BundleVerification(of: bundle, trusting: Self.trusted) { fact, basis in
      guard case .changeProven = fact.what else { return nil }
      return BundleCheck("proof", said: "21", found: "\(basis.inputs[hash]?.count ?? 0)")
    }
    #expect(found.holds && found.checks.contains { $0.name == "proof" && $0.result == .holds })
  }
}
