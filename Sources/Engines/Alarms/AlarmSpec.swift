public import Quantities

/// ISA-18.2 priorities, in rising order. A plant that is well set up has about 80 % low, 15 % medium, 5 % high (EEMUA 191).
public enum AlarmPriority: Int, Hashable, Comparable, Sendable, Codable, CaseIterable {
  case low, medium, high
  public static func < (a: AlarmPriority, b: AlarmPriority) -> Bool { a.rawValue < b.rawValue }
}

/// What raises an alarm. A value that is not known (bad, stale, NaN) is neither: the alarm keeps its state and says that it is blind.
public enum AlarmCondition: Hashable, Sendable, Codable {
  /// Active above `limit`; clears at or below `limit − deadband`.
  case above(limit: Double, deadband: Double)
  /// Active below `limit`; clears at or above `limit + deadband`.
  case below(limit: Double, deadband: Double)
  /// Active while the value is not 0.
  case isSet
}

/// One alarm as it was rationalised: what raises it, how long it must last, what a person should do.
public struct AlarmSpec: Hashable, Sendable, Codable {
  public var name: String
  public var priority: AlarmPriority
  public var condition: AlarmCondition
  /// The condition must hold for this long before the alarm is active, and be gone for this long before it is not.
  public var onDelay: Duration
  public var offDelay: Duration
  /// Stays active until a person resets it, even if the condition is gone.
  public var latches: Bool
  /// What the operator is to do; an alarm without an answer is no alarm (ISA-18.2 §6.2.1).
  public var response: String

  /// - Precondition: a deadband that is not negative, delays that are not negative.
  public init(
    name: String, priority: AlarmPriority, condition: AlarmCondition, onDelay: Duration = .zero, offDelay: Duration = .zero,
    latches: Bool = false, response: String
  ) {
    switch condition {
    case .above(_, let deadband), .below(_, let deadband): precondition(deadband >= 0, "\(name): a deadband of \(deadband)")
    case .isSet: break
    }
    precondition(onDelay >= .zero && offDelay >= .zero, "\(name): a negative delay")
    (self.name, self.priority, self.condition) = (name, priority, condition)
    (self.onDelay, self.offDelay, self.latches, self.response) = (onDelay, offDelay, latches, response)
  }
}
