import Continuous
import Determinism
import Testing

@testable import Filtering

@Suite struct DeadTimeTests {
  private let search = DeadTimeSearch(deadTimes: 2...12, timeConstants: 5...80)

  /// The predictor's sampled process is the exact block, for any fraction of a sample.
  @Test(arguments: [0, 0.4, 1, 2.75, 3])
  func aFractionalDeadTimeIsExact(deadTime: Double) throws {
    var stream = RandomStream(seed: 6, "fraction")
    let inputs = (0..<60).map { _ in stream.normal() }
    let record = try LoopRecord(interval: 0.5, inputs: inputs, outputs: inputs)
    let predictor = DeadTimePredictor(record, longestDeadTime: 3)
    let response = predictor.response(timeConstant: 4, deadTime: deadTime)
    var block = FirstOrderPlusDeadTime(gain: 1, timeConstant: 4, deadTime: deadTime)
    var values: [Double] = []
    for (k, u) in inputs.enumerated() {
      block.advance(to: Double(k) * 0.5)
      values.append(block.value)
      block.set(u - predictor.meanInput, at: Double(k) * 0.5)
    }
    // The block had a past before the first scored sample; it decays freely.
    for (k, x) in response.enumerated() {
      let free = values[predictor.first] * Portable.exp(-0.5 * Double(k) / 4)
      #expect(abs(values[predictor.first + k] - free - x) < 1e-12)
    }
  }

  /// From a loop's own record all three parameters are found, each within what the bound allows, and the noise is told apart from the process.
  @Test func aLoopsOwnRecordGivesGainLagAndDeadTime() throws {
    let loop = SimulatedLoop()
    let run = try loop.run(420, RandomStream(seed: 21, "loop"))
    let estimate = try DeadTimeIdentification.direct(run.record, search)
    let bound = try loop.bound(run, search)
    #expect(estimate.isIdentified)
    #expect(abs(estimate.gain.value! - 2) < 3.5 * bound[0])
    #expect(abs(Portable.log(estimate.timeConstant.value! / 20)) < 3.5 * bound[1])
    #expect(abs(estimate.deadTime.value! - 7.35) < 3.5 * bound[2])
    let interval = estimate.deadTime.interval
    #expect(interval.upperBound - interval.lowerBound < 6 * bound[2] && interval.contains(estimate.deadTime.value!))
    #expect(estimate.noise.deviation > 0.05 && estimate.noise.deviation < 0.2)
    let count = estimate.innovations.count
    let lag = zip(estimate.innovations, estimate.innovations.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
    #expect(abs(lag) < 4 / Double(count).squareRoot())
  }

  /// The instrument's estimate agrees with the direct one to within its own, wider, interval; it needs set-points.
  @Test func theInstrumentAgreesOnAWellModelledLoop() throws {
    let run = try SimulatedLoop().run(420, RandomStream(seed: 22, "loop"))
    let safe = try DeadTimeIdentification.closedLoopSafe(run.record, search)
    #expect(safe.isIdentified)
    #expect(abs(safe.gain.value! - 2) < 0.4 && abs(safe.deadTime.value! - 7.35) < 1.5 && abs(safe.timeConstant.value! - 20) < 8)
    let bare = try LoopRecord(interval: 1, inputs: run.record.inputs, outputs: run.record.outputs)
    #expect(throws: FilteringError.self) { try DeadTimeIdentification.closedLoopSafe(bare, search) }
  }

  /// One step in open loop, a tenth of the readings missing.
  @Test func aStepInOpenLoopWithGaps() throws {
    var loop = SimulatedLoop()
    loop.isClosed = false
    loop.setpoint = { $0 < 40 ? 0 : 1 }
    let run = try loop.run(220, RandomStream(seed: 23, "step"))
    var stream = RandomStream(seed: 24, "gaps")
    let record = try LoopRecord(
      interval: 1, inputs: run.record.inputs, outputs: run.record.outputs.map { stream.chance(0.1) ? nil : $0 })
    let estimate = try DeadTimeIdentification.direct(record, search)
    #expect(abs((estimate.gain.value ?? 0) - 2) < 0.25)
    #expect(abs((estimate.deadTime.value ?? 0) - 7.35) < 1.5)
  }

  /// Without excitation there is no number: an input that stands still, and one that moves by less than the noise can show.
  @Test func poorExcitationIsNotIdentifiable() throws {
    var loop = SimulatedLoop()
    loop.isClosed = false
    loop.setpoint = { _ in 0 }
    let still = try DeadTimeIdentification.direct(try loop.run(150, RandomStream(seed: 25, "still")).record, search)
    #expect(still.gain == .notIdentifiable(-Double.infinity...Double.infinity))
    #expect(still.deadTime == .notIdentifiable(2...12))
    loop.setpoint = { $0 < 40 ? 0 : 0.01 }
    let faint = try DeadTimeIdentification.direct(try loop.run(150, RandomStream(seed: 26, "faint")).record, search)
    #expect(faint.timeConstant.value == nil && faint.deadTime.value == nil && faint.gain.value == nil)
    #expect(faint.gain.interval.contains(2))
  }

  /// A record that is shorter than its history, or makes no sense, is refused with reasons.
  @Test func recordsThatCannotServeAreRefused() throws {
    #expect(throws: FilteringError.self) { try LoopRecord(interval: 0, inputs: [1], outputs: [1, 2]) }
    let short = try LoopRecord(interval: 1, inputs: Array(repeating: 0, count: 20), outputs: Array(repeating: 0, count: 20))
    #expect(throws: FilteringError.self) { try DeadTimeIdentification.direct(short, search) }
  }
}
