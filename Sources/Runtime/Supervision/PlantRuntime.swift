public import Governance
public import Historian
public import Ledger
internal import PlantModel
public import Quantities
public import Storage
public import Telemetry

/// A plant's kernel with its records and its door: everything that must happen in one order, whoever drives it.
///
/// A shell hands in what arrives, with the time, and does the errands that come back. In between, and before the call returns, the runtime
/// appends facts to the ledger, stores the fence, sends through the gateway, and feeds every outcome back to the kernel. So there is one
/// place in which the order "intent durable, fence durable, then the write" is written down: a running plant (`PlantCore`) and a rehearsal,
/// whose disk and plant fail by seed, both go through it.
///
/// It has no clock and no thread; its records are files and rows behind synchronous protocols.
public struct PlantRuntime: ~Copyable {
  public private(set) var kernel: PlantKernel
  private var gateway: Gateway
  public let historian: Historian
  private let store: any LedgerStore
  private let storage: any Storage
  /// The end of the ledger's chain.
  public private(set) var ledger: FactLedger
  private var liveness: LivenessTracker
  private var latest: Instant
  /// The newest uptime that was told: what the gateway measures ages by.
  private var uptime = Duration.zero
  /// The door has been opened in this life; one that shuts itself afterwards is opened again.
  private var hasOpened = false
  /// When each write was decided, in uptime.
  private var decided: [WriteToken: Duration] = [:]

  /// Facts that the disk would not take yet, oldest first; tried again at each tick, in order, before any other.
  public private(set) var unrecorded: [(index: UInt64, fact: Fact)] = []
  /// Ledger or fence hold what this process did not write: it keeps nothing any more, so nothing more can happen through it.
  public private(set) var isSuperseded = false
  /// What may stand in the fence's file by this process: what was stored last, and what was tried since. Empty before the first.
  private var fences: [[UInt8]] = []
  /// The gateway was opened or shut, and the disk would not take its fence yet.
  private var owesFence = false
  private var errands: [Errand] = []
  /// From historian.yaml.
  private let retention: [RetentionRule]
  /// When samples were last let go.
  private var retained: Instant?

  /// - Parameters:
  ///   - gateway: a new one, on the fence that was stored last (`FenceFile.read`).
  ///   - store: of the facts that the kernel's state was folded from; nobody else may append to it (one who does ends this runtime: `Errand.end`).
  ///   - latest: the newest instant that is known; time goes on from there.
  /// - Throws: `LedgerError` where the end of the chain cannot be read.
  public init(
    kernel: PlantKernel, gateway: consuming Gateway, historian: Historian, store: any LedgerStore, storage: any Storage, since latest: Instant
  ) throws(LedgerError) {
    ledger = try FactLedger(on: store)
    liveness = LivenessTracker(plant: kernel.folder.plant)
    (self.kernel, self.historian, self.store, self.storage) = (kernel, historian, store, storage)
    self.gateway = gateway
    self.latest = latest
    retention = kernel.folder.historian.retentionRules
    // What a new or stricter historian.yaml asks for may be months of work: it is done before the door opens.
    if let trouble = retain(at: latest) { errands.append(trouble) }
  }

  /// What the gateway enforces now.
  public var gatewayMode: GatewayMode { gateway.mode }
  /// The gateway's memory, as it stands now.
  public var fence: FenceState { gateway.fence }
  public var ledgerReader: any LedgerReader { store }
  /// How the envelope's properties stand, as the gateway monitors them.
  public var properties: [PropertyState] { gateway.properties }

  /// Plant time: the newest that was told. It never runs backwards; before anything was told it stands still.
  public mutating func now(_ time: ShellTime) -> Instant {
    if let told = time.told { latest = max(latest, told) }
    uptime = max(uptime, time.uptime)
    return latest
  }

  /// A clock that shows so much less than it did was set back.
  private static let setBack = Duration.seconds(10)

  // MARK: - Inputs

  /// Opens the door: the new epoch is stored, then unsealed, and the governor picks up what it left.
  ///
  /// - Throws: `StorageError` where the epoch cannot be stored; the door stays sealed, and it may be tried again.
  public mutating func open(_ time: ShellTime) throws(StorageError) -> [Errand] {
    try storeFence()
    guard gateway.unseal(stored: gateway.fence) else { preconditionFailure("a gateway does not know its own fence") }
    if !hasOpened {
      let isBehind = time.told.map { $0 + .seconds(1) < latest } ?? false
      let now = now(time)
      perform(kernel.handle(.awoke(uptime: uptime, clockIsBehind: isBehind), at: now), at: now)
    }
    hasOpened = true
    return handle(.gatewayOpened(epoch: gateway.epoch, mode: gateway.mode), time)
  }

