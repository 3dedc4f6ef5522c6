import Continuous
import Determinism
import Foundation
import Testing

@Suite struct ProcessVariableTests {
  private let running = ProcessVariable.Regime(gain: 1, offset: 0, timeConstant: 60)
  private let standing = ProcessVariable.Regime(gain: 0, offset: 20, timeConstant: 600)

  @Test func itCoolsWhileTheMachineStandsAndComesBack() {
    var oven = ProcessVariable(setpoint: 180, regime: running, stream: RandomStream(seed: 1))
    oven.enter(standing, at: 1000)
    #expect(oven.value == 180)
    oven.enter(running, at: 1300)
    let cooled = 20 + 160 * exponential(-0.5)
    #expect(abs(oven.value - cooled) < 1e-10)
    oven.advance(to: 1420)
    #expect(abs(oven.value - (180 + (cooled - 180) * exponential(-2))) < 1e-10)
  }

  @Test func aSetpointActsAfterItsDeadTimeWhateverTheMachineDoes() {
    var oven = ProcessVariable(setpoint: 100, regime: running, deadTime: 30, stream: RandomStream(seed: 1))
    oven.set(160, at: 10)
    #expect(oven.value(at: 40) == 100)
    oven.enter(standing, at: 20)
    oven.enter(running, at: 100)
    #expect(oven.actingSetpoint == 160)
    let cooled = 20 + 80 * exponential(-80.0 / 600)
    #expect(abs(oven.value - cooled) < 1e-10)
    #expect(abs(oven.value(at: 160) - (160 + (cooled - 160) * exponential(-1))) < 1e-10)
  }

  @Test func pastEightWaitingChangesTheNewestGivesWay() {
    var crowded = ProcessVariable(setpoint: 0, regime: running, deadTime: 100, stream: RandomStream(seed: 1))
    for k in 1...12 { crowded.set(Double(k), at: Double(k)) }
    #expect(crowded.replacedChanges == 4)
    crowded.advance(to: 107.5)
    #expect(crowded.actingSetpoint == 7)
    crowded.advance(to: 111.5)
    #expect(crowded.actingSetpoint == 7, "until the last comes through, the one before those replaced acts")
    crowded.advance(to: 112)
    #expect(crowded.actingSetpoint == 12)
    // Two at one instant are one change.
    for k in 1...50 { crowded.set(Double(k), at: 200) }
    #expect(crowded.replacedChanges == 4)
    crowded.advance(to: 300)
    #expect(crowded.actingSetpoint == 50)
  }

  @Test func itFollowsTheUnboundedBlockWhileChangesAreFew() {
    var stream = RandomStream(seed: 3, "moves")
    var bounded = ProcessVariable(setpoint: 0, regime: .init(gain: 2, offset: 0, timeConstant: 8), deadTime: 5, stream: stream.split("own"))
    var unbounded = FirstOrderPlusDeadTime(gain: 2, timeConstant: 8, deadTime: 5)
    var t = 0.0
    for _ in 0..<300 {
      t += 0.7 + 3 * stream.uniform()
      let u = stream.normal()
      bounded.set(u, at: t)
      unbounded.set(u, at: t)
      #expect(abs(bounded.value - unbounded.value) < 1e-12)
    }
    #expect(bounded.replacedChanges == 0)
  }

  @Test func whenALevelIsReachedIsTheInverseOfWhatIsThen() throws {
    var oven = ProcessVariable(setpoint: 180, regime: running, deadTime: 30, value: 20, stream: RandomStream(seed: 1))
    for level in [20, 60, 179] {
      let t = try #require(oven.instantReaching(Double(level)))
      #expect(abs(oven.value(at: t) - Double(level)) < 1e-9)
    }
    #expect(oven.instantReaching(200) == nil)
    #expect(oven.instantReaching(10) == nil)
    oven.set(220, at: 5)
    let t = try #require(oven.instantReaching(200))
    #expect(t > 35 && abs(oven.value(at: t) - 200) < 1e-9)
    // Turned back before it gets there: the way up to 150 ends at t = 40.
    oven.set(0, at: 10)
    let peak = oven.value(at: 40)
    #expect(oven.instantReaching(peak + 1) == nil)
    #expect(try #require(oven.instantReaching(peak - 1)) < 40)
    let atOnce = ProcessVariable(setpoint: 5, regime: .init(gain: 1, offset: 0, timeConstant: 0), value: 1, stream: RandomStream(seed: 1))
    #expect(atOnce.instantReaching(4) == 0)
  }

  @Test func noiseIsAddedWithoutMovingTheMean() {
    var values: [Double] = []
    var quiet = ProcessVariable(setpoint: 50, regime: running, deadTime: 3, stream: RandomStream(seed: 2))
    var noisy = ProcessVariable(setpoint: 50, regime: running, deadTime: 3, noise: (1.5, 2), stream: RandomStream(seed: 2))
    quiet.set(70, at: 1)
    noisy.set(70, at: 1)
    for k in 1...4000 {
      let t = Double(k) * 10
      quiet.advance(to: t)
      noisy.advance(to: t)
      #expect(noisy.mean == quiet.value)
      values.append((noisy.value - noisy.mean) * (noisy.value - noisy.mean))
    }
    let (variance, error) = meanAndError(values)
    #expect(abs(variance - 2.25) < 4 * error)
    let now = noisy.noise.value
    #expect(abs(noisy.expectedValue(at: noisy.time + 2) - noisy.mean - now * exponential(-1)) < 1e-9)
  }

  @Test func aCopyGoesTheSameWayAndIsSmall() {
    var oven = ProcessVariable(setpoint: 50, regime: running, deadTime: 3, noise: (1, 2), stream: RandomStream(seed: 2))
    oven.set(60, at: 4)
    var copy = oven
    oven.advance(to: 9)
    copy.advance(to: 9)
    #expect(oven.value.bitPattern == copy.value.bitPattern)
    #expect(MemoryLayout<ProcessVariable>.size <= 320)
  }

  @Test func aModelSaysEverythingThatIsWrongWithIt() throws {
    let bad = ProcessVariableModel(setpoint: .nan, deadTime: -1, regimes: [.init(gain: 1, offset: 0, timeConstant: -2)])
    #expect(bad.faults.count == 3)
    let good = ProcessVariableModel(setpoint: 180, deadTime: 5, noiseDeviation: 1, noiseCorrelationTime: 10, regimes: [running, standing])
    #expect(good.faults.isEmpty)
    #expect(try JSONDecoder().decode(ProcessVariableModel.self, from: JSONEncoder().encode(good)) == good)
    #expect(good.start(in: 1, at: 7, stream: RandomStream(seed: 1)).mean == 20)
  }
}
