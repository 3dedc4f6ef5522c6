/// The point of a polyhedron that is nearest to another point: min ½‖x − x₀‖² subject to aᵢ·x ≤ bᵢ.
///
/// A dual active-set method: from x₀, the most violated row is brought in step by step, while rows whose multiplier would turn negative
/// leave. Each step keeps x optimal for the active rows, so the method ends after finitely many steps or has proved that there is no point.
///
/// - Source: D. Goldfarb, A. Idnani 1983, doi:10.1007/BF02591962, here with the identity as Hessian.
struct NearestPoint {
  struct Row: Hashable, Sendable {
    var a: [Double]
    var b: Double
  }

  enum Outcome: Equatable {
    /// `active` are the rows that bind, in the order of `rows`.
    case found([Double], active: [Int])
    case infeasible
    /// The step limit was reached: no answer is an answer that may be used.
    case undecided
  }

  let rows: [Row]
  /// A row is kept when a·x ≤ b + tolerance·(1 + |b|).
  static let tolerance = 1e-10

  /// - Parameters:
  ///   - start: x₀; all finite.
  ///   - stepLimit: how many times a row may come or go.
  func outcome(from start: [Double], stepLimit: Int) -> Outcome {
    var x = start
    var active: [Int] = []
    var multipliers: [Double] = []
    var steps = 0
    while let entering = mostViolated(x, besides: active) {
      var multiplier = 0.0
      while true {
        steps += 1
        if steps > stepLimit { return .undecided }
        guard let (direction, exchange) = directions(toward: entering, active) else { return .undecided }
        let row = rows[entering]
        let slope = dot(direction, row.a)
        // Rows that the step would give a negative multiplier block it.
        var blocking: Int?
        var dualStep = Double.infinity
        for (place, r) in exchange.enumerated() where r > 1e-12 {
          if multipliers[place] / r < dualStep { (dualStep, blocking) = (multipliers[place] / r, place) }
        }
        let isDependent = slope <= 1e-12 * max(dot(row.a, row.a), .leastNormalMagnitude)
        if isDependent, blocking == nil { return .infeasible }
        let primalStep = isDependent ? Double.infinity : (dot(row.a, x) - row.b) / slope
        let step = min(primalStep, dualStep)
        if !isDependent { for i in x.indices { x[i] -= step * direction[i] } }
        for place in multipliers.indices { multipliers[place] -= step * exchange[place] }
        multiplier += step
        if primalStep <= dualStep {
          active.append(entering)
          multipliers.append(multiplier)
          break
        }
        guard let blocking else { return .undecided }
        active.remove(at: blocking)
        multipliers.remove(at: blocking)
      }
    }
    return x.contains { !$0.isFinite } ? .undecided : .found(x, active: active.sorted())
  }

  private func mostViolated(_ x: [Double], besides active: [Int]) -> Int? {
    var worst: Int?
    var most = 0.0
    for index in rows.indices where !active.contains(index) {
      let violation = dot(rows[index].a, x) - rows[index].b - Self.tolerance * (1 + abs(rows[index].b))
      if violation > most { (worst, most) = (index, violation) }
    }
    return worst
  }

  /// For the entering row n and the active rows N: z = (I − NNᵠ)·n, the step of x, and r = Nᵠ·n, that of the multipliers (Nᵠ: pseudo-inverse).
  private func directions(toward entering: Int, _ active: [Int]) -> (z: [Double], r: [Double])? {
    let n = rows[entering].a
    let gram = active.map { i in active.map { dot(rows[i].a, rows[$0].a) } }
    guard let r = solved(gram, active.map { dot(rows[$0].a, n) }) else { return nil }
    var z = n
    for (place, index) in active.enumerated() { for i in z.indices { z[i] -= r[place] * rows[index].a[i] } }
    return (z, r)
  }

  /// Solves the positive definite system by Cholesky's method; nil where it is none.
  private func solved(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
    let n = right.count
    var l = matrix
    var y = right
    for i in 0..<n {
      for j in 0...i {
        var sum = matrix[i][j]
        for k in 0..<j { sum -= l[i][k] * l[j][k] }
        if i == j {
          guard sum > 1e-14 * matrix[i][i] else { return nil }
          l[i][i] = sum.squareRoot()
        } else {
          l[i][j] = sum / l[j][j]
        }
      }
    }
    for i in 0..<n {
      for k in 0..<i { y[i] -= l[i][k] * y[k] }
      y[i] /= l[i][i]
    }
    for i in (0..<n).reversed() {
      for k in i + 1..<max(n, i + 1) { y[i] -= l[k][i] * y[k] }
      y[i] /= l[i][i]
    }
    return y
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
