import Continuous
import Determinism

/// The classics that stiff solvers are tried on, with published values at the end of their interval.
///
/// - Source: F. Mazzia, C. Magherini, Test Set for Initial Value Problem Solvers, release 2.4, University of Bari, 2008.

/// x' = λ(x − cos t) − sin t with the solution cos t (A. Prothero, A. Robinson 1974). λ = −1e6 is very stiff.
struct ProtheroRobinson: DifferentialEquation {
  var lambda: Double
  var stateCount: Int { 1 }
  func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) {
    dx[0] = lambda * (x[0] - cosine(t)) - sine(t)
  }
}

/// Robertson's autocatalysis. Its solution creeps along 0, below which it would explode.
struct Robertson: DifferentialEquation {
  var givesJacobian = false
  var stateCount: Int { 3 }
  func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) {
    let (slow, fast, square) = (0.04 * x[0], 1e4 * x[1] * x[2], 3e7 * x[1] * x[1])
    dx[0] = fast - slow
    dx[1] = slow - fast - square
    dx[2] = square
  }
  func jacobian(at t: Double, _ x: Span<Double>, into j: inout MutableSpan<Double>) -> Bool {
    if !givesJacobian { return false }
    let (a, b, c) = (1e4 * x[2], 1e4 * x[1], 6e7 * x[1])
    (j[0], j[1], j[2]) = (-0.04, a, b)
    (j[3], j[4], j[5]) = (0.04, -a - c, -b)
    (j[6], j[7], j[8]) = (0, c, 0)
    return true
  }
  /// Computed by another method, Radau IIA of order 5, at a relative tolerance of 1e-13.
  static let at4e5 = [0.00493827452098, 1.98499408796e-8, 0.995061705629]
  static let at1e11 = [0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050]
}

/// Van der Pol's oscillator in its own time: x'' = μ(1 − x²)x' − x, μ = 1000, at t = 2000.
struct VanDerPol: DifferentialEquation {
  var mu = 1000.0
  var stateCount: Int { 2 }
  func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) {
    dx[0] = x[1]
    dx[1] = mu * (1 - x[0] * x[0]) * x[1] - x[0]
  }
  static let at2000 = [0.1706167732170469e1, -0.8928097010248125e-3]
}

/// HIRES, high irradiance response of a plant: eight reactions.
struct HighIrradianceResponse: DifferentialEquation {
  var stateCount: Int { 8 }
  func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) {
    dx[0] = -1.71 * x[0] + 0.43 * x[1] + 8.32 * x[2] + 0.0007
    dx[1] = 1.71 * x[0] - 8.75 * x[1]
    dx[2] = -10.03 * x[2] + 0.43 * x[3] + 0.035 * x[4]
    dx[3] = 8.32 * x[1] + 1.71 * x[2] - 1.12 * x[3]
    dx[4] = -1.745 * x[4] + 0.43 * x[5] + 0.43 * x[6]
    let bound = 280 * x[5] * x[7] - 1.81 * x[6]
    dx[5] = -280 * x[5] * x[7] + 0.69 * x[3] + 1.71 * x[4] - 0.43 * x[5] + 0.69 * x[6]
    dx[6] = bound
    dx[7] = -bound
  }
  static let start: [Double] = [1, 0, 0, 0, 0, 0, 0, 0.0057]
  static let end = 321.8122
  static let atEnd = [
    0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4, 0.1175651343283149e-2, 0.2386356198831331e-2, 0.6238968252742796e-2,
    0.2849998395185769e-2, 0.2850001604814231e-2,
  ]
}

/// The Oregonator: a reaction that oscillates by bursts.
struct Oregonator: DifferentialEquation {
  var stateCount: Int { 3 }
  func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) {
    dx[0] = 77.27 * (x[1] + x[0] * (1 - 8.375e-6 * x[0] - x[1]))
    dx[1] = (x[2] - (1 + x[0]) * x[1]) / 77.27
    dx[2] = 0.161 * (x[0] - x[2])
  }
  static let at360 = [0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3]
}

/// x'' = −x, with events where x crosses zero.
struct Oscillator: DifferentialEquation {
  var eventDirections: [EventDirection] = []
  var stateCount: Int { 2 }
  func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) {
    dx[0] = x[1]
    dx[1] = -x[0]
  }
  func switching(at t: Double, _ x: Span<Double>, into g: inout MutableSpan<Double>) {
    for i in eventDirections.indices { g[i] = x[0] }
  }
}
