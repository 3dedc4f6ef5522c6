import Continuous
import ContinuousPlants
import Determinism
import Filtering

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
