import Foundation
public import Governance
import Ledger
public import LineModel
import Optimization
public import PlantModel
public import Quantities
import SequentialTesting

/// The twin at the moment of a proof: all that the proof rests on and neither the ledger nor the plant folder tells.
///
/// Kept under its SHA-256, which the proof names, so that the proof can be computed again, bit for bit, years later.
public struct ProofInputs: Sendable, Hashable, Codable {
  /// Of the layout: 1.
  public private(set) var version = 1
  /// What the twin said of itself. Its validity is its word: the telemetry behind it is not kept here.
  public var status: TwinStatus
  /// What the machines had, read back.
  public var setpoints: Setpoints
  /// The posterior, joint draws, with what scrap responses of wrong form lack added (`Twin.correctedDraws`). Not empty.
  public var draws: [LineParameters]
  /// Share of time in which the line is neither in a planned stop nor without supply, 0…1.
  public var openShare: Double
  public var seed: UInt64
  /// The newest telemetry that the calibration has seen.
  public var dataUntil: Instant

  public init(status: TwinStatus, setpoints: Setpoints, draws: [LineParameters], openShare: Double, seed: UInt64, dataUntil: Instant) {
    (self.status, self.setpoints, self.draws) = (status, setpoints, draws)
    (self.openShare, self.seed, self.dataUntil) = (openShare, seed, dataUntil)
  }

  /// Reads what `content()` gave.
  ///
  /// Nil where the bytes are no such content, or of a version that this Takt does not know.
  public init?(reading content: [UInt8]) {
    guard let read = try? JSONDecoder().decode(Self.self, from: Data(content)), read.version == 1, !read.draws.isEmpty else { return nil }
    self = read
  }

  /// Canonical JSON; some hundred kilobytes.
  ///
  /// - Throws: an `EncodingError` where a number is not finite.
  public func content() throws -> [UInt8] { try CanonicalJSON.bytes(of: self) }

  /// Its SHA-256 in lower-case hex: its name in `Proof.inputs` and in the folder where it is kept.
  public static func name(of content: [UInt8]) -> String { "\(LedgerHash(of: content))" }

  /// Computes the proof: up to seconds of one core. The same inputs, proposal and folder give the same bits; `Proof.inputs` is left nil.
  public func proof(of proposal: Proposal, in folder: PlantFolder) -> Proof {
    let asked = folder.governance.proof
    let limits = Dictionary(uniqueKeysWithValues: folder.envelope.limits.map { ($0.tag, $0) })
    let problem = SetpointProblem(
      plant: folder.plant, setpoints: setpoints, draws: draws, limits: folder.envelope.limits, objective: proposal.claim.objective,
      openShare: openShare, takenBack: [], seed: seed)
    let targets = Dictionary(uniqueKeysWithValues: proposal.moves.map { ($0.tag, $0.to) })
    let replications = FailureCount.trials(toShowBelow: asked.risk, confidence: asked.confidence, allowing: asked.failuresAllowed)
    let found = SetpointOptimizer().proveGain(of: targets, problem, replications: replications)
    func admissible(_ value: Double, _ tag: String) -> Bool { limits[tag].map { value >= $0.low && value <= $0.high } ?? false }
    return Proof(
      change: proposal.id, revision: status.revision, calibration: status.calibration, replications: replications,
      probabilityOfGain: found.gain.probability,
      predicted: ClaimInterval(proposal.claim.objective == .valuePerHour ? found.gain.value : found.gain.good),
      envelopeClean: proposal.moves.allSatisfy { admissible($0.to, $0.tag) }, twinValid: status.valid,
      rollbackAdmissible: proposal.moves.allSatisfy { admissible($0.from, $0.tag) }, losses: found.shares.count { $0 < -asked.toleratedLoss },
      seed: seed, dataUntil: dataUntil)
  }
}
