import Acquisition
import Dispatch
import Foundation
import Governance
import Historian
import Ledger
import Logging
import PlantModel
import Processes
import Quantities
import Supervision
import Telemetry

/// The shell around `PlantRuntime`: tells it the time, hands in what arrives, and does its errands.
///
/// One plant, one core, one order of events. Slow work (`Job`) runs elsewhere and comes back as an input.
actor PlantCore {
  private var runtime: PlantRuntime
  let historian: Historian
  let ledgerReader: any LedgerReader
  private let clock: SharedPlantClock
  private let started = ContinuousClock.now
  private let log: Logger
  private let loopRunner: LoopRunner
  /// Told of each fact once it is durable.
  private let announce: @Sendable (Fact) -> Void
  private var processes: [String: LineProcess] = [:]
  private var isClosed = false
  /// Why the core closed by itself; nil where it did not.
  private(set) var mustEnd: String?
  /// Threads for jobs: those that serve this actor and the console are one for each core, and a job would hold one for seconds.
  private let jobs = DispatchQueue(label: "takt.jobs", qos: .utility, attributes: .concurrent)

  var usage = UsageMeter()
  var ingest = IngestCounters()
  /// Since when the present mode holds; nil while the plant has not told the time.
  private(set) var modeSince: Instant?
  private var shownMode: GovernorMode?
  var health = TagHealth()
  var actualGood = GoodPartsRecord()

  struct IngestCounters: Sendable {
    var samples = 0
    var notDurable = 0
  }

  init(
    runtime: consuming PlantRuntime, clock: SharedPlantClock, loopRunner: LoopRunner, log: Logger, announce: @escaping @Sendable (Fact) -> Void
  ) {
    (historian, ledgerReader) = (runtime.historian, runtime.ledgerReader)
    self.runtime = runtime
    (self.clock, self.loopRunner, self.log, self.announce) = (clock, loopRunner, log, announce)
  }

  var kernel: PlantKernel { runtime.kernel }
  var ledger: FactLedger { runtime.ledger }
  var properties: [PropertyState] { runtime.properties }
  var unrecordedCount: Int { runtime.unrecorded.count }

  // MARK: Inputs

  /// Takes telemetry. Returns once it is on disk: then, and only then, may its sender be told so.
  ///
  /// - Throws: `HistorianError` where the disk refuses; the samples are kept in memory and written with the next that succeed.
  func take(_ blocks: [SampleBlock]) throws(HistorianError) {
    let count = blocks.reduce(0) { $0 + $1.count }
    ingest.samples += count
    let (errands, failure) = runtime.take(blocks, time)
    run(errands)
    guard let failure else { return }
    ingest.notDurable += count
    throw failure
  }

  /// Time passes. False once the core is closed: then there is no next time.
  func tick() -> Bool {
    guard !isClosed else { return false }
    guard clock.now != nil else { return true }
    run(runtime.tick(time))
    actualGood.note(kernel, at: now)
    return true
  }

  /// - Parameter pressed: the panel's switch was pressed for it beforehand.
  func command(_ command: OperatorCommand, by person: Governance.Person, pressed: Bool = false) -> String? {
    let (refusal, errands) = runtime.command(command, by: person, time, pressed: pressed)
    run(errands)
    return refusal
  }

  /// The name of the open change that a person proposed, if that is what is open.
  func openProposal() -> String? { kernel.governor.state.openChange.flatMap { $0.proposal.proposer == nil ? nil : $0.id.name } }

  func stopLoop(_ name: String) -> String? { steer(name, .stopLoop(name)) }
  func resumeLoop(_ name: String) -> String? { steer(name, .resumeLoop(name)) }

  private func steer(_ name: String, _ input: PlantKernel.Input) -> String? {
    guard kernel.loops.contains(where: { $0.loop.name == name }) else { return "there is no loop \(name)" }
    hand(input)
    return nil
  }

  /// Opens the door: the new epoch is stored, then unsealed, and the governor picks up what it left.
  func open() throws { run(try runtime.open(time)) }

  /// Ends every loop's process; the plant keeps its set-points. That a loop ended because Takt did is no crash: nothing is heard from here on.
  func close() {
    isClosed = true
    for process in processes.values { process.terminate(force: true) }
    do { _ = try historian.commit() } catch { log.error("the last telemetry is not on disk: \(error)") }
  }

  // MARK: Errands

  func hand(_ input: PlantKernel.Input) { run(runtime.handle(input, time)) }

  private func run(_ errands: [Errand]) {
    for errand in errands { run(errand) }
    let mode = runtime.kernel.governor.state.mode
    if mode != shownMode { (shownMode, modeSince) = (mode, clock.now) }
  }

  private func run(_ errand: Errand) {
    switch errand {
    case .run(let job):
      jobs.async { [weak self] in
        let result = job.run()
        Task { await self?.finish(result) }
      }
    case .spawn(let loop): spawn(loop)
    case .send(let loop, let message): processes[loop]?.send(message.line())
    case .terminate(let loop, _, let force): processes[loop]?.terminate(force: force)
    case .notice(let notice):
      log.log(level: notice.severity == .alarm ? .warning : .info, "\(notice.change.map { "\($0): " } ?? "")\(notice.text)")
    case .recorded(let fact): announce(fact)
    case .trouble(let text): log.error("\(text)")
    case .end(let reason):
      mustEnd = reason
      close()
    }
  }

  private func finish(_ result: Job.Result) {
    if !isClosed { hand(.finished(result)) }
  }

  // MARK: Loops

  private func spawn(_ loop: LoopSpec) {
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
      hand(.loop(loop.name, .spawned(pid: process.pid, uptime: uptime)))
    } catch {
      hand(.loop(loop.name, .spawnFailed(reason: "\(error)", uptime: uptime)))
    }
  }

  private func heard(_ event: LineProcess.Event, from loop: String) {
    guard !isClosed else { return }
    switch event {
    case .line(let line): hand(.loop(loop, .line(line, uptime: uptime)))
    case .errorLine(let text): log.info("\(text)", metadata: ["loop": "\(loop)"])
    case .exited(let reason):
      processes[loop] = nil
      hand(.loop(loop, .exited(reason: reason, uptime: uptime)))
    }
  }

  // MARK: Time

  private var uptime: Quantities.Duration { Duration(seconds: (ContinuousClock.now - started) / .seconds(1)) }
  private var time: ShellTime { ShellTime(told: clock.now, uptime: uptime) }

  /// Plant time; before telemetry has told it, the last that is known.
  var now: Instant { runtime.now(time) }

  /// The instant of what arrives now; while the plant's clock is not known, no earlier than all that came before.
  var arrival: Instant { clock.now ?? max(now, WallClock.now) }
}
