import Governance
import Historian
import Ledger
import PlantModel
import Quantities
import Storage
import Supervision
import Telemetry
import Testing

@Suite struct PlantRuntimeTests {
  /// A ledger store that can lie about an append: the entries are kept, and yet it throws.
  final class LyingStore: LedgerStore {
    let rows = MemoryLedgerStore()
    var lies = 0
    func count() throws(LedgerError) -> UInt64 { try rows.count() }
    func read(_ range: Range<UInt64>) throws(LedgerError) -> [LedgerEntry] { try rows.read(range) }
    func append(_ entries: [LedgerEntry]) throws(LedgerError) {
      try rows.append(entries)
      guard lies > 0 else { return }
      lies -= 1
      throw .failed(reason: "the answer was lost")
    }
  }

  let storage = MemoryStorage()
  let store = LyingStore()
  let time = ShellTime(told: Instant(seconds: 1_800_000_000), uptime: .zero)
  let eve = Person(name: "Eve", role: .engineer)

  static let folder: PlantFolder = {
    let connections = ConnectionSpec(clock: .system, sparkplug: [], lineProtocol: nil)
    let envelope = EnvelopeSpec(
      limits: [TagLimit(tag: "A/MachSpeed", unit: "1/min", low: 40, high: 80, maxStep: 5, maxPerHour: 30, hold: .keep)], interlocks: [],
      authorityCeiling: .closedLoop)
    return PlantFolder(
      plant: LoopSupervisorTests.plant, envelope: envelope, loops: [LoopSupervisorTests.spec], connections: connections, revision: "r1")
  }()

  func runtime() throws -> PlantRuntime {
    let facts = try store.read(0..<store.count()).map { entry throws in try Fact(decoding: entry.payload) }
    let gateway = Gateway(taking: ActuatorBay([]), check: GovernancePlan(Self.folder).check, fence: try FenceFile.read(storage))
    return try PlantRuntime(
      kernel: PlantKernel(folder: Self.folder, state: GovernorState(folding: facts), seed: 1), gateway: gateway,
      historian: try Historian(on: storage), store: store, storage: storage, since: Instant(seconds: 0))
  }

  @Test func aFactWhoseAnswerWasLostIsRecordedOnce() throws {
    var runtime = try runtime()
    _ = try runtime.open(time)
    store.lies = 1
    _ = runtime.command(.takeOver, by: .localPanel, time)
    #expect(runtime.unrecorded.count == 1)
    _ = runtime.tick(time)
    #expect(runtime.unrecorded.isEmpty)
    let kinds = try store.read(0..<store.count()).map(\.kind)
    #expect(kinds.count { $0 == "takenOver" } == 1)
    #expect(UInt64(kinds.count) == runtime.kernel.governor.state.factCount)
    #expect(try verifyLedger(store) == .intact(LedgerCheckpoint(count: runtime.ledger.count, head: runtime.ledger.head)))
  }

  /// Rehearsal, seeds 26117 and 66129: a second process was started on the same ledger, and the first woke up and wrote its rows before it.
  @Test func aProcessThatFindsTheRowsOfAnotherInItsLedgerEndsAndSaysSoOnce() throws {
    var first = try runtime()
    _ = try first.open(time)
    var second = try runtime()
    _ = try second.open(time)
    let rows = try store.count()
    var ends: [String] = []
    for errand in first.tick(time) + first.handle(.twinJudged(.init(revision: "r1", calibration: "c2", valid: true, score: 1, reason: "")), time)
      + first.tick(time)
    {
      if case .end(let reason) = errand { ends.append(reason) }
    }
    let (refusal, errands) = first.command(.takeOver, by: .localPanel, time)
    for case .end(let reason) in errands { ends.append(reason) }
    #expect(first.isSuperseded && ends.count == 1 && refusal != nil)
    #expect(first.gatewayMode == .manual, "a stop holds all the same")
    #expect(try store.count() == rows && second.isSuperseded == false)
    #expect(second.command(.takeOver, by: .localPanel, time).refusal == nil)
  }

  /// Rehearsal, seed 108838: the first stored its fence over that of the second, and the third began with the second's epoch and tokens.
  @Test func invariant02_aProcessNeverStoresItsFenceOverThatOfALaterEpoch() throws {
    var first = try runtime()
    _ = try first.open(time)
    var second = try runtime()
    _ = try second.open(time)
    let epoch = second.fence.epoch
    let (refusal, _) = first.command(.takeOver, by: .localPanel, time)
    #expect(refusal == "another process has this plant, and this one ends: order it there" && first.isSuperseded)
    #expect(try FenceFile.read(storage).epoch == epoch && epoch > first.fence.epoch)
    #expect(second.command(.takeOver, by: .localPanel, time).refusal == nil)
    #expect(try FenceFile.read(storage).mode == .manual)
  }

