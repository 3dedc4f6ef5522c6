import Governance
import LoopStability
import PlantModel
import Probability
import Quantities
import Twin

/// The rule that no loop closes without a certificate: who asks for it when, and what watches the loop that has one.
extension PlantKernel {
  /// What the twin found, as the governor is told of it.
  func certificateInputs(_ findings: [CertificateFinding], calibration: String) -> [GovernorInput] {
    findings.compactMap { finding in
      let owner = folder.loops.first { $0.name == finding.loop && $0.feedback != nil }.map { $0.owner ?? "nobody" }
      if owner != nil, governor.state.certificate(of: finding.loop)?.isRefuted(in: folder.revision) == true { return nil }
      return switch finding.result {
      case .success(let certificate):
        .certified(
          LoopCertificate(
            certificate, revision: folder.revision, calibration: owner == nil ? calibration : "", source: owner.map { "declared by \($0)" }))
      case .failure(let refusal): .uncertified(loop: finding.loop, reason: refusal.description)
      }
    }
  }

  /// What a fact about a judged move says of its loop's stability; nil where nothing speaks against it.
  func stabilityAlarm(after fact: Fact) -> GovernorInput? {
    let ended: ChangeID
    switch fact.what {
    case .claimScored(_, let score): ended = score.change
    case .changeSettled(let change, _): ended = change
    // Whether the last move's lot came in time is asked when the next is about to be made.
    case .changeProposed(let proposal) where folder.loops.contains { $0.name == proposal.loop && $0.feedback != nil }: ended = proposal.id
    default: return nil
    }
    guard let name = governor.state.change(ended)?.proposal.loop, let loop = folder.loops.first(where: { $0.name == name }),
      let alarm = loop.feedback == nil ? stabilityAlarm(of: loop) : declaredAlarm(of: loop)
    else { return nil }
    return .stabilityAlarm(loop: name, reason: alarm.description)
  }

  /// By tag that the loop moves: moves below this are rounding.
  private func floors(of loop: LoopSpec) -> [String: Double] {
    var floors: [String: Double] = [:]
    for limit in folder.envelope.limits where loop.moves.contains(limit.tag) && limit.high > limit.low {
      floors[limit.tag] = Self.rounding * (limit.high - limit.low)
    }
    return floors
  }

  /// The loop's own changes since the last alarm, oldest first. All of it stands in the state, so that no start forgets any.
  private func watchedChanges(of loop: LoopSpec) -> [ChangeRecord] {
    let since = governor.state.certificate(of: loop.name)?.barredUntil ?? .distantPast
    return governor.state.changes.suffix(Self.watched).filter {
      $0.proposal.loop == loop.name && $0.proposal.proposer == nil && $0.proposal.created >= since
    }
  }

  /// Looks through the judged moves of a loop whose feedback is declared, as far as they were made under this declaration.
  func declaredWatch(of loop: LoopSpec) -> DeclaredWatch? {
    guard let feedback = loop.feedback, feedback.gainLow > 0 else { return nil }
    var watch = DeclaredWatch(
      gain: GainRange(feedback.gainLow, feedback.gainHigh), greatestDelay: feedback.delayHigh, floors: floors(of: loop))
    var run = 0
    for change in watchedChanges(of: loop) where change.proposal.revision == folder.revision {
      // What never reached the plant, or may yet, is no run; the newest may be about to become one.
      guard change.begun != nil || change.status == .proposed else { continue }
      watch.start(run: run)
      if let last = change.judgements.last, last.judgement.windows > 0 {
        let share = loop.rollout.steps.indices.contains(last.step) ? loop.rollout.steps[last.step] : 1
        watch.arrive(
          run: run, claimed: change.proposal.claim.judged.expected * share, realised: last.judgement.estimate,
          deviation: last.judgement.deviation(alpha: loop.rollout.alphaGain))
      }
      if change.outcome?.end == .settled {
        for move in change.proposal.moves { watch.settle(move.tag, move: move.to - (change.lastKnownGood[move.tag] ?? move.from)) }
      }
      run += 1
    }
    return watch
  }

  private func declaredAlarm(of loop: LoopSpec) -> StabilityAlarm? { declaredWatch(of: loop)?.alarm }

  /// Looks through the loop's judged moves since the last alarm.
  private func stabilityAlarm(of loop: LoopSpec) -> StabilityAlarm? {
    var watch = IterationWatch(floors: floors(of: loop))
    for change in watchedChanges(of: loop) {
      guard let last = change.judgements.last?.judgement else { continue }
      watch.judge(harmLogE: last.harmLogE)
      guard change.outcome?.end == .settled else { continue }
      for move in change.proposal.moves { watch.settle(move.tag, move: move.to - (change.lastKnownGood[move.tag] ?? move.from)) }
    }
    return watch.alarm
  }

  /// Share of a tag's range below which a move is rounding.
  private static var rounding: Double { 0.02 }
  /// Changes that are looked through, at most.
  private static var watched: Int { 200 }
}

extension Judgement {
  /// The estimate's standard deviation, from its bounds: half their distance over the normal quantile of one bound's level. Bounds that hold at every
  /// look are wider than those of one look, so it is not too small. Infinite where there are none.
  fileprivate func deviation(alpha: Double) -> Double {
    guard windows > 0, upper > lower, upper - lower < 1e299, alpha > 0, alpha < 0.5 else { return .infinity }
    return 0.5 * (upper - lower) / Normal.quantile(1 - alpha)
  }
}
