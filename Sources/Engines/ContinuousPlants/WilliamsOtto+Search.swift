extension WilliamsOtto {
  /// Where the decision variables may stand: F_B, kg/s, and T, °C.
  public static let ranges = [3.0...6.0, 70.0...100.0]
  /// A step of one in each is about equally far.
  public static let scales = [1.0, 10.0]

  /// The place of the highest value within `radius` scaled units of a centre, by a pattern search that turns its eight directions each round and
  /// halves its steps after three rounds without a rise: so that it also finds its way along a constraint.
  ///
  /// - Parameters:
  ///   - centre: (F_B, T), inside the ranges.
  ///   - resolution: the last step, scaled.
  ///   - value: what is raised; very low, and the lower the farther, where it may not go.
  public static func maximum<Failure: Error>(
    from centre: [Double], radius: Double = .infinity, resolution: Double = 1e-3, _ value: ([Double]) throws(Failure) -> Double
  ) throws(Failure) -> [Double] {
    var u = centre
    var best = try value(u)
    var step = min(0.25, radius)
    var (idle, direction) = (0, (1.0, 0.0))
    while step > resolution {
      var improved = false
      for _ in 0..<8 {
        var next = [u[0] + direction.0 * step * scales[0], u[1] + direction.1 * step * scales[1]]
        direction = (0.5.squareRoot() * (direction.0 - direction.1), 0.5.squareRoot() * (direction.0 + direction.1))
        for j in 0..<2 {
          next[j] = min(
            max(next[j], max(ranges[j].lowerBound, centre[j] - radius * scales[j])), min(ranges[j].upperBound, centre[j] + radius * scales[j]))
        }
        let v = try value(next)
        if v > best { (u, best, improved) = (next, v, true) }
      }
      idle = improved ? 0 : idle + 1
      // By 16.3°: 0.96² + 0.28² = 1.
      direction = (0.96 * direction.0 - 0.28 * direction.1, 0.28 * direction.0 + 0.96 * direction.1)
      if idle == 3 { (step, idle) = (step / 2, 0) }
    }
    return u
  }
}
