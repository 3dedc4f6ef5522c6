/// A system of ordinary differential equations with events: ẋ = f(t, x), and switching functions g(t, x) whose zeros are instants to stop at.
///
/// The equation is an immutable value: everything that changes is in x, or in a new value of the equation after an event. The smallest one:
///
///     struct Cooling: DifferentialEquation {
///       var ambient = 20.0, timeConstant = 300.0
///       var stateCount: Int { 1 }
///       func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) {
///         dx[0] = (ambient - x[0]) / timeConstant
///       }
///     }
public protocol DifferentialEquation: Sendable {
  /// n, the number of states.
  var stateCount: Int { get }

  /// f(t, x): n values in, n values out. Between two events it must be smooth, five times differentiable for full accuracy.
  func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>)

  /// ∂fᵢ/∂xⱼ at place i·n + j. False (as by default) when the equation has none to give; forward differences then stand in for it, at n
  /// more derivatives a step.
  func jacobian(at t: Double, _ x: Span<Double>, into j: inout MutableSpan<Double>) -> Bool

  /// Which crossings of each switching function are events. None by default. Read once, when the solver is made.
  var eventDirections: [EventDirection] { get }

  /// g(t, x), one value for each event direction.
  func switching(at t: Double, _ x: Span<Double>, into g: inout MutableSpan<Double>)

  /// The jump x⁻ → x⁺ that an event makes. False (as by default) when it leaves the state and the equation as they are.
  func reset(_ event: Int, at t: Double, _ x: inout MutableSpan<Double>) -> Bool
}

/// Which way a switching function crosses zero for the crossing to be an event.
public enum EventDirection: Sendable, Hashable, Codable {
  case rising, falling, either

  /// Whether leaving `side` (+1 or −1) and coming to g is an event. Touching zero counts as crossing it.
  @inline(__always)
  func isCrossed(from side: Int8, to g: Double) -> Bool {
    (side > 0 && g <= 0 && self != .rising) || (side < 0 && g >= 0 && self != .falling)
  }
}

extension DifferentialEquation {
  public func jacobian(at t: Double, _ x: Span<Double>, into j: inout MutableSpan<Double>) -> Bool { false }
  public var eventDirections: [EventDirection] { [] }
  public func switching(at t: Double, _ x: Span<Double>, into g: inout MutableSpan<Double>) {}
  public func reset(_ event: Int, at t: Double, _ x: inout MutableSpan<Double>) -> Bool { false }
}
