/// The type of a variable in FMI. FMI 2's Real, Integer and Boolean are float64, int32 and boolean.
public enum VariableType: UInt8, Sendable, Hashable, CaseIterable {
  case float64, float32, int8, uint8, int16, uint16, int32, uint32, int64, uint64, boolean, enumeration, string, binary, clock

  /// Whether values cross as numbers: a boolean as 0 or 1, an enumeration as its item's number. Whole numbers are exact up to 2⁵³.
  public var isNumber: Bool { self != .string && self != .binary && self != .clock }
}

/// Where a variable's values lie in a unit: its type, its value reference, and how many they are (1, or an array's size).
public struct Slot: Sendable, Hashable {
  /// Of every one of its values.
  public var type: VariableType
  /// The unit's value reference.
  public var reference: UInt32
  /// How many values it has.
  public var count: Int

  public init(type: VariableType, reference: UInt32, count: Int = 1) { (self.type, self.reference, self.count) = (type, reference, count) }
}

extension [Slot] {
  /// How many values all of them hold.
  public var width: Int { reduce(0) { $0 + $1.count } }
}
