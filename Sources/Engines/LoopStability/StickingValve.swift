/// A control valve whose stem sticks: it moves only when the force has passed static friction, then jumps by what it had stored. Positions and
/// frictions are in the unit of the controller's output.
///
///     stored ← stored + Δu;  |stored| > fs: position = u − sign·fd, stored = sign·fd;  else it stays
///
/// - Source: Q. P. He, J. Wang, M. Pottmann, S. J. Qin 2007, doi:10.1021/ie061219a.
public struct StickingValve: Sendable, Hashable {
  /// fs. The stick band is fs + fd, the jump fs − fd.
  public let staticFriction: Double
  /// fd, 0 … fs.
  public let dynamicFriction: Double
  /// Where the stem stands.
  public private(set) var position: Double
  private var stored = 0.0
  private var input: Double

  /// Relaxed, with the stem where the input is.
  ///
  /// - Precondition: fs ≥ fd ≥ 0.
  public init(staticFriction: Double, dynamicFriction: Double, input: Double = 0) {
    precondition(staticFriction >= dynamicFriction && dynamicFriction >= 0, "friction \(staticFriction), \(dynamicFriction)")
    (self.staticFriction, self.dynamicFriction, self.input, position) = (staticFriction, dynamicFriction, input, input)
  }

  /// The stem's position after the input is set to u.
  public mutating func move(to u: Double) -> Double {
    stored += u - input
    input = u
    if abs(stored) > staticFriction {
      let sign = stored > 0 ? 1.0 : -1.0
      position = u - sign * dynamicFriction
      stored = sign * dynamicFriction
    }
    return position
  }
}
