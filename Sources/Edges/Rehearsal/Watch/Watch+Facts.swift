import Determinism
import Governance
import PlantModel
import Quantities

/// Facts, one by one, as they become durable: the story must be a possible one.
extension Watch {
  mutating func recorded(_ fact: Fact, by life: Life, in world: World) {
    let now = world.now
    let index = Int(state.factCount)
    let decided = decision(on: fact, index, at: now)
    switch fact.what {
    case .writeIntended(let intent): intend(intent, index, now, world)
    case .changeProposed(let proposal): proposedAt[proposal.id] = decided
    case .changeApproved(let id, let person, let binding, _): approve(id, person, binding, fact, decided)
    case .changeArmed(let id, let baseline): arm(id, baseline, now, world)
    case .stageStarted(let id, let step, let share, _): startStage(id, step, share, fact, now, world)
    case .changeSettled(let id, let setpoints):
      settle(id, fact, now, world)
      if state.change(id)?.approvals.isEmpty == false { placedByPeople.merge(setpoints) { $1 } }
    case .rollbackStarted: rolledBack += 1
    // A ledger that refused rows may have kept this one late: then nobody knows since when it has been so.
    case .stageReached, .changeReleased, .shadowStarted: stoodSince = now < world.ledgerRefusesUntil + .minutes(1) ? nil : now
    case .foreignMovementSeen(_, let tag, let value): placedByPeople[tag] = value
    case .changeRestored(let id): restore(id, now, world)
    case .revisionAdopted(_, let hash, let limits): adopt(limits, hash, now)
    case .loopPromoted(_, let authority, let person):
      let needed = World.governance.promotion.step(to: authority).quorum
      if Set(state.loop(World.loop)?.endorsedBy.map(\.name) ?? []).count < needed {
        breach(.authorityRisesByPeople, "promoted to \(authority) by fewer than \(needed)", at: now)
      }
      if ![.engineer, .approver].contains(person.role) { breach(.authorityRisesByPeople, "promoted by a \(person.role)", at: now) }
    case .rearmed(let person), .resumed(let person):
      if ![.engineer, .approver, .safety].contains(person.role) { breach(.takeoverHolds, "handed back by a \(person.role)", at: now) }
    default: break
    }
    let authority = state.loop(World.loop)?.authority
    state.apply(fact)
    followHandover(fact, life)
    if let before = authority, let after = state.loop(World.loop)?.authority, after > before {
      guard case .loopPromoted = fact.what else { return breach(.authorityRisesByPeople, "\(fact.kind) raised \(before) to \(after)", at: now) }
    }
    if let ceiling = state.loop(World.loop)?.authority, ceiling > envelope.authorityCeiling {
      breach(.authorityRisesByPeople, "above the ceiling", at: now)
    }
    let open = state.changes.filter(\.status.isOpen)
    if open.count > 1 { breach(.oneOpenChange, "\(open.map(\.id)) are open", at: now) }
    if let change = open.first, let good = armed[change.id], change.lastKnownGood != good {
      breach(.lastKnownGood, "that of \(change.id) has changed under it", at: now)
    }
  }

  /// Who has the plant, by the facts: a re-arming that the disk kept late counts from then, and a stop that is under way wins.
  private mutating func followHandover(_ fact: Fact, _ life: Life) {
    switch fact.what {
    case .takenOver, .halted: life.stopsUnderWay = max(0, life.stopsUnderWay - 1)
    case .rearmed, .resumed:
      if state.mode.isAutomatic, life.stopsUnderWay == 0 { (life.isStoppedByPerson, isTakenOver) = (false, false) }
    default: break
    }
  }

  private mutating func intend(_ intent: WriteIntent, _ index: Int, _ now: Instant, _ world: World) {
    intended[intent.token] = (index, intent, now)
    guard let change = state.change(intent.change) else { return breach(.replayEqualsState, "\(intent.token) is for no change", at: now) }
    if !state.mode.isAutomatic { breach(.takeoverHolds, "\(intent.token) intended while a person has the plant", at: now) }
    switch (intent.purpose, change.status) {
    case (.advance, .canary), (.advance, .full), (.restore, .rollingBack): break
    default: breach(.stagesInOrder, "\(intent.token) is to \(intent.purpose) a change that is \(change.status.word)", at: now)
    }
    if intent.purpose == .advance, change.proposal.revision != state.revision {
      breach(.revisionRevokes, "\(intent.token) advances a change of another revision", at: now)
    }
    guard let limit = limit(intent.tag) else { return breach(.onlyWhatMayMove, "\(intent.tag) has no limits", at: now) }
    expectBetween(intent, change, now, world)
    if !(intent.value >= limit.low && intent.value <= limit.high) {
      breach(.insideTheEnvelope, "\(intent.token) is to move \(intent.tag) to \(intent.value)", at: now)
    }
  }

