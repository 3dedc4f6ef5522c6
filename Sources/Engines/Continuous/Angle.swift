/// Sine and cosine made of additions and multiplications alone, for the same bits on every machine (`Portable` has the other functions).
enum Angle {
  /// (sin x, cos x), x in radians. Within two units in the last place for |x| up to 10⁶; beyond 2³⁰ the phase is lost.
  ///
  /// - Source: W. J. Cody, W. Waite, Software Manual for the Elementary Functions, 1980: reduction by π/2 in three parts; Taylor series on |r| ≤ π/4.
  static func sineAndCosine(_ x: Double) -> (Double, Double) {
    let turns = (x * 0.63661977236758134308).rounded(.toNearestOrEven)
    guard turns.magnitude < 0x1p30 else { return x.isFinite ? (0, 1) : (.nan, .nan) }
    // The first two parts of π/2 have 33 bits, so their products with up to 20 bits of turns are exact.
    let high = x - turns * 1.57079632673412561417
    let middle = turns * 6.07710050630396597660e-11
    let low = turns * 2.02226624879595063154e-21
    let coarse = high - middle
    let correction = (high - coarse) - middle - low
    let r = coarse + correction
    let z = r * r
    let sine =
      r + r * z
      * (-1.0 / 6 + z
        * (1.0 / 120 + z * (-1.0 / 5040 + z * (1.0 / 362_880 + z * (-1.0 / 39_916_800 + z * (1.0 / 6_227_020_800 - z / 1_307_674_368_000))))))
    let cosine =
      1 - z / 2 + z * z
      * (1.0 / 24 + z
        * (-1.0 / 720 + z * (1.0 / 40_320 + z * (-1.0 / 3_628_800 + z * (1.0 / 479_001_600 + z * (-1.0 / 87_178_291_200 + z / 20_922_789_888_000))))))
    switch Int(turns) & 3 {
    case 0: return (sine, cosine)
    case 1: return (cosine, -sine)
    case 2: return (-sine, -cosine)
    default: return (-cosine, sine)
    }
  }
}
