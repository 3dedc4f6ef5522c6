import LinearAlgebra

/// Estimates modifiers, and how well they are known, from what the plant did at recent operating points.
///
/// For each value the difference plant − model is taken as a quadratic of the scaled distance d from the base, bias + gᵀ·d + Σ cᵢⱼ·dᵢ·dⱼ, with
/// independent normal priors; the posterior of bias and gradient is what a `Modifier` carries. Nothing is differenced, so points need not
/// lie in a pattern, and noise enters by its size. A point at distance |d| also carries the error of the cubic that is left out, of deviation
/// (curvature)·|d|³: far points fade by themselves.
///
/// - Source: A. Marchetti, B. Chachuat, D. Bonvin 2009, doi:10.1021/ie801352x, for the modifiers; W. Gao, S. Wenzel, S. Engell 2016,
///   doi:10.1016/j.compchemeng.2016.03.019, for gradients by quadratic approximation.
public struct ModifierEstimator: Sendable, Hashable {
  /// What is believed of plant − model before any observation: standard deviations, in units of the value.
  public struct Prior: Sendable, Hashable {
    public var bias: Double
    /// Per scaled unit of an input.
    public var gradient: Double
    /// Per squared scaled unit.
    public var curvature: Double
    public init(bias: Double, gradient: Double, curvature: Double) { (self.bias, self.gradient, self.curvature) = (bias, gradient, curvature) }
  }

  /// By how much each input must move to be far away: over such a distance plant − model is about quadratic.
  public let scales: [Double]
  /// One for each value.
  public let priors: [Prior]
  /// The variance that an observation gains for each unit of age: how fast the plant drifts.
  public let staleness: Double

  /// - Precondition: scales positive.
  public init(scales: [Double], priors: [Prior], staleness: Double = 0) {
    precondition(scales.allSatisfy { $0 > 0 } && staleness >= 0, "scales must be positive")
    (self.scales, self.priors, self.staleness) = (scales, priors, staleness)
  }

  /// The modifier of each value about a base point.
  ///
  /// - Parameter model: the model's objective and constraints at u.
  /// - Throws: `invalid` for observations of the wrong shape or a variance that is not positive; what the model throws.
  public func modifiers(
    at base: [Double], _ observations: [PlantObservation], model: ([Double]) throws(FilteringError) -> [Double]
  ) throws(FilteringError) -> [Modifier] {
    var faults: [String] = []
    if base.count != scales.count { faults.append("a base of \(base.count) inputs for \(scales.count) scales") }
    for (k, o) in observations.enumerated() {
      if o.inputs.count != scales.count || o.values.count != priors.count || o.variances.count != priors.count {
        faults.append("observation \(k) has \(o.inputs.count) inputs, \(o.values.count) values, \(o.variances.count) variances")
      }
      if !o.variances.allSatisfy({ $0 > 0 && $0.isFinite }) { faults.append("observation \(k) has a variance that is not positive") }
      if !(o.values + o.inputs).allSatisfy(\.isFinite) { faults.append("observation \(k) has a value that is not finite") }
    }
    if !faults.isEmpty { throw .invalid(faults) }
    var differences: [[Double]] = []
    for o in observations { differences.append(zip(o.values, try model(o.inputs)).map { $0 - $1 }) }
    var modifiers: [Modifier] = []
    for v in priors.indices { modifiers.append(try modifier(at: base, observations, differences.map { $0[v] }, value: v)) }
    return modifiers
  }

  /// The posterior of a Bayesian linear regression, its first 1 + m components back in the inputs' own units.
  private func modifier(
    at base: [Double], _ observations: [PlantObservation], _ differences: [Double], value: Int
  ) throws(FilteringError) -> Modifier {
    let m = base.count
    let prior = priors[value]
    let deviations = [prior.bias] + Array(repeating: prior.gradient, count: m) + Array(repeating: prior.curvature, count: m * (m + 1) / 2)
    var information = Matrix.diagonal(deviations.map { 1 / ($0 * $0) })
    var right = [Double](repeating: 0, count: deviations.count)
    for (k, o) in observations.enumerated() {
      let d = (0..<m).map { (o.inputs[$0] - base[$0]) / scales[$0] }
      var features = [1.0] + d
      for i in 0..<m { for j in i..<m { features.append(d[i] * d[j]) } }
      let squared = dot(d, d)
      let weight = 1 / (o.variances[value] + staleness * o.age + prior.curvature * prior.curvature * squared * squared * squared)
      for i in features.indices {
        right[i] += weight * features[i] * differences[k]
        for j in features.indices { information[i, j] += weight * features[i] * features[j] }
      }
    }
    guard let factor = information.lowerFactor() else { throw .notPositiveDefinite(what: "the information about a modifier") }
    let mean = factor.solvingFactored(right)
    let covariance = factor.inverseFromFactor()
    let units = [1.0] + scales
    return Modifier(
      base: base, bias: mean[0], gradient: (0..<m).map { mean[1 + $0] / scales[$0] },
      covariance: Matrix(rows: 1 + m, columns: 1 + m) { covariance[$0, $1] / (units[$0] * units[$1]) }, curvature: prior.curvature, scales: scales)
  }
}
