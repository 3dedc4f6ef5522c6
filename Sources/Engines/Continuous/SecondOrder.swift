import Determinism

/// Second order: ÿ + 2ζω·ẏ + ω²·y = K·ω²·u(t). Exact for an input that is constant between changes, for every damping.
///
/// - Source: D. E. Seborg et al., Process Dynamics and Control, section 5.4.
public struct SecondOrder: ExactBlock, Hashable, BitwiseCopyable {
  /// K, output units per input unit.
  public let gain: Double
  /// ω > 0, radians per unit of time.
  public let naturalFrequency: Double
  /// ζ ≥ 0: it oscillates below 1.
  public let damping: Double
  public private(set) var time: Double
  public private(set) var value: Double
  /// ẏ at `time`.
  public private(set) var rate: Double = 0
  public private(set) var input: Double

  /// At rest at `time` with a constant input.
  ///
  /// - Precondition: all finite, ω positive, ζ not negative.
  public init(gain: Double, naturalFrequency: Double, damping: Double, input: Double = 0, at time: Double = 0) {
    precondition(gain.isFinite && naturalFrequency.isFinite && damping.isFinite, "gain, frequency and damping must be finite")
    precondition(naturalFrequency > 0 && damping >= 0, "the frequency \(naturalFrequency) must be positive, the damping \(damping) not negative")
    (self.gain, self.naturalFrequency, self.damping) = (gain, naturalFrequency, damping)
    (self.time, value, self.input) = (time, gain * input, input)
  }

  public mutating func advance(to t: Double) {
    let interval = elapsed(from: time, to: t)
    time = t
    if interval == 0 { return }
    // With e = y − K·u and c, s the decaying cosine and sine over ωd: e ← c·e + s·(ẏ + ζω·e), ẏ ← c·ẏ − s·(ζω·ẏ + ω²·e).
    let (c, s) = decaying(interval)
    let target = gain * input
    let e = value - target
    let sigma = damping * naturalFrequency
    value = target + c * e + s * (rate + sigma * e)
    rate = c * rate - s * (sigma * rate + naturalFrequency * naturalFrequency * e)
  }

  public mutating func set(_ input: Double, at t: Double) {
    advance(to: t)
    self.input = input
  }

  /// e^(−ζωΔ)·cos(ωdΔ) and e^(−ζωΔ)·sin(ωdΔ)/ωd with ωd = ω√(1 − ζ²); hyperbolic above ζ = 1.
  private func decaying(_ interval: Double) -> (Double, Double) {
    let sigma = damping * naturalFrequency
    if damping < 1 {
      let frequency = naturalFrequency * ((1 - damping) * (1 + damping)).squareRoot()
      let decay = Portable.exp(-sigma * interval)
      let (sine, cosine) = Angle.sineAndCosine(frequency * interval)
      return (decay * cosine, decay * sine / frequency)
    }
    let root = ((damping - 1) * (damping + 1)).squareRoot()
    // The slow pole −ω(ζ − √(ζ²−1)) without cancellation, and the fast one by its distance from it.
    let slow = Portable.exp(-naturalFrequency / (damping + root) * interval)
    let split = 2 * naturalFrequency * root
    if split * interval < 1e-9 { return (slow * (1 - split * interval / 2), slow * interval) }
    let drop = -Portable.expm1(-split * interval)
    return (slow * (1 - drop / 2), slow * drop / split)
  }
}
