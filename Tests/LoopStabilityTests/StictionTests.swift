import Continuous
import Testing

@testable import LoopStability

/// A PI loop through a valve that sticks, and one through a healthy valve with too much gain.
@Suite struct StictionTests {
  private struct Record {
    var output: [Double] = []
    var process: [Double] = []
    /// Turns by the process's upward crossings.
    func period(interval: Double) -> Double {
      let mean = process.reduce(0, +) / Double(process.count)
      let ups = process.indices.dropFirst().filter { process[$0 - 1] < mean && process[$0] >= mean }
      return Double(ups[ups.count - 1] - ups[0]) / Double(ups.count - 1) * interval
    }
  }

  private func run(_ loop: StictionCycle.Loop, _ friction: (static: Double, dynamic: Double), load: @escaping (Double) -> Double = { _ in 0 })
    -> Record
  {
    let interval = 0.1
    var process = FirstOrderPlusDeadTime(gain: loop.gain, timeConstant: loop.timeConstant, deadTime: loop.deadTime)
    var valve = StickingValve(staticFriction: friction.static, dynamicFriction: friction.dynamic)
    var record = Record()
    var integral = 0.0
    for k in 0..<24_000 {
      let t = Double(k) * interval
      process.advance(to: t)
      let error = 3.3 - process.value
      integral += error * interval
      let u = loop.controllerGain * (error + integral / loop.integralTime)
      process.set(valve.move(to: u) + load(t), at: t)
      if k >= 12_000, k % 5 == 0 {
        record.output.append(u)
        record.process.append(process.value)
      }
    }
    return record
  }

  static let calm = StictionCycle.Loop(gain: 1, timeConstant: 10, deadTime: 3, controllerGain: 1.5, integralTime: 10)

  private static func loop(_ controllerGain: Double, _ integralTime: Double) -> StictionCycle.Loop {
    StictionCycle.Loop(gain: 1, timeConstant: 10, deadTime: 3, controllerGain: controllerGain, integralTime: integralTime)
  }

  /// A describing function takes the controller's output for a sine. That is near where Ti is about τ and the cycle is even.
  @Test func aStickingValvesCycleIsPredicted() throws {
    for (gain, dynamic) in [(0.8, 0.0), (1.5, 0), (2.5, 0.5), (2.5, 0.2)] {
      let friction = (static: 1.0, dynamic: dynamic)
      let loop = Self.loop(gain, 10)
      let record = run(loop, friction)
      let predicted = try #require(StictionCycle(loop, staticFriction: friction.static, dynamicFriction: friction.dynamic))
      let measured = record.period(interval: 0.5)
      let amplitude = (record.output.max()! - record.output.min()!) / 2
      print(
        "stiction \(friction) at gain \(gain): period \(measured) s, predicted \(predicted.period); amplitude \(amplitude), \(predicted.amplitude)")
      #expect(abs(predicted.period / measured - 1) < 0.12)
      #expect(abs(predicted.amplitude / amplitude - 1) < 0.25)
    }
  }

  @Test func aStickingValveIsNamedWhereIntegralActionRules() throws {
    for (loop, dynamic) in [(Self.loop(0.8, 10), 0.5), (Self.loop(0.8, 5), 0.2)] {
      let record = run(loop, (1, dynamic))
      #expect(try StictionTest.verdict(output: record.output, process: record.process) == .stiction)
    }
  }

  @Test func anOscillationWithAnotherCauseIsNotBlamedOnTheValve() throws {
    let tight = StictionCycle.Loop(gain: 1, timeConstant: 10, deadTime: 3, controllerGain: 10 * .pi / 6, integralTime: 10)
    let critical = run(tight, (0, 0))
    #expect(try StictionTest.verdict(output: critical.output, process: critical.process) == .otherCause)
    // A load that swings every 30 s, through a healthy valve.
    let swung = run(Self.calm, (0, 0)) { t in (t / 15).truncatingRemainder(dividingBy: 2) < 1 ? 0.5 : -0.5 }
    #expect(try StictionTest.verdict(output: swung.output, process: swung.process) != .stiction)
    // Describing functions know no cycle of a valve that does not stick.
    #expect(StictionCycle(Self.calm, staticFriction: 0, dynamicFriction: 0) == nil)
    #expect(throws: LoopStabilityError.self) { try StictionTest.verdict(output: [1], process: [1]) }
  }
}
