import Acquisition
import Determinism
import Foundation
import Governance
import Historian
import Ledger
import Logging
import PlantModel
import Processes
import Quantities
import Storage
import Supervision
import Telemetry
import Twin

/// The shell around `PlantKernel`: performs its effects, one after the other, and feeds their outcomes back.
///
/// One plant, one core, one order of events. Slow work (`Job`) runs elsewhere and comes back as an input.
actor PlantCore {
  var kernel: PlantKernel
  private var gateway: Gateway
  let historian: Historian
  let ledger: FactLedger
  let ledgerReader: any LedgerReader
  private let storage: any Storage
  private let clock: SharedPlantClock
  private var liveness: LivenessTracker
  private let started = ContinuousClock.now
  private let log: Logger
  private let loopRunner: LoopRunner
  /// Told of each fact once it is durable.
  private let announce: @Sendable (Fact) -> Void
  private var processes: [String: LineProcess] = [:]
  private var isClosed = false

  private var latest: Instant

  /// Facts that the disk would not take yet; tried again at each tick, in order, before any other.
  var unrecorded: [(index: UInt64, fact: Fact)] = []
  var usage = UsageMeter()
  var ingest = IngestCounters()
  var modeSince: Instant?
  var health = TagHealth()
  var actualGood = GoodPartsRecord()

  struct IngestCounters: Sendable {
    var samples = 0
    var notDurable = 0
  }

  init(
    kernel: PlantKernel, gateway: consuming Gateway, historian: Historian, ledger: FactLedger, ledgerReader: any LedgerReader, storage: any Storage,
    clock: SharedPlantClock,
    since latest: Instant, loopRunner: LoopRunner, log: Logger,
    announce: @escaping @Sendable (Fact) -> Void
  ) {
    self.announce = announce
    liveness = LivenessTracker(plant: kernel.folder.plant)
    (self.kernel, self.historian, self.ledger, self.ledgerReader) = (kernel, historian, ledger, ledgerReader)
    (self.storage, self.clock, self.loopRunner, self.log) = (storage, clock, loopRunner, log)
    self.gateway = gateway
    self.latest = latest
  }

  // MARK: Inputs

  /// Takes telemetry. Returns once it is on disk: then, and only then, may its sender be told so.
  ///
  /// - Throws: `HistorianError` where the disk refuses; the samples are kept in memory and written with the next that succeed.
  func take(_ blocks: [SampleBlock]) throws(HistorianError) {
    guard !blocks.isEmpty else { return }
    ingest.samples += blocks.reduce(0) { $0 + $1.count }
    liveness.observe(blocks)
    // The plant is followed even while the disk refuses: a twin that goes blind would be the greater harm.
    defer { perform(kernel.handle(.samples(blocks), at: now)) }
    do {
      _ = try historian.append(blocks: blocks)
      _ = try historian.commit()
    } catch {
      ingest.notDurable += blocks.reduce(0) { $0 + $1.count }
      log.error("telemetry is not on disk: \(error)")
      throw error
    }
  }

  /// Time passes. False once the core is closed: then there is no next time.
  func tick() -> Bool {
    guard !isClosed else { return false }
    guard clock.now != nil else { return true }
    retryRecording()
    // A tag that has gone silent becomes stale: whoever acts on it must know.
    try? take(liveness.expire(at: now))
    report(gateway.tick(at: now))
    perform(kernel.handle(.tick(uptime: uptime), at: now))
    actualGood.note(kernel, at: now)
    do { _ = try historian.maintain() } catch { log.error("the historian could not tidy up: \(error)") }
    return true
  }

  func command(_ command: OperatorCommand, by person: Governance.Person) -> String? {
    let refusals = kernel.governor.state.factCount
    perform(kernel.handle(.command(command, by: person), at: now))
    return refusal(since: refusals)
  }

  func stopLoop(_ name: String) -> String? { steer(name, .stopLoop(name)) }
  func resumeLoop(_ name: String) -> String? { steer(name, .resumeLoop(name)) }

  private func steer(_ name: String, _ input: PlantKernel.Input) -> String? {
    guard kernel.loops.contains(where: { $0.loop.name == name }) else { return "there is no loop \(name)" }
    perform(kernel.handle(input, at: now))
    return nil
  }

  /// Opens the door: the new epoch is stored, then unsealed, and the governor picks up what it left.
  func open() throws {
    try storeFence()
    guard gateway.unseal(stored: gateway.fence) else { preconditionFailure("a gateway does not know its own fence") }
    perform(kernel.handle(.gatewayOpened(epoch: gateway.epoch, mode: gateway.mode), at: now))
  }

  /// Ends every loop's process; the plant keeps its set-points. That a loop ended because Takt did is no crash: nothing is heard from here on.
  func close() {
    isClosed = true
    for process in processes.values { process.terminate(force: true) }
    do { _ = try historian.commit() } catch { log.error("the last telemetry is not on disk: \(error)") }
  }

  // MARK: Effects

  private func perform(_ effects: [PlantKernel.Effect]) {
    var queue = effects[...]
    while let effect = queue.popFirst() { queue += carryOut(effect)[...] }
  }

  /// Carries out one effect; returns what follows at once.
  private func carryOut(_ effect: PlantKernel.Effect) -> [PlantKernel.Effect] {
    switch effect {
    case .record(let index, let fact): return record(index, fact)
    case .write(let intent): return write(intent)
    case .setGatewayMode(let mode):
      if mode == .manual { gateway.takeOver() } else { gateway.rearm() }
      // Before telemetry has told the time nothing has changed yet.
      modeSince = clock.now
      do { try storeFence() } catch { log.error("the fence is not on disk: \(error)") }
      return []
    case .reading(let tag, let reading):
      let reports = gateway.observe(reading, of: tag, at: now)
      if reports.isEmpty { return [] }
      do { try storeFence() } catch { log.error("the fence is not on disk: \(error)") }
      return reports.flatMap { kernel.handle(.gateway($0), at: now) }
    case .run(let job):
      Task.detached(priority: .utility) { [weak self] in
        let result = job.run()
        await self?.finish(result)
      }
      return []
    case .spawn(let loop): return spawn(loop)
    case .send(let loop, let message):
      processes[loop]?.send(message.line())
      return []
    case .terminate(let loop, _, let force):
      processes[loop]?.terminate(force: force)
      return []
    case .notice(let notice):
      log.log(level: notice.severity == .alarm ? .warning : .info, "\(notice.change.map { "\($0): " } ?? "")\(notice.text)")
      return []
    }
  }

  private func finish(_ result: Job.Result) {
    guard !isClosed else { return }
    perform(kernel.handle(.finished(result), at: now))
  }

  // MARK: Facts

  private func record(_ index: UInt64, _ fact: Fact) -> [PlantKernel.Effect] {
    unrecorded.append((index, fact))
    guard unrecorded.count == 1 else { return [] }
    return flushFacts()
  }

  private func retryRecording() {
    if !unrecorded.isEmpty { perform(flushFacts()) }
  }

  private func flushFacts() -> [PlantKernel.Effect] {
    var effects: [PlantKernel.Effect] = []
    while let (index, fact) = unrecorded.first {
      do { try ledger.append(kind: fact.kind, payload: fact.encoded(), at: fact.at) } catch {
        log.error("a fact is not in the ledger, so nothing that rests on it happens: \(error)")
        return effects
      }
      unrecorded.removeFirst()
      announce(fact)
      effects += kernel.handle(.recorded(index: index, fact), at: now)
    }
    return effects
  }

  /// The reason of the last command's refusal, if facts recorded since hold one.
  private func refusal(since index: UInt64) -> String? {
    guard index < ledger.count else { return nil }
    let entries = (try? ledgerReader.read(index..<ledger.count)) ?? []
    for entry in entries {
      if let fact = try? Fact(decoding: entry.payload), case .commandRefused(_, _, let reason) = fact.what { return reason }
    }
    return nil
  }

  // MARK: Writes

  private func write(_ intent: WriteIntent) -> [PlantKernel.Effect] {
    switch gateway.prepare(intent, at: now) {
    case .refused(let refusal): return kernel.handle(.gateway(.refused(intent.token, refusal)), at: now)
    case .ready(let prepared):
      do { try storeFence() } catch {
        log.error("the fence is not on disk, so nothing is written: \(error)")
        return kernel.handle(.gateway(.failed(intent.token, WriteFailure(.withheld, readBack: nil))), at: now)
      }
      guard let report = gateway.send(prepared, at: now) else { return [] }
      return kernel.handle(.gateway(report), at: now)
    }
  }

  private func report(_ reports: [GatewayReport]) {
    for report in reports { perform(kernel.handle(.gateway(report), at: now)) }
  }

  private func storeFence() throws {
    try storage.replace(FenceFile.name, FenceFile.bytes(gateway.fence))
  }

  // MARK: Loops

  private func spawn(_ loop: LoopSpec) -> [PlantKernel.Effect] {
    do {
      // A stream, because separate tasks could overtake each other: what a process says is taken in the order in which it said it.
      let (events, said) = AsyncStream.makeStream(of: LineProcess.Event.self)
      let process = try loopRunner.start(loop) { event in
        said.yield(event)
        if case .exited = event { said.finish() }
      }
      Task { [weak self] in
        for await event in events { await self?.heard(event, from: loop.name) }
      }
      processes[loop.name] = process
      return kernel.handle(.loop(loop.name, .spawned(pid: process.pid, uptime: uptime)), at: now)
    } catch {
      return kernel.handle(.loop(loop.name, .spawnFailed(reason: "\(error)", uptime: uptime)), at: now)
    }
  }

  private func heard(_ event: LineProcess.Event, from loop: String) {
    guard !isClosed else { return }
    switch event {
    case .line(let line): perform(kernel.handle(.loop(loop, .line(line, uptime: uptime)), at: now))
    case .errorLine(let text): log.info("\(text)", metadata: ["loop": "\(loop)"])
    case .exited(let reason):
      processes[loop] = nil
      perform(kernel.handle(.loop(loop, .exited(reason: reason, uptime: uptime)), at: now))
    }
  }

  // MARK: Time

  private var uptime: Quantities.Duration { Duration(seconds: (ContinuousClock.now - started) / .seconds(1)) }

  /// Plant time; before telemetry has told it, the last that is known.
  var now: Instant {
    if let told = clock.now { latest = max(latest, told) }
    return latest
  }

  /// The instant of what arrives now; while the plant's clock is not known, no earlier than all that came before.
  var arrival: Instant { clock.now ?? max(latest, WallClock.now) }
}
