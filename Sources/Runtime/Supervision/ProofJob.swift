public import Governance
public import PlantModel

/// Runs a proposal on the twin: the calibrated posterior, before and after the move, on random numbers that the loop has not seen, as many
/// times as the risk that must be shown takes.
public struct ProofJob: Sendable {
  public var proposal: Proposal
  public var inputs: ProofInputs
  public var folder: PlantFolder

  public init(proposal: Proposal, inputs: ProofInputs, folder: PlantFolder) {
    (self.proposal, self.inputs, self.folder) = (proposal, inputs, folder)
  }

  func run() -> Job.Result {
    var proof = inputs.proof(of: proposal, in: folder)
    let content = try? inputs.content()
    proof.inputs = content.map(ProofInputs.name)
    return .proof(proof, inputs: content)
  }
}
