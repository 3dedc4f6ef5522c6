/// Integrals by Gauss and Legendre's rule.
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
