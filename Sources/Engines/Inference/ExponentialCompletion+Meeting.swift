public import Determinism

/// The product of two mixtures of exponentials is one again, so a completion that fits the seen departure is drawn exactly, and its weight
/// does not depend on the draw: the filter that rests on it is fully adapted.
///
/// - Source: M. K. Pitt, N. Shephard 1999, doi:10.1080/01621459.1999.10474153.
extension ExponentialCompletion {
  public func propose(
    _ meeting: Meeting<ExponentialCompletion>, _ stream: inout RandomStream, _ table: Ziggurat
  ) -> (time: Double, weight: Double) {
    if meeting.isBlocked {
      let s = sample(&stream, table).time
      return (s, meeting.likelihood(s))
    }
    let masses = masses(meeting.seen, free: meeting.free, left: meeting.left)
    if !(masses.total > 0) { return (0, 0) }
    return (draw(masses, meeting.seen, free: meeting.free, left: meeting.left, stream.uniform()), masses.total)
  }

  /// ∫ f·g over the completions before `free`, and over those after it by pairs of exponentials (own slow or fast, seen slow or fast).
  struct Masses: BitwiseCopyable {
    var early = 0.0
    var slowSlow = 0.0
    var slowFast = 0.0
    var fastSlow = 0.0
    /// All of them, fast-fast included.
    var total = 0.0
  }

  @inline(__always) func masses(_ seen: ExponentialCompletion, free: Double, left: Double) -> Masses {
    let open = max(free, 0)
    let span = left - open
    if !(span > 0) { return Masses() }
    // What is left of each exponential at the opening and across the span.
    let slowAtOpen = slowWeight * Portable.exp(-slowRate * open)
    let fastAtOpen = fastWeight * Portable.exp(-fastRate * open)
    let slowAcross = Portable.exp(-slowRate * span)
    let fastAcross = Portable.exp(-fastRate * span)
    let seenSlow = Portable.exp(-seen.slowRate * span)
    let seenFast = Portable.exp(-seen.fastRate * span)
    let a = slowAtOpen * slowRate
    let b = fastAtOpen * fastRate
    let c = seen.slowWeight * seen.slowRate
    let d = seen.fastWeight * seen.fastRate
    var masses = Masses()
    // Done before the opening: then the seen station took the whole span.
    masses.early = max(0, 1 - slowAtOpen - fastAtOpen) * (c * seenSlow + d * seenFast)
    // Done in it: a·ρ·w·η·∫ e^(−ρu)·e^(−η(span−u)) du.
    masses.slowSlow = a * c * Self.convolution(slowRate, seen.slowRate, slowAcross, seenSlow, span)
    masses.slowFast = a * d * Self.convolution(slowRate, seen.fastRate, slowAcross, seenFast, span)
    masses.fastSlow = b * c * Self.convolution(fastRate, seen.slowRate, fastAcross, seenSlow, span)
    let fastFast = b * d * Self.convolution(fastRate, seen.fastRate, fastAcross, seenFast, span)
    masses.total = masses.early + masses.slowSlow + masses.slowFast + masses.fastSlow + fastFast
    return masses
  }

  /// The completion that belongs to the uniform number u: what u has left after each choice decides the next.
  @inline(__always) func draw(_ masses: Masses, _ seen: ExponentialCompletion, free: Double, left: Double, _ u: Double) -> Double {
    let open = max(free, 0)
    let span = left - open
    var x = u * masses.total
    if x < masses.early { return drawUpTo(open, x / masses.early) }
    x -= masses.early
    if x < masses.slowSlow { return open + Self.truncated(slowRate - seen.slowRate, span, x / masses.slowSlow) }
    x -= masses.slowSlow
    if x < masses.slowFast { return open + Self.truncated(slowRate - seen.fastRate, span, x / masses.slowFast) }
    x -= masses.slowFast
    if x < masses.fastSlow { return open + Self.truncated(fastRate - seen.slowRate, span, x / masses.fastSlow) }
    x -= masses.fastSlow
    let fastFast = masses.total - masses.early - masses.slowSlow - masses.slowFast - masses.fastSlow
    return open + Self.truncated(fastRate - seen.fastRate, span, fastFast > 0 ? min(x / fastFast, 1) : 0.5)
  }

  /// The completion that belongs to the uniform number u, given that it comes before `end`.
  @inline(__always) func drawUpTo(_ end: Double, _ u: Double) -> Double {
    let slow = slowWeight * (1 - Portable.exp(-slowRate * end))
    let fast = fastWeight * (1 - Portable.exp(-fastRate * end))
    let x = u * (slow + fast)
    return x < slow ? Self.truncated(slowRate, end, x / slow) : Self.truncated(fastRate, end, min((x - slow) / fast, 1))
  }

  /// ∫₀ˢ e^(−ρu)·e^(−η(s−u)) du, where e^(−ρs) and e^(−ηs) are known.
  @inline(__always)
  static func convolution(_ rho: Double, _ eta: Double, _ rhoAcross: Double, _ etaAcross: Double, _ span: Double) -> Double {
    let delta = eta - rho
    if abs(delta * span) < 1e-6 { return span * 0.5 * (rhoAcross + etaAcross) }
    return (rhoAcross - etaAcross) / delta
  }

  /// The u-quantile of the density ∝ e^(−ρx) on (0, span), for ρ of either sign.
  @inline(__always)
  static func truncated(_ rho: Double, _ span: Double, _ u: Double) -> Double {
    let m = rho * span
    if abs(m) < 1e-9 { return u * span }
    // For ρ < 0 the density rises: mirrored, so that the exponential cannot overflow.
    if m < 0 { return span + Portable.log(max(1 - (1 - u) * (1 - Portable.exp(m)), 1e-300)) / -rho }
    return -Portable.log(max(1 - u * (1 - Portable.exp(-m)), 1e-300)) / rho
  }
}
