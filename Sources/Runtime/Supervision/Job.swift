public import Governance
import PlantModel
public import Quantities
public import Twin

/// Work that takes longer than a tick: a pure function of a snapshot, so that it may run on another core and its result be replayed.
public enum Job: Sendable {
  case proof(ProofJob)
  case evidence(EvidenceJob)
  case forecast(ForecastJob)
  /// Learns the stations that tell no state.
  case inference(InferenceRequest)
  /// Says of each loop whether its feedback shrinks errors.
  case certificates(CertificateJob)

  public enum Kind: Sendable, Hashable { case proof, evidence, forecast, inference, certificates }

  public enum Result: Sendable {
    /// With the content that `Proof.inputs` names; nil where it could not be written down.
    case proof(Proof, inputs: [UInt8]?)
    case evidence(Evidence)
    case forecast(Forecast)
    case inference(InferredStations)
    /// With the calibration that they rest on.
    case certificates([CertificateFinding], calibration: String)

    public var kind: Kind {
      switch self {
      case .proof: .proof
      case .evidence: .evidence
      case .forecast: .forecast
      case .inference: .inference
      case .certificates: .certificates
      }
    }
  }

  public var kind: Kind {
    switch self {
    case .proof: .proof
    case .evidence: .evidence
    case .forecast: .forecast
    case .inference: .inference
    case .certificates: .certificates
    }
  }

  /// Does the work: up to seconds of one core.
  public func run() -> Result {
    switch self {
    case .proof(let job): job.run()
    case .evidence(let job): .evidence(job.run())
    case .forecast(let job): .forecast(job.twin.forecast(horizon: job.horizon, replications: job.replications))
    case .inference(let request): .inference(request.run())
    case .certificates(let job): .certificates(job.run(), calibration: job.twin.calibration.id)
    }
  }
}

/// Compares what happened since a change with what the twin says would have happened without it.
public struct EvidenceJob: Sendable {
  public var request: EvidenceRequest
  public var until: Instant
  public var twin: Twin

  func run() -> Evidence {
    // Where arms are compared with each other nothing of the counterfactual is used but its scale.
    let comparison = twin.comparison(from: request.since, to: until, baseline: request.baseline, runs: request.comparesArms ? 2 : 16)
    let byValue = request.objective == .valuePerHour
    let length = comparison.windows.reduce(0) { $0 + ($1.end - $1.start).seconds }
    let missing = comparison.windows.reduce(0) { $0 + ($1.end - $1.start).seconds * $1.missingShare }
    return Evidence(
      change: request.change, step: request.step, since: request.since,
      windows: comparison.windows.map {
        let counterfactual = byValue ? $0.counterfactualValue : $0.counterfactual
        return EvidenceWindow(
          start: $0.start, end: $0.end, realised: byValue ? $0.realisedValue : $0.realised,
          counterfactual: request.comparesArms ? 0 : counterfactual, sd: byValue ? $0.valueSD : $0.sd)
      },
      commonSD: request.comparesArms ? 0 : byValue ? comparison.commonValueSD : comparison.commonSD, missingShare: length > 0 ? missing / length : 0,
      complete: twin.validity.valid)
  }
}

/// What the line will make from now on, for people.
public struct ForecastJob: Sendable {
  public var twin: Twin
  public var horizon: Duration
  public var replications: Int
}
