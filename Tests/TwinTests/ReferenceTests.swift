import Learning
import PlantModel
import Quantities
import Telemetry
import Testing
import Twin

extension TwinConfiguration {
  /// A sample of the reference takes twenty minutes instead of a shift or a day, and commissioning fewer of them: a test lives for hours.
  static var hasty: TwinConfiguration {
    var configuration = TwinConfiguration.small
    configuration.referenceInterval = .minutes(20)
    configuration.referenceSamples = 18
    return configuration
  }
}

/// A machine that rejects one part in eight, whose variable stands off its optimum.
private func spoilingLine(_ seed: Int) -> TestLine {
  var line = TestLine(seed: seed, stations: 1)
  (line.machines[0].scrap, line.machines[0].curvature, line.machines[0].optimum) = (0.1, 0.0007, 44)
  (line.machines[0].mtbf, line.machines[0].mttr) = (20_000, 120)
  return line
}

/// A line and its twin, commissioned.
private struct Commissioned {
  var line: TestLine
  var twin: Twin
  private var told = 0
  var hours: Double

  init(_ seed: Int, hours: Double) {
    line = spoilingLine(seed)
    twin = Twin(plant: line.plant, seed: 1, configuration: .hasty)
    self.hours = 0
    go(hours)
  }

  /// Lives on for so many hours; true if it was quarantined meanwhile.
  @discardableResult
  mutating func go(_ more: Double, each: (inout TestLine) -> Void = { _ in }) -> Bool {
    let end = hours + more
    while hours < end {
      each(&line)
      hours += 1.0 / 3
      line.run(toHours: hours)
      for (tag, sample) in line.samples[told...] { twin.observe(.init(tag: tag, sample)) }
      told = line.samples.count
      twin.advance(to: line.start + .hours(hours))
    }
    return !twin.reference.drifted.isEmpty
  }

  func report(_ kind: ResidualKind) -> ReferenceReport? { twin.referenceReports.first { $0.kind == kind } }
}

@Test func whatDriftsTooSlowlyForTheTwinsOwnTestsIsQuarantinedAndNamed() throws {
  let plant = Commissioned(41, hours: 9)
  let scrap = try #require(plant.report(.scrap))
  #expect(scrap.since != nil && scrap.drift == nil && plant.report(.cycle)?.since != nil, "\(plant.twin.referenceReports)")

  var calm = plant
  let isCalmLost = calm.go(6)
  #expect(!isCalmLost, "\(calm.twin.validity.reason)")

  // A governed change takes three points of scrap away.
  var moved = plant
  let before = try #require(moved.twin.calibration.estimate("M1", .scrap)).mean
  let isMovedLost = moved.go(6) { $0.machines[0].variable = 45 }
  #expect(!isMovedLost, "\(moved.twin.validity.reason)")
  #expect(try #require(moved.twin.calibration.estimate("M1", .scrap)).mean < before)

  var poisoned = plant
  var lived = 0.0
  while lived < 14, !poisoned.go(1.0 / 3, each: { $0.machines[0].scrap += 0.0015 }) { lived += 1.0 / 3 }
  let reason = poisoned.twin.validity.reason
  print("quarantined after \(lived) h: \(reason)")
  #expect(lived < 10 && !poisoned.twin.validity.valid)
  #expect(reason.contains("quarantined: M1: scrap has drifted from its reference since 2027-01-15T"), "\(reason)")
  #expect(poisoned.twin.reference.drifted.map(\.station) == ["M1"])
  // It stays so until somebody decides.
  let isStillOut = poisoned.go(2)
  #expect(isStillOut && !poisoned.twin.validity.valid)

  // What is on record is enough for the next life to know.
  var next = Twin(plant: poisoned.line.plant, seed: 1, configuration: .hasty, reference: poisoned.twin.reference)
  next.follow(poisoned.line.samples.suffix(20_000))
  #expect(next.reference.drifted.count == 1 && next.validity.reason.contains("quarantined"))
  #expect(next.referenceReports.first { $0.kind == .cycle }?.since == plant.report(.cycle)?.since)

  var accepted = poisoned
  accepted.twin.settle(.accepted, at: accepted.line.start + .hours(accepted.hours))
  let isAcceptedLost = accepted.go(1)
  #expect(!isAcceptedLost && accepted.twin.validity.valid, "\(accepted.twin.validity.reason)")
  #expect(accepted.report(.scrap)?.since == nil && accepted.report(.cycle)?.since != nil)

  // Or the cause is found: the reference stays what it was.
  var mended = poisoned
  mended.line.machines[0].scrap = 0.1
  mended.twin.settle(.mended, at: mended.line.start + .hours(mended.hours))
  let isMendedLost = mended.go(3)
  #expect(!isMendedLost && mended.twin.validity.valid, "\(mended.twin.validity.reason)")
  #expect(mended.report(.scrap)?.since == scrap.since)
}

@Test func aFaultThatTheTestsFindAndDateIsLearntWithoutAPersonsDecision() throws {
  var plant = Commissioned(42, hours: 9)
  #expect(plant.report(.scrap)?.since != nil)
  plant.line.machines[0].scrap = 0.3
  let isLost = plant.go(4)
  #expect(!isLost, "\(plant.twin.validity.reason)")
  #expect(plant.twin.foundChanges.contains { $0.kind == .scrap } && plant.twin.validity.valid, "\(plant.twin.validity.reason)")
  // What it is held to is learnt anew.
  #expect(plant.report(.scrap)?.since == nil)
}

/// plant.yaml may say how the reference is commissioned: another length of sample begins it anew, another number only what does not stand.
@Test func thePlantFolderSaysHowTheReferenceIsCommissioned() {
  var line = TestLine(seed: 43, stations: 1).plant
  #expect(Twin(plant: line, seed: 1).reference.interval == .hours(8) && Twin(plant: line, seed: 1).referenceReports[0].commissioning == 32)
  line.reference = ReferenceSpec(sample: .minutes(20), commissioning: 18)
  let twin = Twin(plant: line, seed: 1)
  #expect(twin.reference.interval == .minutes(20) && twin.referenceReports.allSatisfy { $0.commissioning == 18 })

  var kept = Commissioned(41, hours: 9).twin.reference
  kept.streams[1].reference = FrozenReference(kept.streams[1].reference.luck, commissioning: 18)
  line.reference?.commissioning = 24
  let next = Twin(plant: line, seed: 1, reference: kept)
  #expect(next.referenceReports[0].since == kept.streams[0].reference.frozen && next.referenceReports[0].since != nil)
  #expect(next.referenceReports[1].commissioning == 24 && next.referenceReports[1].samples == 0)
  line.reference?.sample = .minutes(30)
  #expect(Twin(plant: line, seed: 1, reference: kept).referenceReports.allSatisfy { $0.since == nil && $0.commissioning == 24 })
}
