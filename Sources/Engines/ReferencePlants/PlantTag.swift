public import Quantities
public import Telemetry

/// A tag as a plant shows it: where it stands, what it holds, in what unit, and its present value.
public struct PlantTag: Sendable, Hashable {
  public enum Kind: Sendable, Hashable { case int32, double, string }
  /// The station, or nil for a tag of the line.
  public let device: String?
  public let metric: String
  public let kind: Kind
  /// As the plant writes it (degC, bar, N.m, 1/min, 1); empty for a state or a text.
  public let unit: String
  public let low: Double?
  public let high: Double?
  public let isWritable: Bool
  /// How far a value must move to be reported between two periodic reports.
  public let deadband: Double
  /// Resolution of the sensor.
  public let step: Double?

  /// What was reported last, and when it was measured.
  public internal(set) var value: PlantValue
  public internal(set) var instant: Instant
  public internal(set) var quality: Quality
  var raw: PlantValue
  /// Simulated seconds of the last report.
  var seen = -Double.infinity
  var isFrozen = false

  /// `Station/Metric`, or the metric alone for a tag of the line.
  public var name: String { device.map { "\($0)/\(metric)" } ?? metric }
}

/// A value on the wire.
public enum PlantValue: Sendable, Hashable {
  case int32(Int32)
  case double(Double)
  case string(String)

  /// As in a CSV file.
  public var text: String {
    switch self {
    case .int32(let x): String(x)
    case .double(let x): x.description
    case .string(let s): s
    }
  }
}

/// One reported value of one tag.
public struct PlantSample: Sendable, Hashable {
  /// Index into the plant's `tags`.
  public var tag: Int
  /// Plant time of the measurement.
  public var instant: Instant
  public var value: PlantValue
  public var quality: Quality
  public init(tag: Int, instant: Instant, value: PlantValue, quality: Quality) {
    (self.tag, self.instant, self.value, self.quality) = (tag, instant, value, quality)
  }
}
