import Determinism
import Governance
import LineModel
import Optimization
import PlantModel
import Quantities
import Supervision

/// The loop's process, simulated: it greets, answers, beats, and sometimes misbehaves.
extension World {
  func spawn(in life: Life) {
    pids += 1
    life.process = Life.Process(pid: pids)
    // Not within the call that asked for it: what that call has recorded comes first.
    put(.spawned(pid: pids, life: life.number), in: .seconds(0.1))
    say(.ready(version: 1), pid: pids, life, in: .seconds(0.5))
    put(.heartbeat(pid: pids, life: life.number), in: .minutes(4))
  }

  func spawned(_ pid: Int32, _ number: Int) {
    guard let life = [life, ghost].lazy.compactMap({ $0 }).first(where: { $0.number == number }), life.process?.pid == pid else { return }
    guard !life.isAsleep(at: now) else { return put(.spawned(pid: pid, life: number), in: .seconds(5)) }
    hand(.loop(Self.loop, .spawned(pid: pid, uptime: time.uptime)), to: life)
  }

  func beat(_ pid: Int32, _ number: Int) {
    guard life?.number == number || ghost?.number == number else { return }
    put(.heartbeat(pid: pid, life: number), in: .minutes(4))
    guard let life = living(number), let process = life.process, process.pid == pid, now >= process.hangsUntil else { return }
    hear(MessageFromLoop.heartbeat.line(), pid, number)
  }

  func hear(_ bytes: [UInt8], _ pid: Int32, _ number: Int) {
    guard let life = living(number), let process = life.process, process.pid == pid, now >= process.hangsUntil else { return }
    hand(.loop(Self.loop, .line(bytes, uptime: time.uptime)), to: life)
  }

  func tellLoop(_ message: MessageToLoop, of life: Life) {
    guard let process = life.process, case .observe(let observation) = message else { return }
    say(answer(to: observation, of: life), pid: process.pid, life, in: .seconds(loopLuck.uniform(5, 60)))
  }

  private func say(_ message: MessageFromLoop, pid: Int32, _ life: Life, in delay: Duration) {
    put(.said(message.line(), pid: pid, life: life.number), in: delay)
  }

  private func answer(to observation: LoopObservation, of life: Life) -> MessageFromLoop {
    guard !isQuiet else { return .stay(request: observation.request, reason: "the rehearsal ends") }
    if let rogue {
      self.rogue = rogue == .againAndAgain ? rogue : nil
      return misbehave(rogue, observation, life)
    }
    let limits = Dictionary(uniqueKeysWithValues: life.folder.envelope.limits.map { ($0.tag, $0) })
    var moves: Setpoints = [:]
    for tag in life.folder.loops[0].moves where loopLuck.chance(0.7) {
      guard let from = observation.setpoints[tag], let limit = limits[tag], let point = line.points.first(where: { $0.tag == tag }) else { continue }
      // What the twin believes to be best is not far from what is.
      let aim = point.best + 0.1 * (point.high - point.low) * loopLuck.normal()
      // Half of what an hour allows is kept for the way back.
      let most = folder.loops[0].rollout.calendar.map { limit.maxPerHour / 2 / $0.movement(perHourOf: 1) } ?? limit.maxPerHour * 0.4
      let far = min(most, abs(aim - from)) * loopLuck.uniform(0.5, 1)
      moves[tag] = min(max(from + (aim < from ? -far : far), limit.low), limit.high)
    }
    let gain = line.rate(observation.setpoints.merging(moves) { $1 }) - line.rate(observation.setpoints)
    let claimed = gain * loopLuck.uniform(0.7, 1.4) + 3 * loopLuck.normal()
    guard !moves.isEmpty, claimed > 2 else { return .stay(request: observation.request, reason: "nothing to gain") }
    return propose(moves, claimed, observation)
  }

  private func propose(_ moves: Setpoints, _ gain: Double, _ observation: LoopObservation) -> MessageFromLoop {
    // A sensor's 1e308 makes moves and gains that no message can carry.
    guard (2 * gain).isFinite, moves.values.allSatisfy({ $0.isFinite }) else {
      return .stay(request: observation.request, reason: "its numbers are none")
    }
    let interval = GainInterval(lower: gain * 0.3, expected: gain, upper: gain * 1.7)
    return .proposal(
      LoopProposal(
        request: observation.request, moves: moves, gain: PredictedGain(good: interval, value: interval, probability: 0.9),
        horizon: .hours(1), reason: "the mixer is the bottleneck"))
  }

  private func misbehave(_ kind: Fault.RogueProposal, _ observation: LoopObservation, _ life: Life) -> MessageFromLoop {
    let tag = life.folder.loops[0].moves[loopLuck.integer(below: 2)]
    let from = observation.setpoints[tag] ?? 20
    guard let limit = life.folder.envelope.limits.first(where: { $0.tag == tag }) else { return .heartbeat }
    let small = (limit.high - limit.low) * 0.03
    switch kind {
    case .outsideLimits: return propose([tag: limit.high + 5], 20, observation)
    case .otherUnits:
      // Fahrenheit as Celsius; per hour as per minute.
      let target = from + small
      return propose([tag: tag == "Mixer/TempSet" ? target * 1.8 + 32 : target * 60], 20, observation)
    case .unknownTag:
      return propose([[RehearsalPlant.forbidden, RehearsalPlant.unlimited, "No/Tag"][loopLuck.integer(below: 3)]: 20], 20, observation)
    case .twiceTheSameTag: return propose([tag: from, "Mixer/TempSet ": 60], 20, observation)
    case .harmful:
      guard let point = line.points.first(where: { $0.tag == tag }) else { return .heartbeat }
      let away = from > point.best ? limit.high : limit.low
      return propose([tag: from + (away - from) * 0.5], 20, observation)
    case .tiny: return propose([tag: from + small * 0.01], 20, observation)
    case .huge: return propose([tag: 1e308], 1e300, observation)
    case .denormal: return propose([tag: .leastNonzeroMagnitude], .leastNonzeroMagnitude, observation)
    case .noGain: return propose([tag: from + small], 0, observation)
    case .againAndAgain: return propose([tag: min(max(from + (loopLuck.chance(0.5) ? small : -small), limit.low), limit.high)], 5, observation)
    }
  }
}
