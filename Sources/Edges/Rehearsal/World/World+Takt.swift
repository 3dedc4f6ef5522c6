import Determinism
import Governance
import Ledger
import PlantModel
import Quantities
import Supervision

/// Takt's process: starts, errands, death.
extension World {
  static let loop = "blend"

  /// Starts Takt on what the disk has.
  func start() {
    lives += 1
    wireUp {
      self.life = $0
    } orElse: {
      lives -= 1
      put(.start(life: lives + 1), in: .minutes(1))
    }
  }

  /// A second start while the first stands still, as if the lock of the data folder had failed.
  func startSecond(_ wakes: Instant) {
    guard let first = life, ghost == nil, first.isAsleep(at: now) else { return }
    lives += 1
    wireUp { second in
      tell("life \(first.number) was thought dead")
      first.storage.isSuperseded = true
      ghost = first
      life = second
    } orElse: {
      lives -= 1
    }
  }

  private func wireUp(_ use: (Life) -> Void, orElse fail: () -> Void) {
    do {
      let known = try readFacts()
      let limits = options.mutant == .widerEnvelope ? folder.widened : options.mutant == .driftUnbounded ? folder.drifting : folder
      let life = try Life(
        number: lives, folder: folder, revision: revision, disk: disk, facts: known, limits: limits, at: now, mutant: options.mutant)
      if options.mutant != .ledgerForgotten { facts = known }
      watch.started(life, facts: known, in: self)
      use(life)
      tell("life \(life.number) starts on \(known.count) facts, epoch \(life.runtime.fence.epoch)")
      carry(life.runtime.handle(.twinJudged(twinNow()), time), of: life)
      carry(try life.runtime.open(time), of: life)
      watch.opened(life, at: now)
      certify(life)
      for person in Self.safety { put(.acceptance(by: person, life: life.number), in: .minutes(peopleLuck.uniform(1, 10))) }
    } catch {
      tell("Takt does not start: \(error)")
      if life?.number == lives { life = nil }
      disk.restorePower()
      fail()
    }
  }

  /// The ledger's facts: those that were recorded as values, the rest from their bytes.
  private func readFacts() throws -> [Fact] {
    if options.mutant == .ledgerForgotten { return [] }
    let rows = try SimulatedLedger(on: disk).read(0..<UInt64(Int.max))
    watch.expectPrefix(facts, of: rows, at: now)
    var known = Array(facts.prefix(rows.count))
    for row in rows[known.count...] { known.append(try Fact(decoding: row.payload)) }
    return known
  }

  /// The loop is as stable as loops get: what closes it here is not the question.
  func certify(_ life: Life) {
    let certificate = LoopCertificate(
      loop: Self.loop, hash: "of life \(life.number)", subject: "a rehearsal", gain: 0.5...1, delay: 0...0, period: .minutes(10),
      issued: Instant(seconds: 0), expires: .distantFuture, worst: 0.25, bound: 1, revision: folder.revision, calibration: twin.calibration)
    hand(.certified(certificate), to: life)
  }

  func twinNow() -> TwinStatus {
    var status = twin
    status.revision = folder.revision
    if now < twinInvalidUntil { (status.valid, status.score, status.reason) = (false, 0.1, "residuals are out of bounds") }
    return status
  }

  /// Hands an input to a life and does what comes of it.
  func hand(_ input: PlantKernel.Input, to life: Life) { carry(life.runtime.handle(input, time), of: life) }

  /// Does a life's errands, puts its commands on the wire, and looks whether the power has failed meanwhile.
  func carry(_ errands: [Errand], of life: Life) {
    watch.decided(life.runtime.unrecorded, at: now)
    for errand in errands {
      switch errand {
      case .recorded(let fact): recorded(fact, by: life)
      case .run(let job): answer(job, for: life)
      case .spawn: spawn(in: life)
      case .send(_, let message): tellLoop(message, of: life)
      case .terminate(_, let pid, _): put(.exited(pid: pid, life: life.number), in: .seconds(1))
      case .notice(let notice): tell("notice: \(notice.text)")
      case .trouble(let text): tell("trouble: \(text)")
      case .end(let reason): end(life, reason)
      }
    }
    for command in life.outbox.take() { send(command, of: life) }
    if disk.isOff, life === self.life { die(life, "with the power") }
  }

  private func recorded(_ fact: Fact, by life: Life) {
    // A row whose answer was lost: who started beside has read it, or has decided the very same, and the first finds it in the ledger later.
    if disk.unflushedRows.isEmpty, !isNext(fact) { return tell("fact known: \(fact.kind)") }
    facts.append(fact)
    keep(fact)
    tell("fact \(facts.count - 1): \(fact.kind) \(story(of: fact))")
    watch.recorded(fact, by: life, in: self)
    if case .approvalAsked(let change) = fact.what { askForApproval(change) }
  }

  private func isNext(_ fact: Fact) -> Bool { facts.count < disk.rows.count && disk.rows[facts.count].payload == fact.encoded() }

  private func story(of fact: Fact) -> String {
    guard options.isTold else { return "" }
    return String(decoding: fact.encoded(), as: UTF8.self)
  }

  /// A process that finds itself superseded ends; one that had the plant is started anew by whoever watches over it.
  private func end(_ life: Life, _ reason: String) {
    let hadThePlant = self.life === life
    die(life, "by itself: \(reason)")
    if hadThePlant { put(.start(life: lives + 1), in: .minutes(1)) }
  }

  func die(_ life: Life, _ how: String) {
    tell("life \(life.number) dies \(how)")
    watch.died(life.number, at: now)
    if self.life === life { self.life = nil }
    if ghost === life { ghost = nil }
    guard disk.isOff else { return }
    if let ghost { die(ghost, "with the power") }
    disk.restorePower()
    put(.start(life: lives + 1), in: downAfterCut)
  }
}

extension PlantFolder {
  /// Limits without a bound on drift (see `Mutant.driftUnbounded`).
  fileprivate var drifting: PlantFolder {
    var folder = self
    for i in folder.envelope.limits.indices { folder.envelope.limits[i].maxDrift = nil }
    return folder
  }

  /// Wider limits than the safety role has set (see `Mutant.widerEnvelope`).
  fileprivate var widened: PlantFolder {
    var folder = self
    for i in folder.envelope.limits.indices {
      folder.envelope.limits[i].high += 3
      folder.envelope.limits[i].maxStep *= 2
    }
    return folder
  }
}
