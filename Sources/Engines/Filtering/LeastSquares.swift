import LinearAlgebra

/// Nonlinear least squares, min Σ rᵢ(p)², by Levenberg's and Marquardt's method with central differences and bounds.
///
/// - Source: D. W. Marquardt 1963, doi:10.1137/0111030.
struct LeastSquares {
  struct Solution {
    var parameters: [Double]
    var residuals: [Double]
    /// ∂r/∂pⱼ for each j; empty for a parameter that was held.
    var sensitivities: [[Double]]
    var sumOfSquares: Double
  }

  /// The distance of the differences, for each parameter.
  let steps: [Double]
  let bounds: [ClosedRange<Double>]
  var roundLimit = 60
  let residuals: ([Double]) throws(FilteringError) -> [Double]

  /// ∂r/∂pⱼ at p by central differences; empty for a held parameter.
  func sensitivities(at p: [Double], held: Set<Int> = []) throws(FilteringError) -> [[Double]] {
    var result: [[Double]] = []
    for j in p.indices {
      if held.contains(j) {
        result.append([])
        continue
      }
      var (low, high) = (p, p)
      high[j] += steps[j]
      low[j] -= steps[j]
      let (above, below) = (try residuals(high), try residuals(low))
      let scale = 1 / (2 * steps[j])
      result.append(above.indices.map { (above[$0] - below[$0]) * scale })
    }
    return result
  }

  /// JᵀJ over the free parameters, in their order.
  static func information(_ sensitivities: [[Double]]) -> Matrix {
    let free = sensitivities.filter { !$0.isEmpty }
    return Matrix(rows: max(1, free.count), columns: max(1, free.count)) { i, j in free.isEmpty ? 1 : dot(free[i], free[j]) }
  }

  /// A local minimum from a start.
  ///
  /// A step into which the model cannot follow counts as one that does not improve. It ends when a round changes the sum by less than 1e-10 of it.
  func minimise(from start: [Double], held: Set<Int> = []) throws(FilteringError) -> Solution {
    var p = zip(start, bounds).map { min(max($0, $1.lowerBound), $1.upperBound) }
    var r = try residuals(p)
    var sum = dot(r, r)
    let free = p.indices.filter { !held.contains($0) }
    var damping = 1e-3
    for _ in 0..<roundLimit {
      let slopes = try sensitivities(at: p, held: held)
      if free.isEmpty { break }
      let information = Self.information(slopes)
      let gradient = free.map { dot(slopes[$0], r) }
      var improved = false
      var change = 0.0
      while damping < 1e12 {
        var damped = information
        for i in free.indices { damped[i, i] = information[i, i] * (1 + damping) + 1e-300 }
        if let factor = damped.lowerFactor() {
          let push = factor.solvingFactored(gradient)
          var trial = p
          for (i, j) in free.enumerated() { trial[j] = min(max(p[j] - push[i], bounds[j].lowerBound), bounds[j].upperBound) }
          if let values = try? residuals(trial) {
            let next = dot(values, values)
            if next < sum {
              change = (sum - next) / max(sum, .leastNormalMagnitude)
              (p, r, sum, improved) = (trial, values, next, true)
              damping = max(damping * 0.1, 1e-12)
              break
            }
          }
        }
        damping *= 8
      }
      if !improved || change < 1e-10 { break }
    }
    return Solution(parameters: p, residuals: r, sensitivities: try sensitivities(at: p, held: held), sumOfSquares: sum)
  }
}
