internal import Foundation
internal import LinearAlgebra

/// A run-to-run loop with EWMA weight λ whose measurements come d runs late, and its exact limits of stability.
///
/// With ξ = (the plant's gain)/(the model's gain):
/// - **integral**: u ← u − (λ/b)·(y_{k−d} − T). Closed loop z^{d+1} − z^d + λξ = 0; stable iff 0 < λξ < 2·sin(π/(2(2d + 1))).
/// - **matched**: the intercept is updated with the input that made the measured lot, a ← (1−λ)a + λ(y_{k−d} − b·u_{k−d}), u = (T − a)/b.
///   Closed loop z^{d+1} − (1−λ)z^d − λ(1−ξ) = 0; 0 < ξ < 2 suffices for every λ in (0, 1] and every fixed d.
///
/// - Source: the EWMA controller, E. Sachs, A. Hu, A. Ingolfsson 1995, doi:10.1109/66.350755; the integral form's limit is that of the delayed
///   difference equation, S. A. Levin, R. M. May 1976, doi:10.1016/0040-5809(76)90043-5.
public struct RunToRunLoop: Hashable, Sendable, Codable {
  public enum Form: String, Hashable, Sendable, Codable { case integral, matched }
  public let form: Form
  /// λ, in (0, 1].
  public let weight: Double
  /// d ≥ 0: the lot of run k is known before run k + d + 1, and not earlier.
  public let delay: Int

  /// - Precondition: λ in (0, 1], d not negative.
  public init(_ form: Form, weight: Double, delay: Int) {
    precondition(weight > 0 && weight <= 1 && delay >= 0, "a weight of \(weight), a delay of \(delay)")
    (self.form, self.weight, self.delay) = (form, weight, delay)
  }

  /// The least upper bound of ξ: stable iff 0 < ξ < bound.
  public var bound: Double {
    switch form {
    case .integral: Self.integralBound(delay: delay) / weight
    case .matched: Self.matchedBound(weight: weight, delay: delay)
    }
  }

  /// The spectral radius of the closed loop at ξ: the factor by which a deviation shrinks or grows, each run, in the long run.
  public func radius(at ratio: Double) -> Double { closedLoop(at: ratio).spectralRadius }

  /// The companion matrix of the closed loop's characteristic polynomial.
  func closedLoop(at ratio: Double) -> Matrix {
    var a = Matrix(rows: delay + 1, columns: delay + 1)
    for i in 0..<delay { a[i + 1, i] = 1 }
    switch form {
    case .integral:
      a[0, 0] = 1
      a[0, delay] -= weight * ratio
    case .matched:
      a[0, 0] = 1 - weight
      a[0, delay] += weight * (1 - ratio)
    }
    return a
  }

  /// Runs in which an oscillation doubles at ξ: ln 2/ln ρ; infinite where it does not grow. How long a detector may take.
  public func doublingTime(at ratio: Double) -> Double {
    let r = radius(at: ratio)
    return r > 1 ? log(2) / log(r) : .infinity
  }
}

extension RunToRunLoop {
  /// sup λξ of the integral form: 2·sin(π/(2(2d + 1))) = 2, 1, 0.618, 0.445, 0.347, …
  public static func integralBound(delay: Int) -> Double { 2 * sin(.pi / Double(2 * (2 * delay + 1))) }

  /// λξ with which the integral form settles fastest, two real roots in one: d^d/(d+1)^(d+1) = 1, 0.25, 0.148, …
  public static func fastestGain(delay: Int) -> Double {
    var gain = 1 / Double(delay + 1)
    for _ in 0..<delay { gain *= Double(delay) / Double(delay + 1) }
    return gain
  }

  /// Runs in one turn of the integral form at its bound: 2(2d + 1). Found in a record, it names the delay.
  public static func cyclePeriod(delay: Int) -> Int { 2 * (2 * delay + 1) }

  /// sup ξ of the matched form.
  ///
  /// On the unit circle z = e^{iω} the closed loop asks sin((d+1)ω) = φ·sin(dω), φ = 1 − λ, and then ξ = 1 + √(1 + φ² − 2φ·cos ω)/λ. The first
  /// such ω in (0, π] that has ξ > 1 gives the bound; for d = 0 it is π, ξ = 2/λ.
  public static func matchedBound(weight: Double, delay: Int) -> Double {
    let phi = 1 - weight
    guard delay > 0 else { return 2 / weight }
    let d = Double(delay)
    let f = { (w: Double) in sin((d + 1) * w) - phi * sin(d * w) }
    // f rises from 0 with slope d + 1 − φd > 0, and falls through 0 before π/d at the latest.
    var (low, high) = (0.0, 0.0)
    let step = Double.pi / (64 * (d + 1))
    repeat {
      low = high
      high += step
    } while f(high) > 0 && high < .pi
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if middle == 0 || f(middle) > 0 { low = middle } else { high = middle }
    }
    return 1 + (1 + phi * phi - 2 * phi * cos(high)).squareRoot() / weight
  }
}
