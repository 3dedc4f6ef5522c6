import Console
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
    let score = change.outcome?.score?.realised
    let units = Dictionary(kernel.folder.plant.setpoints.map { ($0.tag, $0.unit) }, uniquingKeysWith: { first, _ in first })
    let present = kernel.twin.setpoints
    self.init(
      id: change.id.name, loop: change.proposal.loop, state: State(change.status), open: change.status.isOpen,
      moves: change.proposal.moves.map {
        MoveView(tag: $0.tag, unit: units[$0.tag] ?? "1", from: $0.from, to: $0.to, now: present[$0.tag])
      },
      claim: IntervalView(low: judged.lower, mean: judged.expected, high: judged.upper),
      claimUnit: change.proposal.claim.objective == .valuePerHour ? "\(currency)/h" : "parts/h", horizon: change.proposal.claim.horizon,
      realised: score.map { IntervalView(low: $0.lower, mean: $0.expected, high: $0.upper) }
        ?? last.flatMap { $0.windows > 0 ? IntervalView(low: $0.lower, mean: $0.estimate, high: $0.upper) : nil },
      stage: loop.flatMap { StageView(change.status, $0.rollout, at: now) },
      undoneBy: change.status.isWritten && !change.lastKnownGood.isEmpty ? [Self.undo(change, loop)] : [],
      reason: Self.reason(change), proposedAt: change.proposal.created,
      updatedAt: change.judgements.last?.at ?? change.proposal.created, endedAt: change.outcome?.at, decidedBy: change.approvals.last?.name,
      binding: change.binding, approvals: change.approvals.map(\.name),
      quorum: kernel.governor.quorum(of: change), proposer: change.proposal.proposer?.name, mayLose: change.proposal.claim.mayLose,
      pair: kernel.governor.plan.carrying(of: change, at: now).map(PairView.init))
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
    case .revoked(let reason): "\(reason)"
    case .hold(let hold): "held: \(hold.detail)"
    case .rollingBack(let rollback), .restored(let rollback), .quarantined(let rollback, _): "\(rollback.reason): \(rollback.detail)"
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
      case .hold(let hold): hold.stage == nil ? .shadow : .canary
      case .rollingBack: .rollingBack
      case .restored: .rolledBack
      case .quarantined: .quarantined
      case .rejected(let refusal): refusal.reason == .byPerson ? .rejected : .refused
      case .expired, .revoked: .refused
      }
  }
}

extension StageView {
  init?(_ status: ChangeStatus, _ rollout: RolloutSpec, at now: Instant) {
    let names =
      ["proof", "shadow"] + rollout.steps.map { $0 < 1 ? "canary \(Int((100 * $0).rounded())) %" : "full" } + ["settled"]
    func share(since: Instant, of length: Duration) -> Double { length > .zero ? min(max((now - since) / length, 0), 1) : 1 }
    switch status {
    case .proposed, .twinValidated, .envelopeChecked, .awaitingApproval, .armed: self.init(names: names, index: 0, progress: 0)
    case .shadow(let since):
      self.init(names: names, index: 1, progress: share(since: since, of: rollout.shadow), judgedAfter: since + rollout.shadow)
    case .canary(let stage), .full(let stage):
      let since = stage.reached ?? now
      self.init(names: names, index: 2 + stage.step, progress: share(since: since, of: rollout.dwell), judgedAfter: since + rollout.dwell)
    case .hold(let hold): self.init(names: names, index: hold.stage.map { 2 + $0.step } ?? 1, progress: 0, judgedAfter: hold.until)
    case .settled: self.init(names: names, index: names.count - 1, progress: 1)
    case .rejected, .expired, .revoked, .rollingBack, .restored, .quarantined: return nil
    }
  }
}

extension PairView {
  init(_ now: CarryingNow) {
    self.init(
      number: now.pair + 1, of: now.pairs, carrying: now.move, control: now.control, settling: now.isSettling, until: now.until)
  }
}
