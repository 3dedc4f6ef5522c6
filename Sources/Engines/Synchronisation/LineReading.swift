public import Quantities
public import Telemetry

/// One message of the line, as it came.
public struct LineReading: Sendable, Hashable {
  public enum Subject: Sendable, Hashable {
    /// A machine's state; nil: it told one that PackML does not know.
    case state(station: Int, MachineState?)
    /// Pieces finished, rejected ones too; cumulative.
    case processed(station: Int, Double)
    /// Pieces that the station rejected; cumulative.
    case rejected(station: Int, Double)
    case level(buffer: Int, Double)
  }

  /// When the source says that it was so.
  public var instant: Instant
  /// When it reached us.
  public var arrival: Instant
  public var subject: Subject
  /// A reading that is not good counts as not made; a state that is not good as unknown.
  public var isGood: Bool

  public init(instant: Instant, arrival: Instant, subject: Subject, isGood: Bool = true) {
    (self.instant, self.arrival, self.subject, self.isGood) = (instant, arrival, subject, isGood)
  }
}
