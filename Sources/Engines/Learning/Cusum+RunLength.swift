internal import Determinism
internal import LinearAlgebra
internal import Probability

extension Cusum {
  /// The mean number of independent residuals N(`shift`, 1) until the alarm, from fresh sums.
  ///
  /// One sum that stands at s runs for L(s) = 1 + L(0)·Φ(k − s − δ) + ∫₀ʰ L(y)·φ(y + k − s − δ) dy, solved at Gauss-Legendre nodes. Two
  /// sides that never stand above zero together when one alarms combine exactly: from a start u of both,
  /// L = (L⁺(u)·L⁻(0) + L⁻(u)·L⁺(0) − L⁺(0)·L⁻(0)) / (L⁺(0) + L⁻(0)), which for u = 0 is 1/L = 1/L⁺ + 1/L⁻.
  ///
  /// Residuals that depend on each other alarm far more often: the length 465 of k = ½, h = 5 falls to 51 at an autocorrelation of ½.
  /// Whiten them first.
  ///
  /// - Source: D. M. Hawkins, D. H. Olwell 1998, Cumulative Sum Charts, ch. 3 and 10; J. M. Lucas, R. B. Crosier 1982,
  ///   doi:10.1080/00401706.1982.10487759 (head start).
  public func averageRunLength(shift: Double = 0) -> Double {
    let (up, down) = (OneSidedRunLength(k: k, h: h, shift: shift), OneSidedRunLength(k: k, h: h, shift: -shift))
    let (up0, down0) = (up.fromZero, down.fromZero)
    if headStart == 0 { return 1 / (1 / up0 + 1 / down0) }
    // The side that in effect never alarms drops out.
    if up0 == .infinity || down0 == .infinity { return min(up(from: headStart), down(from: headStart)) }
    let (upStart, downStart) = (up(from: headStart), down(from: headStart))
    return (upStart * down0 + downStart * up0 - up0 * down0) / (up0 + down0)
  }

  /// The two-sided chart with this reference value whose mean time to a false alarm is `falseAlarmEvery` residuals.
  ///
  /// - Parameter headStart: where the sums start, as a share of the threshold; ½ finds a shift that is there from the start sooner.
  public init(k: Double, falseAlarmEvery length: Double, headStart share: Double = 0) {
    precondition(length > 1 && share >= 0 && share < 1, "a false alarm every \(length), head start \(share)")
    let h = Threshold.reaching(length) { Cusum(k: k, h: $0, headStart: share * $0).averageRunLength() }
    self.init(k: k, h: h, headStart: share * h)
  }
}

/// How fast a shift can be found at all.
public enum DetectionLimit {
  /// The least worst-case mean delay, in residuals N(0, 1) that shift by δ, of any rule with this mean time to a false alarm.
  ///
  /// Lorden's delay is worst over the instant of the change and over all that came before; the one-sided cumulative sum with k = δ/2
  /// attains its minimum exactly, so the limit is that chart's run length at δ from zero. (log(length)/(δ²/2), often quoted, is its limit
  /// for long lengths: 12.4 instead of 9.16 for δ = 1 and 500.) A detector's delay over this figure, at its own measured length, says how
  /// much there is to gain: 1.1 is good where the shift is known beforehand, 1.6 where it is not.
  ///
  /// - Source: G. Lorden 1971, doi:10.1214/aoms/1177693055; G. V. Moustakides 1986, doi:10.1214/aos/1176350164.
  public static func worstDelay(shift: Double, falseAlarmEvery length: Double) -> Double {
    precondition(shift > 0 && length > 1, "a shift of \(shift), a false alarm every \(length)")
    let h = Threshold.reaching(length) { OneSidedRunLength(k: shift / 2, h: $0, shift: 0).fromZero }
    return OneSidedRunLength(k: shift / 2, h: h, shift: shift).fromZero
  }
}

/// The mean run length of one cumulative sum, as a function of where it starts.
struct OneSidedRunLength {
  private let (k, shift): (Double, Double)
  private let nodes: [Double]
  private let weights: [Double]
  /// L(0), then L at the nodes; infinite where there is no solution in the numbers at hand.
  private let lengths: [Double]

  init(k: Double, h: Double, shift: Double) {
    (self.k, self.shift) = (k, shift)
    // The kernel is a normal density of spread 1: six nodes to each spread.
    (nodes, weights) = GaussLegendre.rule(min(max(40, Int(6 * h)), 300), 0, h)
    let n = nodes.count
    var a = Matrix.identity(n + 1)
    for (i, s) in ([0.0] + nodes).enumerated() {
      a[i, 0] -= Normal.cdf(k - s - shift)
      for j in 0..<n { a[i, j + 1] -= weights[j] * Portable.exp(Normal.logDensity(nodes[j] + k - s - shift)) }
    }
    let solved = (try? a.solve(Array(repeating: 1, count: n + 1))) ?? []
    // Past about 10¹⁵ the equations cannot be told from singular ones.
    lengths = solved.allSatisfy { $0 > 0 && $0 < 1e14 } ? solved : []
  }

  var fromZero: Double { lengths.first ?? .infinity }

  /// L(s), by the equation itself.
  func callAsFunction(from s: Double) -> Double {
    guard let zero = lengths.first else { return .infinity }
    return nodes.indices.reduce(1 + zero * Normal.cdf(k - s - shift)) {
      $0 + weights[$1] * lengths[$1 + 1] * Portable.exp(Normal.logDensity(nodes[$1] + k - s - shift))
    }
  }
}

/// Thresholds for a wanted run length.
enum Threshold {
  /// The h at which `runLength`, rising without bound, reaches `length`.
  static func reaching(_ length: Double, _ runLength: (Double) -> Double) -> Double {
    var (low, high) = (0.0, 1.0)
    while runLength(high) < length { (low, high) = (high, 2 * high) }
    for _ in 0..<40 where high - low > 1e-9 * high {
      let middle = (low + high) / 2
      if runLength(middle) < length { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
