internal import Probability

/// Estimates a running loop's gain ratio ξ and says when it has left the certified range: y = a + ξ·b·u + e by recursive least squares with
/// forgetting, over (intercept, ξ).
///
/// Levels and not differences are regressed: in closed loop the move answers the last noise, and differences would see ξ too large. An input
/// that hardly moves leaves the interval wide, and a wide interval accuses nobody.
///
/// - Source: L. Ljung 1999, System Identification, section 11.2.
public struct GainMonitor: Hashable, Sendable {
  public let certified: GainRange
  /// b, the model's gain.
  public let gain: Double
  /// Forgetting, in (0, 1]: the weight of a lot falls by this factor with each newer one. 0.9 remembers ten.
  public let forgetting: Double
  /// Standard deviation of a lot's error; a larger scatter is believed, a smaller one is not.
  public let deviation: Double
  /// Chance of a healthy loop's accusation, each lot.
  public let level: Double
  // Weighted sums over (1, x), x = b·u about the first input.
  private var origin: Double?
  private var (weight, squares) = (0.0, 0.0)
  private var (x, y, xx, xy, yy) = (0.0, 0.0, 0.0, 0.0, 0.0)

  /// - Precondition: forgetting in (0, 1], deviation > 0, level in (0, ½), gain not 0.
  public init(certified: GainRange, gain: Double, deviation: Double, forgetting: Double = 0.9, level: Double = 1e-5) {
    precondition(forgetting > 0 && forgetting <= 1 && deviation > 0 && level > 0 && level < 0.5 && gain != 0, "a monitor that cannot see")
    (self.certified, self.gain, self.deviation, self.forgetting, self.level) = (certified, gain, deviation, forgetting, level)
  }

  /// Takes a lot with the input that made it; true while the estimate lies outside the certified range. A value that is not finite is left out.
  public mutating func take(input u: Double, measured value: Double) -> Bool {
    guard u.isFinite, value.isFinite else { return hasLeft }
    if origin == nil { origin = u }
    let a = gain * (u - (origin ?? u))
    (weight, squares) = (forgetting * weight + 1, forgetting * forgetting * squares + 1)
    (x, y) = (forgetting * x + a, forgetting * y + value)
    (xx, xy, yy) = (forgetting * xx + a * a, forgetting * xy + a * value, forgetting * yy + value * value)
    return hasLeft
  }

  /// The interval of ξ at `level` (two-sided); nil before three lots, or while the input has not moved.
  public var estimate: GainRange? {
    guard weight > 0 else { return nil }
    let (mx, my) = (x / weight, y / weight)
    let (sxx, sxy, syy) = (xx - weight * mx * mx, xy - weight * mx * my, yy - weight * my * my)
    let lots = weight * weight / squares
    guard lots > 2.5, sxx > 1e-12 * (xx + 1e-300) else { return nil }
    let slope = sxy / sxx
    let scatter = max(0, syy - slope * sxy) * lots / (weight * (lots - 2))
    let error = (max(scatter, deviation * deviation) / sxx * squares / weight).squareRoot()
    let quantile = StudentT.quantile(1 - level / 2, degreesOfFreedom: lots - 2)
    return GainRange(slope - quantile * error, slope + quantile * error)
  }

  /// The whole interval lies outside the certified range.
  public var hasLeft: Bool {
    guard let estimate else { return false }
    return estimate.high < certified.low || estimate.low > certified.high
  }
}
