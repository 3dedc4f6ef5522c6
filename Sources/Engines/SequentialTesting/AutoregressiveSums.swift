import Determinism

/// What is left of a series of windows when the mean that they share and the autocorrelation of their noise are unknown.
///
/// **Model.** xᵢ = μ + σᵢ·eᵢ with the declared standard deviations σᵢ and eᵢ = φ·eᵢ₋₁ + √(1 − φ²)·εᵢ, stationary: e₁ and all ε are N(0, 1).
/// With cᵢ = xᵢ/σᵢ and wᵢ = 1/σᵢ,
///
///     −2·log L(μ, φ) = Q − 2μS + μ²I + (n − 1)·log(1 − φ²)
///
/// where Q, S and I are the forms ⟨c,c⟩, ⟨c,w⟩ and ⟨w,w⟩ of ⟨a,b⟩ = a₁b₁ + Σ (aᵢ − φaᵢ₋₁)(bᵢ − φbᵢ₋₁)/(1 − φ²). As φ → 1 the information I
/// falls to that of one window: the model never counts an offset that outlasts the record as a gain that was seen n times.
///
/// Windows that scatter about their mean by more than was declared are believed: all σᵢ grow by that factor. Never the other way round:
/// little scatter is what strong autocorrelation looks like.
struct AutoregressiveSums: Hashable, Sendable {
  /// Sums of products for the pairs (c,c), (c,w), (w,w).
  private struct Triple: Hashable, Sendable { var (cc, cw, ww) = (0.0, 0.0, 0.0) }
  private var first = Triple()
  /// Of successive differences, of predecessors, and of a difference with a predecessor.
  private var change = Triple()
  private var past = Triple()
  private var mixed = Triple()
  private(set) var count = 0
  /// By how much the windows scatter more than declared; a factor of the standard deviation, at least 1.
  private(set) var excess = 1.0
  /// The mean as if windows were independent.
  private(set) var mean = 0.0
  /// The windows' lag-1 autocorrelation about their mean; 0 where there are fewer than three.
  private(set) var autocorrelation = 0.0

  init(_ observations: [(value: Double, sd: Double)]) {
    count = observations.count
    guard count > 0 else { return }
    var (information, score) = (0.0, 0.0)
    for (value, sd) in observations {
      information += 1 / (sd * sd)
      score += value / (sd * sd)
    }
    mean = score / information
    if count > 2 {
      let residuals = observations.map { ($0.value - mean) / $0.sd }
      let power = residuals.reduce(0) { $0 + $1 * $1 }
      excess = max(1, power / Double(count - 1)).squareRoot()
      if power > 0 { autocorrelation = zip(residuals, residuals.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / power }
    }
    var (c0, w0) = (0.0, 0.0)
    for (i, (value, sd)) in observations.enumerated() {
      let (c, w) = (value / sd / excess, 1 / sd / excess)
      if i == 0 {
        first = Triple(cc: c * c, cw: c * w, ww: w * w)
      } else {
        let (dc, dw) = (c - c0, w - w0)
        change = Triple(cc: change.cc + dc * dc, cw: change.cw + dc * dw, ww: change.ww + dw * dw)
        past = Triple(cc: past.cc + c0 * c0, cw: past.cw + c0 * w0, ww: past.ww + w0 * w0)
        mixed = Triple(cc: mixed.cc + 2 * dc * c0, cw: mixed.cw + dc * w0 + dw * c0, ww: mixed.ww + 2 * dw * w0)
      }
      (c0, w0) = (c, w)
    }
  }

  /// The likelihood as a function of the mean alone.
  struct Slice {
    var quadratic: Double
    var score: Double
    var information: Double
    /// (n − 1)·log(1 − φ²).
    var logVariance: Double

    /// The likeliest mean; 0 where nothing is known.
    var mean: Double { information > 0 ? score / information : 0 }
    func logLikelihood(_ mean: Double) -> Double { -0.5 * (quadratic - 2 * mean * score + mean * mean * information + logVariance) }

    /// log ∫ L(μ)·N(μ; prior) dμ, and the posterior of the mean.
    func marginal(_ prior: (mean: Double, sd: Double)) -> (log: Double, mean: Double, precision: Double) {
      let own = 1 / (prior.sd * prior.sd)
      let precision = own + information
      let centre = (prior.mean * own + score) / precision
      let log = -0.5 * (quadratic + logVariance + prior.mean * prior.mean * own - centre * centre * precision + Portable.log(precision / own))
      return (log, centre, precision)
    }
  }

  /// - Parameter point: where 1 − φ stands.
  func slice(_ point: Persistence) -> Slice {
    // aᵢ − φaᵢ₋₁ = (aᵢ − aᵢ₋₁) + (1 − φ)·aᵢ₋₁ keeps its digits where φ is near 1.
    let (gap, scale) = (point.gap, 1 / point.variance)
    let square = gap * gap
    return Slice(
      quadratic: first.cc + (change.cc + gap * mixed.cc + square * past.cc) * scale,
      score: first.cw + (change.cw + gap * mixed.cw + square * past.cw) * scale,
      information: first.ww + (change.ww + gap * mixed.ww + square * past.ww) * scale,
      logVariance: Double(max(count - 1, 0)) * point.logVariance)
  }
}

/// One autocorrelation φ = 1 − exp(−t).
struct Persistence: Hashable, Sendable {
  /// 1 − φ.
  let gap: Double
  /// 1 − φ², and its logarithm.
  let variance: Double
  let logVariance: Double

  init(t: Double) {
    gap = Portable.exp(-t)
    variance = gap * (2 - gap)
    logVariance = -t + Portable.log(2 - gap)
  }

  /// t from 0 to 9 (φ from 0 to 0.9999) in steps of 0.2.
  static let stride = 0.2
  static let grid = (0...45).map { Persistence(t: Double($0) * stride) }
}
