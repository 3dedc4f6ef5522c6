public import Continuous
import Determinism

/// The Williams–Otto reactor: a stirred tank of 2105 kg fed with 1.8275 kg/s of A and F_B of B, at temperature T.
///
/// The plant: A + B → C, B + C → P + E, C + P → G. The usual model of it lacks the intermediate C: A + 2B → P + E, A + B + P → G. Mass fractions
/// in the order A, B, C, E, P, G. It is the standard case of a twin whose structure is wrong: no calibration of the two reactions makes its
/// optimum the plant's.
///
/// - Source: T. J. Williams, R. E. Otto 1960, doi:10.1109/TCE.1960.6367296; as benchmark with these numbers and the two-reaction
///   model: J. F. Forbes, T. E. Marlin 1996, doi:10.1016/0098-1354(95)00205-7; A. Marchetti, B. Chachuat, D. Bonvin 2009, doi:10.1021/ie801352x.
public struct WilliamsOtto: DifferentialEquation, Sendable {
  /// The plant's reactions, or those of the usual model of it.
  public enum Kinetics: Sendable, Hashable { case threeReactions, twoReactions }
  /// Which reactions run.
  public var kinetics: Kinetics
  /// The logarithm of each frequency factor over its value in the literature: what calibration may move.
  public var logFactors: [Double]
  /// F_B, kg/s.
  public var feed: Double
  /// T, °C.
  public var temperature: Double

  /// What the tank holds, kg.
  public static let holdup = 2105.0
  /// F_A, kg/s.
  public static let feedA = 1.8275
  public var stateCount: Int { 6 }

  /// Frequency factors of a model.
  public static func parameterCount(_ kinetics: Kinetics) -> Int { kinetics == .threeReactions ? 3 : 2 }

  /// - Precondition: one log factor for each reaction.
  public init(kinetics: Kinetics, logFactors: [Double], feed: Double, temperature: Double) {
    precondition(logFactors.count == Self.parameterCount(kinetics), "\(logFactors.count) factors for \(kinetics)")
    (self.kinetics, self.logFactors, self.feed, self.temperature) = (kinetics, logFactors, feed, temperature)
  }

  /// With the factors of the literature, at u = (F_B, T).
  public init(_ kinetics: Kinetics, at u: [Double]) {
    self.init(kinetics: kinetics, logFactors: Array(repeating: 0, count: Self.parameterCount(kinetics)), feed: u[0], temperature: u[1])
  }

  private func rate(_ factor: Double, _ energy: Double, _ j: Int) -> Double {
    factor * Portable.exp(logFactors[j] - energy / (temperature + 273.15))
  }

  public func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) {
    let total = Self.feedA + feed
    var made = (a: 0.0, b: 0.0, c: 0.0, e: 0.0, p: 0.0, g: 0.0)
    switch kinetics {
    case .threeReactions:
      let r1 = rate(1.6599e6, 6666.7, 0) * x[0] * x[1]
      let r2 = rate(7.2117e8, 8333.3, 1) * x[1] * x[2]
      let r3 = rate(2.6745e12, 11111, 2) * x[2] * x[4]
      made = (-r1, -r1 - r2, 2 * r1 - 2 * r2 - r3, 2 * r2, r2 - 0.5 * r3, 1.5 * r3)
    case .twoReactions:
      let r1 = rate(2.189e8, 8077.6, 0) * x[0] * x[1] * x[1]
      let r2 = rate(4.310e13, 12438, 1) * x[0] * x[1] * x[4]
      made = (-r1 - r2, -2 * r1 - r2, 0, 2 * r1, r1 - r2, 3 * r2)
    }
    dx[0] = (Self.feedA - total * x[0]) / Self.holdup + made.a
    dx[1] = (feed - total * x[1]) / Self.holdup + made.b
    dx[2] = -total * x[2] / Self.holdup + made.c
    dx[3] = -total * x[3] / Self.holdup + made.e
    dx[4] = -total * x[4] / Self.holdup + made.p
    dx[5] = -total * x[5] / Self.holdup + made.g
  }

  /// What the reactor holds before it reacts.
  public var start: [Double] { [Self.feedA / (Self.feedA + feed), feed / (Self.feedA + feed), 0, 0, 0, 0] }

  /// The mass fractions at rest.
  ///
  /// - Throws: `noRest` where the reactor has none near the guess.
  public func steady(from guess: [Double]? = nil) throws(ContinuousPlantError) -> [Double] { try steadyState(from: guess ?? start) }

  /// Profit, $/s: products sold less feeds bought.
  public func profit(_ x: [Double], _ prices: Prices = .unconstrained) -> Double {
    let total = Self.feedA + feed
    return prices.p * x[4] * total + prices.e * x[3] * total - prices.a * Self.feedA - prices.b * feed
  }

  /// Profit at rest, $/s.
  ///
  /// - Throws: as `steady`.
  public func steadyProfit(_ prices: Prices = .unconstrained) throws(ContinuousPlantError) -> Double { profit(try steady(), prices) }

  /// $/kg of the products P and E, and of the feeds A and B.
  public struct Prices: Sendable, Hashable {
    public var p: Double
    public var e: Double
    public var a: Double
    public var b: Double
    public init(p: Double, e: Double, a: Double, b: Double) { (self.p, self.e, self.a, self.b) = (p, e, a, b) }

    /// Of the problem without constraints: optimum F_B 4.787 kg/s, T 89.70 °C, 190.98 $/s.
    public static let unconstrained = Prices(p: 1143.38, e: 25.92, a: 76.23, b: 114.34)
    /// Of the problem with X_A ≤ 0.12 and X_G ≤ 0.08: optimum F_B 4.3894 kg/s, T 80.496 °C, 75.811 $/s, both active.
    public static let constrained = Prices(p: 1043.38, e: 20.92, a: 79.23, b: 118.34)
  }

  /// Highest mass fractions of unused A and of the waste G in the problem with constraints.
  public static let limitA = 0.12
  public static let limitG = 0.08
}
