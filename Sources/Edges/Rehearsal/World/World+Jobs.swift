import Determinism
import Governance
import Quantities
import Supervision
import Twin

/// The twin's answers, from the plant's truth with noise; some late, some lies, some never.
extension World {
  func answer(_ job: Job, for life: Life) {
    switch job {
    case .forecast(let job): put(.job(.forecast(job.twin.forecast(horizon: .minutes(1), replications: 1)), life: life.number), in: .minutes(1))
    case .proof(let job): prove(job.proposal, life.runtime.kernel.twinStatus, life)
    case .evidence(let job): compare(job.request, life)
    // What the twin of this process believes is not asked for here.
    case .inference, .certificates: break
    }
  }

  private func prove(_ proposal: Proposal, _ status: TwinStatus, _ life: Life) {
    let targets = Dictionary(proposal.moves.map { ($0.tag, $0.to) }, uniquingKeysWith: { $1 })
    var gain = line.rate(targets) - line.rate([:]) + 3 * jobLuck.normal()
    var delay = Duration.seconds(jobLuck.uniform(1, 60))
    let fault = proofFault.flatMap { now < $0.until ? $0.what : nil }
    var proof = Proof(
      change: proposal.id, revision: status.revision, calibration: status.calibration, replications: 200, probabilityOfGain: 0,
      predicted: ClaimInterval(lower: gain, expected: gain, upper: gain), envelopeClean: true, twinValid: status.valid, rollbackAdmissible: true,
      losses: 0)
    switch fault {
    case .never: return
    case .late: delay = .minutes(jobLuck.uniform(5, 90))
    case .optimistic: gain = abs(gain) + 10
    case .unsafe: (proof.envelopeClean, proof.rollbackAdmissible) = (jobLuck.chance(0.5), false)
    case .ofAnotherRevision: proof.revision = "another"
    case .notFinite, nil: break
    }
    proof.probabilityOfGain = gain > 0 ? 0.9 : 0.2
    proof.predicted = ClaimInterval(lower: gain - 10, expected: gain, upper: gain + 10)
    if fault == .notFinite { proof.predicted.expected = .nan }
    put(.job(.proof(proof, inputs: nil), life: life.number), in: delay)
  }

  private func compare(_ request: EvidenceRequest, _ life: Life) {
    let fault = evidenceFault.flatMap { now < $0.until ? $0.what : nil }
    var evidence = Evidence(change: request.change, step: request.step, since: request.since, windows: [], missingShare: 0, complete: true)
    // The twin's instants are Takt's; the line's are true.
    let ahead = life.runtime.now(time) - now
    if let question = request.machines {
      (evidence.machines, evidence.until) = (machines(question, ahead), now + ahead)
    } else {
      evidence.windows = windows(request, ahead)
    }
    var delay = Duration.seconds(jobLuck.uniform(1, 30))
    switch fault {
    case .never: return
    case .late: delay = .minutes(jobLuck.uniform(5, 60))
    case .incomplete: evidence.complete = false
    case .missing: evidence.missingShare = 0.5
    case .notFinite:
      let value = jobLuck.chance(0.5) ? Double.nan : .infinity
      if let last = evidence.windows.indices.last { evidence.windows[last].realised = value }
      if let last = evidence.machines?.indices.last { evidence.machines?[last].made = value }
    case .overlapping:
      evidence.windows += evidence.windows
      evidence.machines.map { evidence.machines = $0 + $0 }
    case .empty:
      evidence.windows = []
      if evidence.machines != nil { evidence.machines = [] }
    case .optimistic:
      for i in evidence.windows.indices { evidence.windows[i].realised += 40 }
      for i in (evidence.machines ?? []).indices { evidence.machines?[i].made += 4 }
    case .old: evidence.since = request.since - .hours(1)
    case nil: break
    }
    put(.job(.evidence(evidence), life: life.number), in: delay)
  }

  /// Windows of three minutes; each one's luck depends on the window alone, so that asking again gives the same answer.
  private func windows(_ request: EvidenceRequest, _ ahead: Duration) -> [EvidenceWindow] {
    let length = Duration.minutes(3)
    let baseline = request.comparesArms ? 0 : line.rate(request.baseline)
    var windows: [EvidenceWindow] = []
    var start = request.since
    while start + length <= now + ahead {
      var luck = RandomStream(seed: seed ^ UInt64(bitPattern: start.nanoseconds))
      let truth = line.meanRate(from: max(start - ahead, World.start), to: max(start + length - ahead, World.start + length))
      windows.append(EvidenceWindow(start: start, end: start + length, realised: truth + 5 * luck.normal(), counterfactual: baseline, sd: 5))
      start += length
    }
    return windows
  }

  /// What single machines made, in time that is all their own.
  private func machines(_ question: MachineQuestion, _ ahead: Duration) -> [MachineWindow] {
    question.spans.flatMap { span in
      question.machines.map { machine in
        var luck = RandomStream(seed: seed ^ UInt64(bitPattern: span.start.nanoseconds), machine)
        let length = span.end - span.start
        let truth = line.meanRate(of: machine, from: max(span.start - ahead, World.start), to: max(span.end - ahead, World.start + length))
        let made = max((truth * length.hours + 0.4 * luck.normal()).rounded(), 0)
        return MachineWindow(
          machine: machine, start: span.start, end: span.end, made: made, good: Int(made), rejected: 0, own: length.seconds, waiting: 0, down: 0,
          breakdowns: 0, unknown: 0)
      }
    }
  }
}
