import Continuous
import Determinism
import LinearAlgebra
import Testing

@testable import Filtering

@Suite struct LinearTests {
  /// F, G and Q of a first-order lag have closed forms, for short and for long intervals.
  @Test(arguments: [1e-6, 0.1, 1, 50, 5000])
  func discretisationOfALagIsExact(interval: Double) {
    let step = firstOrder(lag: 7, deviation: 0.3, gain: 2).transition(over: interval)
    let a = Portable.exp(-interval / 7)
    #expect(abs(step.state[0, 0] - a) < 1e-13)
    #expect(abs(step.input![0, 0] - -2 * Portable.expm1(-interval / 7)) < 1e-12)
    #expect(abs(step.noise[0, 0] - -0.09 * Portable.expm1(-2 * interval / 7)) < 1e-13)
  }

  /// The mean of a second-order system follows the exact block; a fast and a slow mode together neither overflow nor lose the slow one.
  @Test func discretisationAgreesWithTheExactBlockAndStandsStiffness() {
    let (omega, zeta) = (0.4, 0.3)
    let process = LinearSDE(
      drift: Matrix([[0, 1], [-omega * omega, -2 * zeta * omega]]), input: Matrix([[0], [1.5 * omega * omega]]),
      diffusion: Matrix([[0, 0], [0, 0.1]]))
    var block = SecondOrder(gain: 1.5, naturalFrequency: omega, damping: zeta)
    block.set(2, at: 0)
    block.advance(to: 3.7)
    let mean = process.transition(over: 3.7).mean(after: [0, 0], input: [2])
    #expect(abs(mean[0] - block.value) < 1e-12 && abs(mean[1] - block.rate) < 1e-12)

    let stiff = LinearSDE(drift: Matrix([[-1e6, 1e6], [0, -1e-3]]), diffusion: Matrix([[0, 0], [0, 1]])).transition(over: 100)
    #expect(abs(stiff.state[1, 1] - Portable.exp(-0.1)) < 1e-9 && stiff.state.elements.allSatisfy(\.isFinite))
    #expect(abs(stiff.noise[1, 1] - 500 * (1 - Portable.exp(-0.2))) < 1e-6)
  }

  /// Two short steps are one long step, noise and inputs included.
  @Test func transitionsCompose() {
    let process = LinearSDE(
      drift: Matrix([[-0.5, 0.2], [0.1, -0.05]]), input: Matrix([[1], [0.3]]), diffusion: Matrix([[0.2, 0.05], [0.05, 0.1]]))
    let (a, b, whole) = (process.transition(over: 1.3), process.transition(over: 2.9), process.transition(over: 4.2))
    #expect(distance(b.state.times(a.state), whole.state) < 1e-13)
    #expect(distance(b.state.sandwich(a.noise) + b.noise, whole.noise) < 1e-12)
    #expect(distance(b.state.times(a.input!) + b.input!, whole.input!) < 1e-12)
  }

  /// The anchor of task 4, and the equation itself on two states.
  @Test func steadyStateSolvesTheRiccatiEquation() throws {
    let anchor = try SteadyState(TaskFour.process.transition(over: 1), TaskFour.sensor)
    #expect(abs(anchor.filtered[0, 0].squareRoot() - TaskFour.limit) < 5e-6)

    let step = LinearTransition(state: Matrix([[1, 1], [0, 0.9]]), noise: Matrix([[0.1, 0], [0, 0.2]]))
    let sensor = LinearSensor(matrix: Matrix([[1, 0.5]]), noise: Matrix([[0.4]]))
    let steady = try SteadyState(step, sensor)
    #expect(distance(step.state.sandwich(steady.filtered) + step.noise, steady.predicted) < 1e-11)
    var filter = KalmanFilter(Gaussian(mean: [0, 0], deviations: [3, 3]))
    for _ in 0..<200 {
      filter.predict(step)
      try filter.update([0.0], sensor)
    }
    #expect(distance(filter.state.covariance, steady.filtered) < 1e-10)
  }

  /// An unstable mode that no sensor sees has no steady state.
  @Test func anUnseenUnstableModeHasNoSteadyState() {
    let step = LinearTransition(state: Matrix([[0.9, 0], [0, 1.1]]), noise: .identity(2))
    #expect(throws: FilteringError.self) { try SteadyState(step, LinearSensor(matrix: Matrix([[1, 0]]), noise: Matrix([[1]]))) }
  }

  /// A reading that is missing moves nothing; one of two that is there moves as if its sensor were alone.
  @Test func missingComponentsMoveNothing() throws {
    let prior = Gaussian(mean: [1, -1], covariance: Matrix([[2, 0.5], [0.5, 1]]))
    let both = LinearSensor(matrix: Matrix([[1, 0], [0, 1]]), noise: Matrix([[0.3, 0.1], [0.1, 0.2]]))
    var filter = KalmanFilter(prior)
    #expect(try filter.update([nil, .nan], both) == nil)
    #expect(filter.state == prior)
    let innovation = try filter.update([nil, 0.5], both)
    var alone = KalmanFilter(prior)
    try alone.update([0.5], LinearSensor(matrix: Matrix([[0, 1]]), noise: Matrix([[0.2]])))
    #expect(innovation?.components == [1] && filter.state == alone.state)
  }

  /// A sensor a billion times better than the prior leaves a covariance that is symmetric and positive.
  @Test func josephsFormStaysPositive() throws {
    var filter = KalmanFilter(Gaussian(mean: [0, 0], covariance: Matrix([[1e6, 1e6], [1e6, 1e6 + 1]])))
    let sensor = LinearSensor(matrix: Matrix([[1, 1]]), noise: Matrix([[1e-9]]))
    for k in 0..<50 {
      try filter.update([Double(k % 3)], sensor)
      let p = filter.state.covariance
      #expect(p[0, 1] == p[1, 0] && p[0, 0] > 0 && p[0, 0] * p[1, 1] - p[0, 1] * p[0, 1] >= 0)
    }
  }

  /// On its own model a filter's innovations are white and of the size it says; on a model with twice the noise they are not.
  @Test func innovationsOfARightModelAreStandardNormal() throws {
    let (_, readings) = TaskFour.run(2000, RandomStream(seed: 11, "nis"))
    func average(_ scale: Double) throws -> (nis: Double, lag: Double) {
      let sensor = LinearSensor(matrix: Matrix([[1]]), noise: Matrix([[TaskFour.sensorVariance * scale]]))
      var filter = KalmanFilter(Gaussian(mean: [0], deviations: [TaskFour.deviation]))
      let step = TaskFour.process.transition(over: 1)
      var whitened: [Double] = []
      for y in readings {
        filter.predict(step)
        if let innovation = try filter.update([y], sensor) { whitened.append(innovation.whitened[0]) }
      }
      let nis = whitened.reduce(0) { $0 + $1 * $1 } / Double(whitened.count)
      return (nis, zip(whitened, whitened.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(whitened.count))
    }
    let band = ConsistencyBand(dimension: 1, count: 2000, level: 0.99)
    let right = try average(1)
    #expect(band.contains(right.nis) && abs(right.lag) < 0.06)
    #expect(try !band.contains(average(2).nis))
  }
}
