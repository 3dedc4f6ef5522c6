import Foundation
import Governance
import LineModel
import PlantModel
import Probability
import Quantities
import Storage
import Supervision
import Testing

/// A proof is computed from its inputs, the proposal and the plant folder alone, whoever computes it and when.
@Suite struct ProofInputsTests {
  private static let plant = Plant(
    name: "one", path: "e/s/a/l",
    stations: [
      Station(
        name: "A", inputs: [Intake(buffer: "B0", count: 1)], output: .sink, cycle: .constant(2.5),
        speed: SpeedSpec(rated: 24, setpoint: SetpointSpec(tag: "A/MachSpeed", unit: "1/min", design: 24, low: 15, high: 30)), failure: nil,
        microstop: nil, changeover: nil, scrap: 0.01, inspection: nil, processVariables: [], otherSetpoints: [],
        tags: StationTags(state: nil, processed: nil, defective: nil, speed: nil))
    ], buffers: [Buffer(name: "B0", capacity: 200, transit: .zero, levelTag: nil)],
    sources: [Source(name: "S", into: "B0", lot: 40, interval: .constant(60))], tags: [],
    prices: Prices(currency: "EUR", good: 1, scrap: 0.5, escape: 0), idealCycle: nil)

  private static let folder: PlantFolder = {
    let limit = TagLimit(tag: "A/MachSpeed", unit: "1/min", low: 15, high: 30, maxStep: 5, maxPerHour: 30, hold: .keep)
    return PlantFolder(
      plant: plant, envelope: EnvelopeSpec(limits: [limit], interlocks: [], authorityCeiling: .closedLoop), loops: [],
      connections: ConnectionSpec(clock: .system, sparkplug: [], lineProtocol: nil), revision: "r1")
  }()

  private static let inputs: ProofInputs = {
    let draws = (0..<8).map { k in
      LineParameters(stations: [
        StationParameters(
          cycle: 2.5 + Double(k) / 30, cycleCV: 0.1, mtbf: .infinity, failureExponent: 0, mttr: 0, mttrCV: 0, microstopInterval: 900 / 1.1,
          microstopExponent: 2, microstopLength: 20 / 3, microstopLengthCV: 0.8,
          scrap: ScrapResponse(base: 0.005, speedCoefficient: 0.2, terms: []))
      ])
    }
    return ProofInputs(
      status: TwinStatus(revision: "r1", calibration: "c7", valid: true, score: 0.9, reason: ""), setpoints: ["A/MachSpeed": 20], draws: draws,
      openShare: 0.95, seed: 0xFFFF_FFFF_FFFF_FFFE, dataUntil: Instant(seconds: 1_800_000_000.1))
  }()

  private static let proposal: Proposal = {
    let gain = ClaimInterval(lower: 10, expected: 40, upper: 70)
    return Proposal(
      id: ChangeID("brisk-otter-17"), loop: "setpoints", created: Instant(seconds: 1_800_000_000),
      moves: [Move(tag: "A/MachSpeed", from: 20, to: 23)],
      claim: Claim(objective: .goodPartsPerHour, goodPerHour: gain, valuePerHour: gain, confidence: 0.9, horizon: .hours(2)), rationale: "faster",
      revision: "r1", calibration: "c7", expires: Instant(seconds: 1_800_003_600))
  }()

  @Test func aProofIsTheSameAfterItsInputsWereWrittenAndRead() throws {
    let content = try Self.inputs.content()
    let read = try #require(ProofInputs(reading: content))
    #expect(read == Self.inputs)
    let first = Self.inputs.proof(of: Self.proposal, in: Self.folder)
    #expect(first == read.proof(of: Self.proposal, in: Self.folder))
    #expect(first.isSound && first.probabilityOfGain > 0.9 && first.envelopeClean && first.rollbackAdmissible && first.seed == Self.inputs.seed)
    // Any other twin gives another proof.
    var other = read
    other.draws[3].stations[0].cycle += 0.01
    #expect(other.proof(of: Self.proposal, in: Self.folder) != first)
  }

  @Test func whatIsNoSuchContentIsNotRead() throws {
    let content = try Self.inputs.content()
    #expect(ProofInputs(reading: Array(content.dropLast())) == nil)
    let newer = String(decoding: content, as: UTF8.self).replacingOccurrences(of: #""version":1"#, with: #""version":2"#)
    #expect(ProofInputs(reading: Array(newer.utf8)) == nil)
  }

  @Test func theInputsAreOnDiskBeforeTheProofIsAFact() throws {
    guard case .proof(let proof, let content?) = Job.proof(ProofJob(proposal: Self.proposal, inputs: Self.inputs, folder: Self.folder)).run() else {
      Issue.record("a proof without inputs")
      return
    }
    let name = try #require(proof.inputs)
    let tests = PlantRuntimeTests()
    var runtime = try tests.runtime()
    _ = try runtime.open(tests.time)
    tests.storage.limitCapacity(to: tests.storage.usedBytes)
    let trouble = runtime.handle(.finished(.proof(proof, inputs: content)), tests.time)
    #expect(trouble.contains { if case .trouble(let text) = $0 { text.contains("not on disk") } else { false } })
    tests.storage.limitCapacity(to: nil)
    _ = runtime.handle(.finished(.proof(proof, inputs: content)), tests.time)
    #expect(try tests.storage.read("inputs/\(name)") == content)
  }
}
