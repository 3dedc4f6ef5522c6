import Attestation
import Governance
import Ledger
import Supervision

/// Computes a change's proof on the twin once more, from a bundle alone.
enum ProofRerun {
  /// Nil for any other fact.
  static func check(_ fact: Fact, _ basis: BundleVerification.Basis) -> BundleCheck? {
    guard case .changeProven(let proof) = fact.what else { return nil }
    let name = "proof on the twin, \(proof.replications) replications"
    func missing(_ what: String) -> BundleCheck { BundleCheck(name, said: text(of: proof), found: what, .notInBundle) }
    guard let hash = proof.inputs else { return missing("its inputs were not kept") }
    guard let content = basis.inputs[hash], let inputs = ProofInputs(reading: content) else { return missing("no readable inputs \(hash)") }
    guard let folder = basis.folder else { return missing("no plant folder") }
    guard let proposal = basis.state.change(proof.change)?.proposal else { return missing("no proposal") }
    var again = inputs.proof(of: proposal, in: folder)
    again.inputs = hash
    return BundleCheck(name, said: text(of: proof), found: text(of: again))
  }

  /// The SHA-256 of all that the proof says.
  private static func text(of proof: Proof) -> String { (try? CanonicalJSON.bytes(of: proof)).map { "\(LedgerHash(of: $0))" } ?? "not a number" }
}
