internal import PlantModel
internal import Quantities

/// What people put their names to: changes, plans, envelopes. Each approval is bound to a hash of what was looked at, counts once, and
/// where signatures are asked for it is signed by the person's own key and expires.
extension Governor {
  /// Takes one person's approval of the change that waits. Nil when taken, else why not.
  func approve(_ id: ChangeID, binding: String?, _ signature: Signature?, by person: Person, _ turn: inout Turn) -> String? {
    guard let change = state.change(id), case .awaitingApproval = change.status, let stands = change.binding else {
      return "it does not wait for approval"
    }
    guard !moment.hasExpired(change.proposal, at: turn.instant) else { return "it has expired" }
    guard binding == nil || binding == stands else { return "what was shown is not what stands now" }
    guard plan.loop(change.proposal.loop)?.owner != person.name else {
      return "\(person.name) answers for the loop that proposed it; another must approve"
    }
    guard change.proposal.proposer?.name != person.name else { return "\(person.name) proposed it; another must approve" }
    guard !change.approvals.contains(where: { $0.name == person.name }) else { return "\(person.name) has approved it already" }
    guard change.approvals.count < quorum(of: change) else { return "it is approved already" }
    if let refusal = refusal(of: signature, .approveChange, of: id.name, binding: stands, by: person, at: turn.instant) { return refusal }
    if isDecoy(change) {
      answer(decoy: change, caught: false, by: person, &turn)
      return nil
    }
    turn.record(.changeApproved(change: id, by: person, binding: stands, signature: signature))
    return nil
  }

  /// Different people that a change needs.
  public func quorum(of change: ChangeRecord) -> Int {
    ChangeClass(of: change.proposal, check: check, spec: plan.governance.approvals).quorum(plan.governance.approvals)
  }

  /// Takes one person's signature under a change plan as it stands.
  func sign(plan name: String, binding: String?, _ signature: Signature?, by person: Person, _ turn: inout Turn) -> String? {
    guard let spec = plan.governance.plans.first(where: { $0.name == name }) else { return "there is no plan \(name)" }
    let stands = spec.contentHash
    guard binding == nil || binding == stands else { return "what was shown is not what stands now" }
    let signed = state.plans.first { $0.name == name && $0.plan == stands }?.signedBy ?? []
    guard !signed.contains(where: { $0.name == person.name }) else { return "\(person.name) has signed it already" }
    if let refusal = refusal(of: signature, .signPlan, of: name, binding: stands, by: person, at: turn.instant) { return refusal }
    turn.record(.planSigned(name: name, plan: stands, by: person, signature: signature))
    return nil
  }

  /// Takes the safety role's word that the envelope of the folder, wider than the one in force, may be adopted.
  func accept(envelope binding: String, _ signature: Signature?, by person: Person, _ turn: inout Turn) -> String? {
    guard binding == envelopeHash else { return "what was shown is not the envelope that stands in the folder" }
    guard state.accepted[binding]?.contains(where: { $0.name == person.name }) != true else { return "\(person.name) has accepted it already" }
    if let refusal = refusal(of: signature, .acceptEnvelope, of: "envelope", binding: binding, by: person, at: turn.instant) { return refusal }
    turn.record(.envelopeAccepted(envelope: binding, by: person, signature: signature))
    return nil
  }

  /// Nil where the signature is as the plant asks for it.
  func refusal(
    of signature: Signature?, _ act: SignedStatement.Act, of subject: String, binding: String, by person: Person, at now: Instant
  ) -> String? {
    guard let signature else { return plan.governance.approvals.signed ? "it must be signed (--key)" : nil }
    guard let signatory = plan.governance.person(person.name) else { return "governance.yaml knows no key of \(person.name)" }
    guard signatory.roles.contains(person.role) else { return "\(person.name) is no \(person.role.rawValue) in governance.yaml" }
    guard now <= signature.expires else { return "the signature has expired" }
    let statement = SignedStatement(act, of: subject, binding: binding, by: person, expires: signature.expires)
    return statement.isSigned(signature, by: signatory.key) ? nil : "the signature is not \(person.name)'s under this"
  }
}
