public import Determinism
public import Probability

extension ActivityPosterior {
  /// Laws drawn from the posterior, families among them.
  ///
  /// Each of family, spread and mean is stratified over the draws, in an order that the stream alone decides; so two calibrations with one
  /// stream differ by what was learnt between them, not by luck.
  public func draws(_ count: Int, _ stream: RandomStream) -> [Law] {
    if let constant { return Array(repeating: .constant(constant), count: count) }
    let means = Stratified.uniforms(count, stream.split("mean"))
    if let empirical { return means.map { empirical.draw(Normal.quantile($0)) } }
    let spreads = Stratified.uniforms(count, stream.split("spread"))
    let ranks = Stratified.uniforms(count, stream.split("family"))
    // By name, so that a change in the order of probability moves no draw.
    let named = zip(families, probabilities).sorted { $0.0.family.rawValue < $1.0.family.rawValue }
    let cells = named.map { $0.0.spreadCells() }
    return (0..<count).map { d in
      var left = ranks[d]
      var k = 0
      while k < named.count - 1 && left > named[k].1.probability {
        left -= named[k].1.probability
        k += 1
      }
      return named[k].0.draw(spreads[d], means[d], cells[k])
    }
  }

  /// Quantiles of the law's mean, in seconds, over the whole posterior.
  ///
  /// - Parameter levels: probabilities, each between 0 and 1.
  public func meanQuantiles(_ levels: [Double]) -> [Double] {
    if let constant { return levels.map { _ in constant } }
    if let empirical { return levels.map { empirical.mean * Portable.exp(empirical.logError * Normal.quantile($0)) } }
    var (low, high) = (Double.infinity, -Double.infinity)
    let used = zip(families, probabilities).filter { $0.1.probability > 1e-4 }
    for (family, _) in used { family.forEachMeanCell { a, b, _ in (low, high) = (min(low, a), max(high, b)) } }
    let bins = 512
    let width = (high - low) / Double(bins)
    var masses = [Double](repeating: 0, count: bins)
    for (family, probability) in used {
      family.forEachMeanCell { a, b, mass in
        // Spread evenly over the bins that the cell covers.
        let (from, to) = ((a - low) / width, (b - low) / width)
        let density = probability.probability * mass / (to - from)
        var i = min(Int(from), bins - 1)
        var left = from
        while left < to && i < bins {
          let right = min(Double(i + 1), to)
          masses[i] += density * (right - left)
          left = right
          i += 1
        }
      }
    }
    let sum = masses.reduce(0, +)
    for i in masses.indices { masses[i] /= sum }
    return levels.map { Portable.exp(LogDensityTable.quantile($0, masses, low, width)) }
  }

  /// The estimate of the law's mean m with the least expected squared relative error: E[1/m] / E[1/m²], in seconds.
  ///
  /// Of a hundred exponential lifetimes it is total time / 101, where the middle of the posterior is total time / 99⅔.
  public var mean: Double {
    if let constant { return constant }
    if let empirical { return empirical.mean * Portable.exp(-1.5 * empirical.logError * empirical.logError) }
    let reference = Portable.exp(families[0].logReference)
    var (first, second) = (0.0, 0.0)
    for (family, probability) in zip(families, probabilities) where probability.probability > 1e-4 {
      family.forEachMeanCell { a, b, mass in
        let inverse = reference * Portable.exp(-(a + b) / 2)
        first += probability.probability * mass * inverse
        second += probability.probability * mass * inverse * inverse
      }
    }
    return reference * first / second
  }

  /// The central interval that holds the law's mean with this probability.
  public func meanInterval(_ level: Double = 0.9) -> ClosedRange<Double> {
    let ends = meanQuantiles([(1 - level) / 2, (1 + level) / 2])
    return ends[0]...max(ends[0], ends[1])
  }

  /// P(the next one takes no longer than `seconds`), at pace 1, over the whole posterior.
  public func predictiveCDF(_ seconds: Double) -> Double { predictive.cdf(seconds) }

  /// The law of the next one, as a mixture that may be asked often.
  public var predictive: PredictiveLaw {
    if let constant { return PredictiveLaw([(.constant(constant), 1)]) }
    if let empirical { return PredictiveLaw([(empirical.draw(0), 1)]) }
    return PredictiveLaw(
      zip(families, probabilities).flatMap { family, p in
        p.probability < 1e-3 ? [] : family.representatives().map { ($0.law, $0.mass * p.probability) }
      })
  }
}

/// A finite mixture of laws.
public struct PredictiveLaw: Sendable {
  private let parts: [(law: Law, mass: Double)]

  init(_ parts: [(law: Law, mass: Double)]) {
    let sum = parts.reduce(0) { $0 + $1.mass }
    self.parts = parts.map { ($0.law, $0.mass / sum) }
  }

  /// P(X ≤ x).
  public func cdf(_ x: Double) -> Double { parts.reduce(0) { $0 + $1.mass * $1.law.cdf(x) } }

  /// P(X > x).
  public func survival(_ x: Double) -> Double { parts.reduce(0) { $0 + $1.mass * $1.law.survival(x) } }

  /// log of the density at x.
  public func logDensity(_ x: Double) -> Double {
    LogSum.of(parts.map { Portable.log($0.mass) + $0.law.logDensity(x) })
  }
}
