public import Continuous
import LinearAlgebra

extension DifferentialEquation {
  /// The state x at rest, f(x) = 0, that the system falls into from a guess: implicit Euler steps that double, until nothing moves.
  ///
  /// - Parameter guess: `stateCount` values near the wanted rest; where there are several, the one whose basin it lies in (nearly always).
  /// - Throws: `ContinuousPlantError.noRest` when 200 steps did not come to rest; another guess may.
  public func steadyState(from guess: [Double]) throws(ContinuousPlantError) -> [Double] {
    precondition(guess.count == stateCount, "\(guess.count) start values for \(stateCount) states")
    let n = stateCount
    var x = guess
    var step = 100.0
    for _ in 0..<200 {
      let f = speed(x)
      var jacobian = Matrix(rows: n, columns: n)
      for k in 0..<n {
        var moved = x
        moved[k] += 1e-7
        let g = speed(moved)
        for i in 0..<n { jacobian[i, k] = (i == k ? 1 / step : 0) - (g[i] - f[i]) / 1e-7 }
      }
      guard let push = try? jacobian.solve(f) else { throw .noRest(after: x) }
      x = zip(x, push).map { $0 + $1 }
      step = min(step * 2, 1e9)
      if push.allSatisfy({ abs($0) < 1e-11 * max(1, x.reduce(0) { max($0, abs($1)) }) }) && step > 1e6 { return x }
    }
    throw .noRest(after: x)
  }

  private func speed(_ x: [Double]) -> [Double] {
    var dx = x
    var out = dx.mutableSpan
    derivative(at: 0, x.span, into: &out)
    return dx
  }
}

/// Why a plant has no answer. Retrying with the same numbers cannot help.
public enum ContinuousPlantError: Error, Hashable, Sendable {
  /// The state was still moving, or no longer a number.
  case noRest(after: [Double])
}
