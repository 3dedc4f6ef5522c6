internal import PlantModel
public import Quantities

extension GovernancePlan {
  /// Which of the like machines carry the change when; nil where its loop's rollout names none, or where it moves something else besides (then its
  /// stages are run as a switchback by the same calendar).
  ///
  /// Coins and lots follow from what the change's approvals bind to, as a switchback's do.
  public func interleave(of change: ChangeRecord) -> InterleaveDesign? {
    guard let spec = loop(of: change.proposal)?.rollout.interleave else { return nil }
    let tags = change.proposal.moves.map(\.tag)
    guard tags.allSatisfy({ tag in spec.machines.contains { $0.tags.contains(tag) } }) else { return nil }
    let check = check
    let really = change.proposal.moves.filter { !check.same($0.tag, $0.from, $0.to) }.map(\.tag)
    let moved = spec.machines.filter { $0.tags.contains(where: really.contains) }
    guard !moved.isEmpty, spec.machines.count > 1 else { return nil }
    let calendar = SwitchbackDesign(spec.calendar, change: change.id, seed: coinSeed(of: change))
    return InterleaveDesign(calendar, moved: moved, untouched: spec.machines.filter { !moved.contains($0) })
  }

  /// How the change's stages are run by pairs; nil where they are judged against the twin.
  func pairing(of change: ChangeRecord) -> PairedDesign? {
    interleave(of: change).map(PairedDesign.interleave) ?? switchback(of: change).map(PairedDesign.switchback)
  }

  /// Who carries the move at an instant, for people; nil where the change is in no stage that is run by pairs, or its calendar is over.
  public func carrying(of change: ChangeRecord, at now: Instant) -> CarryingNow? {
    guard let design = pairing(of: change) else { return nil }
    let reached: Instant?
    switch change.status {
    case .canary(let stage), .full(let stage): reached = stage.reached
    default: return nil
    }
    guard let reached, let present = design.calendar.position(at: now, since: reached) else { return nil }
    let who: (move: [String], control: [String])
    switch design {
    case .interleave(let design): who = design.carrying(at: present)
    case .switchback:
      let all = Set(change.proposal.moves.map { $0.tag.split(separator: "/").first.map(String.init) ?? $0.tag }).sorted()
      who = present.arm == .candidate ? (all, []) : ([], all)
    }
    return CarryingNow(
      pair: present.pair, pairs: design.calendar.spec.pairs, move: who.move, control: who.control, isSettling: !present.counts, until: present.ends,
      calendarEnds: reached + design.calendar.length)
  }
}

/// Who carries a change's move now, and until when.
public struct CarryingNow: Hashable, Sendable {
  /// The pair that runs, from 0.
  public let pair: Int
  /// How many there are at most; a verdict may come sooner.
  public let pairs: Int
  /// Names of the stations at the change's set-points.
  public let move: [String]
  /// Names of the stations that stand beside them at the old ones.
  public let control: [String]
  /// The machines are let settle; nothing is measured yet.
  public let isSettling: Bool
  /// When the turn ends, in plant time.
  public let until: Instant
  /// When the last pair is over; a verdict may come sooner.
  public let calendarEnds: Instant
}
