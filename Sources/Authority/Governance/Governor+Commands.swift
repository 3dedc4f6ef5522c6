internal import Learning
internal import PlantModel
internal import Quantities

/// What people may ask for.
extension Governor {
  func obey(_ command: OperatorCommand, by person: Person, _ turn: inout Turn) {
    guard person.role.may(command) else {
      turn.record(.commandRefused(by: person, command: command.recordable, reason: "the role \(person.role.rawValue) may not do this"))
      return
    }
    if let reason = carryOut(command, by: person, &turn) {
      turn.record(.commandRefused(by: person, command: command.recordable, reason: reason))
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
    case .approve(let id, let binding, let signature): return approve(id, binding: binding, signature, by: person, &turn)
    case .reject(let id):
      guard let change = state.change(id), change.status.isOpen else { return "no such open change" }
      if change.status.isWritten { return goBack(id, by: person, &turn) }
      guard !change.status.isGoingBack else { return "it is on its way back" }
      if isDecoy(change), case .awaitingApproval = change.status {
        answer(decoy: change, caught: true, by: person, &turn)
        return nil
      }
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
    case .signPlan(let name, let binding, let signature): return sign(plan: name, binding: binding, signature, by: person, &turn)
    case .withdrawPlan(let name):
      guard state.plans.contains(where: { $0.name == name }) else { return "nobody has signed a plan \(name)" }
      turn.record(.planWithdrawn(name: name, by: person))
    case .acceptEnvelope(let binding, let signature): return accept(envelope: binding, signature, by: person, &turn)
    case .propose(let asked, let signature): return propose(asked, signature, by: person, &turn)
    case .settleDrift(let decision, let why):
      guard state.reference?.drifted.isEmpty == false else { return "nothing has left its reference" }
      guard why.contains(where: { !$0.isWhitespace }) else { return "say why (--because): it stands in the ledger beside your name" }
      turn.record(.driftSettled(decision: decision, by: person, because: why))
    }
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
}

extension ChangeStatus {
  var isGoingBack: Bool {
    switch self {
    case .rollingBack, .restored: true
    default: false
    }
  }
}