  /// A change, however it is tried, moves a tag between where it stood and where it is to go; or back there, from where something else has put it.
  private mutating func expectBetween(_ intent: WriteIntent, _ change: ChangeRecord, _ now: Instant, _ world: World) {
    guard intent.purpose == .advance, !isDisturbed(intent.tag, since: now - .minutes(25)) else { return }
    guard let good = change.lastKnownGood[intent.tag], let target = change.targets[intent.tag] else {
      return breach(.onlyWhatMayMove, "\(intent.token) moves \(intent.tag), which \(change.id) does not", at: now)
    }
    let truly = world.line[intent.tag] ?? good
    let (low, high) = (min(good, target, truly), max(good, target, truly))
    let isBelow = intent.value < low && !same(intent.tag, intent.value, low), isAbove = intent.value > high && !same(intent.tag, intent.value, high)
    guard isBelow || isAbove else { return }
    breach(.onlyWhatMayMove, "\(intent.token) moves \(intent.tag) to \(intent.value), beyond \(low)…\(high)", at: now)
  }

  /// No wider than the safety role has set them; and where they are wider than those in force, by the word of two of that role.
  private mutating func adopt(_ limits: EnvelopeSpec?, _ hash: String, _ now: Instant) {
    guard let limits else { return breach(.envelopeNeverWidens, "limits are adopted and not recorded", at: now) }
    if isWider(limits, than: envelope) { breach(.envelopeNeverWidens, "limits are adopted that the safety role has not set", at: now) }
    guard let before = state.envelopeSpec else { return }
    let people = (state.accepted[hash] ?? []).filter { $0.role == .safety }
    if isWider(limits, than: before), Set(people.map(\.name)).count < World.governance.approvals.envelope {
      breach(.envelopeNeverWidens, "wider limits are in force by the word of \(people.count)", at: now)
    }
  }

  private func isWider(_ a: EnvelopeSpec, than b: EnvelopeSpec) -> Bool {
    a.limits.contains { new in
      guard let old = b.limits.first(where: { $0.tag == new.tag }) else { return true }
      return new.low < old.low || new.high > old.high || new.maxStep > old.maxStep || new.maxPerHour > old.maxPerHour
    }
  }

  /// How many must approve: more for a change that moves a tag by more than a share of its range.
  private func people(for change: ChangeRecord) -> Int {
    let spec = World.governance.approvals
    let isWide = change.proposal.moves.contains { move in
      limit(move.tag).map { abs(move.to - move.from) > spec.wideShare * ($0.high - $0.low) } ?? true
    }
    return isWide ? spec.wide : spec.ordinary
  }

  private mutating func approve(_ id: ChangeID, _ person: Person, _ binding: String, _ fact: Fact, _ now: Instant) {
    guard let change = state.change(id) else { return breach(.approvalsBind, "\(id) is no change", at: now) }
    if change.binding != binding { breach(.approvalsBind, "\(id) was shown otherwise", at: now) }
    if change.approvals.contains(where: { $0.name == person.name }) { breach(.approvalsBind, "\(person.name) approves \(id) twice", at: now) }
    if change.approvals.count >= people(for: change) { breach(.approvalsBind, "\(id) is approved by more than it needs", at: now) }
    guard case .awaitingApproval = change.status else { return breach(.approvalsBind, "\(id) does not wait for approval", at: now) }
    if ![.engineer, .approver].contains(person.role) { breach(.approvalsBind, "\(id) is approved by a \(person.role)", at: now) }
    if fact.at > change.proposal.expires { breach(.approvalsBind, "\(id) had expired", at: now) }
    expectAlive(change, "approved", within: .minutes(1), now)
  }

  /// Not after its proposal has truly expired, whatever clocks and disks did.
  mutating func expectAlive(_ change: ChangeRecord, _ what: String, within slack: Duration, _ now: Instant) {
    guard let proposed = proposedAt[change.id], now - proposed > change.proposal.expires - change.proposal.created + slack else { return }
    breach(.clocksExtendNothing, "\(change.id) is \(what) \(text(now - proposed)) after it was proposed", at: now)
  }

  private mutating func arm(_ id: ChangeID, _ baseline: [String: Double], _ now: Instant, _ world: World) {
    guard let change = state.change(id) else { return breach(.lastKnownGood, "\(id) is no change", at: now) }
    armed[id] = baseline
    let authority = state.loop(change.proposal.loop)?.authority ?? .shadow
    let needed = people(for: change)
    let isFree = authority == .closedLoop && needed == 1
    if authority == .shadow || (!isFree && Set(change.approvals.map(\.name)).count < needed) {
      let names = change.approvals.map(\.name).joined(separator: ", ")
      breach(.approvalsBind, "\(id) is armed with authority \(authority), approved by \(names.isEmpty ? "nobody" : names)", at: now)
    }
    if change.wayBack == nil { breach(.rollbackEnds, "\(id) is armed, and its way back was not walked through", at: now) }
    if change.proof == nil || change.binding == nil { breach(.stagesInOrder, "\(id) is armed without a proof", at: now) }
    if change.proposal.revision != state.revision { breach(.revisionRevokes, "\(id) is armed on another revision", at: now) }
    expectNoDrift(change, baseline, now)
    for (tag, value) in baseline.sorted(by: { $0.key < $1.key }) {
      guard let limit = limit(tag), value >= limit.low, value <= limit.high else {
        breach(.lastKnownGood, "\(value) of \(tag) is not admissible", at: now)
        continue
      }
      let wasSettled = state.lastKnownGood[tag].map { same(tag, $0, value) } ?? false
      let isThere = world.line[tag].map { same(tag, $0, value) } ?? false
      if !wasSettled, !isThere, !isDisturbed(tag, since: now - .minutes(10)) {
        breach(.lastKnownGood, "\(value) of \(tag) was neither settled nor in force", at: now)
      }
    }
  }

