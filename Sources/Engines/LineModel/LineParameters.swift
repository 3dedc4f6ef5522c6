public import Probability

/// One joint value of everything that calibration learns of a line. A posterior is a list of these.
public struct LineParameters: Sendable, Hashable, Codable {
  /// In the plant's order of stations.
  public var stations: [StationParameters]
  public init(stations: [StationParameters]) { self.stations = stations }
}

/// What calibration learns of a station.
///
/// Response to set-points: with r = speed / rated,
/// - seconds per part: cycle / r (coefficient of variation `cycleCV`),
/// - rate of failures per operating second: r^failureExponent / mtbf; of short stops: r^microstopExponent / microstopInterval,
/// - share of parts spoilt: scrap.probability(of: its process variables, r), see `ScrapResponse`.
public struct StationParameters: Sendable, Hashable, Codable {
  /// Mean seconds per part at the rated speed.
  public var cycle: Double
  public var cycleCV: Double
  /// Mean operating seconds between failures at the rated speed; infinite where it never fails.
  public var mtbf: Double
  public var failureExponent: Double
  /// Mean seconds of repair, and its coefficient of variation.
  public var mttr: Double
  public var mttrCV: Double
  /// Mean operating seconds between short stops at the rated speed; infinite where there are none.
  public var microstopInterval: Double
  public var microstopExponent: Double
  public var microstopLength: Double
  public var microstopLengthCV: Double
  /// Defects seen at this station, whoever made them.
  public var scrap: ScrapResponse
  /// Laws whose families were found: of operating time to failure and of repair, with means `mtbf` and `mttr`, and of a short stop's length, with
  /// mean `microstopLength`. Nil: exponential, lognormal and lognormal.
  public var timeToFailure: Law?
  public var repair: Law?
  public var shortStop: Law?
  /// Mean seconds per part at the rated speed by product, in the plant's order; empty where the plant has one product, or they were not told apart.
  public var productCycles: [Double] = []
  /// How much longer set-ups, and replacements of a tool, take than the folder believes.
  public var setupScale = 1.0
  public var replacementScale = 1.0
  public init(
    cycle: Double, cycleCV: Double, mtbf: Double, failureExponent: Double, mttr: Double, mttrCV: Double, microstopInterval: Double,
    microstopExponent: Double, microstopLength: Double, microstopLengthCV: Double, scrap: ScrapResponse
  ) {
    (self.cycle, self.cycleCV, self.mtbf, self.failureExponent) = (cycle, cycleCV, mtbf, failureExponent)
    (self.mttr, self.mttrCV, self.microstopInterval) = (mttr, mttrCV, microstopInterval)
    (self.microstopExponent, self.microstopLength) = (microstopExponent, microstopLength)
    (self.microstopLengthCV, self.scrap) = (microstopLengthCV, scrap)
  }
}

/// JSON has no infinity, and parameters travel as JSON to loop processes: an infinite `mtbf` or `microstopInterval` (never) is left out.
extension StationParameters {
  private enum CodingKeys: CodingKey {
    case cycle, cycleCV, mtbf, failureExponent, mttr, mttrCV, microstopInterval, microstopExponent, microstopLength, microstopLengthCV, scrap
    case timeToFailure, repair, shortStop, productCycles, setupScale, replacementScale
  }

  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      cycle: try c.decode(Double.self, forKey: .cycle), cycleCV: try c.decode(Double.self, forKey: .cycleCV),
      mtbf: try c.decodeIfPresent(Double.self, forKey: .mtbf) ?? .infinity,
      failureExponent: try c.decode(Double.self, forKey: .failureExponent), mttr: try c.decode(Double.self, forKey: .mttr),
      mttrCV: try c.decode(Double.self, forKey: .mttrCV),
      microstopInterval: try c.decodeIfPresent(Double.self, forKey: .microstopInterval) ?? .infinity,
      microstopExponent: try c.decode(Double.self, forKey: .microstopExponent),
      microstopLength: try c.decode(Double.self, forKey: .microstopLength),
      microstopLengthCV: try c.decode(Double.self, forKey: .microstopLengthCV), scrap: try c.decode(ScrapResponse.self, forKey: .scrap))
    timeToFailure = try c.decodeIfPresent(Law.self, forKey: .timeToFailure)
    repair = try c.decodeIfPresent(Law.self, forKey: .repair)
    shortStop = try c.decodeIfPresent(Law.self, forKey: .shortStop)
    productCycles = try c.decodeIfPresent([Double].self, forKey: .productCycles) ?? []
    setupScale = try c.decodeIfPresent(Double.self, forKey: .setupScale) ?? 1
    replacementScale = try c.decodeIfPresent(Double.self, forKey: .replacementScale) ?? 1
  }

  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: CodingKeys.self)
    try c.encode(cycle, forKey: .cycle)
    try c.encode(cycleCV, forKey: .cycleCV)
    try c.encodeIfPresent(mtbf == .infinity ? nil : mtbf, forKey: .mtbf)
    try c.encode(failureExponent, forKey: .failureExponent)
    try c.encode(mttr, forKey: .mttr)
    try c.encode(mttrCV, forKey: .mttrCV)
    try c.encodeIfPresent(microstopInterval == .infinity ? nil : microstopInterval, forKey: .microstopInterval)
    try c.encode(microstopExponent, forKey: .microstopExponent)
    try c.encode(microstopLength, forKey: .microstopLength)
    try c.encode(microstopLengthCV, forKey: .microstopLengthCV)
    try c.encode(scrap, forKey: .scrap)
    try c.encodeIfPresent(timeToFailure, forKey: .timeToFailure)
    try c.encodeIfPresent(repair, forKey: .repair)
    try c.encodeIfPresent(shortStop, forKey: .shortStop)
    if !productCycles.isEmpty { try c.encode(productCycles, forKey: .productCycles) }
    if setupScale != 1 { try c.encode(setupScale, forKey: .setupScale) }
    if replacementScale != 1 { try c.encode(replacementScale, forKey: .replacementScale) }
  }
}

/// The share of parts rejected at a station, as a function of where process variables stand:
///
/// p = base + speedCoefficient·max(0, r − 1)² + Σⱼ curvatureⱼ·(xⱼ − optimumⱼ)², held inside [0, 0.95].
///
/// The terms name the process variables by tag, because a defect may be seen downstream of the station that makes it.
public struct ScrapResponse: Sendable, Hashable, Codable {
  public struct Term: Sendable, Hashable, Codable {
    /// Tag of the process variable, e.g. `Capper/CapTorque`.
    public var variable: String
    /// The value of fewest defects, in the variable's unit.
    public var optimum: Double
    /// Added share per squared unit of distance, not negative.
    public var curvature: Double
    public init(variable: String, optimum: Double, curvature: Double) {
      (self.variable, self.optimum, self.curvature) = (variable, optimum, curvature)
    }
  }
  public var base: Double
  public var speedCoefficient: Double
  public var terms: [Term]
  public init(base: Double, speedCoefficient: Double, terms: [Term]) {
    (self.base, self.speedCoefficient, self.terms) = (base, speedCoefficient, terms)
  }

  /// The share of parts spoilt where the variables stand at `values` (by tag; a missing one contributes nothing) and speed / rated is `ratio`.
  public func probability(at values: [String: Double], speedRatio ratio: Double) -> Double {
    var p = base + speedCoefficient * max(0, ratio - 1) * max(0, ratio - 1)
    for term in terms {
      if let x = values[term.variable] { p += term.curvature * (x - term.optimum) * (x - term.optimum) }
    }
    return min(max(p, 0), 0.95)
  }
}
