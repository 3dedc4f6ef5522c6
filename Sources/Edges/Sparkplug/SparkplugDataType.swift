/// The simple data types of Sparkplug B, numbered as in section 6.4.16 of the specification (3.0).
public enum SparkplugDataType: UInt32, Sendable, Hashable, CaseIterable {
  case int8 = 1
  case int16, int32, int64
  case uint8, uint16, uint32, uint64
  case float, double
  case boolean
  case string
  /// Milliseconds since 1970, in UTC.
  case dateTime
  case text
  case uuid
  case dataSet
  case bytes
  case file
  case template
  case propertySet
  case propertySetList

  /// Whether a number can stand for every value of the type; booleans count as 0 and 1.
  public var isNumeric: Bool { rawValue <= Self.boolean.rawValue || self == .dateTime }
  public var isText: Bool { self == .string || self == .text || self == .uuid }
}

/// A value of one of the simple types.
public enum SparkplugValue: Sendable, Hashable {
  case signed(Int64)
  case unsigned(UInt64)
  case float(Float)
  case double(Double)
  case boolean(Bool)
  case string(String)
  case bytes([UInt8])

  /// The value as a number (integers beyond 2⁵³ are rounded, booleans are 0 and 1), or nil for text and bytes.
  public var number: Double? {
    switch self {
    case .signed(let i): Double(i)
    case .unsigned(let u): Double(u)
    case .float(let f): Double(f)
    case .double(let d): d
    case .boolean(let b): b ? 1 : 0
    case .string, .bytes: nil
    }
  }

  public var text: String? { if case .string(let s) = self { s } else { nil } }
}

/// Why a payload, a value or a state message cannot be used. A retry with the same bytes does not help.
public enum SparkplugError: Error, Sendable, Hashable {
  /// No protobuf message of the payload's shape.
  case malformed
  /// The value on the wire does not fit the metric's data type.
  case typeMismatch(expected: SparkplugDataType?)
  /// No JSON object with `online` and `timestamp`.
  case malformedState
}
