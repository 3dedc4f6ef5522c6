import Determinism
import LinearAlgebra
import Probability

extension Cusum {
  /// The mean number of independent residuals N(`shift`, 1) until the two-sided alarm, from zero sums.
  ///
  /// The one-sided L(s) = 1 + L(0)·Φ(k − s − δ) + ∫₀ʰ L(y)·φ(y + k − s − δ) dy is solved at Gauss-Legendre nodes; the two sides combine
  /// by 1/L = 1/L⁺ + 1/L⁻, exact for sums that start at zero.
  ///
  /// - Source: D. M. Hawkins, D. H. Olwell 1998, Cumulative Sum Charts, ch. 3 and 10.
  public func averageRunLength(shift: Double = 0) -> Double {
    let (up, down) = (oneSided(shift), oneSided(-shift))
    return 1 / (1 / up + 1 / down)
  }

  private func oneSided(_ shift: Double) -> Double {
    let (nodes, weights) = GaussLegendre.rule(40, 0, h)
    let n = nodes.count
    // Unknowns: L(0), then L at the nodes.
    var a = Matrix.identity(n + 1)
    let starts = [0.0] + nodes
    for (i, s) in starts.enumerated() {
      a[i, 0] -= Normal.cdf(k - s - shift)
      for j in 0..<n { a[i, j + 1] -= weights[j] * Portable.exp(Normal.logDensity(nodes[j] + k - s - shift)) }
    }
    guard let lengths = try? a.solve(Array(repeating: 1, count: n + 1)) else { return .infinity }
    return lengths[0]
  }
}

enum GaussLegendre {
  /// Nodes and weights of the n-point rule on [low, high], by Newton's method on the Legendre polynomial.
  static func rule(_ n: Int, _ low: Double, _ high: Double) -> (nodes: [Double], weights: [Double]) {
    var nodes: [Double] = []
    var weights: [Double] = []
    for i in 0..<n {
      var x = chebyshev(i, n)
      var derivative = 1.0
      for _ in 0..<100 {
        var (p, q) = (1.0, 0.0)
        for j in 0..<n { (p, q) = (((2 * Double(j) + 1) * x * p - Double(j) * q) / Double(j + 1), p) }
        derivative = Double(n) * (x * p - q) / (x * x - 1)
        let step = p / derivative
        x -= step
        if abs(step) < 1e-15 { break }
      }
      nodes.append((high - low) / 2 * x + (high + low) / 2)
      weights.append((high - low) / ((1 - x * x) * derivative * derivative))
    }
    return (nodes, weights)
  }

  private static func chebyshev(_ i: Int, _ n: Int) -> Double { cosine(3.14159265358979324 * (Double(i) + 0.75) / (Double(n) + 0.5)) }

  /// A first guess needs a few digits: cosine by its series about the nearest quarter.
  private static func cosine(_ angle: Double) -> Double {
    let y = angle - 3.14159265358979324 / 2
    // cos(angle) = −sin(y), |y| ≤ π/2.
    let s = y * y
    return -y * (1 - s / 6 * (1 - s / 20 * (1 - s / 42 * (1 - s / 72 * (1 - s / 110)))))
  }
}
