import Acquisition
import Disk
import Foundation
import Governance
import Historian
import Ledger
import Logging
import PlantModel
import Quantities
import Storage
import Supervision
import Telemetry

/// A running core on a scratch data folder, in the middle of a long ramp of one tag, so that each read-back leads to the next write.
struct LatencyRig {
  let core: PlantCore
  let panel: PanelSwitch
  private let plant: any PlantEnd
  private let counted: CountedActuator
  private let place: String
  private let clock: SharedPlantClock

  /// - Parameter broker: where the plant is then found; nil for one in this process.
  init(folder given: PlantFolder, directory: String, broker: (host: String, port: Int)?) throws {
    guard let setpoint = given.plant.setpoints.first, let loop = given.loops.first else {
      throw CommandFailure("the plant folder has no set-point or no loop to measure with")
    }
    place = FileManager.default.temporaryDirectory.appending(path: "takt-latency.\(ProcessInfo.processInfo.processIdentifier)").path
    let folder = Self.ramp(given, setpoint.tag, setpoint.unit, loop)
    let storage = try FileStorage(folder: place)
    let store = try SQLiteLedgerStore(path: "\(place)/ledger.sqlite")
    clock = SharedPlantClock(.system, wall: { WallClock.now })
    var rules = GovernorRules()
    rules.retryInterval = .seconds(0.1)
    rules.readBackDeadline = .minutes(10)
    let facts = Self.facts(folder, setpoint.tag, at: WallClock.now)
    let ledger = try FactLedger(on: store)
    _ = try ledger.append(facts.map { LedgerDraft(instant: $0.at, kind: $0.kind, payload: $0.encoded()) })
    let kernel = PlantKernel(folder: folder, state: GovernorState(folding: facts), rules: rules, seed: 1)
    panel = PanelSwitch()
    plant =
      if let broker, let tag = folder.plant.tags.first(where: { $0.path == setpoint.tag }) {
        try BrokerEnd(host: broker.host, port: broker.port, plant: folder.plant, tag: tag, at: Self.begun, clock: clock)
      } else { EchoEnd(tag: setpoint.tag) }
    counted = CountedActuator(plant.actuator)
    let gateway = Gateway(
      taking: ActuatorBay([counted]), check: GovernancePlan(folder, rules: rules).check, fence: FenceState(), panel: panel)
    let runtime = try PlantRuntime(
      kernel: kernel, gateway: gateway, historian: try Historian(on: storage), store: store, storage: storage, since: WallClock.now)
    core = PlantCore(
      runtime: runtime, clock: clock, loopRunner: LoopRunner(plantDirectory: directory, takt: CommandLine.executablePath),
      log: Logger(label: "takt") { _ in SwiftLogNoOpLogHandler() }, announce: { _ in })
  }

  func end() { try? FileManager.default.removeItem(atPath: place) }

  /// The folder with an envelope that lets one tag climb for as long as it takes, one step a write.
  private static func ramp(_ given: PlantFolder, _ tag: String, _ unit: String, _ loop: LoopSpec) -> PlantFolder {
    var (folder, loop) = (given, loop)
    folder.envelope = EnvelopeSpec(
      limits: [TagLimit(tag: tag, unit: unit, low: 0, high: 1e6, maxStep: 1, maxPerHour: 1e6, hold: .keep)], interlocks: [],
      authorityCeiling: .closedLoop)
    (loop.moves, loop.authority, loop.rollout.timeout) = ([tag], .closedLoop, .hours(24))
    folder.loops = [loop]
    for i in folder.plant.tags.indices where folder.plant.tags[i].path == tag {
      (folder.plant.tags[i].low, folder.plant.tags[i].high) = (nil, nil)
    }
    return folder
  }

  /// Where the tag stands as it all begins: so far from 0 that it counts as moved. What waits over a start and has moved nothing yet has expired.
  private static let begun = 2e3

