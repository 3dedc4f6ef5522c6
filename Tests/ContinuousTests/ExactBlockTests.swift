import Continuous
import Determinism
import Testing

/// What every exact block owes: an advance may be split anywhere, and a look ahead moves nothing.
private func checkExactBlock<Block: ExactBlock>(_ block: Block, inputs: [(Double, Double)], sourceLocation: SourceLocation = #_sourceLocation) {
  var (whole, split) = (block, block)
  var stream = RandomStream(seed: 5, "split")
  for (t, u) in inputs {
    let ahead = whole.value(at: t)
    let stops = (0..<4).map { _ in whole.time + (t - whole.time) * stream.uniform() }.sorted()
    whole.set(u, at: t)
    for stop in stops { split.advance(to: stop) }
    split.advance(to: t)
    split.advance(to: t)
    #expect(abs(ahead - split.value) <= 1e-12 * (1 + abs(ahead)), sourceLocation: sourceLocation)
    split.set(u, at: t)
    #expect(abs(whole.value - split.value) <= 1e-12 * (1 + abs(whole.value)), sourceLocation: sourceLocation)
    #expect(whole.time == t && split.time == t, sourceLocation: sourceLocation)
  }
}

/// ÿ + 2ζω·ẏ + ω²·y = ω²·u, and τ·ż + z = u beside it: the blocks' equations, solved by steps.
private struct BlockEquations: DifferentialEquation {
  var frequency: Double
  var damping: Double
  var timeConstant: Double
  var input = 0.0
  var stateCount: Int { 3 }
  func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) {
    dx[0] = x[1]
    dx[1] = frequency * frequency * (input - x[0]) - 2 * damping * frequency * x[1]
    dx[2] = (input - x[2]) / timeConstant
  }
}

@Suite struct ExactBlockTests {
  private let inputs = [(0.5, 2.0), (0.5, -1), (1.25, 3), (4, 3), (4.1, -2), (9, 0), (30, 1), (31, 0)]

  @Test func advancingInPiecesIsAdvancingAtOnce() {
    checkExactBlock(FirstOrderPlusDeadTime(gain: 2, timeConstant: 1.5, deadTime: 0.7), inputs: inputs)
    checkExactBlock(FirstOrderPlusDeadTime(gain: -1, timeConstant: 0, deadTime: 2), inputs: inputs)
    for damping in [0, 0.1, 0.7, 1, 1.0000000001, 1.5, 40] {
      checkExactBlock(SecondOrder(gain: 3, naturalFrequency: 1.3, damping: damping), inputs: inputs)
    }
    checkExactBlock(Integrator(gain: 0.5, value: 1, low: 0, high: 4), inputs: inputs)
    checkExactBlock(RateLimiter(rise: 1, fall: 0.3), inputs: inputs)
    checkExactBlock(
      ProcessVariable(
        setpoint: 1, regime: .init(gain: 2, offset: -1, timeConstant: 3), deadTime: 0.6, stream: RandomStream(seed: 1)), inputs: inputs)
  }

  /// The closed forms against the solver, which knows nothing of them.
  @Test(arguments: [0, 0.2, 0.999999, 1, 1.000001, 3])
  func theClosedFormsSolveTheirEquations(damping: Double) throws {
    var solver = StiffSolver(
      BlockEquations(frequency: 1.7, damping: damping, timeConstant: 0.8), tolerance: Tolerance(relative: 1e-11, absolute: 1e-11))
    var context = try solver.start([0, 0, 0], at: 0)
    var second = SecondOrder(gain: 1, naturalFrequency: 1.7, damping: damping)
    var first = FirstOrderPlusDeadTime(gain: 1, timeConstant: 0.8)
    for (t, u) in [(0.3, 1.0), (2.0, -0.5), (2.7, 4), (9.0, 0)] {
      try solver.advance(&context, to: t)
      solver.equation.input = u
      try solver.restart(&context)
      second.set(u, at: t)
      first.set(u, at: t)
      #expect(abs(second.value - context.state[0]) < 1e-8)
      #expect(abs(second.rate - context.state[1]) < 1e-8)
      #expect(abs(first.value - context.state[2]) < 1e-8)
    }
  }

  @Test func deadTimeDelaysAStepAndLosesNone() {
    var block = FirstOrderPlusDeadTime(gain: 2, timeConstant: 10, deadTime: 5)
    for k in 0..<100 { block.set(Double(k % 3), at: Double(k) * 0.1) }
    block.set(1, at: 20)
    block.advance(to: 25)
    let before = block.value
    #expect(block.actingInput == 1)
    block.advance(to: 35)
    #expect(abs(block.value - (2 + (before - 2) * exponential(-1))) < 1e-12)

    var step = FirstOrderPlusDeadTime(gain: 3, timeConstant: 4, deadTime: 2, at: 10)
    step.set(1, at: 11)
    #expect(step.value(at: 13) == 0)
    #expect(abs(step.value(at: 17) - 3 * (1 - exponential(-1))) < 1e-12)
  }

  @Test func anUndampedOscillatorKeepsItsEnergyForAMillionTurns() {
    var block = SecondOrder(gain: 1, naturalFrequency: 2 * .pi, damping: 0, input: 1)
    block.set(0, at: 0)
    block.advance(to: 100_000.25)
    #expect(abs(block.value) < 1e-9)
    #expect(abs(abs(block.rate) / (2 * .pi) - 1) < 1e-9)
  }

  @Test func anIntegratorDoesNotWindUp() {
    var tank = Integrator(gain: 2, value: 3, low: 0, high: 10, input: 1)
    #expect(tank.instantReaching(10) == 3.5)
    #expect(tank.instantReaching(2) == nil)
    tank.set(-0.5, at: 100)
    #expect(tank.value == 10)
    #expect(tank.instantReaching(9) == 101)
    tank.advance(to: 200)
    #expect(tank.value == 0)
  }

  @Test func aRampIsLimitedBothWays() {
    var ramp = RateLimiter(rise: 2, fall: 0.5)
    ramp.set(10, at: 0)
    #expect(ramp.instantReached == 5)
    #expect(ramp.value(at: 3) == 6)
    ramp.set(4, at: 8)
    #expect(ramp.value == 10)
    #expect(ramp.value(at: 12) == 8)
    #expect(ramp.value(at: 100) == 4)
  }

  /// Steps of very different lengths give the stationary law and the correlation e^(−Δ/τ).
  @Test func noiseHasItsVarianceAndItsMemory() {
    var stream = RandomStream(seed: 11, "noise")
    for interval in [0.01, 1.0, 30] {
      var values: [Double] = []
      var products: [Double] = []
      for _ in 0..<4000 {
        var noise = OrnsteinUhlenbeck(deviation: 2, correlationTime: 5, stream: &stream)
        let before = noise.value
        noise.advance(by: interval, stream: &stream)
        values.append(noise.value * noise.value)
        products.append(before * noise.value)
      }
      let (variance, varianceError) = meanAndError(values)
      let (covariance, covarianceError) = meanAndError(products)
      #expect(abs(variance - 4) < 4 * varianceError)
      #expect(abs(covariance - 4 * exponential(-interval / 5)) < 4 * covarianceError)
    }
  }
}
