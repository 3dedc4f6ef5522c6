internal import Foundation
internal import Quantities
internal import SwiftProtobuf

extension SparkplugMetric {
  init(_ m: PBMetric) {
    let wire: SparkplugWireValue? =
      switch m.value {
      case nil: nil
      case .intValue(let x): .int(x)
      case .longValue(let x): .long(x)
      case .floatValue(let x): .float(x)
      case .doubleValue(let x): .double(x)
      case .booleanValue(let x): .boolean(x)
      case .stringValue(let x): .string(x)
      case .bytesValue(let x): .bytes([UInt8](x))
      case .datasetValue, .templateValue, .extensionValue: .opaque
      }
    self.init(
      name: m.hasName ? m.name : nil, alias: m.hasAlias ? m.alias : nil,
      instant: m.hasTimestamp ? Instant(sparkplugMilliseconds: m.timestamp) : nil, datatypeCode: m.hasDatatype ? m.datatype : nil,
      wire: wire, isNull: m.isNull || wire == nil, isHistorical: m.isHistorical, isTransient: m.isTransient,
      properties: m.hasProperties ? SparkplugProperties(m.properties) : SparkplugProperties())
  }
}

extension PBMetric {
  init(_ metric: SparkplugMetric) {
    if let name = metric.name { self.name = name }
    if let alias = metric.alias { self.alias = alias }
    if let instant = metric.instant { timestamp = instant.sparkplugMilliseconds }
    if let code = metric.datatypeCode { datatype = code }
    if metric.isHistorical { isHistorical = true }
    if metric.isTransient { isTransient = true }
    if metric.isNull { isNull = true }
    switch metric.wire {
    case nil, .opaque: break
    case .int(let x): value = .intValue(x)
    case .long(let x): value = .longValue(x)
    case .float(let x): value = .floatValue(x)
    case .double(let x): value = .doubleValue(x)
    case .boolean(let x): value = .booleanValue(x)
    case .string(let x): value = .stringValue(x)
    case .bytes(let x): value = .bytesValue(Data(x))
    }
    if metric.properties != SparkplugProperties() { properties = PBPropertySet(metric.properties) }
  }
}

extension SparkplugProperties {
  /// Keys and values that do not pair are read as far as they do.
  init(_ set: PBPropertySet) {
    self.init()
    for (key, value) in zip(set.keys, set.values) where !value.isNull {
      switch key {
      case "Quality", "quality": quality = value.number.flatMap { Int(exactly: $0) }
      case "engUnit": if case .stringValue(let unit) = value.value { engUnit = unit }
      case "engLow": engLow = value.number
      case "engHigh": engHigh = value.number
      case "readOnly": if case .booleanValue(let b) = value.value { readOnly = b }
      default: break
      }
    }
  }
}

extension PBPropertySet {
  init(_ properties: SparkplugProperties) {
    func add(_ key: String, _ type: SparkplugDataType, _ value: PBPropertyValue.OneOf_Value) {
      var property = PBPropertyValue()
      property.type = type.rawValue
      property.value = value
      keys.append(key)
      values.append(property)
    }
    if let q = properties.quality { add("Quality", .int32, .intValue(UInt32(bitPattern: Int32(clamping: q)))) }
    if let u = properties.engUnit { add("engUnit", .string, .stringValue(u)) }
    if let x = properties.engLow { add("engLow", .double, .doubleValue(x)) }
    if let x = properties.engHigh { add("engHigh", .double, .doubleValue(x)) }
    if let b = properties.readOnly { add("readOnly", .boolean, .booleanValue(b)) }
  }
}

extension PBPropertyValue {
  /// As a number; integers by their declared type, so that a negative one stays negative.
  fileprivate var number: Double? {
    let wire: SparkplugWireValue
    switch value {
    case .intValue(let x): wire = .int(x)
    case .longValue(let x): wire = .long(x)
    case .floatValue(let x): return Double(x)
    case .doubleValue(let x): return x
    default: return nil
    }
    guard hasType, let declared = SparkplugDataType(rawValue: type), declared.isNumeric else { return wire.natural?.number }
    return (try? wire.value(as: declared))?.number
  }
}
