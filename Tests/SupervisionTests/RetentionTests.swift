import Governance
import Historian
import Ledger
import PlantModel
import Quantities
import Storage
import Supervision
import Telemetry
import Testing
import Twin

/// historian.yaml in a running plant: nine days of three tags, an hour at a time.
@Suite struct RetentionTests {
  static let start = 1_800_000_000.0
  static let spec = HistorianSpec(classes: [
    TagClass(name: "rest", tags: ["*"]),
    TagClass(
      name: "fast", tags: ["Fast/*", "Line/Speed"], keep: .hours(72),
      rollups: [RollupSpec(window: .minutes(30)), RollupSpec(window: .hours(1), keep: .hours(96))]),
  ])

  let storage = MemoryStorage()
  let store = MemoryLedgerStore()
  let limits = HistorianLimits(sealBytes: 1, chunkSamples: 120, mergeCount: 4)

  func runtime(_ spec: HistorianSpec, since latest: Double = 0) throws -> PlantRuntime {
    var folder = PlantRuntimeTests.folder
    folder.historian = spec
    let facts = try store.read(0..<store.count()).map { entry throws in try Fact(decoding: entry.payload) }
    return try PlantRuntime(
      kernel: PlantKernel(folder: folder, state: GovernorState(folding: facts), seed: 1),
      gateway: Gateway(taking: ActuatorBay([]), check: GovernancePlan(folder).check, fence: try FenceFile.read(storage)),
      historian: try Historian(on: storage, limits: limits), store: store, storage: storage, since: Instant(seconds: latest))
  }

  /// Lets the plant run from one hour to another; a sample a minute, one tick an hour.
  func run(_ runtime: inout PlantRuntime, hours: Range<Int>) {
    for hour in hours {
      let times = (0..<60).map { Instant(seconds: Self.start + Double(hour * 3600 + $0 * 60)) }
      let values = times.indices.map { Double(hour % 24 * 100 + $0) }
      let time = ShellTime(told: times[59] + .seconds(1), uptime: .seconds(Double(hour)))
      let blocks = ["Fast/A", "Line/Speed", "Slow/B"].map { tag in
        SampleBlock(tag: tag, instants: times, arrivals: times, values: .numbers(values), qualities: times.map { _ in .good })
      }
      let failure = runtime.take(blocks, time).failure
      #expect(failure == nil)
      let troubles = runtime.tick(time).compactMap { if case .trouble(let text) = $0 { text } else { nil } }
      #expect(troubles == [])
    }
  }

  private func firstHour(_ tag: String, _ historian: Historian) throws -> Double {
    let samples = try historian.samples(of: tag, in: Instant(seconds: 0)..<Instant.distantFuture)
    // What stays is whole: a sample a minute.
    #expect(zip(samples, samples.dropFirst()).allSatisfy { $1.instant - $0.instant == .minutes(1) })
    return (try #require(samples.first).instant - Instant(seconds: Self.start)).seconds / 3600
  }

  private func expectKept(_ historian: Historian, hours: Int) throws {
    for tag in ["Fast/A", "Line/Speed"] {
      let first = try firstHour(tag, historian)
      #expect(first > 0 && first <= Double(hours - 72), "\(tag) is kept since hour \(first) of \(hours)")
      let all = Instant(seconds: 0)..<Instant.distantFuture
      let halves = try historian.snapshot().rollups(of: tag, length: .minutes(30), in: all)
      // All windows since the beginning, but for the last hour, in which late samples are waited for.
      #expect(halves.count >= 2 * (hours - 2) && halves.first?.start == Instant(seconds: Self.start) && halves.allSatisfy { $0.count == 30 })
      #expect(halves[1].minimum == 30 && halves[1].maximum == 59 && halves[1].mean == 44.5 && halves[1].first == 30 && halves[1].last == 59)
      let whole = try historian.snapshot().rollups(of: tag, length: .hours(1), in: all)
      #expect(whole.count >= 94 && whole.allSatisfy { $0.count == 60 })
    }
    #expect(try firstHour("Slow/B", historian) == 0)
  }

  @Test func aRunningPlantLetsGoOfWhatItsFileSaysAndOfNothingElse() throws {
    var runtime = try runtime(Self.spec)
    _ = try runtime.open(ShellTime(told: Instant(seconds: Self.start), uptime: .zero))
    run(&runtime, hours: 0..<216)
    try expectKept(runtime.historian, hours: 216)
  }

  @Test func whatANewFileAsksForIsDoneBeforeTheDoorOpens() throws {
    var runtime = try runtime(HistorianSpec())
    _ = try runtime.open(ShellTime(told: Instant(seconds: Self.start), uptime: .zero))
    run(&runtime, hours: 0..<216)
    for tag in ["Fast/A", "Line/Speed", "Slow/B"] { #expect(try firstHour(tag, runtime.historian) == 0, "without the file nothing goes") }
    let next = try self.runtime(Self.spec, since: Self.start + 216 * 3600)
    try expectKept(next.historian, hours: 216)
  }

  /// The plant stood still for a month: what the twin is caught up from, three days before the newest sample, is there.
  @Test func aStandstillTakesNothingAwayThatTheTwinRemembers() throws {
    var runtime = try runtime(Self.spec)
    _ = try runtime.open(ShellTime(told: Instant(seconds: Self.start), uptime: .zero))
    run(&runtime, hours: 0..<96)
    let month = ShellTime(told: Instant(seconds: Self.start + 30 * 86_400), uptime: .seconds(96))
    _ = runtime.tick(month)
    #expect(try firstHour("Fast/A", runtime.historian) <= 24)
  }

  @Test func noFileMayAskForLessThanTheTwinRemembers() {
    #expect(HistorianSpec.leastKeep >= TwinConfiguration().memory)
  }
}
