import Determinism

/// A density known by its logarithm at equally spaced nodes, interpolated by cubics: of a posterior, which is nearly normal, these keep
/// five digits at a spacing of three quarters of a standard deviation.
struct LogDensityTable {
  let origin: Double
  let step: Double
  /// Not normalised.
  let values: [Double]

  private static let refinement = 8

  /// log density at a place counted in steps from the first node.
  static func interpolate(_ values: [Double], at position: Double) -> Double {
    let n = values.count
    guard n >= 4 else { return values[min(max(Int(position.rounded()), 0), n - 1)] }
    let i = min(max(Int(position.rounded(.down)), 1), n - 3)
    let w = cubic(position - Double(i))
    return w.0 * values[i - 1] + w.1 * values[i] + w.2 * values[i + 1] + w.3 * values[i + 2]
  }

  /// Lagrange's weights of the nodes −1, 0, 1, 2 at t.
  static func cubic(_ t: Double) -> (Double, Double, Double, Double) {
    (
      -t * (t - 1) * (t - 2) / 6, (t + 1) * (t - 1) * (t - 2) / 2, -(t + 1) * t * (t - 2) / 2, (t + 1) * t * (t - 1) / 6
    )
  }

  /// Cell masses on the refined grid, adding up to 1.
  func cells() -> [Double] {
    guard values.count > 1 else { return [1] }
    let top = values.max()!
    let count = (values.count - 1) * Self.refinement
    var masses = [Double](repeating: 0, count: count)
    var sum = 0.0
    var last = Portable.exp(values[0] - top)
    for c in 0..<count {
      let next = Portable.exp(Self.interpolate(values, at: Double(c + 1) / Double(Self.refinement)) - top)
      masses[c] = 0.5 * (last + next)
      sum += masses[c]
      last = next
    }
    for c in 0..<count { masses[c] /= sum }
    return masses
  }

  /// Width of a cell.
  var cellWidth: Double { step / Double(Self.refinement) }

  /// The u-quantile.
  func quantile(_ u: Double) -> Double { Self.quantile(u, cells(), origin, cellWidth) }

  static func quantile(_ u: Double, _ cells: [Double], _ origin: Double, _ width: Double) -> Double {
    var left = u
    for (c, mass) in cells.enumerated() {
      if left <= mass && mass > 0 { return origin + (Double(c) + left / mass) * width }
      left -= mass
    }
    return origin + Double(cells.count) * width
  }
}