  /// Rehearsal, seed 57917: the first had stood still; its gateway shut itself, with the epoch that the second had by then, and stored that over a takeover.
  @Test func invariant05_aProcessThatStoodStillUndoesNoTakeoverOfTheNext() throws {
    var first = try runtime()
    _ = try first.open(time)
    var second = try runtime()
    _ = try second.open(time)
    #expect(second.command(.takeOver, by: .localPanel, time).refusal == nil)
    let later = ShellTime(told: time.told, uptime: .minutes(5))
    _ = first.tick(later)
    #expect(first.fence.epoch == second.fence.epoch && first.isSuperseded)
    #expect(try FenceFile.read(storage).mode == .manual)
  }

  @Test func aTakeoverThatTheDiskRefusesHoldsAndSaysThatItIsNotKept() throws {
    var runtime = try runtime()
    _ = try runtime.open(time)
    store.rows.failure = .full
    storage.limitCapacity(to: 0)
    let answer = runtime.command(.takeOver, by: .localPanel, time)
    #expect(runtime.gatewayMode == .manual)
    #expect(answer.refusal?.hasPrefix("it holds now, but the disk refuses") == true)
    #expect(runtime.command(.demote(loop: "none"), by: eve, time).refusal?.hasPrefix("it is not in force: the disk refuses") == true)
    #expect(runtime.gatewayMode == .manual)
    store.rows.failure = nil
    storage.limitCapacity(to: nil)
    _ = runtime.tick(time)
    #expect(try FenceFile.read(storage).mode == .manual && runtime.unrecorded.isEmpty)
    #expect(runtime.command(.rearm, by: eve, time).refusal == nil)
  }

  @Test func theDoorStaysSealedUntilItsEpochIsStored() throws {
    storage.limitCapacity(to: 0)
    var sealed = try runtime()
    #expect(throws: StorageError.self) { _ = try sealed.open(time) }
    #expect(try store.count() == 0)
    storage.limitCapacity(to: nil)
    _ = try sealed.open(time)
    #expect(try FenceFile.read(storage).epoch == 1 && store.count() > 0)
    var next = try runtime()
    _ = try next.open(time)
    #expect(next.fence.epoch == 2)
  }

  /// Rehearsal, seed 6047: after a start a stage that had just begun was taken for an old one until the first tick.
  @Test func theClockThatCannotBeSetIsToldBeforeAnythingElse() throws {
    var runtime = try runtime()
    #expect(runtime.kernel.governor.elapsed == nil)
    _ = try runtime.open(ShellTime(told: time.told, uptime: .seconds(7)))
    #expect(runtime.kernel.governor.elapsed == .seconds(7))
  }

  @Test func invariant08_whatWaitedWhileTheRuntimeStoodStillIsNoSignThatItLived() throws {
    var runtime = try runtime()
    _ = try runtime.open(time)
    _ = runtime.tick(time)
    let late = ShellTime(told: time.told, uptime: .seconds(3.5))
    let now = Instant(seconds: 1_800_000_000)
    _ = runtime.take([SampleBlock(tag: "A/MachSpeed", Sample(instant: now, arrival: now, value: .number(60), quality: .good))], late)
    #expect(runtime.fence.epoch == 1, "only a tick looks")
    _ = runtime.tick(late)
    #expect(runtime.fence.epoch == 2)
  }

  @Test func invariant08_aRuntimeThatStoodStillBeginsANewEpochBeforeItWritesAgain() throws {
    var runtime = try runtime()
    _ = try runtime.open(time)
    _ = runtime.tick(time)
    // Three and a half seconds without a sign of life, whatever the plant's clock says.
    let errands = runtime.tick(ShellTime(told: time.told, uptime: .seconds(3.5)))
    let alarms = errands.compactMap { if case .notice(let notice) = $0, notice.severity == .alarm { notice.text } else { nil } }
    #expect(alarms.count == 1 && alarms[0].contains("A/MachSpeed keep"))
    #expect(try runtime.fence.epoch == 2 && FenceFile.read(storage).epoch == 2)
    #expect(try store.read(0..<store.count()).count { $0.kind == "gatewayOpened" } == 2)
    // Alive again, it stays open.
    for second in 4...8 { _ = runtime.tick(ShellTime(told: time.told, uptime: .seconds(Double(second)))) }
    #expect(runtime.fence.epoch == 2)
  }
}
