public import Quantities

/// A measured condition of a station's process, such as a temperature.
public struct ProcessVariableSpec: Sendable, Hashable, Codable {
  public var name: String
  /// UCUM code.
  public var unit: String
  /// The tag that measures it.
  public var tag: String
  /// Present where it can be set.
  public var setpoint: SetpointSpec?
  /// The stations at which the defects that it causes are seen and counted; empty where it is known not to matter.
  public var defectsSeenAt: [String]
  /// How parts suffer when it is off; nil: the design does not know.
  public var defects: VariableDefects?
  /// How it moves with time; nil: it stands where it is set.
  public var dynamics: VariableDynamics?
  /// How finely its sensor shows how much noise; nil where nobody has said.
  public var scatter: SensorScatter?
  public init(name: String, unit: String, tag: String, setpoint: SetpointSpec?, defectsSeenAt: [String]) {
    (self.name, self.unit, self.tag, self.setpoint, self.defectsSeenAt) = (name, unit, tag, setpoint, defectsSeenAt)
  }
}

/// A value that can be written, with the design's value and the machine's own range. The envelope may be narrower.
public struct SetpointSpec: Sendable, Hashable, Codable {
  /// The tag that is written and read back, e.g. `Filler/MachSpeed`.
  public var tag: String
  public var unit: String
  public var design: Double
  public var low: Double
  public var high: Double
  public init(tag: String, unit: String, design: Double, low: Double, high: Double) {
    (self.tag, self.unit, self.design, self.low, self.high) = (tag, unit, design, low, high)
  }
}

/// Share of parts spoilt += curvature·(x − optimum)².
public struct VariableDefects: Sendable, Hashable, Codable {
  /// In the variable's unit.
  public var optimum: Double
  /// Added share per squared unit of distance.
  public var curvature: Double
  public init(optimum: Double, curvature: Double) { (self.optimum, self.curvature) = (optimum, curvature) }
}

/// The variable approaches its set-point with `timeConstant` while the station works, and `standing` with `standingTimeConstant` while it
/// does not, disturbed by an Ornstein-Uhlenbeck process of deviation `noise` and correlation time `noiseTime`.
public struct VariableDynamics: Sendable, Hashable, Codable {
  public var timeConstant: Duration
  /// Where it drifts while the station stands, in the variable's unit; nil: it stays at its set-point.
  public var standing: Double?
  public var standingTimeConstant: Duration
  public var noise: Double
  public var noiseTime: Duration
  public init(timeConstant: Duration, standing: Double?, standingTimeConstant: Duration, noise: Double, noiseTime: Duration) {
    (self.timeConstant, self.standing, self.standingTimeConstant) = (timeConstant, standing, standingTimeConstant)
    (self.noise, self.noiseTime) = (noise, noiseTime)
  }
}

/// How a station's speed acts: seconds per part = `cycle` at `rated`, times rated / set.
public struct SpeedSpec: Sendable, Hashable, Codable {
  /// Parts per minute at which `Station.cycle` holds.
  public var rated: Double
  public var setpoint: SetpointSpec
  public init(rated: Double, setpoint: SetpointSpec) { (self.rated, self.setpoint) = (rated, setpoint) }
}

/// What a sensor's readings do while what it measures stands still: a sensor that does less has stopped measuring.
public struct SensorScatter: Sendable, Hashable, Codable {
  /// The least step between two readings, > 0, in the variable's unit.
  public var resolution: Double
  /// The least standard deviation of its readings, > 0, in the variable's unit.
  public var noise: Double
  public init(resolution: Double, noise: Double) { (self.resolution, self.noise) = (resolution, noise) }
}
