/// Reads numbers from bytes as they come off the wire; the doubles are the nearest ones, as the standard library's are.
enum DecimalScanner {
  /// A number without an exponent, or nil where there is none here that this quick way can read; `index` then stays.
  ///
  /// Source of exactness: a whole number below 2⁵³ and 10ⁿ with n ≤ 22 are doubles, and their quotient is rounded once
  /// (W. D. Clinger 1990, doi:10.1145/93542.93557).
  @inline(__always) static func number(_ bytes: ByteView, at index: inout Int) -> Number? {
    var at = index
    let isNegative = at < bytes.count && bytes[at] == .minus
    if isNegative { at &+= 1 }
    let start = at
    var mantissa: UInt64 = 0
    digits(bytes, at: &at, into: &mantissa)
    let whole = at &- start
    var fraction = 0
    if at < bytes.count, bytes[at] == .point {
      at &+= 1
      let first = at
      digits(bytes, at: &at, into: &mantissa)
      fraction = at &- first
      if fraction == 0 { return nil }
    }
    // Eighteen digits cannot overflow; more are for the careful way.
    guard whole > 0, whole &+ fraction <= 18 else { return nil }
    index = at
    return Number(isNegative: isNegative, mantissa: mantissa, fraction: fraction)
  }

  struct Number {
    var isNegative: Bool
    var mantissa: UInt64
    /// Digits behind the point.
    var fraction: Int

    /// As a whole number; nil where there is a fraction.
    @inline(__always) var whole: Int64? { fraction > 0 ? nil : isNegative ? -Int64(mantissa) : Int64(mantissa) }

    /// As a double; nil where this way would round twice.
    @inline(__always) var double: Double? {
      guard mantissa < 1 << 53, fraction <= 18 else { return nil }
      let value = fraction == 0 ? Double(mantissa) : Double(mantissa) / DecimalScanner.powersOfTen[fraction]
      return isNegative ? -value : value
    }
  }

  /// Digits from `at` on; wraps silently where there are more than nineteen.
  @inline(__always) private static func digits(_ bytes: ByteView, at: inout Int, into mantissa: inout UInt64) {
    while at < bytes.count {
      let digit = bytes[at] &- 48
      if digit > 9 { return }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      at &+= 1
    }
  }

  /// Digits alone, at most nineteen of them; nil where the first is none or the number does not fit. `index` stands behind them then.
  @inline(__always) static func wholeNumber(_ bytes: ByteView, at index: inout Int) -> Int64? {
    var at = index
    var value: UInt64 = 0
    if let high = Word.eightDigits(bytes.word(at: at)) {
      (value, at) = (high, at &+ 8)
      if let low = Word.eightDigits(bytes.word(at: at)) { (value, at) = (value &* 100_000_000 &+ low, at &+ 8) }
    }
    digits(bytes, at: &at, into: &value)
    // Nineteen digits are below 2⁶⁴, and above 2⁶³ the last check refuses them.
    guard at > index, at &- index <= 19, value <= UInt64(Int64.max) else { return nil }
    index = at
    return Int64(value)
  }

  private static let powersOfTen: InlineArray<19, Double> = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
  ]
}

extension UInt8 {
  static let minus = UInt8(ascii: "-")
  static let point = UInt8(ascii: ".")
}
