public import Continuous

/// The quadruple tank: two pumps, four tanks, two three-way valves. With shares γ₁ + γ₂ < 1 into the lower tanks it is non-minimum phase and its
/// static gain matrix has changed sign: what pulled a level up with the other loop closed now pulls it down.
///
///     A₁ḣ₁ = −a₁√(2gh₁) + a₃√(2gh₃) + γ₁k₁v₁      A₃ḣ₃ = −a₃√(2gh₃) + (1 − γ₂)k₂v₂
///     A₂ḣ₂ = −a₂√(2gh₂) + a₄√(2gh₄) + γ₂k₂v₂      A₄ḣ₄ = −a₄√(2gh₄) + (1 − γ₁)k₁v₁
///
/// Levels h in cm, pump voltages v in V, areas in cm², k in cm³/(s·V).
///
/// - Source: K. H. Johansson 2000, doi:10.1109/87.845876.
public struct FourTank: DifferentialEquation, Sendable, Hashable {
  /// v₁ and v₂, V.
  public var voltages: [Double]
  /// γ₁ and γ₂: shares of each pump's flow that go to the lower tank, in 0 … 1.
  public var shares: [Double]
  /// k₁ and k₂, cm³/(s·V).
  public var pumps: [Double]
  /// Leaks out of the lower tanks 1 and 2, cm³/s.
  public var leaks: [Double]

  /// Aᵢ, cm².
  public static let areas = [28.0, 32, 28, 32]
  /// aᵢ, cm².
  public static let outlets = [0.071, 0.057, 0.071, 0.057]
  static let gravity = 981.0
  public var stateCount: Int { 4 }

  public init(voltages: [Double], shares: [Double], pumps: [Double], leaks: [Double] = [0, 0]) {
    precondition(voltages.count == 2 && shares.count == 2 && pumps.count == 2 && leaks.count == 2, "two pumps, two valves")
    (self.voltages, self.shares, self.pumps, self.leaks) = (voltages, shares, pumps, leaks)
  }

  /// Johansson's minimum-phase setting, γ = (0.70, 0.60).
  public static let minimumPhase = FourTank(voltages: [3, 3], shares: [0.70, 0.60], pumps: [3.33, 3.35])
  /// His non-minimum-phase setting, γ = (0.43, 0.34).
  public static let nonMinimumPhase = FourTank(voltages: [3.15, 3.15], shares: [0.43, 0.34], pumps: [3.14, 3.29])

  /// What runs out of tank i at level h, cm³/s.
  public static func outflow(_ i: Int, _ h: Double) -> Double { outlets[i] * (2 * gravity * max(h, 0)).squareRoot() }

  public func derivative(at t: Double, _ h: Span<Double>, into dh: inout MutableSpan<Double>) {
    let slope = slope(SIMD4(h[0], h[1], h[2], h[3]))
    for i in 0..<4 { dh[i] = slope[i] }
  }

  /// ḣ at levels h, cm/s.
  public func slope(_ h: SIMD4<Double>) -> SIMD4<Double> {
    let (q1, q2) = (pumps[0] * voltages[0], pumps[1] * voltages[1])
    let out = SIMD4(Self.outflow(0, h[0]), Self.outflow(1, h[1]), Self.outflow(2, h[2]), Self.outflow(3, h[3]))
    return SIMD4(
      (out[2] - out[0] + shares[0] * q1 - leaks[0]) / Self.areas[0], (out[3] - out[1] + shares[1] * q2 - leaks[1]) / Self.areas[1],
      (-out[2] + (1 - shares[1]) * q2) / Self.areas[2], (-out[3] + (1 - shares[0]) * q1) / Self.areas[3])
  }

  /// The levels at rest, cm: each outlet carries what comes in, h = (q/a)²/2g.
  public var steadyLevels: [Double] {
    let (q1, q2) = (pumps[0] * voltages[0], pumps[1] * voltages[1])
    let flows = [
      shares[0] * q1 + (1 - shares[1]) * q2 - leaks[0], shares[1] * q2 + (1 - shares[0]) * q1 - leaks[1], (1 - shares[1]) * q2,
      (1 - shares[0]) * q1,
    ]
    return (0..<4).map { i in
      let v = max(flows[i], 0) / Self.outlets[i]
      return v * v / (2 * Self.gravity)
    }
  }

  /// ∂hᵢ/∂vⱼ at rest, cm/V, of the two lower levels: row by row.
  public var staticGains: [[Double]] {
    let h = steadyLevels
    return (0..<2).map { i in
      // h = (q/a)²/2g, so dh/dq = 2h/q.
      let q = Self.outflow(i, h[i])
      let own = shares[i] * pumps[i]
      let other = (1 - shares[1 - i]) * pumps[1 - i]
      return (0..<2).map { j in 2 * h[i] / q * (j == i ? own : other) }
    }
  }

  /// ∂h₁/∂v₁ at rest with the second level held by pump 2: g₁₁ over the relative gain. Its sign is that of γ₁ + γ₂ − 1.
  public var gainWithSecondLevelHeld: Double {
    let g = staticGains
    return g[0][0] - g[0][1] * g[1][0] / g[1][1]
  }
}
