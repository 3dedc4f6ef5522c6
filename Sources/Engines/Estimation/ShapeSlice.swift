import Determinism
import Probability

/// The log posterior of one family at a fixed spread s, as a function of the log mean m (in units of the sums' reference).
///
/// For exact observations, and for right-censored ones of exponential and Weibull laws, all of it is
///   constant − linear·m − e^(logCoefficient − rate·m) − ½·precision·(m − centre)²,
/// concave in m: gamma has rate 1, Weibull its shape, lognormal the square alone. The rest is summed term by term.
struct ShapeSlice {
  let family: LawFamily
  let spread: Double
  private var constant: Double
  private var linear = 0.0
  private var logCoefficient = -Double.infinity
  private var rate = 1.0
  private var precision = 0.0
  private var centre = 0.0
  /// Gamma or Weibull shape, lognormal σ; then log Γ(1 + 1/shape) of Weibull, σ²/2 of lognormal.
  private let shape: Double
  private let shift: Double
  private var prior: GaussianPrior
  private let table: TailTable?

  /// - Parameter prior: of m, on the log of the mean in units of the sums' reference.
  init(_ family: LawFamily, spread s: Double, _ sums: ActivitySums, logMean prior: GaussianPrior, spread spreadPrior: GaussianPrior) {
    (self.family, spread, self.prior) = (family, s, prior)
    let n = sums.weight
    constant = sums.jacobian + (family == .exponential ? 0 : spreadPrior.logDensity(s))
    switch family {
    case .exponential:
      (shape, shift) = (1, 0)
      (linear, logCoefficient) = (n, sums.exposure > 0 ? Portable.log(sums.exposure) : -.infinity)
    case .gamma:
      (shape, shift) = (Portable.exp(-2 * s), 0)
      let logShape = -2 * s
      constant += n * (shape * logShape - Special.logGamma(shape)) + (shape - 1) * sums.logSum
      (linear, logCoefficient) = (n * shape, n > 0 ? logShape + Portable.log(sums.time) : -.infinity)
    case .weibull:
      shape = Portable.exp(-s)
      shift = Special.logGamma(1 + 1 / shape)
      constant += n * (-s + shape * shift) + (shape - 1) * sums.logSum
      (linear, logCoefficient, rate) = (n * shape, sums.logPowerSum(shape) + shape * shift, shape)
    case .lognormal:
      let variance = Portable.log1p(Portable.exp(2 * s))
      (shape, shift) = (variance.squareRoot(), variance / 2)
      if n > 0 {
        constant -= n * (0.91893853320467274178 + 0.5 * Portable.log(variance)) + sums.logSum
        constant -= (sums.logSquares - sums.logSum * sums.logSum / n) / (2 * variance)
        (precision, centre) = (n / variance, sums.logSum / n + shift)
      }
    case .constant, .empirical: preconditionFailure("\(family.rawValue) has no likelihood by mean and spread")
    }
    // A table costs about as much as ten survival functions at as many log means.
    switch family {
    case .gamma where sums.tails.count > 8: table = .gamma(shape: shape)
    case .lognormal where sums.tails.count > 8: table = .lognormal(sigma: shape)
    default: table = nil
    }
  }

  /// The same with another prior of m.
  func with(_ prior: GaussianPrior) -> ShapeSlice {
    var slice = self
    slice.prior = prior
    return slice
  }

  /// log likelihood + log prior at m.
  func logPosterior(_ m: Double, _ sums: ActivitySums) -> Double { logLikelihood(m, sums) + prior.logDensity(m) }

  /// log likelihood at m, with the spread's prior.
  func logLikelihood(_ m: Double, _ sums: ActivitySums) -> Double {
    var value = constant - linear * m - 0.5 * precision * (m - centre) * (m - centre)
    if logCoefficient > -.infinity { value -= Portable.exp(min(logCoefficient - rate * m, 700)) }
    return hasList(sums) ? value + list(m, sums) : value
  }

  /// The m of greatest log posterior, and the curvature −f″ there: Newton's method, with steps to the left held short because the
  /// exponential term grows so fast there.
  func mode(_ sums: ActivitySums, from start: Double? = nil, tolerance: Double = 1e-4) -> (m: Double, curvature: Double) {
    var m = start ?? guess
    var curvature = 1.0
    let delta = 0.05 * min(1, Portable.exp(spread))
    let priorPrecision = prior.precision
    for _ in 0..<60 {
      let growth = logCoefficient > -.infinity ? Portable.exp(min(logCoefficient - rate * m, 300)) : 0
      var slope = -linear + rate * growth - precision * (m - centre) - (priorPrecision > 0 ? priorPrecision * (m - prior.mean) : 0)
      curvature = rate * rate * growth + precision + priorPrecision
      if hasList(sums) {
        let (a, b, c) = (list(m - delta, sums), list(m, sums), list(m + delta, sums))
        slope += (c - a) / (2 * delta)
        curvature -= (a - 2 * b + c) / (delta * delta)
      }
      if !(curvature > 0) {
        m += slope > 0 ? 0.5 : -0.5 / rate
        curvature = 1
        continue
      }
      let step = min(max(slope / curvature, -2 / rate), max(2, 2 / rate))
      m += step
      if step * step * curvature < tolerance { break }
    }
    return (m, curvature)
  }

  /// Where the mode lies without prior and list.
  private var guess: Double {
    if precision > 0 { return centre }
    if linear > 0 && logCoefficient > -.infinity { return (logCoefficient + Portable.log(rate / linear)) / rate }
    return prior.sd < .infinity ? prior.mean : 0
  }

  // MARK: - Observations without a closed form

  private func hasList(_ sums: ActivitySums) -> Bool {
    !sums.between.isEmpty || (!sums.tails.isEmpty && (family == .gamma || family == .lognormal))
  }

  private func list(_ m: Double, _ sums: ActivitySums) -> Double {
    var sum = 0.0
    if family == .gamma || family == .lognormal {
      for node in sums.tails {
        sum += node.weight * (table?(node.y - m) ?? Portable.log(max(survival(node.y, m), 1e-300)))
      }
    }
    for item in sums.between {
      // Differences are taken in the tail that has the digits.
      let above = item.low > -.infinity ? survival(item.low, m) : 1
      let share = above < 0.5 ? above - survival(item.high, m) : cumulative(item.high, m) - (above < 1 ? cumulative(item.low, m) : 0)
      sum += item.weight * Portable.log(max(share, 1e-300))
    }
    return sum
  }

  private func survival(_ y: Double, _ m: Double) -> Double {
    switch family {
    case .gamma: Special.gammaQ(shape, shape * Portable.exp(y - m))
    case .lognormal: Normal.survival((y - m + shift) / shape)
    default: Portable.exp(-Portable.exp(min(shape * (y - m + shift), 700)))
    }
  }

  private func cumulative(_ y: Double, _ m: Double) -> Double {
    switch family {
    case .gamma: Special.gammaP(shape, shape * Portable.exp(y - m))
    case .lognormal: Normal.cdf((y - m + shift) / shape)
    default: -Portable.expm1(-Portable.exp(min(shape * (y - m + shift), 700)))
    }
  }
}
