import Determinism
import Probability

/// log P(log X − log mean > t) of gamma or lognormal laws of one shape, tabulated in t: many censored values are then looked up for the
/// price of a few.
///
/// Filled from the far end by Simpson's rule on the density of log X; interpolated by cubics. Absolute error about 1e-5 in the worst of it.
/// Beyond the right end the caller asks the law itself.
struct TailTable {
  private let origin: Double
  private let step: Double
  private let values: [Double]
  /// Left of the table 1 − survival falls as e^(slope·t): exactly so for gamma, of which the slope is the shape.
  private let slope: Double

  /// - Parameters:
  ///   - spread: standard deviation of log X.
  ///   - end: the right end.
  ///   - survivalAtEnd: P(t > end).
  ///   - slope: of log P(t ≤ x) far to the left.
  ///   - density: of t.
  init(spread: Double, end: Double, survivalAtEnd: Double, slope: Double, density: (Double) -> Double) {
    self.slope = slope
    let origin = min(-5 * spread, -0.1)
    let count = min(max(Int(((end - origin) / (0.1 * min(spread, 1))).rounded(.up)), 8), 400)
    let step = (end - origin) / Double(count)
    var logs = [Double](repeating: 0, count: count + 1)
    var survival = survivalAtEnd
    logs[count] = Portable.log(max(survival, 1e-300))
    var right = density(end)
    for k in stride(from: count - 1, through: 0, by: -1) {
      let t = origin + Double(k) * step
      let left = density(t)
      survival += step / 6 * (left + 4 * density(t + step / 2) + right)
      right = left
      logs[k] = Portable.log(min(survival, 1))
    }
    (self.origin, self.step, values) = (origin, step, logs)
  }

  /// Gamma with mean 1.
  static func gamma(shape: Double) -> TailTable {
    let cv = 1 / shape.squareRoot()
    let end = Portable.log(1 + 6 * cv + 18 * cv * cv)
    let constant = shape * Portable.log(shape) - Special.logGamma(shape)
    return TailTable(
      spread: Special.trigamma(shape).squareRoot(), end: end, survivalAtEnd: Special.gammaQ(shape, shape * Portable.exp(end)), slope: shape
    ) { Portable.exp(constant + shape * ($0 - Portable.exp($0))) }
  }

  /// Lognormal with mean 1: t ~ N(−σ²/2, σ²).
  static func lognormal(sigma: Double) -> TailTable {
    let shift = sigma * sigma / 2
    let end = 6 * sigma - shift
    return TailTable(spread: sigma + shift / 5, end: end, survivalAtEnd: Normal.survival(6), slope: 5 / sigma) {
      Portable.exp(Normal.logDensity(($0 + shift) / sigma)) / sigma
    }
  }

  /// Nil beyond the right end.
  func callAsFunction(_ t: Double) -> Double? {
    let position = (t - origin) / step
    if position < 0 { return values[0] * Portable.exp(slope * (t - origin)) }
    guard position <= Double(values.count - 1) else { return nil }
    return LogDensityTable.interpolate(values, at: position)
  }
}
