/// How an integer column guesses its next number; what is stored is the residual, number − guess, wrapping.
///
/// With x₋₁ = `base`:
/// - `none`: the guess is `base`. `last`: xᵢ₋₁. `linear`: 2·xᵢ₋₁ − xᵢ₋₂, where x₋₂ = x₋₁.
/// - `level`: an exponentially weighted mean, L ← L + (2ᶠ·x − L) / 2ᵏ from L = 2ᶠ·base; the guess is L / 2ᶠ. For noise about a level its
///   residuals have nearly the noise's own variance, those of `last` twice that. f is 8, or 0 where numbers are too large for it.
/// - `periodic`: xᵢ₋ₚ, at first the base: lateness repeats with the senders' bodies.
enum Predictor: Hashable {
  case none
  case last
  case linear
  case level(shift: Int, fraction: Int)
  case periodic(Int)

  static let fractionBits = 8

  var code: UInt8 {
    switch self {
    case .none: 0
    case .last: 1
    case .linear: 2
    case .level(let shift, let fraction): (fraction == 0 ? 0x20 : 0x10) | UInt8(shift)
    case .periodic(let period): 0x30 | UInt8(period)
    }
  }

  init(code: UInt8) throws(Malformed) {
    switch code {
    case 0: self = .none
    case 1: self = .last
    case 2: self = .linear
    case 0x11...0x1F: self = .level(shift: Int(code & 15), fraction: Self.fractionBits)
    case 0x21...0x2F: self = .level(shift: Int(code & 15), fraction: 0)
    case 0x32...0x3F: self = .periodic(Int(code & 15))
    default: throw Malformed()
    }
  }

  /// Zigzag residuals of `values[range]` into `residuals`, from its beginning.
  func residuals(of values: Span<Int64>, in range: Range<Int>, base: Int64, into residuals: inout MutableSpan<UInt64>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= values.count && range.count <= residuals.count, "columns differ in length")
    let start = range.lowerBound
    switch self {
    case .none:
      for i in 0..<range.count { unsafe residuals[unchecked: i] = zigzag(values[unchecked: start + i] &- base) }
    case .last:
      var last = base
      for i in 0..<range.count {
        let x = unsafe values[unchecked: start + i]
        unsafe residuals[unchecked: i] = zigzag(x &- last)
        last = x
      }
    case .linear:
      var last = base
      var guess = base
      for i in 0..<range.count {
        let x = unsafe values[unchecked: start + i]
        unsafe residuals[unchecked: i] = zigzag(x &- guess)
        guess = x &+ (x &- last)
        last = x
      }
    case .level(let shift, let fraction):
      let (k, f) = (Int64(shift), Int64(fraction))
      var level = base &<< f
      let half: Int64 = fraction == 0 ? 0 : 1 &<< (f &- 1)
      for i in 0..<range.count {
        let x = unsafe values[unchecked: start + i]
        unsafe residuals[unchecked: i] = zigzag(x &- ((level &+ half) &>> f))
        level = level &+ ((x &<< f) &- level) &>> k
      }
    case .periodic(let period):
      for i in 0..<range.count {
        let before = i < period ? base : unsafe values[unchecked: start + i - period]
        unsafe residuals[unchecked: i] = zigzag(values[unchecked: start + i] &- before)
      }
    }
  }

  /// Turns zigzag residuals into the numbers, in place.
  func restore(_ column: inout MutableSpan<Int64>, base: Int64) {
    let count = column.count
    switch self {
    case .none:
      for i in 0..<count { unsafe column[unchecked: i] = base &+ unzigzag(UInt64(bitPattern: column[unchecked: i])) }
    case .last:
      var last = base
      for i in 0..<count {
        last = last &+ unzigzag(UInt64(bitPattern: unsafe column[unchecked: i]))
        unsafe column[unchecked: i] = last
      }
    case .linear:
      var last = base
      var guess = base
      for i in 0..<count {
        let x = guess &+ unzigzag(UInt64(bitPattern: unsafe column[unchecked: i]))
        unsafe column[unchecked: i] = x
        guess = x &+ (x &- last)
        last = x
      }
    case .level(let shift, let fraction):
      let (k, f) = (Int64(shift), Int64(fraction))
      let half: Int64 = fraction == 0 ? 0 : 1 &<< (f &- 1)
      // With P = L + half, the guess is P >> f, and 2ᶠ·x − L is half + 2ᶠ·residual less the low bits of P: each number so waits for four
      // operations on the one before, not for seven.
      let low = 1 &<< f &- 1
      var shifted = base &<< f &+ half
      for i in 0..<count {
        let residual = unzigzag(UInt64(bitPattern: unsafe column[unchecked: i]))
        unsafe column[unchecked: i] = shifted &>> f &+ residual
        shifted = shifted &+ ((half &+ residual &<< f) &- (shifted & low)) &>> k
      }
    case .periodic(let period):
      for i in 0..<count {
        let before = i < period ? base : unsafe column[unchecked: i - period]
        unsafe column[unchecked: i] = before &+ unzigzag(UInt64(bitPattern: column[unchecked: i]))
      }
    }
  }
}

/// log₂ to about 0.01, for choosing between codes; 0 for 0.
func roughLog2(_ x: Double) -> Double {
  if x <= 0 { return 0 }
  let m = x.significand
  return Double(x.exponent) + (m - 1) + 0.344 * (m - 1) * (2 - m)
}
