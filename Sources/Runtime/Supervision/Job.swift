public import Governance
import LineModel
public import Optimization
public import PlantModel
public import Quantities
import SequentialTesting
public import Twin

/// Work that takes longer than a tick: a pure function of a snapshot, so that it may run on another core and its result be replayed.
public enum Job: Sendable {
  case proof(ProofJob)
  case evidence(EvidenceJob)
  case forecast(ForecastJob)

  public enum Kind: Sendable, Hashable { case proof, evidence, forecast }

  public enum Result: Sendable {
    case proof(Proof)
    case evidence(Evidence)
    case forecast(Forecast)

    public var kind: Kind {
      switch self {
      case .proof: .proof
      case .evidence: .evidence
      case .forecast: .forecast
      }
    }
  }

  public var kind: Kind {
    switch self {
    case .proof: .proof
    case .evidence: .evidence
    case .forecast: .forecast
    }
  }

  /// Does the work: up to seconds of one core.
  public func run() -> Result {
    switch self {
    case .proof(let job): .proof(job.run())
    case .evidence(let job): .evidence(job.run())
    case .forecast(let job): .forecast(job.twin.forecast(horizon: job.horizon, replications: job.replications))
    }
  }
}

/// Runs a proposal on the twin: the calibrated posterior, before and after the move, on random numbers that the loop has not seen, as many
/// times as the risk that must be shown takes.
public struct ProofJob: Sendable {
  public var proposal: Proposal
  public var problem: SetpointProblem
  public var status: TwinStatus
  public var asked: ProofSpec
  /// The newest telemetry that the calibration has seen.
  public var dataUntil: Instant

  func run() -> Proof {
    let targets = Dictionary(uniqueKeysWithValues: proposal.moves.map { ($0.tag, $0.to) })
    let replications = FailureCount.trials(toShowBelow: asked.risk, confidence: asked.confidence, allowing: asked.failuresAllowed)
    let found = SetpointOptimizer().proveGain(of: targets, problem, replications: replications)
    let limits = Dictionary(uniqueKeysWithValues: problem.limits.map { ($0.tag, $0) })
    func admissible(_ value: Double, _ tag: String) -> Bool { limits[tag].map { value >= $0.low && value <= $0.high } ?? false }
    return Proof(
      change: proposal.id, revision: status.revision, calibration: status.calibration, replications: replications,
      probabilityOfGain: found.gain.probability,
      predicted: ClaimInterval(proposal.claim.objective == .valuePerHour ? found.gain.value : found.gain.good),
      envelopeClean: proposal.moves.allSatisfy { admissible($0.to, $0.tag) }, twinValid: status.valid,
      rollbackAdmissible: proposal.moves.allSatisfy { admissible($0.from, $0.tag) }, losses: found.shares.count { $0 < -asked.toleratedLoss },
      seed: problem.seed, dataUntil: dataUntil)
  }
}

/// Compares what happened since a change with what the twin says would have happened without it.
public struct EvidenceJob: Sendable {
  public var request: EvidenceRequest
  public var until: Instant
  public var twin: Twin

  func run() -> Evidence {
    let comparison = twin.comparison(from: request.since, to: until, baseline: request.baseline)
    let byValue = request.objective == .valuePerHour
    let length = comparison.windows.reduce(0) { $0 + ($1.end - $1.start).seconds }
    let missing = comparison.windows.reduce(0) { $0 + ($1.end - $1.start).seconds * $1.missingShare }
    return Evidence(
      change: request.change, step: request.step, since: request.since,
      windows: comparison.windows.map {
        EvidenceWindow(
          start: $0.start, end: $0.end, realised: byValue ? $0.realisedValue : $0.realised,
          counterfactual: byValue ? $0.counterfactualValue : $0.counterfactual, sd: byValue ? $0.valueSD : $0.sd)
      },
      commonSD: byValue ? comparison.commonValueSD : comparison.commonSD, missingShare: length > 0 ? missing / length : 0,
      complete: twin.validity.valid)
  }
}

/// What the line will make from now on, for people.
public struct ForecastJob: Sendable {
  public var twin: Twin
  public var horizon: Duration
  public var replications: Int
}
