public import Quantities
public import Telemetry

/// Something that the readings did not say, or said wrongly, and that was put right.
public struct Correction: Sendable, Hashable {
  /// The law by which it was put right.
  public enum Law: String, Sendable, Hashable, Codable, CaseIterable {
    /// Counters are cumulative: the next message tells how many the lost one was about.
    case missedCount
    /// The same, of rejects.
    case missedReject
    /// A piece was taken for finished although no message said so, and a later message says that it was not.
    case takenBack
    /// A station that works must have had a part; a part that is put away must have found room.
    case feasibility
    /// The level sensor shows what counts do not explain.
    case sensor
    /// A level reading that neither the counts nor the next reading bear out.
    case doubtedSensor
    /// A waiting machine's input is empty or its output full.
    case starvedOrBlocked
    /// A state that cannot follow the one before: what must have been in between is put in.
    case stateOrder
    /// A counter went backwards or leapt.
    case counterBridged
    /// A reading came later than the allowed lateness.
    case tooLate
  }
  public enum Place: Sendable, Hashable {
    case station(Int)
    case buffer(Int)
  }

  public var law: Law
  public var place: Place
  /// Parts put in (positive) or taken out; for a state, how many states were missing.
  public var parts: Int
  /// Where in time it lies.
  public var from: Instant
  public var to: Instant
  /// States put in, in their order.
  public var states: [MachineState] = []
}