  /// Takes telemetry. Where `failure` is nil it is on disk: then, and only then, may its sender be told so.
  ///
  /// Samples that the disk refuses are kept in memory and written with the next that succeed; the plant is followed all the same: a twin
  /// that goes blind would be the greater harm.
  public mutating func take(_ blocks: [SampleBlock], _ time: ShellTime) -> (errands: [Errand], failure: HistorianError?) {
    guard !blocks.isEmpty else { return ([], nil) }
    liveness.observe(blocks)
    var failure: HistorianError?
    do throws(HistorianError) {
      _ = try historian.append(blocks: blocks)
      _ = try historian.commit()
    } catch {
      failure = error
      errands.append(.trouble("telemetry is not on disk: \(error)"))
    }
    return (handle(.samples(blocks), time), failure)
  }

  /// Time passes: what the disk refused is tried again, silent tags become stale, overdue writes fail.
  public mutating func tick(_ time: ShellTime) -> [Errand] {
    let now = now(time)
    // Before anything that is a sign of life: was there none for too long?
    for report in gateway.tick(at: gatewayTime(now)) { perform(kernel.handle(.gateway(report), at: now), at: now) }
    if let told = time.told, told + Self.setBack < latest { perform(kernel.handle(.timeStandsStill, at: now), at: now) }
    if owesFence { attemptFence() }
    if !unrecorded.isEmpty { perform(flushFacts(at: now), at: now) }
    // A tag that has gone silent becomes stale: whoever acts on it must know.
    var done = take(liveness.expire(at: now), time).errands
    done += handle(.tick(uptime: time.uptime), time)
    if hasOpened, gateway.isSealed {
      do throws(StorageError) { done += try open(time) } catch { done.append(.trouble("the fence is not on disk, so the door stays shut: \(error)")) }
    }
    do { _ = try historian.maintain() } catch { done.append(.trouble("the historian could not tidy up: \(error)")) }
    if let trouble = retain(at: now) { done.append(trouble) }
    return done
  }

  private static let retainsEvery = Duration.hours(1)

  /// Carries historian.yaml out, once an hour of plant time. Returns what there is to tell.
  ///
  /// Ages count from the newest arrival, as the twin's memory does after a restart: a plant that stood still for a week, or a clock that runs
  /// ahead, takes nothing away that the twin would be caught up from.
  private mutating func retain(at now: Instant) -> Errand? {
    if retention.isEmpty { return nil }
    if let retained, now - retained < Self.retainsEvery { return nil }
    retained = now
    guard let newest = historian.lastOfAll().map(\.sample.arrival).max() else { return nil }
    do throws(HistorianError) { _ = try historian.retain(retention, now: min(now, newest)) } catch {
      return .trouble("the historian could not let go of old samples: \(error)")
    }
    return nil
  }

  /// A person's command.
  ///
  /// - Parameter pressed: the panel's switch was pressed for it beforehand.
  /// - Returns: why it was refused, or that the disk would not keep it: a stop holds all the same, and a crash would forget it; anything else is not
  ///   in force before it is kept. Nil when done.
  public mutating func command(
    _ command: OperatorCommand, by person: Person, _ time: ShellTime, pressed: Bool = false
  ) -> (refusal: String?, errands: [Errand]) {
    let before = ledger.count
    let errands = handle(.command(command, by: person), time)
    if pressed { gateway.answerPress() }
    if isSuperseded { return ("another process has this plant, and this one ends: order it there", errands) }
    if let reason = refusal(since: before) { return (reason, errands) }
    if owesFence || !unrecorded.isEmpty {
      return (
        command.isStop || unrecorded.isEmpty
          ? "it holds now, but the disk refuses to keep it: a restart would forget it; it is tried again"
          : "it is not in force: the disk refuses to keep it; it is tried again, and what has expired by then is refused", errands
      )
    }
    return (nil, errands)
  }

  /// Any other input of the kernel: what loops say, what jobs found.
  public mutating func handle(_ input: PlantKernel.Input, _ time: ShellTime) -> [Errand] {
    let now = now(time)
    perform(kernel.handle(keepingInputs(of: input), at: now), at: now)
    // The governor has answered: that is its sign of life.
    gateway.heartbeat(at: gatewayTime(now))
    defer { errands = [] }
    return errands
  }

  // MARK: - Effects

  private func gatewayTime(_ now: Instant) -> GatewayTime { GatewayTime(plant: now, monotonic: uptime) }

  private mutating func perform(_ effects: [PlantKernel.Effect], at now: Instant) {
    var queue = effects[...]
    while let effect = queue.popFirst() { queue += carryOut(effect, at: now)[...] }
  }

  /// Carries out one effect; returns what follows at once.
  private mutating func carryOut(_ effect: PlantKernel.Effect, at now: Instant) -> [PlantKernel.Effect] {
    switch effect {
    case .record(let index, let fact):
      note(fact)
      unrecorded.append((index, fact))
      return unrecorded.count == 1 ? flushFacts(at: now) : []
    case .write(let intent): return write(intent, at: now)
    case .setGatewayMode(let mode):
      // The shut comes first, its record after.
      if mode == .manual { gateway.takeOver() } else { gateway.rearm() }
      attemptFence()
    case .reading(let tag, let reading):
      let reports = gateway.observe(reading, of: tag, at: gatewayTime(now))
      if !reports.isEmpty { attemptFence() }
      return reports.flatMap { kernel.handle(.gateway($0), at: now) }
    case .run(let job): errands.append(.run(job))
    case .spawn(let loop): errands.append(.spawn(loop: loop))
    case .send(let loop, let message): errands.append(.send(loop: loop, message))
    case .terminate(let loop, let pid, let force): errands.append(.terminate(loop: loop, pid: pid, force: force))
    case .notice(let notice): errands.append(.notice(notice))
    }
    return []
  }

