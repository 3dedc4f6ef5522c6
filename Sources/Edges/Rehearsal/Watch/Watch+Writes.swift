import Governance
import PlantModel
import Quantities
import Supervision
import Telemetry

/// Single writes, as they leave and as they land.
extension Watch {
  /// How old a reading may be when something is written from it: its freshness, half of it again for a source whose clock is ahead, and a
  /// tick in between.
  static let oldest = Duration.minutes(3) * 1.5 + .seconds(35)

  mutating func sent(_ command: SentCommand, by life: Life, in world: World) {
    let now = world.now
    writes += 1
    let (token, tag, value) = (command.token, command.tag, command.value)
    func text() -> String { "\(token) \(tag) := \(value)" }

    if token <= lastToken { breach(.tokensRise, "\(text()) after \(lastToken)", at: now) }
    lastToken = max(lastToken, token)
    if isTakenOver || life.isStoppedByPerson { breach(.takeoverHolds, "\(text()) after a takeover", at: now) }
    expectDurable(command, life, world)

    let state = life.runtime.kernel.governor.state
    if state.epoch != token.epoch || state.openIntents.contains(where: { $0.token.epoch != token.epoch }) {
      breach(.sealedBeforeActing, "\(text()) while epoch \(state.epoch) holds intents of an earlier life", at: now)
    }
    guard let limit = limit(tag), world.folder.loops.contains(where: { $0.moves.contains(tag) }) else {
      return breach(.onlyWhatMayMove, "\(text()), which no loop may move or which has no limits", at: now)
    }
    if !(value >= limit.low && value <= limit.high) { breach(.insideTheEnvelope, "\(text()) outside \(limit.low)…\(limit.high)", at: now) }
    expectFresh(command, limit, life, world)
    if let pressure = shown(to: life.number, RehearsalPlant.pressure), let good = pressure.good, good.isTrue, good.value > 4, pressure.stampedRight {
      breach(.insideTheEnvelope, "\(text()) while the pressure is seen to be \(good.value)", at: now)
    }
  }

  /// The intent's fact and the fence are on disk, flushed.
  private mutating func expectDurable(_ command: SentCommand, _ life: Life, _ world: World) {
    guard let (index, intent, at) = intended.removeValue(forKey: command.token), index < world.disk.rows.count else {
      return breach(.intentBeforeWrite, "\(command.token) has no durable intent", at: world.now)
    }
    if intent.tag != command.tag || intent.value != command.value {
      breach(.intentBeforeWrite, "\(command.token) was to move \(intent.tag) to \(intent.value)", at: world.now)
    }
    if world.now - at > rules.intentLifetime + .seconds(31) {
      breach(.clocksExtendNothing, "\(command.token) left \(text(world.now - at)) after it was decided", at: world.now)
    }
    if intent.purpose == .advance, begun.insert(intent.change).inserted, let change = state.change(intent.change) {
      // By pairs, the change's first turn is one of the first two.
      let turns = world.rollout.calendar.map { ($0.washout + $0.dwell) * 2 } ?? .zero
      expectAlive(change, "first written", within: turns + rules.intentLifetime + .minutes(1), world.now)
    }
    let fence = try? FenceFile.read(world.disk.files)
    if fence?.issued.contains(where: { $0.token == command.token && $0.value == command.value }) != true {
      breach(.intentBeforeWrite, "\(command.token) is not in the fence on disk", at: world.now)
    }
  }

  /// The write rests on a good reading that is truly fresh, and the step from it is small.
  private mutating func expectFresh(_ command: SentCommand, _ limit: TagLimit, _ life: Life, _ world: World) {
    let now = world.now
    for tag in [command.tag, RehearsalPlant.pressure] {
      guard let known = shown(to: life.number, tag), let good = known.good else {
        breach(.notANumberNeverPasses, "\(command.token) without one good reading of \(tag)", at: now)
        continue
      }
      if known.stampedRight, good.measured < known.measured {
        breach(.notANumberNeverPasses, "\(command.token) although \(tag) is \(known.sample.quality) \(known.sample.value)", at: now)
      }
      if now - good.measured > Self.oldest {
        breach(.clocksExtendNothing, "\(command.token) rests on a reading of \(tag) that is \(text(now - good.measured)) old", at: now)
      }
      guard tag == command.tag, known.stampedRight else { continue }
      let step = abs(command.value - good.value)
      if step > limit.maxStep * 1.000_001 {
        breach(.insideTheEnvelope, "\(command.token) moves \(tag) by \(step) from what was read, \(limit.maxStep) is allowed", at: now)
      }
    }
  }

  mutating func landed(_ movement: TrueLine.Movement, _ command: SentCommand, life: Int, at now: Instant) {
    let tag = movement.tag
    guard case .token = movement.mover else { return disturbed(tag, at: now) }
    if !landedTokens.insert(command.token).inserted { breach(.tokensRise, "\(command.token) lands a second time", at: now) }
    if isDead(life, at: now, longerThan: .minutes(18)) { breach(.quietWhenDead, "\(command.token) lands long after its sender died", at: now) }
    let before = envelopes.suffix(2).compactMap { $0.spec.limits.first { $0.tag == tag } }
    guard let limit = before.last else { return breach(.onlyWhatMayMove, "\(tag) moved and has no limits", at: now) }
    // Machines round.
    let rounding = rules.sameWithin * (limit.high - limit.low)
    if !before.contains(where: { movement.to >= $0.low - rounding && movement.to <= $0.high + rounding }) {
      breach(.insideTheEnvelope, "\(tag) stands at \(movement.to) after \(command.token)", at: now)
    }
    let size = abs(movement.to - movement.from)
    let hour = spend(size, tag, at: now)
    // A hand, a lying sensor or a repeat on the wire makes what was read differ from what was.
    let slack = 1 + 2 * rules.sameWithin * (limit.high - limit.low) / limit.maxStep
    if size > limit.maxStep * slack, !isDisturbed(tag, since: now - .minutes(25)) {
      breach(.insideTheEnvelope, "\(tag) moved by \(size) at once", at: now)
    }
    if hour > limit.maxPerHour * slack, !isDisturbed(tag, since: now - .minutes(85)) {
      breach(.noSalami, "\(tag) moved by \(hour) within an hour, \(limit.maxPerHour) is allowed", at: now)
    }
  }
}
