import Determinism

/// The exponential completion law with its derivatives by the logarithms of mean work, mean time between failures and mean repair.
struct CompletionGradient {
  let law: ExponentialCompletion
  /// Per exponential: derivative of weight·rate, of the weight, and of the rate.
  private var dc = [[Double]](repeating: [0, 0, 0], count: 2)
  private var dw = [[Double]](repeating: [0, 0, 0], count: 2)
  private var dr = [[Double]](repeating: [0, 0, 0], count: 2)

  init(_ x: [Double]) {
    law = ExponentialCompletion(work: Portable.exp(x[0]), failureInterval: Portable.exp(x[1]), repair: Portable.exp(x[2]))
    let (mu, f, r) = (Portable.exp(-x[0]), Portable.exp(-x[1]), Portable.exp(-x[2]))
    let d = ((mu - r) * (mu - r) + f * f + 2 * f * (mu + r)).squareRoot()
    let s = mu + f + r
    for j in 0..<3 {
      // The rates are the reciprocals of the means: their derivative by the logarithm of a mean is minus themselves.
      let (m1, f1, r1) = (j == 0 ? -mu : 0, j == 1 ? -f : 0, j == 2 ? -r : 0)
      let s1 = m1 + f1 + r1
      let d1 = (s * s1 - 2 * (m1 * r + mu * r1)) / d
      for k in 0..<2 {
        let sign = k == 0 ? -1.0 : 1.0
        let rate = k == 0 ? law.slowRate : law.fastRate
        let c = (k == 0 ? law.slowWeight : law.fastWeight) * rate
        let rate1 = (s1 + sign * d1) / 2
        dr[k][j] = rate1
        dc[k][j] = sign * (m1 * (rate - r) + mu * (rate1 - r1)) / d - c * d1 / d
        dw[k][j] = dc[k][j] / rate - c * rate1 / (rate * rate)
      }
    }
  }

  /// log f(t), and its derivatives added to `sum`.
  @inline(__always) func addDensity(_ t: Double, _ sum: inout [Double]) -> Double {
    let (e0, e1) = (Portable.exp(-law.slowRate * t), Portable.exp(-law.fastRate * t))
    let (c0, c1) = (law.slowWeight * law.slowRate, law.fastWeight * law.fastRate)
    let p = c0 * e0 + c1 * e1
    for j in 0..<3 { sum[j] += ((dc[0][j] - c0 * t * dr[0][j]) * e0 + (dc[1][j] - c1 * t * dr[1][j]) * e1) / p }
    return Portable.log(p)
  }

  /// log P(low < T ≤ high), and its derivatives added to `sum`.
  func addProbability(_ low: Double, _ high: Double, _ sum: inout [Double]) -> Double {
    let p = high == .infinity ? law.survival(low) : max(law.cumulative(high) - law.cumulative(low), 1e-300)
    for j in 0..<3 { sum[j] += (survival1(low, j) - survival1(high, j)) / p }
    return Portable.log(p)
  }

  /// The j-th derivative of P(T > t).
  private func survival1(_ t: Double, _ j: Int) -> Double {
    if t <= 0 || t == .infinity { return 0 }
    return (dw[0][j] - law.slowWeight * t * dr[0][j]) * Portable.exp(-law.slowRate * t)
      + (dw[1][j] - law.fastWeight * t * dr[1][j]) * Portable.exp(-law.fastRate * t)
  }
}
