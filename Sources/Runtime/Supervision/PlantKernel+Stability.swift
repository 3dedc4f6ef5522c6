import Governance
import LoopStability
import PlantModel
import Quantities
import Twin

/// The rule that no loop closes without a certificate: who asks for it when, and what watches the loop that has one.
extension PlantKernel {
  /// What the twin found, as the governor is told of it.
  func certificateInputs(_ findings: [CertificateFinding], calibration: String) -> [GovernorInput] {
    findings.map { finding in
      switch finding.result {
      case .success(let certificate): .certified(LoopCertificate(certificate, revision: folder.revision, calibration: calibration))
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
    default: return nil
    }
    guard let name = governor.state.change(ended)?.proposal.loop, let loop = folder.loops.first(where: { $0.name == name }),
      let alarm = stabilityAlarm(of: loop)
    else { return nil }
    return .stabilityAlarm(loop: name, reason: alarm.description)
  }

  /// Looks through the loop's judged moves since the last alarm. All of it stands in the state, so that no start forgets any.
  private func stabilityAlarm(of loop: LoopSpec) -> StabilityAlarm? {
    let since = governor.state.certificate(of: loop.name)?.barredUntil ?? .distantPast
    var floors: [String: Double] = [:]
    for limit in folder.envelope.limits where loop.moves.contains(limit.tag) && limit.high > limit.low {
      floors[limit.tag] = Self.rounding * (limit.high - limit.low)
    }
    var watch = IterationWatch(floors: floors)
    for change in governor.state.changes.suffix(Self.watched) {
      guard change.proposal.loop == loop.name, change.proposal.proposer == nil, change.proposal.created >= since,
        let last = change.judgements.last?.judgement
      else { continue }
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
