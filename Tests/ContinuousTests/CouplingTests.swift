import Continuous
import Determinism
import Testing

/// A station whose oven cools while it stands: parts made after a stop are off temperature, and scrap is curvature·(x − optimum)².
@Suite struct CouplingTests {
  private let cycle = 10.0
  private let stop = 300.0
  private let partsBetweenStops = 60
  private let setpoint = 180.0
  private let ambient = 20.0
  private let heating = 120.0
  private let cooling = 900.0
  private let curvature = 1.2e-4

  /// x at the end of part k after a stop, stops repeating for ever: x_k = T + (x₀ − T)·e^(−kC/τₕ), where x₀ is what the stop leaves of x_n,
  /// x₀ = a + (x_n − a)·e^(−D/τc); both lines together give x₀.
  private func temperature(_ k: Int) -> Double {
    let kept = exponential(-stop / cooling)
    let closed = exponential(-Double(partsBetweenStops) * cycle / heating)
    let start = (ambient * (1 - kept) + kept * setpoint * (1 - closed)) / (1 - kept * closed)
    return setpoint + (start - setpoint) * exponential(-Double(k) * cycle / heating)
  }

  private var expectedScrap: Double {
    (1...partsBetweenStops).reduce(0) { $0 + curvature * (temperature($1) - setpoint) * (temperature($1) - setpoint) }
  }

  @Test func scrapAfterAStopIsThatOfTheClosedForm() {
    let model = ProcessVariableModel(
      setpoint: setpoint,
      regimes: [.init(gain: 1, offset: 0, timeConstant: heating), .init(gain: 0, offset: ambient, timeConstant: cooling)])
    var oven = model.start(in: 0, at: 0, stream: RandomStream(seed: 1))
    var scrapStream = RandomStream(seed: 1, "scrap")
    var counts: [Double] = []
    var now = 0.0
    for round in 0..<400 {
      var scrapped = 0.0
      oven.enter(model.regimes[1], at: now)
      now += stop
      oven.enter(model.regimes[0], at: now)
      for k in 1...partsBetweenStops {
        now += cycle
        oven.advance(to: now)
        if round > 7 { #expect(abs(oven.value - temperature(k)) < 1e-9) }
        let distance = oven.value - setpoint
        if scrapStream.chance(curvature * distance * distance) { scrapped += 1 }
      }
      if round > 7 { counts.append(scrapped) }
    }
    let (mean, error) = meanAndError(counts)
    #expect(abs(mean - expectedScrap) < 3.5 * error)
    #expect(expectedScrap > 1, "the stops must matter, or the test shows nothing")
  }

  /// The same by the solver, with the stops as changes of the equation and the parts counted by an event: the discrete in the continuous.
  @Test func theSolverCountsTheSameParts() throws {
    struct Oven: DifferentialEquation {
      var isRunning = true
      var cycle: Double
      var stateCount: Int { 2 }
      var eventDirections: [EventDirection] { [.rising] }
      func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) {
        dx[0] = isRunning ? (180 - x[0]) / 120 : (20 - x[0]) / 900
        dx[1] = isRunning ? 1 / cycle : 0
      }
      func switching(at t: Double, _ x: Span<Double>, into g: inout MutableSpan<Double>) { g[0] = x[1] - 1 }
    }
    var solver = StiffSolver(Oven(cycle: cycle), tolerance: Tolerance(relative: 1e-10, absolute: 1e-10))
    var context = try solver.start([setpoint, 0], at: 0)
    for round in 0..<4 {
      solver.equation.isRunning = false
      try solver.restart(&context)
      try solver.advance(&context, to: context.time + stop)
      solver.equation.isRunning = true
      try solver.restart(&context)
      let begun = context.time
      for k in 1...partsBetweenStops {
        #expect(try solver.advance(&context, to: begun + 10_000) == [0])
        #expect(abs(context.time - begun - Double(k) * cycle) < 1e-7)
        if round == 3 { #expect(abs(context.state[0] - temperature(k)) < 1e-6) }
        try solver.restart(&context, [context.state[0], 0])
      }
    }
  }
}