  /// What no person has approved leads no tag farther away from where people have put it than the envelope allows.
  private mutating func expectNoDrift(_ change: ChangeRecord, _ baseline: [String: Double], _ now: Instant) {
    for (tag, value) in baseline where placedByPeople[tag] == nil { placedByPeople[tag] = value }
    guard change.approvals.isEmpty else { return }
    for move in change.proposal.moves {
      guard let most = limit(move.tag)?.maxDrift, let placed = placedByPeople[move.tag] else { continue }
      let drift = abs(move.to - placed)
      if drift > most * 1.000_001 { breach(.noSalami, "\(change.id) takes \(move.tag) \(drift) away from where people put it", at: now) }
    }
  }

  private mutating func startStage(_ id: ChangeID, _ step: Int, _ share: Double, _ fact: Fact, _ now: Instant, _ world: World) {
    stages += 1
    guard let change = state.change(id) else { return breach(.stagesInOrder, "\(id) is no change", at: now) }
    if change.proposal.revision != state.revision { breach(.revisionRevokes, "\(id) goes on on another revision", at: now) }
    switch change.status {
    case .shadow(let since):
      if step != 0 || fact.at - since < world.rollout.shadow || !hasStood(world.rollout.shadow, now) {
        breach(.stagesInOrder, "\(id) leaves shadow early", at: now)
      }
    case .canary(let stage):
      if step != stage.step + 1 || share <= stage.share { breach(.stagesInOrder, "\(id) goes from stage \(stage.step) to \(step)", at: now) }
      expectKept(change, stage, fact, now, world)
    default: breach(.stagesInOrder, "\(id) starts stage \(step) while \(change.status.word)", at: now)
    }
  }

  private mutating func settle(_ id: ChangeID, _ fact: Fact, _ now: Instant, _ world: World) {
    settled += 1
    guard let change = state.change(id), case .full(let stage) = change.status, stage.share >= 1 else {
      return breach(.stagesInOrder, "\(id) settles before its last stage", at: now)
    }
    expectKept(change, stage, fact, now, world)
  }

  /// The stage stood for its dwell and was kept on complete evidence.
  private mutating func expectKept(_ change: ChangeRecord, _ stage: ChangeStatus.Stage, _ fact: Fact, _ now: Instant, _ world: World) {
    // A coin doubles what a pair can be worth: the level 1 / α takes log₂(1 / α) pairs at least.
    let least = world.rollout.calendar.map { calendar in
      (calendar.washout + calendar.dwell) * (2 * (-Portable.log(world.rollout.alphaGain) / Portable.log(2)).rounded(.up))
    }
    let dwell = least ?? world.rollout.dwell
    guard let reached = stage.reached, fact.at - reached >= dwell, hasStood(dwell, now) else {
      return breach(.stagesInOrder, "\(change.id) stage \(stage.step) did not stand for its dwell", at: now)
    }
    let fewest = least == nil ? rules.minWindows : 1
    guard let last = change.judgements.last, last.step == stage.step, last.judgement.verdict == .keep, last.judgement.windows >= fewest,
      last.at >= reached
    else { return breach(.stagesInOrder, "\(change.id) stage \(stage.step) goes on without a verdict to keep", at: now) }
  }

  /// Truly, whatever the clocks said; half a minute is a tick.
  private func hasStood(_ span: Duration, _ now: Instant) -> Bool { stoodSince.map { now - $0 >= span - .seconds(31) } ?? true }

  private mutating func restore(_ id: ChangeID, _ now: Instant, _ world: World) {
    guard let change = state.change(id) else { return }
    for (tag, good) in change.lastKnownGood.sorted(by: { $0.key < $1.key }) where !state.foreign.contains(tag) && limit(tag) != nil {
      // Limits that were tightened since go before: only as far as they allow.
      let known = good
      let good = limit(tag).map { min(max(known, $0.low), $0.high) } ?? known
      halfWayBack[tag] = good == known ? nil : good
      guard let value = world.line[tag], !same(tag, value, good), !isDisturbed(tag, since: now - .minutes(25)) else { continue }
      breach(.rollbackEnds, "\(id) is said to be restored, and \(tag) stands at \(value) instead of \(good)", at: now)
    }
  }
}
