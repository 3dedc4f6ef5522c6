internal import Learning
internal import PlantModel
internal import Quantities

/// What the governor makes of each input.
extension Governor {
  mutating func decide(_ input: GovernorInput, _ turn: inout Turn) {
    switch input {
    case .gatewayOpened(let epoch, let mode):
      turn.record(.gatewayOpened(epoch: epoch))
      // A person shut the gateway and we died before that was recorded: it holds.
      if mode == .manual, state.mode.isAutomatic { turn.record(.takenOver(by: .localPanel)) }
    case .proposed(let draft): consider(draft, &turn)
    case .proof(let proof): weigh(proof, &turn)
    case .twin(let status): note(status, &turn)
    case .reference(let reference): turn.record(.referenceKept(reference: reference))
    case .evidence(let evidence): weigh(evidence)
    case .command(let command, let person): obey(command, by: person, &turn)
    case .gateway(let report): note(report, &turn)
    case .loopStarted(let loop): turn.record(.loopStarted(loop: loop))
    case .loopCrashed(let loop, let reason):
      turn.record(.loopCrashed(loop: loop, reason: reason))
      countFault(of: loop, &turn)
    case .loopMissedDeadline(let loop):
      turn.record(.loopMissedDeadline(loop: loop))
      countFault(of: loop, &turn)
    case .certified(let certificate): note(certificate, &turn)
    case .uncertified(let loop, let reason): refuseCertificate(of: loop, reason, &turn)
    case .stabilityAlarm(let loop, let reason): voidCertificate(of: loop, reason, &turn)
    case .recorded, .reading, .tick, .elapsed, .awoke, .timeStandsStill: break
    }
  }

  /// What becoming durable sets off.
  mutating func follow(_ fact: Fact, _ turn: inout Turn) {
    switch fact.what {
    case .gatewayOpened:
      moment.opened = turn.instant
      turn.effects.append(.setGatewayMode(mayWrite ? .automatic : .manual))
      if case .halted = state.mode { turn.effects.append(.stopLoops) }
    case .takenOver:
      moment.stopped = true
      turn.effects.append(.setGatewayMode(.manual))
    case .halted:
      moment.stopped = true
      turn.effects += [.setGatewayMode(.manual), .stopLoops]
    case .rearmed, .resumed:
      // A takeover that waits in line came after the re-arming, and wins.
      guard state.mode.isAutomatic, !waiting.contains(where: \.isStop) else { break }
      moment.stopped = false
      turn.effects.append(.setGatewayMode(.automatic))
      if case .resumed = fact.what { turn.effects.append(.startLoops) }
    case .writeIntended(let intent):
      // Taken over between the decision and its record: it is never sent, and the ledger says so.
      guard mayWrite else {
        turn.record(.writeFailed(token: intent.token, failure: WriteFailure(.withheld, readBack: nil)))
        break
      }
      turn.effects.append(.write(intent))
    case .referenceKept(let reference):
      // Said once, with the sample that showed it.
      for stream in reference.drifted where stream.reference.drift?.found == stream.reference.sampled {
        let text = "\(stream.station): \(stream.activity.rawValue) has left its reference; the twin is quarantined until an engineer decides"
        turn.effects.append(.notice(Notice(.alarm, change: nil, text)))
      }
    case .approvalAsked(let change):
      turn.effects.append(.notice(Notice(.journal, change: change, "\(change) waits for approval")))
    case .changeHeld(let change, _, let detail, _):
      turn.effects.append(.notice(Notice(.journal, change: change, "\(change) is held: \(detail)")))
    case .changeSettled(let change, _):
      turn.effects.append(.notice(Notice(.journal, change: change, "\(change) is kept")))
    case .rollbackStarted(let change, let reason, let detail):
      turn.effects.append(.notice(Notice(.alarm, change: change, "\(change) goes back: \(reason.told(detail))")))
    default: break
    }
  }

  /// Whether a write may leave now, as far as people are concerned.
  var mayWrite: Bool { state.mode.isAutomatic && !moment.stopped }

  private func note(_ status: TwinStatus, _ turn: inout Turn) {
    var status = status
    if !status.score.isFinite { (status.valid, status.score, status.reason) = (false, 0, "its score is not a number") }
    let known = state.twin
    guard known?.revision != status.revision || known?.calibration != status.calibration || known?.valid != status.valid else { return }
    turn.record(.twinStatusChanged(status: status))
  }
}

extension GovernorInput {
  var isStop: Bool {
    switch self {
    case .command(let command, _): command.isStop
    default: false
    }
  }
}
