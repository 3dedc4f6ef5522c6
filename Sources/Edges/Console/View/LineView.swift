public import Quantities

/// The line as it stands: enough to draw it, with what flows and what is measured.
public struct LineView: Sendable, Hashable, Codable {
  /// In flow order as declared.
  public var stations: [StationView]
  public var buffers: [BufferView]
  public var sources: [SourceView]
  /// What is being made, where the plant tells.
  public var product: String?
  public var order: String?
  public var kpis: LineKPIView

  public init(
    stations: [StationView], buffers: [BufferView], sources: [SourceView], product: String? = nil, order: String? = nil, kpis: LineKPIView
  ) {
    (self.stations, self.buffers, self.sources) = (stations, buffers, sources)
    (self.product, self.order, self.kpis) = (product, order, kpis)
  }
}

/// Key figures of the whole line. Nil means not known (yet), and `reason` says why.
public struct LineKPIView: Sendable, Hashable, Codable {
  /// Faultless parts per hour over the last hour of plant time.
  public var goodPerHour: Double?
  /// Share of the last hour's parts rejected anywhere, 0…1.
  public var scrapShare: Double?
  /// Parts between the first machine and the end of the line.
  public var workInProgress: Double?
  /// ISO 22400-2 OEE of the line over the last hour, 0…1.
  public var oee: Double?
  /// Value per hour at the plant's prices, and its currency.
  public var valuePerHour: Double?
  public var currency: String?
  /// The station that holds the line back at present.
  public var bottleneck: String?
  public var reason: String?

  public init(
    goodPerHour: Double? = nil, scrapShare: Double? = nil, workInProgress: Double? = nil, oee: Double? = nil, valuePerHour: Double? = nil,
    currency: String? = nil, bottleneck: String? = nil, reason: String? = nil
  ) {
    (self.goodPerHour, self.scrapShare, self.workInProgress, self.oee) = (goodPerHour, scrapShare, workInProgress, oee)
    (self.valuePerHour, self.currency, self.bottleneck, self.reason) = (valuePerHour, currency, bottleneck, reason)
  }
}

/// A station at this moment.
public struct StationView: Sendable, Hashable, Codable {
  public var name: String
  /// Buffers that it takes from and the buffer that it fills; nil output leaves the line. They make the drawing.
  public var inputs: [String]
  public var output: String?
  /// PackML state by its name in ISA-TR88.00.02, in lower camel case (`execute`, `held`, …); nil when not known.
  public var state: String?
  public var stateSince: Instant?
  public var stateQuality: QualityView
  /// Parts per minute.
  public var speedSet: Double?
  public var speedActual: Double?
  /// What the twin expects at these settings: parts per minute while running, and the share that it rejects.
  public var speedExpected: Double?
  public var rejectShareExpected: Double?
  /// Counted since Takt first saw the station's counters (resets and roll-overs unwound).
  public var good: Int?
  public var rejected: Int?
  /// Share of the last hour's parts rejected here, 0…1.
  public var rejectShare: Double?
  /// Where the last hour went; nil before an hour's share can be told.
  public var time: TimeShareView?
  public var processVariables: [ProcessVariableView]

  public init(
    name: String, inputs: [String], output: String?, state: String? = nil, stateSince: Instant? = nil, stateQuality: QualityView = .good,
    speedSet: Double? = nil, speedActual: Double? = nil, speedExpected: Double? = nil, rejectShareExpected: Double? = nil,
    good: Int? = nil, rejected: Int? = nil, rejectShare: Double? = nil, time: TimeShareView? = nil,
    processVariables: [ProcessVariableView] = []
  ) {
    (self.name, self.inputs, self.output) = (name, inputs, output)
    (self.state, self.stateSince, self.stateQuality) = (state, stateSince, stateQuality)
    (self.speedSet, self.speedActual, self.speedExpected) = (speedSet, speedActual, speedExpected)
    (self.rejectShareExpected, self.good, self.rejected, self.rejectShare) = (rejectShareExpected, good, rejected, rejectShare)
    (self.time, self.processVariables) = (time, processVariables)
  }
}

/// Shares of a station's last hour, each 0…1, summing to 1.
public struct TimeShareView: Sendable, Hashable, Codable {
  public var running: Double
  /// Suspended for want of parts or of room downstream; `starved` and `blocked` together where the machine does not tell them apart.
  public var waiting: Double
  /// Short stops (Held).
  public var held: Double
  /// Breakdowns (Aborted) with their repair.
  public var down: Double
  /// Changeover, breaks and everything else.
  public var other: Double
  public init(running: Double, waiting: Double, held: Double, down: Double, other: Double) {
    (self.running, self.waiting, self.held, self.down, self.other) = (running, waiting, held, down, other)
  }
}

/// A measured condition and, where it can be set, its set-point.
public struct ProcessVariableView: Sendable, Hashable, Codable {
  /// Tag path of the measurement, and its short name.
  public var tag: String
  public var name: String
  /// UCUM code.
  public var unit: String
  public var value: Double?
  public var quality: QualityView
  public var setpoint: Double?
  public var setpointTag: String?
  /// The envelope's limits, where the set-point may be written.
  public var low: Double?
  public var high: Double?

  public init(
    tag: String, name: String, unit: String, value: Double?, quality: QualityView, setpoint: Double? = nil, setpointTag: String? = nil,
    low: Double? = nil, high: Double? = nil
  ) {
    (self.tag, self.name, self.unit, self.value, self.quality) = (tag, name, unit, value, quality)
    (self.setpoint, self.setpointTag, self.low, self.high) = (setpoint, setpointTag, low, high)
  }
}

/// A buffer between stations.
public struct BufferView: Sendable, Hashable, Codable {
  public var name: String
  /// Parts in it; nil when neither measured nor inferred.
  public var level: Double?
  /// Nil where it has no limit.
  public var capacity: Int?
  /// True where a sensor tells the level, false where the twin infers it.
  public var measured: Bool
  public init(name: String, level: Double?, capacity: Int?, measured: Bool) {
    (self.name, self.level, self.capacity, self.measured) = (name, level, capacity, measured)
  }
}

/// Where raw parts enter.
public struct SourceView: Sendable, Hashable, Codable {
  public var name: String
  /// The buffer that it fills.
  public var into: String
  public init(name: String, into: String) { (self.name, self.into) = (name, into) }
}
