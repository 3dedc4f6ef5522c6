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

  /// What the masses need of a span: the seen law across it, and for each pair of exponentials a·ρ·w·η·∫ e^(−ρu)·e^(−η(span−u)) du with a = 1.
  /// It is the same for all histories in which the part had come before the seen station was free.
  struct Span: BitwiseCopyable {
    var seen = 0.0
    var slowSlow = 0.0
    var slowFast = 0.0
    var fastSlow = 0.0
    var fastFast = 0.0
  }

  @inline(__always) func across(_ span: Double, _ seen: ExponentialCompletion) -> Span {
    let (slow, fast) = (Portable.exp(-slowRate * span), Portable.exp(-fastRate * span))
    let (seenSlow, seenFast) = (Portable.exp(-seen.slowRate * span), Portable.exp(-seen.fastRate * span))
    let c = seen.slowWeight * seen.slowRate
    let d = seen.fastWeight * seen.fastRate
    return Span(
      seen: c * seenSlow + d * seenFast,
      slowSlow: slowRate * c * Self.convolution(slowRate, seen.slowRate, slow, seenSlow, span),
      slowFast: slowRate * d * Self.convolution(slowRate, seen.fastRate, slow, seenFast, span),
      fastSlow: fastRate * c * Self.convolution(fastRate, seen.slowRate, fast, seenSlow, span),
      fastFast: fastRate * d * Self.convolution(fastRate, seen.fastRate, fast, seenFast, span))
  }

  @inline(__always) func masses(_ seen: ExponentialCompletion, free: Double, left: Double) -> Masses {
    if left <= max(free, 0) { return Masses() }
    return masses(across(left - max(free, 0), seen), free: free)
  }

  /// - Parameter span: from `free`, or from 0 if that is later, to the departure.
  @inline(__always) func masses(_ span: Span, free: Double) -> Masses {
    // What is left of each exponential when the seen station becomes free.
    let slow = free > 0 ? slowWeight * Portable.exp(-slowRate * free) : slowWeight
    let fast = free > 0 ? fastWeight * Portable.exp(-fastRate * free) : fastWeight
    // Done before that: then the seen station took the whole span.
    let early = free > 0 ? max(0, 1 - slow - fast) * span.seen : 0
    let (ss, sf) = (slow * span.slowSlow, slow * span.slowFast)
    let (fs, ff) = (fast * span.fastSlow, fast * span.fastFast)
    return Masses(early: early, slowSlow: ss, slowFast: sf, fastSlow: fs, total: early + ss + sf + fs + ff)
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
