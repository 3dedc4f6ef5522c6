public import Determinism
public import LinearAlgebra

/// What is believed of the parameters after the data: weighted draws of their logarithms.
public struct Posterior: Sendable, Hashable {
  /// In the order of the parameters.
  public let names: [String]
  /// Each draw: the logarithms of the parameters.
  public let draws: [[Double]]
  /// Adds up to 1.
  public let weights: [Double]
  /// log of the mean likelihood under the prior; nil where the method does not give it.
  public let logEvidence: Double?

  /// - Precondition: as many weights as draws; weights not negative, their sum positive.
  public init(names: [String], draws: [[Double]], weights: [Double], logEvidence: Double? = nil) {
    let sum = weights.reduce(0, +)
    precondition(draws.count == weights.count && sum > 0 && sum.isFinite, "\(draws.count) draws with weights that add up to \(sum)")
    (self.names, self.draws, self.logEvidence) = (names, draws, logEvidence)
    self.weights = weights.map { $0 / sum }
  }

  /// How many independent draws of equal weight these are worth: 1/Σw².
  public var effectiveSampleSize: Double { 1 / weights.reduce(0) { $0 + $1 * $1 } }

  /// Mean of the logarithm of parameter j.
  public func mean(_ j: Int) -> Double { zip(draws, weights).reduce(0) { $0 + $1.1 * $1.0[j] } }

  /// Standard deviation of the logarithm of parameter j: nearly the relative standard deviation of the parameter.
  public func deviation(_ j: Int) -> Double {
    let m = mean(j)
    return zip(draws, weights).reduce(0) { $0 + $1.1 * ($1.0[j] - m) * ($1.0[j] - m) }.squareRoot()
  }

  /// The means and covariance of the logarithms.
  public var moments: (mean: [Double], covariance: Matrix) { WeightedMoments.of(draws, weights) }

  /// The p-quantile of parameter j itself, in its own unit.
  public func quantile(_ j: Int, _ p: Double) -> Double {
    let sorted = draws.indices.sorted { draws[$0][j] < draws[$1][j] }
    var sum = 0.0
    for (k, i) in sorted.enumerated() {
      // Each draw's weight stands about its middle; between two middles the quantile is interpolated.
      let middle = sum + weights[i] / 2
      if middle >= p {
        guard k > 0 else { return Portable.exp(draws[i][j]) }
        let last = sorted[k - 1]
        let before = sum - weights[last] / 2
        let share = middle > before ? (p - before) / (middle - before) : 1
        return Portable.exp(draws[last][j] + share * (draws[i][j] - draws[last][j]))
      }
      sum += weights[i]
    }
    return Portable.exp(draws[sorted[sorted.count - 1]][j])
  }

  /// The interval that holds parameter j with probability `level`, equal tails.
  public func interval(_ j: Int, level: Double = 0.9) -> (low: Double, high: Double) {
    (quantile(j, (1 - level) / 2), quantile(j, (1 + level) / 2))
  }

  /// `count` draws of equal weight, by systematic resampling; for a forecast.
  public func resampled(_ count: Int, _ stream: RandomStream) -> [[Double]] {
    var stream = stream
    return Resampling.systematic(weights, count: count, stream.uniform()).map { draws[$0] }
  }
}

/// Weighted mean and covariance.
enum WeightedMoments {
  static func of(_ draws: [[Double]], _ weights: [Double]) -> (mean: [Double], covariance: Matrix) {
    let d = draws[0].count
    let sum = weights.reduce(0, +)
    var mean = [Double](repeating: 0, count: d)
    for (x, w) in zip(draws, weights) { for j in 0..<d { mean[j] += w / sum * x[j] } }
    var covariance = Matrix(rows: d, columns: d)
    for (x, w) in zip(draws, weights) where w > 0 {
      for i in 0..<d { for j in 0...i { covariance[i, j] += w / sum * (x[i] - mean[i]) * (x[j] - mean[j]) } }
    }
    for i in 0..<d { for j in 0..<i { covariance[j, i] = covariance[i, j] } }
    return (mean, covariance)
  }
}

/// Systematic resampling: index i comes ⌊count·wᵢ⌋ or one time more, in order.
///
/// - Source: G. Kitagawa 1996, doi:10.2307/1390750.
enum Resampling {
  /// - Parameter weights: add up to 1.
  static func systematic(_ weights: [Double], count: Int, _ u: Double) -> [Int] {
    var chosen: [Int] = []
    chosen.reserveCapacity(count)
    var sum = weights[0]
    var i = 0
    for k in 0..<count {
      let at = (Double(k) + u) / Double(count)
      while sum < at && i < weights.count - 1 {
        i += 1
        sum += weights[i]
      }
      chosen.append(i)
    }
    return chosen
  }
}
