import Console
import Foundation
import Governance
import PlantModel
import Quantities
import Supervision
import Twin

extension ChangeView {
  init(_ change: ChangeRecord, _ kernel: PlantKernel, at now: Instant) {
    let loop = kernel.folder.loops.first { $0.name == change.proposal.loop }
    let judged = change.proposal.claim.judged
    let currency = kernel.folder.plant.prices.currency
    let last = change.judgements.last?.judgement
    let pair = kernel.governor.plan.carrying(of: change, at: now)
    let evidence = EvidenceView(change, loop, kernel.governor, isPaired: pair != nil)
    let units = Dictionary(kernel.folder.plant.setpoints.map { ($0.tag, $0.unit) }, uniquingKeysWith: { first, _ in first })
    let present = kernel.twin.setpoints
    self.init(
      id: change.id.name, loop: change.proposal.loop, state: State(change.status), open: change.status.isOpen,
      moves: change.proposal.moves.map {
        MoveView(tag: $0.tag, unit: units[$0.tag] ?? "1", from: $0.from, to: $0.to, now: present[$0.tag])
      },
      claim: IntervalView(low: judged.lower, mean: judged.expected, high: judged.upper),
      claimUnit: change.proposal.claim.objective == .valuePerHour ? "\(currency)/h" : "parts/h", horizon: change.proposal.claim.horizon,
      realised: evidence?.interval ?? change.outcome?.score.flatMap { IntervalView(bounded: $0.realised) } ?? last.flatMap(IntervalView.init),
      stage: loop.flatMap { StageView(change.status, $0.rollout, pair, at: now) },
      undoneBy: change.status.isWritten && !change.lastKnownGood.isEmpty ? [Self.undo(change, loop)] : [],
      reason: Self.reason(change), proposedAt: change.proposal.created,
      updatedAt: change.judgements.last?.at ?? change.proposal.created, endedAt: change.outcome?.at, decidedBy: change.approvals.last?.name,
      binding: change.binding, approvals: change.approvals.map(\.name),
      quorum: kernel.governor.quorum(of: change), proposer: change.proposal.proposer?.name, mayLose: change.proposal.claim.mayLose,
      pair: pair.map(PairView.init), evidence: evidence)
  }

  /// What would take it back, in one sentence.
  private static func undo(_ change: ChangeRecord, _ loop: LoopSpec?) -> String {
    let back = change.proposal.moves.compactMap { move in change.lastKnownGood[move.tag].map { "\(move.tag) to \($0)" } }
    let share = loop.map { "\(Int(100 * $0.rollout.keepShare)) % of the claim" } ?? "its claim"
    let falls = change.proposal.claim.mayLose.map { "a loss of more than \(fixed(100 * $0)) %" } ?? "a realised gain below \(share)"
    return "Evidence of harm, \(falls), or one click: \(back.joined(separator: ", "))."
  }

  private static func reason(_ change: ChangeRecord) -> String? {
    switch change.status {
    case .rejected(let refusal): refusal.detail
    case .revoked(let reason): reason.words
    case .hold(let hold): hold.detail
    case .rollingBack(let rollback), .restored(let rollback), .quarantined(let rollback, _): rollback.reason.told(rollback.detail)
    default: change.judgements.last?.judgement.reason ?? change.proposal.rationale
    }
  }
}

extension ChangeView.State {
  init(_ status: ChangeStatus) {
    self =
      switch status {
      case .proposed, .twinValidated, .envelopeChecked: .proving
      case .awaitingApproval: .awaitingApproval
      case .armed, .shadow: .shadow
      case .canary: .canary
      case .full: .full
      case .settled: .settled
      case .hold: .held
      case .rollingBack: .rollingBack
      case .restored: .rolledBack
      case .quarantined: .quarantined
      case .rejected(let refusal): refusal.reason == .byPerson ? .rejected : .refused
      case .expired, .revoked: .refused
      }
  }
}

extension IntervalView {
  /// Nil while a bound is none: too little has been seen.
  fileprivate init?(bounded interval: ClaimInterval) {
    guard interval.isBounded else { return nil }
    self.init(low: interval.lower, mean: interval.expected, high: interval.upper)
  }

