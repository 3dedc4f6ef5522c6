/// A process variable: it follows its set-point with gain, dead time and a first-order lag, under coloured noise.
///
/// Steady value for the set-point s: reference + gain·(s − reference). Its optimum moves with speed: optimum + speedShift·(r − 1).
public struct VariableTruth: Sendable, Hashable, Codable {
  public var name: String
  /// As the plant writes it: degC, bar, N.m.
  public var unit: String
  public var set: Double
  public var low: Double
  public var high: Double
  public var reference: Double
  public var gain: Double
  public var deadSeconds: Double
  public var lagSeconds: Double
  /// Standard deviation and correlation time of the disturbance.
  public var noise: Double
  public var noiseSeconds: Double
  public var effect: EffectTruth
  public var sensor: SensorTruth
  public init(
    name: String, unit: String, set: Double, low: Double, high: Double, gain: Double, deadSeconds: Double, lagSeconds: Double,
    noise: Double, noiseSeconds: Double, effect: EffectTruth, sensor: SensorTruth
  ) {
    (self.name, self.unit, self.set, self.low, self.high) = (name, unit, set, low, high)
    (self.reference, self.gain, self.deadSeconds, self.lagSeconds) = (set, gain, deadSeconds, lagSeconds)
    (self.noise, self.noiseSeconds, self.effect, self.sensor) = (noise, noiseSeconds, effect, sensor)
  }
}

/// Share of parts spoilt by a variable that stands at x: coefficient·((x − optimum)/width)².
public struct EffectTruth: Sendable, Hashable, Codable {
  public var optimum: Double
  public var width: Double
  public var coefficient: Double
  public var speedShift: Double
  public init(optimum: Double, width: Double, coefficient: Double, speedShift: Double = 0) {
    (self.optimum, self.width, self.coefficient, self.speedShift) = (optimum, width, coefficient, speedShift)
  }
}

/// How a variable is seen: range of the instrument, standard deviation of one reading, resolution, and the deadband of reporting.
public struct SensorTruth: Sendable, Hashable, Codable {
  public var low: Double
  public var high: Double
  public var deviation: Double
  public var step: Double
  public var deadband: Double
  public init(low: Double, high: Double, deviation: Double, step: Double, deadband: Double) {
    (self.low, self.high, self.deviation, self.step, self.deadband) = (low, high, deviation, step, deadband)
  }
}
