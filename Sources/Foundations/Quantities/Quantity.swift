/// A number with its unit.
public struct Quantity: Hashable, Sendable {
  public var value: Double
  public var unit: EngineeringUnit

  public init(_ value: Double, _ unit: EngineeringUnit) { (self.value, self.unit) = (value, unit) }

  /// Reads `24 1/min`, `6 min`, `2.2 bar`, `1 %`; a number alone is a plain number.
  ///
  /// - Throws: `UnitError`; NaN and infinity are refused, and so is a number written together with its unit.
  public init(parsing text: String) throws(UnitError) {
    let trimmed = text.drop(while: \.isWhitespace)
    let head = trimmed.prefix(while: { !$0.isWhitespace })
    let tail = trimmed.dropFirst(head.count).drop(while: \.isWhitespace)
    let end = tail.lastIndex(where: { !$0.isWhitespace })
    let code = end.map { String(tail[...$0]) } ?? ""
    if ["nan", "inf", "infinity"].contains(head.lowercased().drop(while: { "+-.".contains($0) }).description) { throw .notFinite(text) }
    let digits = Set("0123456789+-.eE")
    guard let first = head.first, first.isASCII, first.isNumber || "+-.".contains(first) else { throw .notANumber(text) }
    guard head.allSatisfy(digits.contains) else { throw head.first!.isNumber ? .noSpaceBeforeUnit(text) : .notANumber(text) }
    guard let value = Double(head) else { throw .notANumber(text) }
    guard value.isFinite else { throw .notFinite(text) }
    self.init(value, code.isEmpty ? .one : try EngineeringUnit(code))
  }

  /// The same quantity in another unit.
  ///
  /// - Throws: `UnitError.differentDimensions`.
  public func converted(to other: EngineeringUnit) throws(UnitError) -> Quantity { Quantity(try value(in: other), other) }

  /// The number in another unit.
  ///
  /// - Throws: `UnitError.differentDimensions`.
  public func value(in other: EngineeringUnit) throws(UnitError) -> Double { try unit.convert(value, to: other) }
}

extension Quantity: CustomStringConvertible {
  /// As it would be parsed: `2.2 bar`; a plain number without its `1`.
  public var description: String {
    let number = value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
    return unit.code == "1" ? number : "\(number) \(unit.code)"
  }
}