  fileprivate init?(_ judgement: Judgement) {
    guard judgement.windows > 0 else { return nil }
    self.init(bounded: ClaimInterval(lower: judgement.lower, expected: judgement.estimate, upper: judgement.upper))
  }
}

extension ClaimInterval {
  /// The judge writes a bound that there is not as ±1e300.
  fileprivate var isBounded: Bool { lower > -1e299 && upper < 1e299 }
}

extension EvidenceView {
  /// What the judge said last of the stage that runs; nil where there is none, or nothing has been said of it.
  fileprivate init?(_ change: ChangeRecord, _ loop: LoopSpec?, _ governor: Governor, isPaired: Bool) {
    guard change.status.isOpen, let rollout = loop?.rollout, let (judgement, until) = governor.lastJudgement else { return nil }
    let share: Double
    switch change.status {
    case .canary(let stage), .full(let stage): share = stage.share
    default: return nil
    }
    let claimsGain = change.proposal.claim.mayLose == nil
    let needed = claimsGain && isPaired ? rollout.keepShare * change.proposal.claim.judged.expected * share : nil
    // As the judges share their levels: half of harm's is for breakdowns where machines are interleaved; a bias common to all windows costs half of each.
    let isInterleaved = governor.plan.interleave(of: change) != nil
    let split = !isPaired && (judgement.evidence?.commonSD ?? 0) > 0 ? 0.5 : 1
    let some = judgement.windows > 0
    func level(_ alpha: Double) -> Double { -log(alpha * split) }
    var tests = [
      EvidenceTestView(.gain, logE: judgement.gainLogE, level: level(rollout.alphaGain)),
      EvidenceTestView(.harm, logE: judgement.harmLogE, level: level(isInterleaved ? rollout.alphaHarm / 2 : rollout.alphaHarm)),
    ]
    if claimsGain { tests.append(EvidenceTestView(.shortfall, logE: judgement.shortfallLogE, level: level(rollout.alphaHarm))) }
    self.init(
      count: judgement.windows, isPaired: isPaired, estimate: some ? judgement.estimate : nil,
      low: some && judgement.lower > -1e299 ? judgement.lower : nil, high: some && judgement.upper < 1e299 ? judgement.upper : nil, needed: needed,
      tests: tests, reason: judgement.reason, until: until)
  }

  /// Nil while a bound is none.
  fileprivate var interval: IntervalView? {
    guard let estimate, let low, let high else { return nil }
    return IntervalView(low: low, mean: estimate, high: high)
  }
}

extension StageView {
  /// - Parameter pair: where the stage is run by pairs, how far they are.
  init?(_ status: ChangeStatus, _ rollout: RolloutSpec, _ pair: CarryingNow?, at now: Instant) {
    let names =
      ["proof", "shadow"] + rollout.steps.map { $0 < 1 ? "canary \(Int((100 * $0).rounded())) %" : "full" } + ["settled"]
    func share(since: Instant, of length: Duration) -> Double { length > .zero ? min(max((now - since) / length, 0), 1) : 1 }
    switch status {
    case .proposed, .twinValidated, .envelopeChecked, .awaitingApproval, .armed: self.init(names: names, index: 0, progress: 0)
    case .shadow(let since):
      self.init(names: names, index: 1, progress: share(since: since, of: rollout.shadow), judgedAfter: since + rollout.shadow)
    case .canary(let stage), .full(let stage):
      let since = stage.reached ?? now
      // A stage that is run by pairs has no dwell of its own: it ends with its verdict, at the latest with its last pair.
      let dwell = pair.map { $0.calendarEnds - since } ?? rollout.dwell
      self.init(
        names: names, index: 2 + stage.step, progress: share(since: since, of: dwell), judgedAfter: pair == nil ? since + dwell : nil)
    case .hold(let hold):
      self.init(
        names: names, index: hold.stage.map { 2 + $0.step } ?? 1, progress: 0,
        judgedAfter: hold.until < .distantFuture ? hold.until : nil)
    case .settled: self.init(names: names, index: names.count - 1, progress: 1)
    case .rejected, .expired, .revoked, .rollingBack, .restored, .quarantined: return nil
    }
  }
}

extension PairView {
  init(_ now: CarryingNow) {
    self.init(
      number: now.pair + 1, of: now.pairs, carrying: now.move, control: now.control, settling: now.isSettling, until: now.until,
      ends: now.calendarEnds)
  }
}
