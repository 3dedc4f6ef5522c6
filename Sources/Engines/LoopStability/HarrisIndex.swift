/// How near a loop's output comes to what the best controller could reach: η = σ²(minimum variance)/σ²(output), in 0 … 1.
///
/// The first b terms of the output's impulse response, y = Σ ψᵢ·a(t−i), no controller can change, b being the dead time in samples; they are read
/// off an autoregressive model of the recorded output. An outer loop is engaged only over inner loops with η of one half or more, neither saturated
/// nor manual.
///
/// - Source: T. J. Harris 1989, doi:10.1002/cjce.5450670519; L. Desborough, T. J. Harris 1992, doi:10.1002/cjce.5450700620.
public enum HarrisIndex {
  /// η of a record.
  ///
  /// - Parameters:
  ///   - output: the control error at equal intervals, at least ten times the order; its mean is taken out.
  ///   - deadTime: b ≥ 1, samples from a move to the first answer.
  ///   - order: of the autoregression.
  /// - Throws: `invalid` for a short record or one that is not finite; `degenerate` for one that does not vary.
  public static func value(of output: [Double], deadTime: Int, order: Int = 20) throws(LoopStabilityError) -> Double {
    guard output.count >= 10 * order, order >= 1, deadTime >= 1 else {
      throw .invalid(["\(output.count) samples for order \(order), dead time \(deadTime)"])
    }
    guard output.allSatisfy({ $0.isFinite }) else { throw .invalid(["a sample is not finite"]) }
    let n = output.count
    let mean = output.reduce(0, +) / Double(n)
    let y = output.map { $0 - mean }
    let covariances = (0...order).map { lag in (lag..<n).reduce(0) { $0 + y[$1] * y[$1 - lag] } / Double(n) }
    guard covariances[0] > 0 else { throw .degenerate(what: "a record that does not vary") }
    // Levinson and Durbin: y(t) = Σ φᵢ·y(t−i) + a(t).
    var phi: [Double] = []
    var variance = covariances[0]
    for k in 1...order {
      var partial = covariances[k]
      for (i, f) in phi.enumerated() { partial -= f * covariances[k - 1 - i] }
      partial /= variance
      phi = phi.indices.map { phi[$0] - partial * phi[phi.count - 1 - $0] } + [partial]
      variance *= 1 - partial * partial
      guard variance > 0 else { throw .degenerate(what: "a record that repeats itself") }
    }
    var psi = [1.0]
    while psi.count < deadTime {
      psi.append(phi.indices.reduce(0) { $1 < psi.count ? $0 + phi[$1] * psi[psi.count - 1 - $1] : $0 })
    }
    return min(1, psi.reduce(0) { $0 + $1 * $1 } * variance / covariances[0])
  }
}
