import Determinism
import Testing

/// References by mpmath with 40 digits.
@Test func elementaryFunctionsAreExactToTwoUnitsInTheLastPlace() {
  func close(_ value: Double, _ exact: Double, _ ulps: Double = 2) -> Bool { (value - exact).magnitude <= ulps * exact.ulp }
  for (x, exact) in [
    (-700.0, 9.8596765437597708567e-305), (-1, 0.3678794411714423216), (-1e-3, 0.99900049983337499167), (0.5, 1.6487212707001281468),
    (1, 2.7182818284590452354), (100, 2.6881171418161354484e+43), (709, 8.2184074615549721892e+307), (0, 1),
  ] { #expect(close(Portable.exp(x), exact), "exp(\(x)) = \(Portable.exp(x))") }
  for (x, exact) in [
    (0x1p-1030, -713.94159597674366874), (1e-5, -11.51292546497022842), (0.5, -0.69314718055994530942), (0.99999, -0.000010000050000333335833),
    (1.00001, 9.9999500003333308334e-6), (3, 1.0986122886681096914), (1e300, 690.77552789821370521), (1, 0),
  ] {
    // The arguments themselves are rounded, which matters beside 1.
    let tolerance = (x - 1).magnitude < 1e-4 ? x.ulp : 2 * exact.ulp
    #expect((Portable.log(x) - exact).magnitude <= tolerance, "log(\(x)) = \(Portable.log(x))")
  }
  #expect(Portable.exp(-.infinity) == 0 && Portable.exp(.infinity) == .infinity && Portable.exp(.nan).isNaN)
  #expect(Portable.exp(-745) > 0 && Portable.exp(-746) == 0 && Portable.exp(710) == .infinity)
  #expect(Portable.log(0) == -.infinity && Portable.log(-1).isNaN && Portable.log(.infinity) == .infinity && Portable.log(.nan).isNaN)
  #expect(close(Portable.pow(2, 0.5), 1.4142135623730950488, 4) && Portable.pow(0, 2) == 0 && Portable.pow(7, 0) == 1)
  #expect(close(Portable.expm1(1e-9), 1.0000000005000000002e-9) && close(Portable.expm1(-40), -1))
  #expect(close(Portable.log1p(1e-9), 9.999999995000000003e-10) && close(Portable.log1p(1), 0.69314718055994530942))
}

@Test func exponentialAndLogarithmUndoEachOther() {
  var stream = RandomStream(seed: 1, "round trip")
  for _ in 0..<20_000 {
    let x = stream.uniform(-600, 600)
    let back = Portable.log(Portable.exp(x))
    #expect((back - x).magnitude <= 4e-16 * max(1, x.magnitude), "log(exp(\(x))) = \(back)")
  }
}
