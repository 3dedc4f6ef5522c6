import Governance
import Historian
import Learning
import Ledger
import PlantModel
import Probability
import Quantities
import Storage
import Supervision
import Testing
import Twin

@Suite struct ReferenceKeepingTests {
  private let storage = MemoryStorage()
  private let store = MemoryLedgerStore()
  private let time = ShellTime(told: Instant(seconds: 1_800_000_000), uptime: .zero)
  private let eve = Person(name: "Eve", role: .engineer)

  private static let folder: PlantFolder = {
    let station = Station(
      name: "A", inputs: [Intake(buffer: "B", count: 1)], output: .sink, cycle: .gamma(mean: 5, cv: 0.1), speed: nil, failure: nil, microstop: nil,
      changeover: nil, scrap: 0.02, inspection: nil, processVariables: [], otherSetpoints: [],
      tags: StationTags(state: "A/State", processed: "A/Processed", defective: "A/Defective", speed: nil))
    let plant = Plant(
      name: "p", path: "e/s/a/l", stations: [station], buffers: [Buffer(name: "B", capacity: 10, transit: .zero, levelTag: nil)],
      sources: [Source(name: "S", into: "B", lot: 1, interval: .gamma(mean: 5, cv: 0.1))], tags: [],
      prices: Prices(currency: "EUR", good: 1, scrap: 0, escape: 0), idealCycle: nil)
    return PlantFolder(
      plant: plant, envelope: EnvelopeSpec(limits: [], interlocks: [], authorityCeiling: .closedLoop), loops: [],
      connections: ConnectionSpec(clock: .system, sparkplug: [], lineProtocol: nil), revision: "r1")
  }()

  private func runtime() throws -> PlantRuntime {
    let facts = try store.read(0..<store.count()).map { entry throws in try Fact(decoding: entry.payload) }
    let gateway = Gateway(taking: ActuatorBay([]), check: GovernancePlan(Self.folder).check, fence: try FenceFile.read(storage))
    return try PlantRuntime(
      kernel: PlantKernel(folder: Self.folder, state: GovernorState(folding: facts), seed: 1), gateway: gateway,
      historian: try Historian(on: storage), store: store, storage: storage, since: Instant(seconds: 0))
  }

  /// A reference of station A whose scrap has left it.
  private static let drifted: PlantReference = {
    var scrap = FrozenReference(.count, laws: [[0.02, 0]], since: Instant(seconds: 0))
    for hour in 0..<40 where scrap.drift == nil {
      let (from, to) = (Instant(seconds: Double(hour) * 3600), Instant(seconds: Double(hour + 1) * 3600))
      _ = scrap.observe(.init(from: from, to: to, total: 50, weight: 1000, features: [1000, 0]))
    }
    return PlantReference(
      interval: .hours(8),
      streams: [
        .init(station: "A", activity: .scrap, reference: scrap), .init(station: "A", activity: .cycle, reference: FrozenReference(.share(0.005))),
      ])
  }()

  @Test(arguments: PlantReference.Decision.allCases)
  func whatLeftItsReferenceIsKnownToTheNextLifeAndEndsByAnEngineersWord(decision: PlantReference.Decision) throws {
    let fact = Fact(at: Instant(seconds: 1), .referenceKept(reference: Self.drifted))
    let ledger = try FactLedger(on: store)
    try ledger.append(kind: fact.kind, payload: fact.encoded(), at: fact.at)

    var first = try runtime()
    _ = try first.open(time)
    #expect(first.kernel.twin.reference == Self.drifted && first.kernel.twin.reference.drifted.map(\.station) == ["A"])
    let noEngineer = first.command(.settleDrift(decision, because: "the camera"), by: Person(name: "Ann", role: .approver), time).refusal
    #expect(noEngineer == "the role approver may not do this")
    #expect(first.command(.settleDrift(decision, because: " "), by: eve, time).refusal?.hasPrefix("say why") == true)
    #expect(first.command(.settleDrift(decision, because: "the camera"), by: eve, time).refusal == nil)
    let settled = first.kernel.twin.reference
    #expect(settled.drifted.isEmpty && settled == first.kernel.governor.state.reference)
    #expect(settled.streams[0].reference.isBegun == (decision == .mended))
    #expect(first.command(.settleDrift(decision, because: "again"), by: eve, time).refusal == "nothing has left its reference")

    let second = try runtime()
    #expect(second.kernel.twin.reference == settled)
  }
}
