public import Quantities

/// Everything that the pages and `takt ps|top|proposals` show, at one moment of plant time.
///
/// It is a value of this module's own: whoever wires Takt fills it from the twin, the governor and the kernel a few times a second, and the
/// console knows none of them. **Not known is nil**, never zero; where a reason for not knowing exists it stands beside the value. Instants
/// and durations travel as whole nanoseconds (see docs/http-api.md).
public struct ConsoleSnapshot: Sendable, Hashable, Codable {
  /// The plant's name, e.g. `bottling-4`.
  public var plant: String
  /// ISA-95 path of the line.
  public var path: String
  /// Content hash of the plant folder in force.
  public var revision: String
  /// The core's present.
  public var plantTime: Instant
  /// Seconds of plant time in one wall second; nil before it has been measured.
  public var speed: Double?
  public var mode: ModeView
  public var line: LineView
  public var twin: TwinView
  /// The latest forecast and, beside it, what has happened since; nil before the first.
  public var forecast: ForecastView?
  /// Open changes first, then past ones from newest to oldest.
  public var changes: [ChangeView]
  public var loops: [LoopView]
  public var alarms: [AlarmView]
  public var ledger: LedgerView
  public var data: DataView
  /// How the envelope's properties stand, in its order.
  public var properties: [PropertyView]
  /// What may be written, as far as the envelope goes, in its order.
  public var setpoints: [SetpointView]

  public init(
    plant: String, path: String, revision: String, plantTime: Instant, speed: Double?, mode: ModeView, line: LineView, twin: TwinView,
    forecast: ForecastView?, changes: [ChangeView], loops: [LoopView], alarms: [AlarmView], ledger: LedgerView, data: DataView,
    properties: [PropertyView] = [], setpoints: [SetpointView] = []
  ) {
    (self.properties, self.setpoints) = (properties, setpoints)
    (self.plant, self.path, self.revision, self.plantTime, self.speed) = (plant, path, revision, plantTime, speed)
    (self.mode, self.line, self.twin, self.forecast, self.changes) = (mode, line, twin, forecast, changes)
    (self.loops, self.alarms, self.ledger, self.data) = (loops, alarms, ledger, data)
  }
}

/// Who controls the line.
public struct ModeView: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Loops may move set-points, as far as their authority goes.
    case automatic
    /// A person has taken over: set-points stay where they are, nothing is written until somebody re-arms.
    case manual
    /// Halted: set-points went to their hold policy, nothing is written until somebody resumes.
    case halted
  }
  public var kind: Kind
  /// Since when; nil where it has been so from the start.
  public var since: Instant?
  /// Who brought this mode about, e.g. a person's name or `watchdog`.
  public var by: String?
  public var reason: String?

  public init(kind: Kind, since: Instant? = nil, by: String? = nil, reason: String? = nil) {
    (self.kind, self.since, self.by, self.reason) = (kind, since, by, reason)
  }
}

/// An interval and the number in its middle, in whatever unit stands beside it.
public struct IntervalView: Sendable, Hashable, Codable {
  public var low: Double
  public var mean: Double
  public var high: Double
  public init(low: Double, mean: Double, high: Double) { (self.low, self.mean, self.high) = (low, mean, high) }
}

/// How far a shown value may be trusted, worst last.
public enum QualityView: String, Sendable, Hashable, Codable, CaseIterable {
  case good, uncertain, stale, bad
}
