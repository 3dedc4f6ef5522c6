/// A deliberate break of Takt or of what it stands on, to see that a rehearsal would find it. Each acts at a border of the runtime, where a
/// careless shell, disk or edge would break the same promise.
public enum Mutant: String, Sendable, Hashable, CaseIterable {
  /// The fence is said to be stored and is not.
  case fenceNotStored
  /// The ledger answers before its rows are flushed.
  case ledgerNotFlushed
  /// Telemetry is acknowledged before it is flushed.
  case telemetryNotFlushed
  /// A takeover is acknowledged to the person and not passed on.
  case takeoverNotPassedOn
  /// Governor and gateway are given wider limits than the safety role has set.
  case widerEnvelope
  /// Governor and gateway are not told how far a tag may drift from where people have put it.
  case driftUnbounded
  /// Bad and stale qualities reach the runtime as good.
  case badReadingsPassAsGood
  /// Readings are stamped with the instant of their arrival: nothing is ever old.
  case readingsNeverAge
  /// A restart forgets what each tag has moved within the hour.
  case allowanceForgotten
  /// Commands on the wire of a dead process go on being sent again and again.
  case commandsRepeat
  /// Takt is restarted on an empty ledger while the fence stays.
  case ledgerForgotten
}
