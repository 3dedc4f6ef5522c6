/// A value as it stands on the wire: it means something only together with a data type, which alone-standing aliases take from the birth.
public enum SparkplugWireValue: Sendable, Hashable {
  case int(UInt32)
  case long(UInt64)
  case float(Float)
  case double(Double)
  case boolean(Bool)
  case string(String)
  case bytes([UInt8])
  /// A data set, template or extension, which Takt does not read.
  case opaque
}

extension SparkplugWireValue {
  /// The value under a data type.
  ///
  /// Signed integers come in two's complement in their own width (Int8 −128 as 128) or in 32 or 64 bits (as 4294967168): both are read.
  /// - Throws: `SparkplugError.typeMismatch`.
  public func value(as type: SparkplugDataType) throws(SparkplugError) -> SparkplugValue {
    switch (type, self) {
    case (.int8, _): return .signed(Int64(try signed(Int8.self, UInt8.self, type)))
    case (.int16, _): return .signed(Int64(try signed(Int16.self, UInt16.self, type)))
    case (.int32, _): return .signed(Int64(try signed(Int32.self, UInt32.self, type)))
    case (.int64, .long(let x)): return .signed(Int64(bitPattern: x))
    case (.int64, .int(let x)): return .signed(Int64(x))
    case (.uint8, _): return .unsigned(try unsigned(upTo: UInt64(UInt8.max), type))
    case (.uint16, _): return .unsigned(try unsigned(upTo: UInt64(UInt16.max), type))
    case (.uint32, _): return .unsigned(try unsigned(upTo: UInt64(UInt32.max), type))
    case (.uint64, _), (.dateTime, _): return .unsigned(try unsigned(upTo: .max, type))
    case (.float, .float(let x)): return .float(x)
    case (.double, .double(let x)): return .double(x)
    case (.double, .float(let x)): return .double(Double(x))
    case (.boolean, .boolean(let x)): return .boolean(x)
    case (.string, .string(let s)), (.text, .string(let s)), (.uuid, .string(let s)): return .string(s)
    case (.bytes, .bytes(let b)), (.file, .bytes(let b)): return .bytes(b)
    default: throw .typeMismatch(expected: type)
    }
  }

  /// The widest type that the wire itself tells, for a metric whose data type nobody gave. Integers count as unsigned.
  public var natural: SparkplugValue? {
    switch self {
    case .int(let x): .unsigned(UInt64(x))
    case .long(let x): .unsigned(x)
    case .float(let x): .float(x)
    case .double(let x): .double(x)
    case .boolean(let x): .boolean(x)
    case .string(let s): .string(s)
    case .bytes(let b): .bytes(b)
    case .opaque: nil
    }
  }

  private func signed<S: FixedWidthInteger & SignedInteger, U: FixedWidthInteger & UnsignedInteger>(
    _: S.Type, _: U.Type, _ type: SparkplugDataType
  ) throws(SparkplugError) -> S {
    switch self {
    case .int(let x):
      if let own = U(exactly: x) { return S(truncatingIfNeeded: own) }
      if let wide = S(exactly: Int32(bitPattern: x)) { return wide }
    case .long(let x):
      if let own = U(exactly: x) { return S(truncatingIfNeeded: own) }
      if let wide = S(exactly: Int64(bitPattern: x)) { return wide }
      if let half = UInt32(exactly: x), let wide = S(exactly: Int32(bitPattern: half)) { return wide }
    default: break
    }
    throw .typeMismatch(expected: type)
  }

  private func unsigned(upTo limit: UInt64, _ type: SparkplugDataType) throws(SparkplugError) -> UInt64 {
    switch self {
    case .int(let x) where UInt64(x) <= limit: return UInt64(x)
    case .long(let x) where x <= limit: return x
    default: throw .typeMismatch(expected: type)
    }
  }

  /// The wire form of a value of a type, as Eclipse Tahu writes it: integers up to 32 bits sign-extended to 32.
  ///
  /// - Throws: `SparkplugError.typeMismatch` where the type cannot hold the value exactly (floating point may round).
  public init(_ value: SparkplugValue, as type: SparkplugDataType) throws(SparkplugError) {
    switch type {
    case .int8: self = .int(UInt32(bitPattern: Int32(try Self.whole(value, Int8.self, type))))
    case .int16: self = .int(UInt32(bitPattern: Int32(try Self.whole(value, Int16.self, type))))
    case .int32: self = .int(UInt32(bitPattern: try Self.whole(value, Int32.self, type)))
    case .int64: self = .long(UInt64(bitPattern: try Self.whole(value, Int64.self, type)))
    case .uint8: self = .int(UInt32(try Self.whole(value, UInt8.self, type)))
    case .uint16: self = .int(UInt32(try Self.whole(value, UInt16.self, type)))
    case .uint32: self = .int(try Self.whole(value, UInt32.self, type))
    case .uint64, .dateTime: self = .long(try Self.whole(value, UInt64.self, type))
    case .float:
      guard let x = value.number else { throw .typeMismatch(expected: type) }
      self = .float(Float(x))
    case .double:
      guard let x = value.number else { throw .typeMismatch(expected: type) }
      self = .double(x)
    case .boolean:
      guard case .boolean(let b) = value else { throw .typeMismatch(expected: type) }
      self = .boolean(b)
    case .string, .text, .uuid:
      guard case .string(let s) = value else { throw .typeMismatch(expected: type) }
      self = .string(s)
    case .bytes, .file:
      guard case .bytes(let b) = value else { throw .typeMismatch(expected: type) }
      self = .bytes(b)
    case .dataSet, .template, .propertySet, .propertySetList: throw .typeMismatch(expected: type)
    }
  }

  /// The value as a whole number of the type; a floating-point value must be whole.
  private static func whole<I: FixedWidthInteger>(_ value: SparkplugValue, _: I.Type, _ type: SparkplugDataType) throws(SparkplugError) -> I {
    let result: I? =
      switch value {
      case .signed(let i): I(exactly: i)
      case .unsigned(let u): I(exactly: u)
      case .float(let f): I(exactly: f)
      case .double(let d): I(exactly: d)
      case .boolean, .string, .bytes: nil
      }
    guard let result else { throw .typeMismatch(expected: type) }
    return result
  }
}
