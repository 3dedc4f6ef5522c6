import Governance
import PlantModel
import Quantities
import Supervision

/// Faults begin here; each ends by itself at its instant.
extension World {
  func begin(_ fault: Fault) {
    guard !isQuiet else { return }
    tell("FAULT \(fault.what)")
    switch fault.what {
    case .kill(let down): kill(down)
    case .powerCut(let operations, let luck, let down): cutPower(operations, luck, down)
    case .pause(let span): life?.asleepUntil = now + span
    case .secondLife(let after, let span):
      guard let life, ghost == nil, !life.isAsleep(at: now) else { break }
      life.asleepUntil = now + after + span
      put(.startSecond(wakes: now + after + span), in: after)
    case .syncsFail(let count): disk.failSyncs(count)
    case .diskFull(let span): diskFullUntil = now + span
    case .ledgerRefuses(let span): ledgerRefusesUntil = now + span
    case .answerLost(let count): disk.lostAnswers += count
    case .revision(let number): bringUp(revision: number)

    case .telemetryCut(let span): network.telemetryCutUntil = now + span
    case .commandsCut(let span): network.commandsCutUntil = now + span
    case .network(let delay, let loss, let doubled, let span):
      (network.delay, network.loss, network.doubled, network.troubledUntil) = (delay, loss, doubled, now + span)
    case .commandAgain: if let lastCommand { put(.landed(lastCommand, isAgain: true, life: 0), in: .seconds(1)) }
    case .answersAgain: answerAgain()
    case .clockStep(let by, let span): (clockOffset, clockUntil) = (by, now + span)
    case .sourceClockStep(let by, let span): (sourceOffset, sourceUntil) = (by, now + span)

    case .twinInvalid(let span):
      twinInvalidUntil = now + span
      tellTwin()
    case .recalibrated:
      twin.calibration = "c\(now.nanoseconds)"
      tellTwin()
    case .proofs(let what, let span): proofFault = (what, now + span)
    case .evidence(let what, let span): evidenceFault = (what, now + span)
    case .loopCrash: if let life, let process = life.process { put(.exited(pid: process.pid, life: life.number), in: .seconds(0.1)) }
    case .loopHangs(let span): life?.process?.hangsUntil = now + span
    case .loopBabbles:
      if let life, let process = life.process {
        put(.said(Array(#"{"type":"proposal","moves":"#.utf8), pid: process.pid, life: life.number), in: .seconds(0.1))
      }
    case .rogue(let kind): rogue = kind
    case .order(let order): give(order)
    case .storm(let orders, let every, let luck): storm(orders, every, luck)
    default: trouble(fault.what)
    }
  }

  /// Faults of sensors and machines.
  private func trouble(_ fault: Fault.What) {
    switch fault {
    case .frozen(let tag, let span):
      sensors[tag].frozenAt = trueValue(tag)
      sensors[tag].frozenUntil = now + span
      freezes.append(Freeze(sensor: tag))
    case .lying(let tag, let by, let span):
      sensors[tag].lie = by * range(tag)
      sensors[tag].lyingUntil = now + span
    case .nonsense(let tag, let value, let span): (sensors[tag].nonsense, sensors[tag].nonsenseUntil) = (value, now + span)
    case .quality(let tag, let quality, let span): (sensors[tag].quality, sensors[tag].qualityUntil) = (quality, now + span)
    case .silent(let tag, let span): sensors[tag].silentUntil = now + span
    case .deaf(let tag, let span):
      line.set(sensors[tag].tag) { $0.deafUntil = now + span }
    case .ceiling(let tag, let share, let span):
      line.set(sensors[tag].tag) { ($0.ceiling, $0.ceilingUntil) = ($0.low + share * ($0.high - $0.low), now + span) }
    case .slowMachines(let delay, let span): (slowBy, slowUntil) = (delay, now + span)
    case .pressureHigh(let span):
      (line.pressure, pressureUntil) = (4.6, now + span)
      watch.pressureChanged(isHigh: true, at: now)
      put(.fault(-1), in: span)
      reportSoon(RehearsalPlant.pressure)
    case .hand(let tag, let share):
      guard tag < line.points.count else { break }
      let point = line.points[tag]
      if let movement = line.move(point.tag, to: point.low + share * (point.high - point.low), by: .person, at: now) {
        watch.disturbed(movement.tag, at: now)
        reportSoon(movement.tag)
      }
    default: break
    }
  }

  func pressureFalls() {
    guard now >= pressureUntil, line.pressure > 4 else { return }
    line.pressure = 2
    watch.pressureChanged(isHigh: false, at: now)
    reportSoon(RehearsalPlant.pressure)
  }

  private func range(_ tag: Int) -> Double { tag < line.points.count ? line.points[tag].high - line.points[tag].low : 4 }

  // MARK: - The process

  func kill(_ down: Duration) {
    for victim in [life, ghost] { if let victim { die(victim, "by force") } }
    put(.start(life: lives + 1), in: down)
  }

  private func cutPower(_ operations: Int, _ luck: UInt64, _ down: Duration) {
    guard life != nil else { return }
    disk.cutPower(afterOperations: operations, luck: luck)
    downAfterCut = down
    if disk.isOff, let life { die(life, "with the power") }
  }

  /// Takt is stopped and started on another revision of its folder, as a person does it.
  func bringUp(revision number: Int) {
    guard number != revision else { return }
    revision = number
    folder = plant.folder(revision: number, authority: authority, steps: steps)
    watch.envelope(folder.envelope, from: now)
    kill(.seconds(20))
  }

  private func tellTwin() {
    for life in [life, ghost] { if let life, !life.isAsleep(at: now) { hand(.twinJudged(twinNow()), to: life) } }
  }

  /// Answers that were given already come again: each must change nothing.
  private func answerAgain() {
    guard let life, !life.isAsleep(at: now) else { return }
    for index in facts.indices.suffix(30) {
      hand(.recorded(index: UInt64(index), facts[index]), to: life)
      switch facts[index].what {
      case .writeConfirmed(let token, let readBack): hand(.gateway(.confirmed(token, readBack: readBack)), to: life)
      case .writeFailed(let token, let failure): hand(.gateway(.failed(token, failure)), to: life)
      default: break
      }
    }
    hand(.gateway(.failed(WriteToken(epoch: 1 << 40, sequence: 1), WriteFailure(.mismatch, readBack: .nan))), to: life)
  }

  // MARK: - The end of trouble

  /// Everything that is wrong is put right; what is open comes to its end.
  func becomeQuiet() {
    tell("trouble ends")
    isQuiet = true
    disk.restorePower()
    disk.failSyncs(0)
    disk.lostAnswers = 0
    (diskFullUntil, ledgerRefusesUntil, clockUntil, sourceUntil, slowUntil, twinInvalidUntil) = (now, now, now, now, now, now)
    network = Network()
    (proofFault, evidenceFault, rogue) = (nil, nil, nil)
    for i in sensors.indices { sensors[i] = Sensor(tag: sensors[i].tag) }
    line.setAll { ($0.deafUntil, $0.ceilingUntil) = (World.start, World.start) }
    pressureUntil = now
    pressureFalls()
    if let ghost { die(ghost, "for good") }
    if life == nil { put(.start(life: lives + 1), in: .minutes(1)) }
    life?.asleepUntil = nil
    wake()
    tellTwin()
    put(.handBack, in: .minutes(5))
  }
}
