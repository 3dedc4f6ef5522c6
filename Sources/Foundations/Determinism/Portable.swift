/// Elementary functions made of IEEE 754 additions, multiplications and divisions alone.
///
/// A system's mathematics library may round the last bit otherwise on another processor (glibc chooses a variant with fused
/// multiply-add at run time), and a simulation that starts from the same seed would then drift apart. These give the same bits on every
/// machine, in debug and in release. Errors stay below two units in the last place, `pow` apart.
public enum Portable {
  @usableFromInline static let ln2High = 6.93147180369123816490e-01
  @usableFromInline static let ln2Low = 1.90821492927058770002e-10

  /// e^x.
  @inlinable public static func exp(_ x: Double) -> Double {
    if x != x { return x }
    if x > 709.782712893384 { return .infinity }
    if x < -745.1332191019412 { return 0 }
    // x = k·ln 2 + r, |r| ≤ ln 2 / 2; the Taylor series of e^r to degree 13, paired so that the terms overlap in the processor.
    let k = (x * 1.44269504088896338700).rounded(.toNearestOrEven)
    let r = (x - k * ln2High) - k * ln2Low
    let r2 = r * r
    let r4 = r2 * r2
    let low = (1.0 / 2 + r * (1.0 / 6)) + r2 * (1.0 / 24 + r * (1.0 / 120))
    let middle = (1.0 / 720 + r * (1.0 / 5040)) + r2 * (1.0 / 40320 + r * (1.0 / 362_880))
    let high = (1.0 / 3_628_800 + r * (1.0 / 39_916_800)) + r2 * (1.0 / 479_001_600 + r * (1.0 / 6_227_020_800))
    let p = 1 + (r + r2 * (low + r4 * (middle + r4 * high)))
    let n = Int(k)
    if n >= -1021 && n <= 1023 { return p * Double(bitPattern: UInt64(n + 1023) << 52) }
    // Near the ends of the range the scale itself would overflow or lose bits: scale twice.
    let half = n / 2
    return p * Double(bitPattern: UInt64(half + 1023) << 52) * Double(bitPattern: UInt64(n - half + 1023) << 52)
  }

  /// The natural logarithm; −∞ at 0, NaN below.
  @inlinable public static func log(_ x: Double) -> Double {
    if !(x > 0) { return x == 0 ? -.infinity : .nan }
    if x == .infinity { return x }
    var bits = x.bitPattern
    var k = 0
    if x < 0x1p-1022 {
      bits = (x * 0x1p54).bitPattern
      k = -54
    }
    // x = 2^k·m with m in [√½, √2).
    k += Int(bits >> 52) - 1023
    var m = Double(bitPattern: (bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000)
    if m > 1.4142135623730951 {
      m *= 0.5
      k += 1
    }
    // log(1+f) = f − f²/2 + s·(f²/2 + R), s = f/(2+f), R = Σ 2·s^(2j)/(2j+1): the leading term f is exact.
    let f = m - 1
    let s = f / (2 + f)
    let z = s * s
    let z2 = z * z
    let z4 = z2 * z2
    let a = (2.0 / 3 + z * (2.0 / 5)) + z2 * (2.0 / 7 + z * (2.0 / 9))
    let b = (2.0 / 11 + z * (2.0 / 13)) + z2 * (2.0 / 15 + z * (2.0 / 17))
    let c = 2.0 / 19 + z * (2.0 / 21)
    let r = z * (a + z4 * (b + z4 * c))
    let h = 0.5 * f * f
    let e = Double(k)
    return e * ln2High - ((h - (s * (h + r) + e * ln2Low)) - f)
  }

  /// x^y for x ≥ 0. The relative error grows as |y·log x|·2⁻⁵³.
  @inlinable public static func pow(_ x: Double, _ y: Double) -> Double {
    if y == 0 || x == 1 { return 1 }
    if y == 1 { return x }
    if x == 0 { return y > 0 ? 0 : .infinity }
    return exp(y * log(x))
  }

  /// e^x − 1, exact to rounding near 0 too. (W. Kahan's correction of the cancelled digits.)
  @inlinable public static func expm1(_ x: Double) -> Double {
    let u = exp(x)
    if u == 1 { return x }
    let d = u - 1
    if d == -1 || u == .infinity { return d }
    return d * (x / log(u))
  }

  /// log(1 + x), exact to rounding near 0 too.
  @inlinable public static func log1p(_ x: Double) -> Double {
    let u = 1 + x
    if u == 1 { return x }
    if u == .infinity || u <= 0 { return log(u) }
    return log(u) * (x / (u - 1))
  }
}
