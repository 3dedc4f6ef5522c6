public import Determinism

/// The completion law of a station with exponential work, exponential working time between failures, and exponential repairs.
///
/// With rates μ (work), f (failure while working) and r (repair) the time is phase-type of order two; it always is a mixture of two
/// exponentials with positive weights:
///
///     f(t) = Σ wₖ·ρₖ·e^(−ρₖt),  ρ = ½(s ∓ d),  s = μ+f+r,  d = √(s² − 4μr),  wₖρₖ = μ·|r − ρₖ|/d
///
/// - Source: M. F. Neuts, Matrix-Geometric Solutions in Stochastic Models, 1981, chapter 2.
public struct ExponentialCompletion: CompletionLaw, BitwiseCopyable, Hashable {
  /// Weight and rate of the slower exponential: about the parts that met a failure.
  public let slowWeight: Double
  public let slowRate: Double
  public let fastWeight: Double
  public let fastRate: Double
  /// Failures a work second, work and repair in seconds: what a draw needs.
  let work: Double
  let failures: Double
  let repair: Double

  /// - Parameters: means in seconds, positive; failureInterval may be infinite.
  public init(work: Double, failureInterval: Double, repair: Double) {
    let (mu, f, r) = (1 / work, 1 / failureInterval, 1 / repair)
    (self.work, failures, self.repair) = (work, f, repair)
    guard f > 0 else {
      (slowWeight, slowRate, fastWeight, fastRate) = (0, mu, 1, mu)
      return
    }
    let s = mu + f + r
    let d = (max(0, (mu - r) * (mu - r)) + f * f + 2 * f * (mu + r)).squareRoot()
    fastRate = (s + d) / 2
    slowRate = mu * r / fastRate
    slowWeight = mu * (r - slowRate) / (d * slowRate)
    fastWeight = mu * (fastRate - r) / (d * fastRate)
  }

  @inline(__always) public func density(_ t: Double) -> Double {
    slowWeight * slowRate * Portable.exp(-slowRate * t) + fastWeight * fastRate * Portable.exp(-fastRate * t)
  }

  /// P(T > t).
  @inline(__always) public func survival(_ t: Double) -> Double {
    t <= 0 ? 1 : slowWeight * Portable.exp(-slowRate * t) + fastWeight * Portable.exp(-fastRate * t)
  }

  @inline(__always) public func cumulative(_ t: Double) -> Double {
    if t <= 0 { return 0 }
    // Below this the series 1 − (1 − μt) has more digits than the difference.
    if fastRate * t < 1e-7 { return (slowWeight * slowRate + fastWeight * fastRate) * t }
    return 1 - survival(t)
  }

  /// Work, and a Poisson number of repairs.
  @inline(__always) public func sample(_ stream: inout RandomStream, _ table: Ziggurat) -> (time: Double, events: Int) {
    let own = work * stream.exponential(table)
    var time = own
    var events = 1
    guard failures > 0 else { return (time, events) }
    var left = own * failures - stream.exponential(table)
    while left > 0 {
      time += repair * stream.exponential(table)
      events += 2
      left -= stream.exponential(table)
    }
    return (time, events)
  }
}
