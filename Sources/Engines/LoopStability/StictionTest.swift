/// Tells why a loop oscillates: a sticking valve, or too much gain and oscillating loads, by Horch's cross-correlation of controller output and
/// process output.
///
/// A sticking valve makes the output a quarter turn late on the controller's: their cross-correlation is odd about lag 0. Any other oscillation
/// makes it half a turn late: even. Only for processes that settle by themselves, and where integral action makes the controller's output:
/// strong proportional action turns a sticking valve's verdict to undecided.
///
/// - Source: A. Horch 1999, doi:10.1016/S0967-0661(99)00100-8.
public enum StictionTest {
  public enum Verdict: String, Hashable, Sendable, Codable { case stiction, otherCause, undecided }

  /// - Parameters:
  ///   - output: the controller's output u at equal intervals, over several turns of the oscillation.
  ///   - process: the process variable y at the same instants.
  /// - Throws: `invalid` for records of different or short length, or that are not finite; `degenerate` where one does not vary, or the
  ///   cross-correlation does not turn within a quarter of the record (there is no oscillation).
  public static func verdict(output u: [Double], process y: [Double]) throws(LoopStabilityError) -> Verdict {
    guard u.count == y.count, u.count >= 40 else { throw .invalid(["\(u.count) and \(y.count) samples"]) }
    guard (u + y).allSatisfy({ $0.isFinite }) else { throw .invalid(["a sample is not finite"]) }
    let correlation = try CrossCorrelation(u, y)
    guard let right = correlation.crossing(direction: 1), let left = correlation.crossing(direction: -1) else {
      throw .degenerate(what: "a record without an oscillation")
    }
    let skew = abs(left - right) / max(left + right, .leastNormalMagnitude)
    let zero = abs(correlation.at(0))
    let best = (-Int(left.rounded(.up))...Int(right.rounded(.up))).map { abs(correlation.at($0)) }.max() ?? 0
    let rise = (best - zero) / max(best + zero, .leastNormalMagnitude)
    // Horch's limits: phases nearer to a quarter turn than to a half, and the other way round.
    if skew >= 2.0 / 3, rise >= 1.0 / 3 { return .stiction }
    if skew <= 1.0 / 3, rise <= 0.072 { return .otherCause }
    return .undecided
  }
}

/// r(τ) = Σ u(t)·y(t+τ) of two records without their means, scaled to 1 for equal ones.
private struct CrossCorrelation {
  let lags: Int
  let values: [Double]

  init(_ u: [Double], _ y: [Double]) throws(LoopStabilityError) {
    let n = u.count
    let (meanU, meanY) = (u.reduce(0, +) / Double(n), y.reduce(0, +) / Double(n))
    let a = u.map { $0 - meanU }
    let b = y.map { $0 - meanY }
    let size = (a.reduce(0) { $0 + $1 * $1 } * b.reduce(0) { $0 + $1 * $1 }).squareRoot()
    guard size > 0 else { throw .degenerate(what: "a record that does not vary") }
    let lags = n / 4
    self.lags = lags
    values = (-lags...lags).map { lag in (max(0, -lag)..<min(n, n - lag)).reduce(0) { $0 + a[$1] * b[$1 + lag] } / size }
  }

  func at(_ lag: Int) -> Double { values[min(max(lag, -lags), lags) + lags] }

  /// How far from lag 0 the correlation first crosses zero on one side, by linear interpolation; nil where it does not.
  func crossing(direction: Int) -> Double? {
    for k in 0..<lags {
      let (near, far) = (at(direction * k), at(direction * (k + 1)))
      if near == 0 { return Double(k) }
      if near * far < 0 { return Double(k) + near / (near - far) }
    }
    return nil
  }
}
