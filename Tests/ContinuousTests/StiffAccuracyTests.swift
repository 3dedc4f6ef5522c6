import Continuous
import Testing

@Suite struct StiffAccuracyTests {
  /// Dahlquist's equation from mild to absurd stiffness: the solver takes few steps and stays on the slow solution.
  @Test(arguments: [-1.0, -1e3, -1e6, -1e9])
  func stiffnessCostsNoSteps(lambda: Double) throws {
    let solver = StiffSolver(ProtheroRobinson(lambda: lambda), tolerance: Tolerance(relative: 1e-8, absolute: 1e-8))
    var context = try solver.start([1], at: 0)
    try solver.advance(&context, to: 10)
    #expect(context.time == 10)
    #expect(abs(context.state[0] - cosine(10)) < 1e-6)
    #expect(context.effort.acceptedSteps < 400)
  }

  @Test func aStiffTransientDiesOut() throws {
    // x(t) = cos t + e^(−1000t) after a start off the slow solution.
    let solver = StiffSolver(ProtheroRobinson(lambda: -1000), tolerance: Tolerance(relative: 1e-9, absolute: 1e-10))
    let grid = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.1, 1]
    let trajectory = try solver.trajectory([2], from: 0, at: grid)
    for (k, t) in grid.enumerated() { #expect(abs(trajectory[k, 0] - cosine(t) - exponential(-1000 * t)) < 1e-7, "t = \(t)") }
  }

  /// A hundredth of the tolerance gives about a hundredth of the error, down to where rounding takes over.
  @Test func theErrorFollowsTheTolerance() throws {
    var errors: [Double] = []
    for tolerance in [1e-4, 1e-6, 1e-8, 1e-10] {
      let solver = StiffSolver(Oscillator(), tolerance: Tolerance(relative: tolerance, absolute: tolerance))
      var context = try solver.start([1, 0], at: 0)
      try solver.advance(&context, to: 20)
      errors.append(max(abs(context.state[0] - cosine(20)), abs(context.state[1] + sine(20))))
      #expect(errors.last! < 100 * tolerance)
    }
    for (coarse, fine) in zip(errors, errors.dropFirst()) { #expect(fine < coarse / 20) }
  }

  @Test func denseOutputIsAsGoodAsTheSteps() throws {
    let solver = StiffSolver(Oscillator(), tolerance: Tolerance(relative: 1e-8, absolute: 1e-8))
    let grid = (0...1000).map { Double($0) * 0.02 }
    let trajectory = try solver.trajectory([1, 0], from: 0, at: grid)
    let worst = grid.indices.map { abs(trajectory[$0, 0] - cosine(grid[$0])) }.max()!
    #expect(worst < 2e-6)
    #expect(trajectory.effort.acceptedSteps < 300, "the grid must not set the steps")
  }

  @Test(arguments: [false, true])
  func robertsonOverElevenDecades(givesJacobian: Bool) throws {
    let solver = StiffSolver(Robertson(givesJacobian: givesJacobian), tolerance: Tolerance(relative: 1e-8, absolute: 1e-14, 1e-18, 1e-12))
    var context = try solver.start([1, 0, 0], at: 0)
    try solver.advance(&context, to: 4e5)
    #expect(relativeError(context.state, Robertson.at4e5) < 1e-6)
    try solver.advance(&context, to: 1e11)
    #expect(relativeError(context.state, Robertson.at1e11) < 1e-5)
    #expect(abs(context.state.reduce(0, +) - 1) < 1e-9, "the mass is kept")
    #expect(context.effort.acceptedSteps < 1500)
  }

  @Test func vanDerPolJumpsAtTheRightInstant() throws {
    let solver = StiffSolver(VanDerPol(), tolerance: Tolerance(relative: 1e-8, absolute: 1e-8))
    var context = try solver.start([2, 0], at: 0)
    try solver.advance(&context, to: 2000)
    #expect(relativeError(context.state, VanDerPol.at2000) < 1e-6)
  }

  @Test func highIrradianceResponseMeetsItsReference() throws {
    let solver = StiffSolver(HighIrradianceResponse(), tolerance: Tolerance(relative: 1e-8, absolute: 1e-12))
    var context = try solver.start(HighIrradianceResponse.start, at: 0)
    try solver.advance(&context, to: HighIrradianceResponse.end)
    #expect(relativeError(context.state, HighIrradianceResponse.atEnd) < 1e-6)
  }

  @Test func theOregonatorBurstsOnTime() throws {
    let solver = StiffSolver(Oregonator(), tolerance: Tolerance(relative: 1e-8, absolute: 1e-8))
    var context = try solver.start([1, 2, 3], at: 0)
    try solver.advance(&context, to: 360)
    #expect(relativeError(context.state, Oregonator.at360) < 1e-5)
  }
}
