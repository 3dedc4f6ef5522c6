import Continuous
import Testing

/// A ball of height x and speed v; it loses a part of its speed at each bounce. Its height stays what rounding has left of zero, above or below.
struct BouncingBall: DifferentialEquation {
  var gravity = 9.81
  var restitution = 0.8
  var direction = EventDirection.falling
  var stateCount: Int { 2 }
  var eventDirections: [EventDirection] { [direction] }
  func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) {
    dx[0] = x[1]
    dx[1] = -gravity
  }
  func switching(at t: Double, _ x: Span<Double>, into g: inout MutableSpan<Double>) { g[0] = x[0] }
  func reset(_ event: Int, at t: Double, _ x: inout MutableSpan<Double>) -> Bool {
    x[1] = -restitution * x[1]
    return true
  }
}

/// Two rulers on one clock: events at known instants, some at once.
struct Clock: DifferentialEquation {
  var eventDirections: [EventDirection] { [.rising, .either, .falling] }
  var stateCount: Int { 1 }
  func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) { dx[0] = 1 }
  func switching(at t: Double, _ x: Span<Double>, into g: inout MutableSpan<Double>) {
    g[0] = x[0] - 3
    g[1] = (x[0] - 2) * (x[0] - 3)
    g[2] = x[0] - 1
  }
}

@Suite struct EventTests {
  /// Drop from 1 m: bounce k is at t₀·(1 + 2e + 2e² + … + 2eᵏ) with t₀ = √(2h/g).
  ///
  /// Where rising through the ground would be an event too, leaving it after a bounce must not be taken for one.
  @Test(arguments: [EventDirection.falling, .either])
  func aBouncingBallBouncesAtTheClosedFormInstants(direction: EventDirection) throws {
    let ball = BouncingBall(direction: direction)
    let solver = StiffSolver(ball, tolerance: Tolerance(relative: 1e-9, absolute: 1e-12))
    let trajectory = try solver.trajectory([1, 0], from: 0, at: [4.0])
    let first = (2 / ball.gravity).squareRoot()
    var expected: [Double] = []
    var (instant, flight) = (first, 2 * first)
    while instant < 4 {
      expected.append(instant)
      flight *= ball.restitution
      instant += flight
    }
    #expect(expected.count == 19)
    #expect(trajectory.events.count == expected.count)
    for (event, t) in zip(trajectory.events, expected) { #expect(abs(event.time - t) < 1e-9) }
  }

  @Test func crossingsAreFoundInTheirDirectionToANanosecond() throws {
    // cos t crosses zero at π/2 falling, 3π/2 rising, …
    for (direction, phase, period) in [(EventDirection.falling, 0.5, 2.0), (.rising, 1.5, 2), (.either, 0.5, 1)] {
      let solver = StiffSolver(Oscillator(eventDirections: [direction]), tolerance: Tolerance(relative: 1e-12, absolute: 1e-12))
      var context = try solver.start([1, 0], at: 0)
      var expected = phase
      while true {
        let events = try solver.advance(&context, to: 20)
        if events.isEmpty { break }
        #expect(abs(context.time - expected * .pi) < 1e-9, "\(direction)")
        expected += period
      }
      #expect(context.time == 20)
      #expect(expected * .pi > 20)
    }
  }

  @Test func eventsAtOneInstantComeTogetherInOrder() throws {
    let solver = StiffSolver(Clock())
    var context = try solver.start([0], at: 0)
    // The falling event at 1 is crossed rising, and is none.
    #expect(try solver.advance(&context, to: 10) == [1])
    #expect(abs(context.time - 2) < 1e-12)
    #expect(try solver.advance(&context, to: 10) == [0, 1])
    #expect(abs(context.time - 3) < 1e-12)
    #expect(try solver.advance(&context, to: 10) == [])
    #expect(context.time == 10)
  }

  @Test func startingOnASurfaceIsNoEvent() throws {
    let solver = StiffSolver(Oscillator(eventDirections: [.either]), tolerance: Tolerance(relative: 1e-10, absolute: 1e-10))
    var context = try solver.start([0, 1], at: 0)
    #expect(try solver.advance(&context, to: 10) == [0])
    #expect(abs(context.time - .pi) < 1e-8)
    // Nor is it one to go on, or to begin anew, from where an event has stopped.
    try solver.restart(&context)
    #expect(try solver.advance(&context, to: 10) == [0])
    #expect(abs(context.time - 2 * .pi) < 1e-8)
  }

  @Test func aLongerStepMayHideTwoCrossingsAndAShorterOneDoesNot() throws {
    // x crosses 0.999 on its way up and down again within 0.09: a coarse step hops over it.
    struct Crest: DifferentialEquation {
      var stateCount: Int { 2 }
      var eventDirections: [EventDirection] { [.rising] }
      func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) {
        dx[0] = x[1]
        dx[1] = -x[0]
      }
      func switching(at t: Double, _ x: Span<Double>, into g: inout MutableSpan<Double>) { g[0] = x[0] - 0.999 }
    }
    let solver = StiffSolver(Crest(), tolerance: Tolerance(relative: 1e-9, absolute: 1e-9), maximumStep: 0.1)
    var context = try solver.start([0, 1], at: 0)
    #expect(try solver.advance(&context, to: 10) == [0])
    #expect(abs(sine(context.time) - 0.999) < 1e-7)
    #expect(context.time < .pi / 2)
  }
}