  /// The ledger of a change that stands in its last stage, with nearly the whole way before it.
  private static func facts(_ folder: PlantFolder, _ tag: String, at now: Instant) -> [Fact] {
    let plan = GovernancePlan(folder)
    let loop = folder.loops[0]
    let interval = ClaimInterval(lower: 1, expected: 2, upper: 3)
    let proposal = Proposal(
      id: ChangeID(number: 0, seed: 0), loop: loop.name, created: now, moves: [Move(tag: tag, from: 0, to: 1e5)],
      claim: Claim(objective: loop.objective, goodPerHour: interval, valuePerHour: interval, confidence: 0.9, horizon: .hours(1)),
      rationale: "a ramp",
      revision: folder.revision, calibration: "none", expires: now + .hours(24))
    let proof = Proof(
      change: proposal.id, revision: folder.revision, calibration: "none", replications: 124, probabilityOfGain: 1, predicted: interval,
      envelopeClean: true, twinValid: true, rollbackAdmissible: true, losses: 0)
    let first = WriteToken(epoch: 0, sequence: 1)
    let facts: [Fact.What] = [
      .revisionAdopted(revision: folder.revision, envelope: plan.envelopeHash, limits: folder.envelope),
      .twinStatusChanged(status: twin(folder)), .loopRegistered(loop: loop.name, authority: .closedLoop), .changeProposed(proposal: proposal),
      .changeProven(proof: proof), .envelopeChecked(change: proposal.id, binding: "-"), .changeArmed(change: proposal.id, lastKnownGood: [tag: 0]),
      .shadowStarted(change: proposal.id), .stageStarted(change: proposal.id, step: 0, share: 1, full: true),
      .writeIntended(
        intent: WriteIntent(
          token: first, change: proposal.id, tag: tag, from: 0, value: begun, purpose: .advance, expires: now + .minutes(1),
          unit: folder.envelope.limits[0].unit)),
      .writeConfirmed(token: first, readBack: begun),
    ]
    return facts.map { Fact(at: now, $0) }
  }

  private static func twin(_ folder: PlantFolder) -> TwinStatus {
    TwinStatus(revision: folder.revision, calibration: "none", valid: true, score: 1, reason: "")
  }

  // MARK: Measuring

  func measure(rate: Int, writes: Int, takeovers: Int) async throws -> LatencyReport {
    await core.hand(.twinJudged(Self.twin(await core.kernel.folder)))
    try await core.open()
    let load = LoadGenerator(core: core)
    let ticking = Task { while await core.tick() { try await Task.sleep(for: .milliseconds(200)) } }
    defer { ticking.cancel() }
    try await plant.open(to: core)

    let steady = Task { try await load.run(rate: rate) }
    var times: [Swift.Duration] = []
    let begun = ContinuousClock.now
    // The first write only tells that everything is connected.
    var shown: ContinuousClock.Instant?
    try await plant.show(Self.begun)
    for await write in plant.writes {
      if let shown { times.append(write.at - shown) }
      if times.count >= writes { break }
      shown = .now
      try await plant.show(write.value)
    }
    steady.cancel()
    let rateBesideWrites = load.rate(since: begun)

    // From here on the core is flooded, and what the machine shows is told by a task of its own.
    let flood = LoadGenerator(core: core)
    let flooding = Task { try await flood.run(rate: nil) }
    let echoing = Task { for await write in plant.writes { try await plant.show(write.value) } }
    defer {
      flooding.cancel()
      echoing.cancel()
    }
    let flooded = ContinuousClock.now
    var (shut, taken, late) = ([Swift.Duration](), [Swift.Duration](), 0)
    let engineer = Person(name: "engineer", role: .engineer)
    for number in 0..<takeovers {
      try await Task.sleep(for: .milliseconds(1 + number * 7 % 13))
      let pressed = ContinuousClock.now
      panel.press()
      shut.append(ContinuousClock.now - pressed)
      let sentBefore = counted.sent
      if let refusal = await core.command(.takeOver, by: .localPanel, pressed: true) { throw CommandFailure("a takeover was refused: \(refusal)") }
      taken.append(ContinuousClock.now - pressed)
      // One permit may have been minted in the instant of the press; nothing after it.
      late += max(0, counted.sent - sentBefore - 1)
      _ = await core.command(.rearm, by: engineer)
    }
    let rateBesideTakeovers = flood.rate(since: flooded)
    await core.close()
    await plant.close()
    return LatencyReport(
      write: .init(times), shut: .init(shut), taken: .init(taken), rateBesideWrites: rateBesideWrites, rateBesideTakeovers: rateBesideTakeovers,
      permitsAfterPress: late)
  }
}
