import Determinism

/// Follows the optimum of a process variable whose optimum wanders, from counts of parts and rejects:
///
///     share rejected p = base + κ·(x − o(t))²,   o a random walk that is reflected at the ends of its range.
///
/// A filter on a grid of (o, base, κ): exact up to the grid, without randomness, and at ease with what defeats a Gaussian filter: counts at
/// one value cannot tell on which side the optimum lies, and the belief keeps both sides until counts at another value do.
/// `ScrapPosterior` learns responses of several variables at once from a whole window of counts with a steady drift; this one follows a single
/// variable from count to count.
///
/// - Source: N. Gordon, D. Salmond, A. Smith 1993, doi:10.1049/ip-f-2.1993.0015, for the recursion; R. S. Bucy, K. D. Senne 1971,
///   doi:10.1016/0005-1098(71)90121-X, for grids.
public struct OptimumTracker: Sendable, Hashable {
  public let range: ClosedRange<Double>
  /// The standard deviation that the optimum gains in a unit of time; it grows with the square root of time.
  public let wander: Double
  let places: [Double]
  let bases: [Double]
  let curvatures: [Double]
  /// At (base·curvatures + curvature)·places + place, with sum 1.
  private var weights: [Double]
  /// Variance that is still to be spread: less than the grid can show.
  private var pending = 0.0

  /// Before any count: all optima equally likely, and all pairs of the base share and the share lost at half a range from the optimum.
  ///
  /// - Parameters:
  ///   - bases: shares rejected at the optimum, each in 0 < … < 1.
  ///   - losses: shares lost beside that when x is half a range away from the optimum, each positive.
  /// - Precondition: at least 10 places; the range not empty.
  public init(range: ClosedRange<Double>, places: Int = 101, bases: [Double], losses: [Double], wander: Double) {
    let width = range.upperBound - range.lowerBound
    precondition(places >= 10 && width > 0 && wander >= 0, "\(places) places in \(range)")
    precondition(!bases.isEmpty && bases.allSatisfy { $0 > 0 && $0 < 1 } && !losses.isEmpty && losses.allSatisfy { $0 > 0 }, "shares out of range")
    (self.range, self.wander, self.bases) = (range, wander, bases)
    self.places = (0..<places).map { range.lowerBound + width * (Double($0) + 0.5) / Double(places) }
    curvatures = losses.map { 4 * $0 / (width * width) }
    let count = places * bases.count * losses.count
    weights = Array(repeating: 1 / Double(count), count: count)
  }

  /// Time passes: the belief about the optimum spreads.
  ///
  /// - Precondition: not negative.
  public mutating func pass(_ interval: Double) {
    precondition(interval >= 0, "time does not pass by \(interval)")
    pending += wander * wander * interval
    let step = (range.upperBound - range.lowerBound) / Double(places.count)
    let deviation = pending.squareRoot() / step
    if deviation < 0.5 { return }
    pending = 0
    let reach = Int((4 * deviation).rounded(.up))
    var kernel = (-reach...reach).map { Portable.exp(-0.5 * Double($0 * $0) / (deviation * deviation)) }
    let total = kernel.reduce(0, +)
    for k in kernel.indices { kernel[k] /= total }
    let n = places.count
    var spread = [Double](repeating: 0, count: weights.count)
    for block in stride(from: 0, to: weights.count, by: n) {
      for i in 0..<n where weights[block + i] > 1e-300 {
        for k in kernel.indices {
          var j = i + k - reach
          // Reflected at the ends.
          while j < 0 || j >= n { j = j < 0 ? -1 - j : 2 * n - 1 - j }
          spread[block + j] += weights[block + i] * kernel[k]
        }
      }
    }
    weights = spread
  }

  /// Takes a count in.
  ///
  /// - Parameters:
  ///   - value: x during it.
  ///   - rejects: of `parts`; both may carry a weight and so be fractions.
  /// - Precondition: 0 ≤ rejects ≤ parts, x finite.
  public mutating func take(value: Double, rejects: Double, parts: Double) {
    precondition(value.isFinite && rejects >= 0 && rejects <= parts, "\(rejects) rejects of \(parts) parts at \(value)")
    if parts == 0 { return }
    var logs = [Double](repeating: 0, count: weights.count)
    var largest = -Double.infinity
    var k = 0
    for base in bases {
      for curvature in curvatures {
        for place in places {
          let p = min(base + curvature * (value - place) * (value - place), 0.999)
          logs[k] = rejects * Portable.log(p) + (parts - rejects) * Portable.log1p(-p)
          if weights[k] > 0 { largest = max(largest, logs[k]) }
          k += 1
        }
      }
    }
    var total = 0.0
    for k in weights.indices {
      weights[k] *= Portable.exp(logs[k] - largest)
      total += weights[k]
    }
    for k in weights.indices { weights[k] /= total }
  }

  /// The probability of each place of the optimum: (place, probability), in rising order.
  public var optimum: [(place: Double, probability: Double)] {
    let n = places.count
    return places.indices.map { i in (places[i], stride(from: i, to: weights.count, by: n).reduce(0) { $0 + weights[$1] }) }
  }

  /// The mean of the optimum and its standard deviation.
  public var belief: (mean: Double, deviation: Double) {
    let law = optimum
    let mean = law.reduce(0) { $0 + $1.place * $1.probability }
    let variance = law.reduce(0) { $0 + ($1.place - mean) * ($1.place - mean) * $1.probability }
    return (mean, variance.squareRoot())
  }

  /// The place below which this share of the probability lies.
  ///
  /// - Precondition: 0 < share < 1.
  public func optimum(quantile share: Double) -> Double {
    precondition(share > 0 && share < 1, "no quantile at \(share)")
    let step = (range.upperBound - range.lowerBound) / Double(places.count)
    var below = 0.0
    for (place, probability) in optimum {
      if below + probability >= share { return place - 0.5 * step + step * (share - below) / probability }
      below += probability
    }
    return range.upperBound
  }

  /// The share that would be rejected at x, as expected now.
  public func expectedShare(at value: Double) -> Double {
    var (sum, k) = (0.0, 0)
    for base in bases {
      for curvature in curvatures {
        for place in places {
          sum += weights[k] * min(base + curvature * (value - place) * (value - place), 0.999)
          k += 1
        }
      }
    }
    return sum
  }
}
