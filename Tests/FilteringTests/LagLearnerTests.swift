import Determinism
import Testing

@testable import Filtering

@Suite struct LagLearnerTests {
  private static func grid(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
    (0..<count).map { low * Portable.pow(high / low, Double($0) / Double(count - 1)) }
  }

  /// With one pair in the grid it is the Kalman filter.
  @Test func aGridOfOneIsTheKalmanFilter() throws {
    let (_, readings) = TaskFour.run(50, RandomStream(seed: 2, "one"))
    var learner = LagLearner(
      timeConstants: [TaskFour.lag], diffusions: [TaskFour.diffusion], sensorVariance: 0.25, start: (0, TaskFour.deviation * TaskFour.deviation))
    var filter = KalmanFilter(Gaussian(mean: [0], deviations: [TaskFour.deviation]))
    let step = TaskFour.process.transition(over: 1)
    for y in readings {
      learner.predict(over: 1)
      filter.predict(step)
      let (mine, innovation) = (learner.update(y), try filter.update([y], TaskFour.sensor))
      #expect(abs((mine ?? 9) - (innovation?.whitened[0] ?? 0)) < 1e-12)
    }
    #expect(abs(learner.state.mean - filter.state.mean[0]) < 1e-12)
    #expect(abs(learner.state.deviation - filter.state.deviation(0)) < 1e-12)
  }

  /// With the time constant unknown, the estimate is nearly as good as with it known, and the truth lies within the belief.
  @Test func anUnknownLagCostsLittle() {
    var squares = (learned: 0.0, known: 0.0)
    let (states, readings) = TaskFour.run(1500, RandomStream(seed: 5, "learn"))
    var learner = LagLearner(
      timeConstants: Self.grid(6, 600, 21), diffusions: Self.grid(0.002, 0.05, 15), sensorVariance: 0.25, start: (0, 0.3))
    var known = LagLearner(timeConstants: [60], diffusions: [TaskFour.diffusion], sensorVariance: 0.25, start: (0, 0.3))
    for (x, y) in zip(states, readings) {
      learner.predict(over: 1)
      known.predict(over: 1)
      learner.update(y)
      known.update(y)
      squares.learned += (learner.state.mean - x) * (learner.state.mean - x)
      squares.known += (known.state.mean - x) * (known.state.mean - x)
    }
    #expect((squares.learned / squares.known).squareRoot() < 1.08)
    #expect(learner.timeConstant(quantile: 0.005) < 60 && learner.timeConstant(quantile: 0.995) > 60)
    #expect(learner.timeConstant(quantile: 0.995) < 300)
    #expect(learner.update(.nan) == nil)
  }

  /// With forgetting, a lag that changes is found again; without, the past holds on.
  @Test func forgettingFindsALagThatChanges() {
    var stream = RandomStream(seed: 12, "change")
    let taus = Self.grid(2, 200, 11)
    var (forgetful, faithful) = (
      LagLearner(timeConstants: taus, diffusions: Self.grid(0.02, 1, 18), sensorVariance: 0.01, start: (0, 1), forgetting: 0.99),
      LagLearner(timeConstants: taus, diffusions: Self.grid(0.02, 1, 18), sensorVariance: 0.01, start: (0, 1))
    )
    var x = 0.0
    for k in 0..<1600 {
      let keep = Portable.exp(-1 / (k < 1200 ? 50.0 : 5.0))
      x = keep * x + (1 - keep * keep).squareRoot() * stream.normal()
      let y = x + 0.1 * stream.normal()
      forgetful.predict(over: 1)
      faithful.predict(over: 1)
      forgetful.update(y)
      faithful.update(y)
    }
    #expect(abs(forgetful.logTimeConstant.mean - Portable.log(5)) < 0.6)
    #expect(forgetful.logTimeConstant.mean < faithful.logTimeConstant.mean - 0.3)
  }
}
