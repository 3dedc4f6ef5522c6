/// What a station's scrap response gets wrong about a set of values, to first order: plant(x) ≈ model(x) + bias + Σ gradientⱼ·(xⱼ − baseⱼ).
///
/// Where a response is wrong in its form, no calibration takes the error away; with the modifier an optimum of the corrected response is one of the
/// plant's, which is all that an optimiser needs.
///
/// - Source: A. Marchetti, B. Chachuat, D. Bonvin 2009, doi:10.1021/ie801352x.
public struct ScrapModifier: Sendable, Hashable, Codable {
  public struct Slope: Sendable, Hashable, Codable {
    /// Tag of the process variable.
    public var variable: String
    /// Where the correction is taken, in the variable's unit.
    public var base: Double
    /// Share of parts per unit of the variable that the model's slope lacks, and its standard deviation.
    public var gradient: Double
    public var deviation: Double
    public init(variable: String, base: Double, gradient: Double, deviation: Double) {
      (self.variable, self.base, self.gradient, self.deviation) = (variable, base, gradient, deviation)
    }
  }
  public var station: String
  /// Share of parts that the model lacks at the base.
  public var bias: Double
  /// Variables that were moved; of the others nothing is known.
  public var slopes: [Slope]
  public init(station: String, bias: Double, slopes: [Slope]) { (self.station, self.bias, self.slopes) = (station, bias, slopes) }
}

extension ScrapResponse {
  /// The response with the correction added. It stays quadratic: c·(x − o)² + g·(x − b) = c·(x − o′)² + c·(o² − o′²) − g·b with
  /// o′ = o − g/(2c). A variable that the response does not know, or without curvature, is left as it is.
  public func corrected(by modifier: ScrapModifier) -> ScrapResponse {
    var response = self
    response.base += modifier.bias
    for slope in modifier.slopes {
      guard let j = terms.firstIndex(where: { $0.variable == slope.variable }), terms[j].curvature > 0 else { continue }
      let (c, o) = (terms[j].curvature, terms[j].optimum)
      let moved = o - slope.gradient / (2 * c)
      response.terms[j].optimum = moved
      response.base += c * (o * o - moved * moved) - slope.gradient * slope.base
    }
    return response
  }
}

extension LineParameters {
  /// - Parameter stations: names in the order of the parameters.
  public func corrected(by modifiers: [ScrapModifier], stations names: [String]) -> LineParameters {
    var parameters = self
    for modifier in modifiers {
      guard let s = names.firstIndex(of: modifier.station) else { continue }
      parameters.stations[s].scrap = parameters.stations[s].scrap.corrected(by: modifier)
    }
    return parameters
  }
}
