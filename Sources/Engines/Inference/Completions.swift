import Determinism

/// What is known of the completion times of one station's parts, in seconds.
public struct Completions: Sendable, Hashable {
  /// A completion time that is known to lie between two bounds: 0 and `high` for a part that was blocked, `low` and ∞ for one not yet done.
  public struct Bounds: Sendable, Hashable {
    public var low: Double
    public var high: Double
    public init(low: Double, high: Double) { (self.low, self.high) = (low, high) }
  }
  /// Seen exactly.
  public var exact: [Double]
  public var bounded: [Bounds]
  /// Parts whose stamps contradict the line (they left before they can have come, or before there was room); they are left out.
  public var contradictory: Int
  public init(exact: [Double] = [], bounded: [Bounds] = [], contradictory: Int = 0) {
    (self.exact, self.bounded, self.contradictory) = (exact, bounded, contradictory)
  }

  /// Σ log f(exact) + Σ log P(low < T ≤ high).
  public func logLikelihood(_ law: some CompletionLaw) -> Double {
    var sum = 0.0
    var i = 0
    // The logarithm of a product of four, where that cannot underflow, saves three logarithms.
    while i + 4 <= exact.count {
      let (a, b, c, d) = (law.density(exact[i]), law.density(exact[i + 1]), law.density(exact[i + 2]), law.density(exact[i + 3]))
      let product = (a * b) * (c * d)
      if product > 1e-290 && product < 1e290 {
        sum += Portable.log(product)
      } else {
        sum += Portable.log(a) + Portable.log(b) + Portable.log(c) + Portable.log(d)
      }
      i += 4
    }
    while i < exact.count {
      sum += Portable.log(law.density(exact[i]))
      i += 1
    }
    for b in bounded { sum += Portable.log(b.high == .infinity ? 1 - law.cumulative(b.low) : law.cumulative(b.high) - law.cumulative(b.low)) }
    return sum
  }

  /// The log-likelihood of the exponential station and its gradient, at x = (log mean work, log mean time between failures, log mean repair).
  public func gradient(_ x: [Double]) -> (value: Double, slope: [Double]) {
    precondition(x.count == 3, "\(x.count) parameters of a station")
    let law = CompletionGradient(x)
    var slope = [0.0, 0, 0]
    var value = 0.0
    for t in exact { value += law.addDensity(t, &slope) }
    for b in bounded { value += law.addProbability(b.low, b.high, &slope) }
    return (value, slope)
  }
}
