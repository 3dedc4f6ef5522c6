internal import PlantModel
internal import Quantities

/// A stage that is run by randomised pairs: back and forth by a calendar, on all machines at once or in turn, until they have decided.
extension Governor {
  mutating func runPairs(
    _ change: ChangeRecord, _ stage: ChangeStatus.Stage, since: Instant, _ design: PairedDesign, _ spec: LoopSpec, _ turn: inout Turn
  ) {
    // What is not decided a while after the last pair is not decided by waiting.
    let patience = design.calendar.length + plan.rules.evidenceInterval * 6
    if judge(change, stage, since: since, dwell: .zero, timeout: patience, spec, &turn) { return }
    let now = turn.instant
    let isShown = freshVerdict(at: now) == .keep
    let position = isShown ? nil : design.calendar.position(at: now, since: since)
    // Each pair has a turn for the change: one that could not take its first goes on as long as it lives, and no longer.
    if let position, position.pair > 0, stage.periodsKept?.contains(where: design.isCarried(inPeriod:)) != true, !isOnPlant(change),
      moment.hasExpired(change.proposal, at: now)
    {
      return startRollback(change, .stageTimedOut, "it expired before anything of it was written", &turn)
    }
    // Decided for the change: all of it is put there before it is kept. The calendar is over: it waits at the baseline for the last word.
    let targets = isShown ? change.targets : position.map { design.targets(change, at: $0) } ?? change.lastKnownGood
    let tags = change.targets.keys.sorted()
    guard tags.allSatisfy({ stands($0, at: targets[$0] ?? .nan, now) }) else {
      for tag in tags { write(tag, toward: targets[tag] ?? .nan, for: change, .advance, &turn) }
      return
    }
    guard let position, !position.counts, stage.periodsKept?.contains(position.period) != true else { return }
    turn.record(.armReached(change: change.id, step: stage.step, period: position.period, carrying: design.carrying(at: position)))
  }
}
