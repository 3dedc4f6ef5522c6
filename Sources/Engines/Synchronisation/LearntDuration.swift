import Determinism
import Probability

/// Mean and spread of an activity's duration, followed with a fading memory.
///
/// With weight w = 1/min(n, memory): mean ← mean + w·(x − mean), cv² ← cv² + w·((x/mean − 1)² − cv²). The belief to start from counts as
/// `prior` durations. A duration beyond `limits` × mean is taken for something else and moves nothing, unless several come in a row.
struct LearntDuration: Sendable, Hashable {
  private(set) var mean: Double
  private var variance: Double
  private var n: Double
  private let memory: Double
  private let limits: ClosedRange<Double>
  private var strange = 0

  init(_ law: Law, prior: Double, memory: Double, limits: ClosedRange<Double>) {
    (mean, variance) = (max(law.mean, 1e-3), max(law.cv * law.cv, 1e-4))
    (n, self.memory, self.limits) = (prior, memory, limits)
  }

  var cv: Double { variance.squareRoot() }
  var deviation: Double { cv * mean }
  /// Seconds below which practically no duration lies: mean·exp(−4·cv), at most a third of the mean.
  var least: Double { mean * min(Portable.exp(-4 * cv), 1.0 / 3) }

  /// How many standard deviations of the logarithm below the mean `x` lies; 0 from the mean on.
  func earliness(_ x: Double) -> Double { x >= mean ? 0 : Portable.log(mean / max(x, 1e-9)) / Portable.log1p(cv * cv).squareRoot() }

  /// Logarithm of the density of `seconds` for `pieces` in a row, independent and lognormal with the mean and spread so far; never less than
  /// that of something quite different: 10⁻⁴ of an even law up to the mean.
  ///
  /// - Parameter waits: whether the machine may have waited between them, untold. Then more than they need is not as unlikely.
  func logDensity(of pieces: Int, _ seconds: Double, waits: Bool = false) -> Double {
    let n = Double(pieces)
    let least = Portable.log((waits && seconds > n * mean ? LearntDuration.waiting / 4 : 1e-4) / (n * mean))
    guard seconds > 0 else { return least }
    let variance = Portable.log1p(variance / n)
    let x = Portable.log(seconds)
    let z2 = (x - Portable.log(n * mean) + variance / 2) * (x - Portable.log(n * mean) + variance / 2) / variance
    return max(-0.5 * z2 - x - 0.5 * Portable.log(2 * .pi * variance), least)
  }

  /// The chance that a machine waits for a moment between pieces, of which nobody tells; how long, is even up to four times what they need.
  private static let waiting = 0.2

  var law: Law { .lognormal(mean: mean, cv: cv) }

  mutating func learn(_ x: Double) {
    guard x.isFinite, x > 0 else { return }
    let ratio = x / mean
    guard limits.contains(ratio) else {
      strange += 1
      if strange >= 5 { (mean, n, strange) = (x, 2, 0) }
      return
    }
    strange = 0
    n = min(n + 1, memory)
    let w = 1 / n
    // Against the mean of before: a prediction's error, so slightly wide while little is known.
    variance += w * ((ratio - 1) * (ratio - 1) - variance)
    variance = min(max(variance, 1e-4), 25)
    mean += w * (x - mean)
  }
}
