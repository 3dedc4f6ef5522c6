import Determinism
import Foundation
import LinearAlgebra
import Testing

@testable import Filtering

/// Acceptance task 4: the first-order process of lag 60, known and unknown.
@Suite(.enabled(if: studiesRun)) struct LagLearnerStudy {
  static let replications = 200
  static let length = 2000
  static func grid(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
    (0..<count).map { low * Portable.pow(high / low, Double($0) / Double(count - 1)) }
  }

  /// Parameters known: root mean square error against the Riccati limit, NEES thinned to instants 60 apart.
  @Test func aKnownProcessReachesTheRiccatiLimit() throws {
    let step = TaskFour.process.transition(over: 1)
    var (square, count, nees, instants) = (0.0, 0.0, 0.0, 0)
    let begun = processorSeconds()
    for r in 0..<Self.replications {
      let (states, readings) = TaskFour.run(Self.length, RandomStream(seed: 401, "known").split(r))
      var filter = KalmanFilter(Gaussian(mean: [0], deviations: [TaskFour.deviation]))
      for k in states.indices {
        filter.predict(step)
        try filter.update([readings[k]], TaskFour.sensor)
        if k < 100 { continue }
        let error = filter.state.mean[0] - states[k]
        square += error * error
        count += 1
        if k % 60 == 0 {
          nees += error * error / filter.state.covariance[0, 0]
          instants += 1
        }
      }
    }
    let micros = (processorSeconds() - begun) * 1e6 / Double(Self.replications * Self.length)
    let ratio = (square / count).squareRoot() / TaskFour.limit
    let band = ConsistencyBand(dimension: 1, count: instants)
    print(
      "task 4, known:   RMSE/limit \(column(ratio, 4))   NEES \(column(nees / Double(instants), 4)) in "
        + "[\(column(band.low, 4)), \(column(band.high, 4))]"
        + "   \(column(micros, 2)) us a step")
    #expect(ratio <= 1.02)
    #expect(band.contains(nees / Double(instants)))
  }

  /// τ and the process noise unknown. The bound is the Riccati recursion with both known, instant by instant: no filter, adaptive or not, can do
  /// better. Also the belief about τ itself against the Cramér–Rao bound of (τ, D), and the coverage of its 90 % intervals.
  @Test func anUnknownLagIsLearnedNearTheBound() throws {
    var learned = (early: 0.0, late: 0.0)
    var bound = (early: 0.0, late: 0.0)
    var (covered, whitened, instants, nees) = (0, 0.0, 0, 0.0)
    var (zs, seconds): ([Double], Double) = ([], 0)
    let crb = try Self.boundOfLogLag()
    for r in 0..<Self.replications {
      let (states, readings) = TaskFour.run(Self.length, RandomStream(seed: 402, "unknown").split(r))
      var learner = LagLearner(
        timeConstants: Self.grid(6, 1200, 27), diffusions: Self.grid(0.002, 0.05, 19), sensorVariance: 0.25,
        start: (0, TaskFour.deviation * TaskFour.deviation))
      var variance = TaskFour.deviation * TaskFour.deviation
      let begun = processorSeconds()
      var errors: [Double] = []
      for y in readings.indices {
        learner.predict(over: 1)
        let w = learner.update(readings[y]) ?? 0
        whitened += w * w
        let belief = learner.state
        let error = belief.mean - states[y]
        errors.append(error * error)
        if y > 100 && y % 60 == 0 {
          nees += error * error / (belief.deviation * belief.deviation)
          instants += 1
        }
      }
      seconds += processorSeconds() - begun
      for k in errors.indices {
        variance = TaskFour.keep * TaskFour.keep * variance + 0.01
        variance = variance * 0.25 / (variance + 0.25)
        if k < 500 {
          learned.early += errors[k]
          bound.early += variance
        } else {
          learned.late += errors[k]
          bound.late += variance
        }
      }
      zs.append((learner.logTimeConstant.mean - Portable.log(60)) / crb)
      if learner.timeConstant(quantile: 0.05) <= 60 && 60 <= learner.timeConstant(quantile: 0.95) { covered += 1 }
    }
    let (early, late) = ((learned.early / bound.early).squareRoot(), (learned.late / bound.late).squareRoot())
    let coverage = Double(covered) / Double(Self.replications)
    print(
      "task 4, unknown: RMSE/bound \(column(early, 4)) (samples 1-500), \(column(late, 4)) (501-2000)   NEES \(column(nees / Double(instants), 3))"
        + "   NIS \(column(whitened / Double(Self.replications * Self.length), 3))")
    print(
      "                 log tau: RMSE/CRB \(column(rootMeanSquare(zs), 3)) (CRB \(column(crb, 3)))   "
        + "coverage of 90 % \(column(coverage, 3))"
        + "   \(column(seconds * 1e6 / Double(Self.replications * Self.length), 2)) us a step (513 filters)")
    #expect(early <= 1.1 && late <= 1.1)
    #expect(coverage >= 0.85 && coverage <= 0.95)
  }

  /// The Cramér–Rao bound of log τ with log D unknown too: information Σ (∂e)(∂e)ᵀ/S + ½·(∂S)(∂S)ᵀ/S² of the innovations, averaged over runs.
  static func boundOfLogLag() throws -> Double {
    func run(_ logLag: Double, _ logDiffusion: Double, _ readings: [Double]) -> [(Double, Double)] {
      let (lag, diffusion) = (Portable.exp(logLag), Portable.exp(logDiffusion))
      let keep = Portable.exp(-1 / lag)
      let spread = 0.5 * diffusion * lag
      var (mean, variance) = (0.0, TaskFour.deviation * TaskFour.deviation)
      return readings.map { y in
        mean *= keep
        variance = keep * keep * (variance - spread) + spread
        let total = variance + 0.25
        let e = y - mean
        mean += variance / total * e
        variance *= 0.25 / total
        return (e, total)
      }
    }
    var information = [0.0, 0, 0]
    let (a, b, h) = (Portable.log(60), Portable.log(TaskFour.diffusion), 1e-4)
    for r in 0..<40 {
      let (_, readings) = TaskFour.run(length, RandomStream(seed: 403, "bound").split(r))
      let (a1, a0, b1, b0) = (run(a + h, b, readings), run(a - h, b, readings), run(a, b + h, readings), run(a, b - h, readings))
      let middle = run(a, b, readings)
      for k in readings.indices {
        let s = middle[k].1
        let (ea, eb) = ((a1[k].0 - a0[k].0) / (2 * h), (b1[k].0 - b0[k].0) / (2 * h))
        let (sa, sb) = ((a1[k].1 - a0[k].1) / (2 * h), (b1[k].1 - b0[k].1) / (2 * h))
        information[0] += (ea * ea / s + 0.5 * sa * sa / (s * s)) / 40
        information[1] += (ea * eb / s + 0.5 * sa * sb / (s * s)) / 40
        information[2] += (eb * eb / s + 0.5 * sb * sb / (s * s)) / 40
      }
    }
    return (information[2] / (information[0] * information[2] - information[1] * information[1])).squareRoot()
  }
}
