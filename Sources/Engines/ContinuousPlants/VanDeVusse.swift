public import Continuous

/// Van de Vusse's reaction in a stirred tank: A → B → C, 2A → D. The yield of B has a peak over the dilution rate, where the gain changes sign.
///
///     ċA = D·(Cf − cA) − k₁·cA − k₃·cA²,   ċB = −D·cB + k₁·cA − k₂·cB
///
/// Concentrations in mol/L, times in minutes, k₃ in L/(mol·min). With the numbers here the optimum is D = 1.2921 /min, cB = 1.26599 mol/L.
///
/// - Source: J. G. van de Vusse 1964, doi:10.1016/0009-2509(64)85109-5; numbers as in B. W. Bequette, Process Dynamics, 1998, module 5.
public struct VanDeVusse: DifferentialEquation, Sendable, Hashable {
  /// D, 1/min.
  public var dilution: Double
  /// Cf, mol/L.
  public var feed: Double
  /// Rate of A → B, 1/min.
  public var k1: Double
  /// Rate of B → C, 1/min.
  public var k2: Double
  /// Rate of 2A → D, L/(mol·min).
  public var k3: Double
  public var stateCount: Int { 2 }

  public init(dilution: Double, feed: Double = 10, k1: Double = 5.0 / 6, k2: Double = 5.0 / 3, k3: Double = 1.0 / 6) {
    (self.dilution, self.feed, self.k1, self.k2, self.k3) = (dilution, feed, k1, k2, k3)
  }

  public func derivative(at t: Double, _ c: Span<Double>, into dc: inout MutableSpan<Double>) {
    dc[0] = dilution * (feed - c[0]) - k1 * c[0] - k3 * c[0] * c[0]
    dc[1] = -dilution * c[1] + k1 * c[0] - k2 * c[1]
  }

  /// (cA, cB) at rest: the positive root of a quadratic, and what follows from it.
  public var steady: [Double] {
    let b = k1 + dilution
    let a = 2 * dilution * feed / (b + (b * b + 4 * k3 * dilution * feed).squareRoot())
    return [a, k1 * a / (dilution + k2)]
  }

  /// dcB/dD at rest, mol·min/L: positive below the optimum, negative above.
  public var gain: Double {
    let c = steady
    let slopeA = (feed - c[0]) / (dilution + k1 + 2 * k3 * c[0])
    return (k1 * slopeA - c[1]) / (dilution + k2)
  }
}