  private mutating func write(_ intent: WriteIntent, at now: Instant) -> [PlantKernel.Effect] {
    let age = uptime - (decided.removeValue(forKey: intent.token) ?? uptime)
    switch gateway.prepare(intent, age: age, at: gatewayTime(now)) {
    case .refused(let refusal): return kernel.handle(.gateway(.refused(intent.token, refusal)), at: now)
    case .ready(let prepared):
      attemptFence()
      if owesFence {
        errands.append(.trouble("nothing is written until the fence is on disk"))
        return kernel.handle(.gateway(.failed(intent.token, WriteFailure(.withheld, readBack: nil))), at: now)
      }
      guard let report = gateway.send(prepared, at: gatewayTime(now)) else { return [] }
      return kernel.handle(.gateway(report), at: now)
    }
  }

  /// Remembers when a write was decided, until it is sent or withheld.
  private mutating func note(_ fact: Fact) {
    switch fact.what {
    case .writeIntended(let intent): decided[intent.token] = uptime
    case .writeFailed(let token, _): decided[token] = nil
    default: break
    }
  }

  // MARK: - Records

  /// What a proof rests on is kept before the fact that names it; where the disk refuses, the proof says that it cannot be computed again.
  private mutating func keepingInputs(of input: PlantKernel.Input) -> PlantKernel.Input {
    guard case .finished(.proof(var proof, let content?)) = input, let name = proof.inputs else { return input }
    do throws(StorageError) { try storage.replace("inputs/\(name)", content) } catch {
      errands.append(.trouble("the inputs of \(proof.change)'s proof are not on disk: \(error)"))
      proof.inputs = nil
    }
    return .finished(.proof(proof, inputs: nil))
  }

  private mutating func flushFacts(at now: Instant) -> [PlantKernel.Effect] {
    var effects: [PlantKernel.Effect] = []
    while !isSuperseded, let (index, fact) = unrecorded.first {
      do throws(LedgerError) { try append(index, fact) } catch {
        if !isSuperseded { errands.append(.trouble("a fact is not in the ledger, so nothing that rests on it happens: \(error)")) }
        return effects
      }
      unrecorded.removeFirst()
      errands.append(.recorded(fact))
      effects += kernel.handle(.recorded(index: index, fact), at: now)
    }
    return effects
  }

  /// Appends a fact, once: where an append failed and had its effect all the same, the chain is read again and the fact found there. Where something
  /// else is found, another process has written it.
  private mutating func append(_ index: UInt64, _ fact: Fact) throws(LedgerError) {
    do throws(LedgerError) { try ledger.append(kind: fact.kind, payload: fact.encoded(), at: fact.at) } catch {
      guard case .outOfOrder = error else { throw error }
      let reopened = try FactLedger(on: store)
      guard reopened.count == index + 1, let last = try store.read(index..<index + 1).first, last.kind == fact.kind,
        last.instant == fact.at, last.payload == fact.encoded()
      else {
        end("another process has written to this plant's ledger; what this one knows is not what happened")
        throw error
      }
      ledger = reopened
    }
  }

  private mutating func attemptFence() {
    do throws(StorageError) {
      try storeFence()
      owesFence = false
    } catch {
      owesFence = true
      if !isSuperseded { errands.append(.trouble("the fence is not on disk: \(error)")) }
    }
  }

  /// - Throws: also where the fence on disk is another process's: tokens never fall back, and nobody's takeover is undone.
  private mutating func storeFence() throws(StorageError) {
    if hasForeignFence {
      let reason = "another process has opened this plant's gateway"
      end(reason)
      throw .failed(name: FenceFile.name, reason: reason)
    }
    let bytes = FenceFile.bytes(gateway.fence)
    if !fences.contains(bytes) { fences.append(bytes) }
    try storage.replace(FenceFile.name, bytes)
    fences = [bytes]
  }

  /// Whether what stands on disk is none of ours. Before this process has stored one, that of the life before stands there, of an earlier epoch.
  private var hasForeignFence: Bool {
    guard let stored = try? storage.read(FenceFile.name) else { return false }
    if !fences.isEmpty { return !fences.contains(stored) }
    return (try? FenceFile.read(storage)).map { $0.epoch >= gateway.fence.epoch } ?? false
  }

  private mutating func end(_ reason: String) {
    if !isSuperseded { errands.append(.end(reason: reason)) }
    isSuperseded = true
  }

  /// The reason of a command's refusal, if facts recorded since hold one.
  private mutating func refusal(since index: UInt64) -> String? {
    guard index < ledger.count, let entries = try? store.read(index..<ledger.count) else { return nil }
    for entry in entries {
      if let fact = try? Fact(decoding: entry.payload), case .commandRefused(_, _, let reason) = fact.what { return reason }
    }
    return nil
  }
}
