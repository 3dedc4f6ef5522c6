public import ContinuousPlants

/// The two-reaction twin of the reactor, with the literature's factors: it lacks the intermediate C, and no calibration mends that.
public enum ReactorTwin {
  /// Profit in $/s and the mass fractions of A and G at rest at u.
  public static func steady(at u: [Double]) throws(ContinuousPlantError) -> (profit: Double, a: Double, g: Double) {
    let reactor = WilliamsOtto(.twoReactions, at: u)
    let x = try reactor.steady()
    return (reactor.profit(x, .constrained), x[0], x[5])
  }

  /// What the twin holds to be the best inside the limits: F_B 4.634, T 76.22, and 81.79 $/s that the plant does not pay.
  public static func optimum(from u: [Double]) throws(ContinuousPlantError) -> [Double] {
    try WilliamsOtto.maximum(from: u, resolution: 1e-4) { (v) throws(ContinuousPlantError) in
      let y = try steady(at: v)
      return y.profit - 1e5 * (max(0, y.a - WilliamsOtto.limitA) + max(0, y.g - WilliamsOtto.limitG))
    }
  }
}
