/// A unit of measure by its UCUM code (case-sensitive), with its dimension and its way to the SI.
///
/// SI value = value·`factor` + `offset`. The offset is not zero for `Cel`, `[degF]` and their like only.
/// Angles are plain numbers (rad = 1), the mole is a base unit as in the SI; else the meaning is UCUM's.
///
/// - Source: The Unified Code for Units of Measure, version 2.1, https://ucum.org/ucum
public struct EngineeringUnit: Hashable, Sendable {
  /// As written, e.g. `1/min`.
  public let code: String
  public let dimension: Dimension
  public let factor: Double
  public let offset: Double

  init(code: String, dimension: Dimension, factor: Double, offset: Double = 0) {
    (self.code, self.dimension, self.factor, self.offset) = (code, dimension, factor, offset)
  }

  /// Reads a UCUM code: atoms with prefixes, `.` and `/`, powers (`m2`, `s-1`), parentheses, whole factors, `{annotations}`.
  ///
  /// - Throws: `UnitError.unknownUnit`, `.malformedUnit` or `.offsetUnitInTerm`.
  public init(_ code: String) throws(UnitError) {
    var parser = UnitParser(code)
    self = try parser.parse()
  }

  /// Plain numbers and counts.
  public static let one = EngineeringUnit(code: "1", dimension: .one, factor: 1)
  public static let second = EngineeringUnit(code: "s", dimension: .time, factor: 1)
  /// Parts per minute, the unit of machine speeds.
  public static let perMinute = EngineeringUnit(code: "1/min", dimension: .perTime, factor: 1 / 60)

  /// Whether both measure the same thing.
  public func isConvertible(to other: EngineeringUnit) -> Bool { dimension == other.dimension }

  /// The same value in `other`.
  ///
  /// - Throws: `UnitError.differentDimensions`.
  public func convert(_ value: Double, to other: EngineeringUnit) throws(UnitError) -> Double {
    guard isConvertible(to: other) else { throw .differentDimensions(from: self, to: other) }
    if factor == other.factor && offset == other.offset { return value }
    return (value * factor + offset - other.offset) / other.factor
  }

  /// The same difference in `other`, offsets left out: a step of 5 Cel is one of 5 K and of 9 [degF].
  ///
  /// - Throws: `UnitError.differentDimensions`.
  public func convertDifference(_ value: Double, to other: EngineeringUnit) throws(UnitError) -> Double {
    guard isConvertible(to: other) else { throw .differentDimensions(from: self, to: other) }
    return factor == other.factor ? value : value * factor / other.factor
  }
}

extension EngineeringUnit: CustomStringConvertible {
  public var description: String { code }
}
