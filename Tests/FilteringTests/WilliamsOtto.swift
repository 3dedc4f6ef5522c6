import Continuous
import Determinism
import Filtering
import LinearAlgebra

/// The Williams–Otto reactor: a stirred tank of 2105 kg fed with 1.8275 kg/s of A and F_B of B, at temperature T.
///
/// The plant: A + B → C, B + C → P + E, C + P → G. The usual model of it lacks the intermediate C: A + 2B → P + E, A + B + P → G. Mass fractions
/// in the order A, B, C, E, P, G.
///
/// - Source: T. J. Williams, R. E. Otto 1960, doi:10.1109/TCE.1960.6367296; as benchmark with these numbers and the two-reaction
///   model: J. F. Forbes, T. E. Marlin 1996, doi:10.1016/0098-1354(95)00205-7; A. Marchetti, B. Chachuat, D. Bonvin 2009, doi:10.1021/ie801352x.
struct WilliamsOtto: DifferentialEquation {
  enum Kinetics { case threeReactions, twoReactions }
  var kinetics: Kinetics
  /// The logarithm of each frequency factor over its value in the literature: what calibration may move.
  var logFactors: [Double]
  /// F_B, kg/s.
  var feed: Double
  /// T, °C.
  var temperature: Double

  static let holdup = 2105.0
  static let feedA = 1.8275
  var stateCount: Int { 6 }

  static func parameterCount(_ kinetics: Kinetics) -> Int { kinetics == .threeReactions ? 3 : 2 }

  private func rate(_ factor: Double, _ energy: Double, _ j: Int) -> Double {
    factor * Portable.exp(logFactors[j] - energy / (temperature + 273.15))
  }

  func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) {
    let total = Self.feedA + feed
    var made = (a: 0.0, b: 0.0, c: 0.0, e: 0.0, p: 0.0, g: 0.0)
    switch kinetics {
    case .threeReactions:
      let r1 = rate(1.6599e6, 6666.7, 0) * x[0] * x[1]
      let r2 = rate(7.2117e8, 8333.3, 1) * x[1] * x[2]
      let r3 = rate(2.6745e12, 11111, 2) * x[2] * x[4]
      made = (-r1, -r1 - r2, 2 * r1 - 2 * r2 - r3, 2 * r2, r2 - 0.5 * r3, 1.5 * r3)
    case .twoReactions:
      let r1 = rate(2.189e8, 8077.6, 0) * x[0] * x[1] * x[1]
      let r2 = rate(4.310e13, 12438, 1) * x[0] * x[1] * x[4]
      made = (-r1 - r2, -2 * r1 - r2, 0, 2 * r1, r1 - r2, 3 * r2)
    }
    dx[0] = (Self.feedA - total * x[0]) / Self.holdup + made.a
    dx[1] = (feed - total * x[1]) / Self.holdup + made.b
    dx[2] = -total * x[2] / Self.holdup + made.c
    dx[3] = -total * x[3] / Self.holdup + made.e
    dx[4] = -total * x[4] / Self.holdup + made.p
    dx[5] = -total * x[5] / Self.holdup + made.g
  }

  /// What the reactor holds before it reacts.
  var start: [Double] { [Self.feedA / (Self.feedA + feed), feed / (Self.feedA + feed), 0, 0, 0, 0] }

  /// The mass fractions at rest: implicit Euler steps that double, until nothing moves.
  func steady(from guess: [Double]? = nil) throws -> [Double] {
    var x = guess ?? start
    var step = 100.0
    func speed(_ x: [Double]) -> [Double] {
      var dx = x
      var out = dx.mutableSpan
      derivative(at: 0, x.span, into: &out)
      return dx
    }
    for _ in 0..<200 {
      let f = speed(x)
      var j = Matrix(rows: 6, columns: 6)
      for k in 0..<6 {
        var moved = x
        moved[k] += 1e-7
        let g = speed(moved)
        for i in 0..<6 { j[i, k] = (i == k ? 1 / step : 0) - (g[i] - f[i]) / 1e-7 }
      }
      let push = try j.solve(f)
      x = zip(x, push).map { $0 + $1 }
      step = min(step * 2, 1e9)
      if push.allSatisfy({ abs($0) < 1e-11 }) && step > 1e6 { break }
    }
    return x
  }

  /// Profit, $/s: products sold less feeds bought.
  func profit(_ x: [Double]) -> Double {
    let total = Self.feedA + feed
    return 1143.38 * x[4] * total + 25.92 * x[3] * total - 76.23 * Self.feedA - 114.34 * feed
  }
  func steadyProfit() throws -> Double { profit(try steady()) }
}

/// A day of trials on the reactor: operating points one after the other, the analyser sampled at a fixed interval from the start-up on.
struct ReactorTrial {
  var points: [(feed: Double, temperature: Double)]
  var samplesEach: Int
  var interval: Double
  /// The analyser's deviation, mass fraction.
  var deviation: Double
  /// A, B, E, P, G: both models have these.
  static let seen = [0, 1, 3, 4, 5]

  var inputs: [[Double]] { points.flatMap { p in Array(repeating: [p.feed, p.temperature], count: samplesEach) } }

  /// The mass fractions at each sample, without noise.
  func simulate(_ kinetics: WilliamsOtto.Kinetics, _ logFactors: [Double], tolerance: Double) throws(FilteringError) -> [[Double]] {
    var rows: [[Double]] = []
    var x = WilliamsOtto(kinetics: kinetics, logFactors: logFactors, feed: points[0].feed, temperature: 0).start
    for point in points {
      let reactor = WilliamsOtto(kinetics: kinetics, logFactors: logFactors, feed: point.feed, temperature: point.temperature)
      let solver = StiffSolver(reactor, tolerance: Tolerance(relative: tolerance, absolute: tolerance * 0.01))
      do {
        var context = try solver.start(x, at: 0)
        for k in 1...samplesEach {
          try solver.advance(&context, to: Double(k) * interval)
          rows.append(Self.seen.map { context.state[$0] })
        }
        x = context.state
      } catch {
        throw .model(error.description)
      }
    }
    return rows
  }

  func readings(_ truth: [[Double]], _ stream: RandomStream) -> [[Double]] {
    var stream = stream
    return truth.map { $0.map { $0 + deviation * stream.normal() } }
  }

  /// Judges a model with present parameters on readings.
  func assess(
    _ kinetics: WilliamsOtto.Kinetics, present: [Double], _ readings: [[Double]], _ test: MismatchTest, tolerance: Double
  ) throws(FilteringError) -> MismatchAssessment {
    try test.assess(
      present: present, steps: present.map { _ in 1e-3 }, bounds: present.map { _ in -3.0...3.0 }, inputs: inputs
    ) { (p) throws(FilteringError) in
      let model = try simulate(kinetics, p, tolerance: tolerance)
      return zip(readings, model).map { row, said in zip(row, said).map { ($0 - $1) / deviation } }
    }
  }

  static let operatingPoints: [(feed: Double, temperature: Double)] = [
    (4.8, 88), (4.0, 82), (5.6, 94), (4.0, 94), (5.6, 82), (4.8, 94), (4.0, 88), (5.6, 88), (4.8, 82),
  ]
}
