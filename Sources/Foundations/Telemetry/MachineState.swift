/// PackML's machine states, numbered as in ISA-TR88.00.02.
public enum MachineState: Int, Sendable, Hashable, Codable, CaseIterable {
  case undefined = 0
  case clearing, stopped, starting, idle, suspended, execute, stopping, aborting, aborted
  case holding, held, unholding, suspending, unsuspending, resetting, completing, complete

  /// Nil for a number that PackML does not define, or that is no whole number.
  public init?(_ number: Double) {
    guard number.isFinite, number == number.rounded(), let state = MachineState(rawValue: Int(number)) else { return nil }
    self = state
  }
}
