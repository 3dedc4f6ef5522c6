import Continuous
import ContinuousPlants
import Testing

/// The plants stand where the literature says they do.
@Suite struct OptimumTests {
  private func profit(_ kinetics: WilliamsOtto.Kinetics, _ prices: WilliamsOtto.Prices, limited: Bool, _ u: [Double]) throws -> Double {
    let reactor = WilliamsOtto(kinetics, at: u)
    let x = try reactor.steady()
    if limited, x[0] > WilliamsOtto.limitA || x[5] > WilliamsOtto.limitG { return -.infinity }
    return reactor.profit(x, prices)
  }

  @Test func theReactorsOptimumWithoutConstraints() throws {
    let u = try WilliamsOtto.maximum(from: [4.5, 85], resolution: 1e-5) { try profit(.threeReactions, .unconstrained, limited: false, $0) }
    #expect(abs(u[0] - 4.7874) < 2e-3 && abs(u[1] - 89.70) < 0.02)
    #expect(abs(try profit(.threeReactions, .unconstrained, limited: false, u) - 190.980) < 2e-3)
    // The two-reaction twin goes elsewhere, and the plant loses a fifth there.
    let wrong = try WilliamsOtto.maximum(from: [4.5, 85], resolution: 1e-5) { try profit(.twoReactions, .unconstrained, limited: false, $0) }
    #expect(abs(try profit(.threeReactions, .unconstrained, limited: false, wrong) - 150.38) < 0.3)
  }

  @Test func theReactorsOptimumWithConstraints() throws {
    let optimum = [4.38939, 80.49632]
    let x = try WilliamsOtto(.threeReactions, at: optimum).steady()
    #expect(abs(x[0] - 0.12) < 1e-6 && abs(x[5] - 0.08) < 1e-6)
    #expect(abs(WilliamsOtto(.threeReactions, at: optimum).profit(x, .constrained) - 75.811) < 1e-3)
    // Both constraints are active: a step along either alone gains and breaks the other.
    for step in [[-0.01, 0.0], [0, 0.1]] {
      let v = zip(optimum, step).map { $0 + $1 }
      #expect(try profit(.threeReactions, .constrained, limited: false, v) > 75.811)
      #expect(try profit(.threeReactions, .constrained, limited: true, v) == -.infinity)
    }
    // The twin promises 81.79 at its own optimum; the plant yields 40.72 there and breaks the limit of A.
    let wrong = [4.634120, 76.221349]
    #expect(abs(try profit(.twoReactions, .constrained, limited: false, wrong) - 81.79) < 0.01)
    #expect(abs(try profit(.threeReactions, .constrained, limited: false, wrong) - 40.72) < 0.01)
    #expect(abs(try WilliamsOtto(.threeReactions, at: wrong).steady()[0] - 0.1272) < 1e-4)
  }

  @Test func theDynamicReactorComesToRestWhereTheSteadyOneIs() throws {
    let reactor = WilliamsOtto(.threeReactions, at: [4.4, 81])
    var context = try StiffSolver(reactor, tolerance: Tolerance(relative: 1e-8, absolute: 1e-10)).start(reactor.start, at: 0)
    try StiffSolver(reactor, tolerance: Tolerance(relative: 1e-8, absolute: 1e-10)).advance(&context, to: 20_000)
    for (moving, rest) in zip(context.state, try reactor.steady()) { #expect(abs(moving - rest) < 1e-7) }
  }

  @Test func vanDeVussesGainChangesSignAtItsOptimum() {
    let best = VanDeVusse(dilution: 1.2921)
    #expect(abs(best.steady[1] - 1.26599) < 1e-5)
    #expect(abs(best.gain) < 1e-4)
    #expect(VanDeVusse(dilution: 0.9).gain > 0 && VanDeVusse(dilution: 1.8).gain < 0)
  }

  @Test func theFourTanksRestWhereTheirOutletsBalance() throws {
    for tank in [FourTank.minimumPhase, .nonMinimumPhase] {
      let levels = tank.steadyLevels
      let rest = try tank.steadyState(from: levels.map { $0 * 0.8 })
      for (a, b) in zip(levels, rest) { #expect(abs(a - b) < 1e-6) }
      // Johansson's operating points, as he rounds them.
      #expect(abs(levels[0] - 12.4) < 0.3 && abs(levels[1] - 12.9) < 0.4)
      let g = tank.staticGains
      let relative = g[0][0] * g[1][1] / (g[0][0] * g[1][1] - g[0][1] * g[1][0])
      #expect(abs(relative - (tank == .minimumPhase ? 1.40 : -0.64)) < 0.01)
    }
  }
}
