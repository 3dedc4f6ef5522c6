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
    if let question = request.machines { return machines(question) }
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

extension EvidenceJob {
  /// What single machines made in their own time; the twin's simulation has no part in it.
  private func machines(_ question: MachineQuestion) -> Evidence {
    let prices = twin.plant.prices
    let windows = twin.machineReports(of: question.machines, in: question.spans.map { ($0.start, $0.end) }).map { report in
      let worth = Double(report.good) * prices.good - Double(report.rejected) * prices.scrap
      return MachineWindow(
        machine: report.station, start: report.start, end: report.end, made: request.objective == .valuePerHour ? worth : Double(report.good),
        good: report.good, rejected: report.rejected, own: report.own, waiting: report.waiting, down: report.down, breakdowns: report.breakdowns,
        unknown: report.unknown)
    }
    let length = windows.reduce(0) { $0 + ($1.end - $1.start).seconds }
    let unknown = windows.reduce(0) { $0 + $1.unknown }
    return Evidence(
      change: request.change, step: request.step, since: request.since, windows: [], missingShare: length > 0 ? unknown / length : 0,
      complete: twin.validity.valid, machines: windows, until: max(request.since, min(until, twin.recordEnds ?? request.since)))
  }
}

/// What the line will make from now on, for people.
public struct ForecastJob: Sendable {
  public var twin: Twin
  public var horizon: Duration
  public var replications: Int
}
