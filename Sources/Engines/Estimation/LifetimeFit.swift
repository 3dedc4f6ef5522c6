import Determinism
import LinearAlgebra
public import Probability

/// Maximum likelihood of a lifetime law from complete and right-censored observations.
public enum LifetimeFit {
  public enum Family: String, Sendable, Hashable, CaseIterable { case exponential, weibull, lognormal, gamma }
  /// A lifetime; `complete` is false where it ended unseen after `value`.
  public struct Observation: Sendable, Hashable {
    public var value: Double
    public var complete: Bool
    public init(_ value: Double, complete: Bool = true) { (self.value, self.complete) = (value, complete) }
  }

  /// The law that makes Σ log f(complete) + Σ log S(censored) greatest, and that sum.
  ///
  /// The exponential mean has its closed form, total time / completions; the others are sought over (log mean, log spread) by Newton's
  /// method with numerical derivatives and step halving, from the exponential fit.
  /// - Throws: `EstimationError.noCompletions`; `.notPositive` for a value that is not positive and finite.
  public static func fit(_ family: Family, _ observations: [Observation]) throws(EstimationError) -> (law: Law, logLikelihood: Double) {
    for o in observations where !(o.value > 0 && o.value.isFinite) { throw .notPositive(o.value) }
    let completions = observations.reduce(0) { $0 + ($1.complete ? 1 : 0) }
    guard completions > 0 else { throw .noCompletions }
    let mean = observations.reduce(0) { $0 + $1.value } / Double(completions)
    if family == .exponential {
      let law = Law.exponential(mean: mean)
      return (law, logLikelihood(law, observations))
    }
    let f = { (x: [Double]) in logLikelihood(law(family, x), observations) }
    var x = [Portable.log(mean), family == .weibull ? 0.2 : -0.2]
    var best = f(x)
    for _ in 0..<60 {
      let h = 1e-4
      let (e0, e1) = ([x[0] + h, x[1]], [x[0], x[1] + h])
      let (d0, d1) = ([x[0] - h, x[1]], [x[0], x[1] - h])
      let (f0, f1, g0, g1) = (f(e0), f(e1), f(d0), f(d1))
      let gradient = [(f0 - g0) / (2 * h), (f1 - g1) / (2 * h)]
      let cross = (f([x[0] + h, x[1] + h]) - f([x[0] + h, x[1] - h]) - f([x[0] - h, x[1] + h]) + f([x[0] - h, x[1] - h])) / (4 * h * h)
      var hessian = Matrix([[-(f0 - 2 * best + g0) / (h * h), -cross], [-cross, -(f1 - 2 * best + g1) / (h * h)]])
      // Where the surface is not concave, lean on the diagonal until it is.
      var ridge = 0.0
      while (try? hessian.cholesky()) == nil && ridge < 1e9 {
        ridge = ridge == 0 ? 1e-3 * Double(completions) : 10 * ridge
        hessian = hessian + Matrix.identity(2) * ridge
      }
      guard let step = try? hessian.solve(gradient) else { break }
      var scale = min(1, 1 / max(abs(step[0]), abs(step[1]), 1e-300))
      var moved = false
      while scale > 1e-8 {
        let next = [x[0] + scale * step[0], x[1] + scale * step[1]]
        let value = f(next)
        if value > best {
          (x, best, moved) = (next, value, true)
          break
        }
        scale /= 2
      }
      if !moved || max(abs(step[0]), abs(step[1])) < 1e-8 { break }
    }
    return (law(family, x), best)
  }

  private static func law(_ family: Family, _ x: [Double]) -> Law {
    let (mean, spread) = (Portable.exp(x[0]), Portable.exp(min(max(x[1], -4), 3)))
    switch family {
    case .exponential: return .exponential(mean: mean)
    case .weibull: return .weibull(mean: mean, shape: spread)
    case .lognormal: return .lognormal(mean: mean, cv: spread)
    case .gamma: return .gamma(mean: mean, cv: spread)
    }
  }

  private static func logLikelihood(_ law: Law, _ observations: [Observation]) -> Double {
    observations.reduce(0) { $0 + ($1.complete ? law.logDensity($1.value) : Portable.log(max(law.survival($1.value), 1e-300))) }
  }
}

/// Why nothing can be estimated. Retrying with the same data cannot help.
public enum EstimationError: Error, Hashable, Sendable {
  /// Every observation is censored.
  case noCompletions
  /// A value that must be positive and finite is not.
  case notPositive(Double)
}
