/// What data say of one parameter.
public enum IdentifiedParameter: Sendable, Hashable {
  /// An estimate, inside the interval of the confidence that was asked for.
  case value(Double, interval: ClosedRange<Double>)
  /// The data do not settle it: they agree with everything in the interval, which reaches a limit of the search or is too wide to be of use. There
  /// is no number, on purpose.
  case notIdentifiable(ClosedRange<Double>)

  /// The estimate; nil when the parameter is not identifiable.
  public var value: Double? {
    if case .value(let value, _) = self { return value }
    return nil
  }
  public var interval: ClosedRange<Double> {
    switch self {
    case .value(_, let interval), .notIdentifiable(let interval): interval
    }
  }
}

/// A first-order process with dead time, τ·ẏ(t) + y(t) = K·u(t − θ) + offset, as learned from data, with its noise.
public struct DeadTimeEstimate: Sendable, Hashable {
  /// The noise of the output: z with memory, and v without.
  public struct Noise: Sendable, Hashable {
    /// The standard deviation of z.
    public let deviation: Double
    /// Of z: its correlation falls by e over this time.
    public let correlationTime: Double
    /// The standard deviation of v, the sensor's.
    public let sensorDeviation: Double
  }

  /// K, output units per input unit.
  public let gain: IdentifiedParameter
  /// τ.
  public let timeConstant: IdentifiedParameter
  /// θ, on a continuum.
  public let deadTime: IdentifiedParameter
  /// Of the best fit, even where parts of it are not identifiable.
  public let noise: Noise
  /// The whitened prediction errors of the best fit: standard normal and independent when the model is right.
  public let innovations: [Double]

  /// Whether all three parameters are.
  public var isIdentified: Bool { gain.value != nil && timeConstant.value != nil && deadTime.value != nil }
}

/// Within what limits, and to what confidence, a dead-time model is searched.
public struct DeadTimeSearch: Sendable, Hashable {
  /// θ; its upper end is also how much of the record's head serves as history alone.
  public var deadTimes: ClosedRange<Double>
  /// τ > 0.
  public var timeConstants: ClosedRange<Double>
  /// The probability with which an interval covers the truth.
  public var confidence: Double
  /// An interval wider than this share of its own middle (for θ, of θ + τ) is too wide to be of use.
  public var widestInterval: Double

  public init(deadTimes: ClosedRange<Double>, timeConstants: ClosedRange<Double>, confidence: Double = 0.9, widestInterval: Double = 1.5) {
    (self.deadTimes, self.timeConstants) = (deadTimes, timeConstants)
    (self.confidence, self.widestInterval) = (confidence, widestInterval)
  }

  /// What is wrong with it for a record, one sentence for each fault.
  func faults(_ record: LoopRecord) -> [String] {
    var faults: [String] = []
    if !(deadTimes.lowerBound >= 0 && deadTimes.upperBound.isFinite) { faults.append("dead times \(deadTimes)") }
    if !(timeConstants.lowerBound > 0 && timeConstants.upperBound.isFinite) { faults.append("time constants \(timeConstants)") }
    if !(confidence > 0 && confidence < 1) { faults.append("a confidence of \(confidence)") }
    if faults.isEmpty && Double(record.inputs.count) < deadTimes.upperBound / record.interval + 30 {
      faults.append("\(record.inputs.count) samples do not reach 30 beyond the longest dead time")
    }
    return faults
  }
}
