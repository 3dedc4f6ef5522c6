public import Determinism

/// Stationary noise with memory: dz = −z/τ·dt + σ·√(2/τ)·dW, of mean 0, standard deviation σ and correlation e^(−Δ/τ) over a time Δ.
///
/// Advanced by its exact transition z ← a·z + σ·√(1 − a²)·N with a = e^(−Δ/τ): no step is too long. The path depends on the instants at which it
/// is asked for, its law does not.
///
/// - Source: D. T. Gillespie 1996, doi:10.1103/PhysRevE.54.2084.
public struct OrnsteinUhlenbeck: Sendable, Hashable, BitwiseCopyable {
  /// σ ≥ 0.
  public let deviation: Double
  /// τ ≥ 0; 0 is white noise: a new value at every later instant.
  public let correlationTime: Double
  public private(set) var value: Double

  /// Starts from its stationary law: one draw, none for σ = 0.
  ///
  /// - Precondition: σ and τ finite and not negative.
  public init(deviation: Double, correlationTime: Double, stream: inout RandomStream) {
    precondition(deviation.isFinite && deviation >= 0, "the standard deviation \(deviation) must be finite and not negative")
    precondition(correlationTime.isFinite && correlationTime >= 0, "the correlation time \(correlationTime) must be finite and not negative")
    (self.deviation, self.correlationTime) = (deviation, correlationTime)
    value = deviation > 0 ? deviation * stream.normal() : 0
  }

  /// Goes on by an interval: one draw, none for σ = 0 or an interval of 0.
  public mutating func advance(by interval: Double, stream: inout RandomStream) {
    if deviation == 0 || interval == 0 { return }
    if correlationTime == 0 {
      value = deviation * stream.normal()
      return
    }
    let ratio = interval / correlationTime
    let kept = Portable.exp(-ratio)
    // 1 − a², without cancellation where the interval is short.
    let renewed = ratio < 0.25 ? -Portable.expm1(-2 * ratio) : 1 - kept * kept
    value = value * kept + deviation * renewed.squareRoot() * stream.normal()
  }
}
