import Continuous
import Testing

@Suite struct SolverBehaviourTests {
  struct Scalar: DifferentialEquation {
    enum Kind: Sendable { case growth, explosion, undefined, jump }
    var kind: Kind
    var stateCount: Int { 1 }
    func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) {
      switch kind {
      case .growth: dx[0] = x[0]
      case .explosion: dx[0] = x[0] * x[0]
      case .undefined: dx[0] = (1 - t).squareRoot()
      case .jump: dx[0] = t < 1 ? 0 : 1
      }
    }
  }

  @Test func aSingularityIsNamedWhereItIs() throws {
    // x = 1 / (1 − t).
    let solver = StiffSolver(Scalar(kind: .explosion))
    var context = try solver.start([1], at: 0)
    let error = #expect(throws: ContinuousError.self) { try solver.advance(&context, to: 2) }
    guard case .stepTooSmall(let at)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(abs(at - 1) < 1e-3)
    #expect(error?.retryHelps == false)
  }

  @Test func anUndefinedDerivativeIsNamedWhereItBegins() throws {
    let solver = StiffSolver(Scalar(kind: .undefined))
    var context = try solver.start([0], at: 0)
    let error = #expect(throws: ContinuousError.self) { try solver.advance(&context, to: 2) }
    guard case .notFinite(let at)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(at > 0.99 && at <= 1)
    #expect(abs(context.state[0] - 2.0 / 3) < 1e-3, "the context stands at the last good instant")
    #expect(throws: ContinuousError.notFinite(at: 3)) { try solver.start([0], at: 3) }
  }

  @Test func aJumpWithoutAnEventIsSteppedAcross() throws {
    let solver = StiffSolver(Scalar(kind: .jump), tolerance: Tolerance(relative: 1e-8, absolute: 1e-8))
    var context = try solver.start([0], at: 0)
    try solver.advance(&context, to: 3)
    #expect(abs(context.state[0] - 2) < 1e-6)
  }

  @Test func afterTooManyStepsTheNextCallGoesOn() throws {
    let solver = StiffSolver(Scalar(kind: .growth), tolerance: Tolerance(relative: 1e-10, absolute: 1e-10), stepLimit: 20)
    var context = try solver.start([1], at: 0)
    var interruptions = 0
    while context.time < 10 {
      do { try solver.advance(&context, to: 10) } catch {
        #expect(error.retryHelps)
        interruptions += 1
      }
    }
    #expect(interruptions > 2)
    #expect(abs(context.state[0] / exponential(10) - 1) < 1e-8)
  }

  @Test func aBadStartIsRefusedWithAllFaults() {
    let solver = StiffSolver(Oscillator())
    #expect(throws: ContinuousError.invalid(["3 start values for 2 states", "the start instant is inf", "start value 1 is nan"])) {
      try solver.start([1, .nan, 0], at: .infinity)
    }
    #expect(throws: ContinuousError.self) { try solver.trajectory([1, 0], from: 0, at: [1, 0.5]) }
  }

  @Test func aCheckpointReplaysBitForBit() throws {
    let solver = StiffSolver(VanDerPol(mu: 50))
    var context = try solver.start([2, 0], at: 0)
    try solver.advance(&context, to: 30)
    var copy = context
    try solver.advance(&context, to: 100)
    try solver.advance(&copy, to: 100)
    #expect(context.state.map(\.bitPattern) == copy.state.map(\.bitPattern))
    #expect(context.effort == copy.effort)
  }

  /// Recorded once in a debug build on x86-64: an optimised build, and another processor, must give the same bits.
  @Test func theBitsOfATrajectoryAreTheSameEverywhere() throws {
    let solver = StiffSolver(Robertson(), tolerance: Tolerance(relative: 1e-6, absolute: 1e-10))
    var context = try solver.start([1, 0, 0], at: 0)
    try solver.advance(&context, to: 40)
    #expect(context.state.map(\.bitPattern) == [4_604_622_814_546_142_056, 4_531_539_803_048_565_394, 4_598_790_662_953_929_883])
  }

  @Test func anEquationMayChangeWhereItIsToldTo() throws {
    // Heats for 100 s, then cools: each piece has its closed form.
    struct Oven: DifferentialEquation {
      var target: Double
      var stateCount: Int { 1 }
      func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) { dx[0] = (target - x[0]) / 50 }
    }
    var solver = StiffSolver(Oven(target: 200), tolerance: Tolerance(relative: 1e-10, absolute: 1e-10))
    var context = try solver.start([20], at: 0)
    try solver.advance(&context, to: 100)
    solver.equation.target = 20
    try solver.restart(&context)
    try solver.advance(&context, to: 250)
    let peak = 200 - 180 * exponential(-2)
    #expect(abs(context.state[0] - (20 + (peak - 20) * exponential(-3))) < 1e-7)
  }

  @Test func aLinearStepIsLinearAlgebra() throws {
    // A stable linear system of 12 states against its slow relaxation: the sum over a ring is kept exactly.
    struct Ring: DifferentialEquation {
      var stateCount: Int { 12 }
      func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) {
        for i in 0..<12 { dx[i] = 1000 * (x[(i + 1) % 12] - 2 * x[i] + x[(i + 11) % 12]) }
      }
    }
    let solver = StiffSolver(Ring(), tolerance: Tolerance(relative: 1e-8, absolute: 1e-10))
    var context = try solver.start((0..<12).map { $0 == 3 ? 12 : 0 }, at: 0)
    try solver.advance(&context, to: 5)
    for x in context.state { #expect(abs(x - 1) < 1e-6) }
  }
}
