import Governance
import Historian
import Ledger
import PlantModel
import Quantities
import Supervision
import Telemetry

/// The end of a rehearsal: everything is at rest, and the books are right.
extension World {
  var rollout: RolloutSpec { folder.loops[0].rollout }

  /// Nothing is open, nothing is on its way, Takt has the plant.
  var isAtRest: Bool {
    guard let life, ghost == nil, !life.isAsleep(at: now), commandsOnTheWire == 0 else { return false }
    let state = life.runtime.kernel.governor.state
    return state.mode.isAutomatic && state.openChange == nil && state.openIntents.isEmpty && life.runtime.unrecorded.isEmpty
      && now - life.openedAt > .minutes(10)
  }

  func closeBooks(restLimit: Instant) {
    guard isAtRest, let life else {
      let state = life?.runtime.kernel.governor.state
      let change = state?.openChange.map { "\($0.id) is \($0.status.word)" } ?? "no change is open"
      let mode = state.map { "\($0.mode)" } ?? "Takt is down"
      return watch.breach(
        .comesToRest,
        "not at rest after 16 h: \(change), \(state?.openIntents.count ?? 0) open intents, \(mode), "
          + "\(life?.runtime.unrecorded.count ?? 0) facts not recorded", at: now)
    }
    let state = life.runtime.kernel.governor.state
    for (tag, good) in state.lastKnownGood.sorted(by: { $0.key < $1.key }) where !watch.everDisturbed.contains(tag) {
      // Limits that were tightened since go before: it is kept where it stood, or was taken back as far as they allow.
      let admissible = watch.halfWayBack[tag] ?? watch.limit(tag).map { min(max(good, $0.low), $0.high) } ?? good
      guard let value = line[tag], !watch.same(tag, value, good), !watch.same(tag, value, admissible) else { continue }
      watch.breach(.comesToRest, "\(tag) rests at \(value), its last known good is \(good), and no hand has moved it", at: now)
    }
    expectReplay(state)
    expectTelemetry()
  }

  /// The facts, read back from their bytes, fold to the state that is in force.
  private func expectReplay(_ state: GovernorState) {
    do {
      let rows = try SimulatedLedger(on: disk).read(0..<UInt64(Int.max))
      if options.isThorough {
        if case .broken(let sequence, let how) = try verifyLedger(SimulatedLedger(on: disk)) {
          watch.breach(.replayEqualsState, "the chain is broken at \(sequence): \(how)", at: now)
        }
      }
      let replayed = GovernorState(folding: try rows.map { row throws in try Fact(decoding: row.payload) })
      if replayed != state { watch.breach(.replayEqualsState, "\(rows.count) facts do not fold to the state in force", at: now) }
      if watch.state != state { watch.breach(.replayEqualsState, "what was told as recorded does not fold to the state in force", at: now) }
    } catch { watch.breach(.replayEqualsState, "the ledger cannot be read: \(error)", at: now) }
  }

  /// Every sample that was acknowledged is there after the power fails once more.
  private func expectTelemetry() {
    disk.cutPower(afterOperations: 0, luck: seed)
    disk.restorePower()
    do {
      let historian = try Historian(on: disk)
      for (tag, expected) in watch.stored.sorted(by: { $0.key < $1.key }) {
        var found: [Instant: Double] = [:]
        for sample in try historian.samples(of: tag, in: Instant(nanoseconds: 0)..<Instant.distantFuture) {
          found[sample.instant] = sample.value.number
        }
        for (instant, values) in expected where !values.contains(where: { $0.bitPattern == found[instant]?.bitPattern }) {
          watch.breach(
            .nothingAcknowledgedIsLost,
            "\(tag) at \(instant.seconds) was \(values), the historian has \(found[instant].map { "\($0)" } ?? "nothing")",
            at: now)
          return
        }
      }
    } catch { watch.breach(.nothingAcknowledgedIsLost, "the historian does not open: \(error)", at: now) }
  }
}
