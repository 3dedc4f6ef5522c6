internal import PlantModel
internal import Quantities

/// What people may ask for.
extension Governor {
  func obey(_ command: OperatorCommand, by person: Person, _ turn: inout Turn) {
    guard person.role.may(command) else {
      turn.record(.commandRefused(by: person, command: command, reason: "the role \(person.role.rawValue) may not do this"))
      return
    }
    if let reason = carryOut(command, by: person, &turn) {
      turn.record(.commandRefused(by: person, command: command, reason: reason))
    }
  }

  /// Nil when done, else why not.
  private func carryOut(_ command: OperatorCommand, by person: Person, _ turn: inout Turn) -> String? {
    switch command {
    case .takeOver: turn.record(.takenOver(by: person))
    case .halt: turn.record(.halted(by: person))
    case .rearm:
      guard case .manual = state.mode else { return "nobody has taken over" }
      turn.record(.rearmed(by: person))
    case .resume:
      guard case .halted = state.mode else { return "nothing is halted" }
      turn.record(.resumed(by: person))
    case .approve(let id, let binding): return approve(id, binding: binding, by: person, &turn)
    case .reject(let id):
      guard let change = state.change(id), change.status.isOpen else { return "no such open change" }
      if change.status.isWritten { return goBack(id, by: person, &turn) }
      guard !change.status.isGoingBack else { return "it is on its way back" }
      turn.record(.changeRejected(change: id, refusal: Refusal(.byPerson, "rejected by \(person.name)")))
    case .rollback(let id): return goBack(id, by: person, &turn)
    case .acknowledge(let id):
      guard state.change(id) != nil else { return "no such change" }
      turn.record(.changeAcknowledged(change: id, by: person))
    case .promote(let loop): return promote(loop, by: person, &turn)
    case .demote(let loop):
      guard let record = state.loop(loop) else { return "no such loop" }
      guard let lower = Authority(rawValue: record.authority.rawValue - 1) else { return "it is at the bottom" }
      turn.record(.loopDemoted(loop: loop, to: lower, reason: "by \(person.name)", by: person, change: nil))
    }
    return nil
  }

  private func approve(_ id: ChangeID, binding: String?, by person: Person, _ turn: inout Turn) -> String? {
    guard let change = state.change(id), case .awaitingApproval = change.status, let stands = change.binding else {
      return "it does not wait for approval"
    }
    guard change.approvedBy == nil else { return "it is approved already" }
    guard turn.instant <= change.proposal.expires else { return "it has expired" }
    guard binding == nil || binding == stands else { return "what was shown is not what stands now" }
    turn.record(.changeApproved(change: id, by: person, binding: stands))
    return nil
  }

  /// A person undoes a change: one that is going out, or the newest that is settled.
  private func goBack(_ id: ChangeID, by person: Person, _ turn: inout Turn) -> String? {
    guard let change = state.change(id) else { return "no such change" }
    let detail = "by \(person.name)"
    switch change.status {
    case .canary, .full: startRollback(change, .byPerson, detail, &turn)
    case .hold(let hold) where hold.stage != nil: startRollback(change, .byPerson, detail, &turn)
    case .settled:
      guard state.changes.last(where: { if case .settled = $0.status { true } else { false } })?.id == id else {
        return "a later change was settled on top of it"
      }
      if let open = state.openChange {
        guard !open.status.isWritten, !open.status.isGoingBack else { return "\(open.id) is on the plant; undo that one first" }
        turn.record(.changeRevoked(change: open.id, reason: .superseded))
      }
      startRollback(change, .byPerson, detail, &turn)
    case .rollingBack, .restored, .quarantined: return "it is on its way back or back already"
    default:
      guard change.status.isOpen else { return "it never reached the plant" }
      turn.record(.changeRejected(change: id, refusal: Refusal(.byPerson, "rejected by \(person.name)")))
    }
    return nil
  }

  /// Authority rises by a person's word and the loop's record, never by either alone.
  private func promote(_ loop: String, by person: Person, _ turn: inout Turn) -> String? {
    guard let record = state.loop(loop) else { return "no such loop" }
    guard let higher = Authority(rawValue: record.authority.rawValue + 1) else { return "it is at the top" }
    guard higher <= plan.envelope.authorityCeiling else { return "the envelope's ceiling is \(plan.envelope.authorityCeiling)" }
    let needed =
      switch higher {
      case .shadow, .advisory: 0
      case .supervised: plan.rules.cleanForSupervised
      case .closedLoop: plan.rules.cleanForClosedLoop
      }
    guard record.cleanSinceDemotion >= needed else {
      return "\(record.cleanSinceDemotion) clean claims in a row since it was demoted; \(needed) are needed"
    }
    turn.record(.loopPromoted(loop: loop, to: higher, by: person))
    return nil
  }
}

extension ChangeStatus {
  var isGoingBack: Bool {
    switch self {
    case .rollingBack, .restored: true
    default: false
    }
  }
}
