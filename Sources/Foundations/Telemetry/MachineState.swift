/// PackML's machine states, numbered as in ISA-TR88.00.02.
public enum MachineState: Int, Sendable, Hashable, Codable, CaseIterable {
  case undefined = 0
  case clearing, stopped, starting, idle, suspended, execute, stopping, aborting, aborted
  case holding, held, unholding, suspending, unsuspending, resetting, completing, complete

  /// Nil for a number that PackML does not define, or that is no whole number.
  public init?(_ number: Double) {
    guard let whole = Int(exactly: number), let state = MachineState(rawValue: whole) else { return nil }
    self = state
  }
}
