public import Quantities

/// One metric of a payload: in a birth with name, alias and data type; afterwards often with the alias alone.
public struct SparkplugMetric: Sendable, Hashable {
  public var name: String?
  public var alias: UInt64?
  /// When it was measured; nil where the metric carries no timestamp.
  public var instant: Instant?
  /// The number of the data type as sent; may be one that Takt does not know.
  public var datatypeCode: UInt32?
  /// Nil for a null value or an absent one.
  public var wire: SparkplugWireValue?
  /// The source said that it has no value.
  public var isNull: Bool
  /// Measured in the past and stored at the edge: not the present value.
  public var isHistorical: Bool
  /// Not to be kept by a historian.
  public var isTransient: Bool
  public var properties: SparkplugProperties

  /// A metric with a value of a type; `value` nil says null.
  ///
  /// - Throws: `SparkplugError.typeMismatch` where the type cannot hold the value.
  public init(
    name: String? = nil, alias: UInt64? = nil, instant: Instant?, datatype: SparkplugDataType, value: SparkplugValue?,
    isHistorical: Bool = false, isTransient: Bool = false, properties: SparkplugProperties = SparkplugProperties()
  ) throws(SparkplugError) {
    var wire: SparkplugWireValue?
    if let value { wire = try SparkplugWireValue(value, as: datatype) }
    self.init(
      name: name, alias: alias, instant: instant, datatypeCode: datatype.rawValue, wire: wire, isNull: value == nil,
      isHistorical: isHistorical, isTransient: isTransient, properties: properties)
  }

  init(
    name: String?, alias: UInt64?, instant: Instant?, datatypeCode: UInt32?, wire: SparkplugWireValue?, isNull: Bool,
    isHistorical: Bool, isTransient: Bool, properties: SparkplugProperties
  ) {
    (self.name, self.alias, self.instant, self.datatypeCode, self.wire) = (name, alias, instant, datatypeCode, wire)
    (self.isNull, self.isHistorical, self.isTransient, self.properties) = (isNull, isHistorical, isTransient, properties)
  }

  public var datatype: SparkplugDataType? { datatypeCode.flatMap(SparkplugDataType.init) }

  /// The value, read by the metric's own data type or, where it has none, by the one that its birth declared; nil for null.
  ///
  /// - Throws: `SparkplugError.typeMismatch`.
  public func value(declared: SparkplugDataType? = nil) throws(SparkplugError) -> SparkplugValue? {
    guard !isNull, let wire else { return nil }
    guard let type = datatype ?? declared else {
      guard let value = wire.natural else { throw .typeMismatch(expected: nil) }
      return value
    }
    return try wire.value(as: type)
  }
}

/// The properties of a metric that Takt reads and writes; others are passed over.
public struct SparkplugProperties: Sendable, Hashable {
  /// 0 bad, 192 good, 500 stale (section 6.4.9).
  public var quality: Int?
  public var engUnit: String?
  public var engLow: Double?
  public var engHigh: Double?
  public var readOnly: Bool?

  public init(
    quality: Int? = nil, engUnit: String? = nil, engLow: Double? = nil, engHigh: Double? = nil, readOnly: Bool? = nil
  ) {
    (self.quality, self.engUnit, self.engLow, self.engHigh, self.readOnly) = (quality, engUnit, engLow, engHigh, readOnly)
  }
}
