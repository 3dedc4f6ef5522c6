import Probability
import Testing

/// References: mpmath with 40 digits; Student t and normal quantiles by SciPy 1.x.
private func expectClose(_ value: Double, _ exact: Double, _ tolerance: Double, _ what: String) {
  #expect((value - exact).magnitude <= tolerance * max(exact.magnitude, 1e-300), "\(what): \(value), expected \(exact)")
}

@Test func gammaFamilyHasItsKnownValues() {
  for (x, exact) in [
    (0.001, 6.9071788853838536825), (0.1, 2.2527126517342059599), (0.5, 0.57236494292470008707), (1.5, -0.12078223763524522235),
    (2.5, 0.28468287047291915963), (3.7, 1.4280723266653879219), (10, 12.801827480081469611), (100.25, 360.28455963776423497),
    (1e6, 12815504.56914761166),
  ] { expectClose(Special.logGamma(x), exact, 2e-14, "logGamma(\(x))") }
  for (x, exact) in [
    (0.01, -100.5608854578686745), (0.5, -1.9635100260214234794), (1, -0.57721566490153286061), (2.5, 0.70315664064524318723),
    (10, 2.2517525890667211076), (1234.5, 7.1180162318279978433),
  ] { expectClose(Special.digamma(x), exact, 1e-13, "digamma(\(x))") }
  for (x, exact) in [
    (0.01, 10001.62121352831322), (0.5, 4.9348022005446793094), (1, 1.6449340668482264365), (2.5, 0.49035775610023486497),
    (10, 0.10516633568168574612), (1234.5, 0.0008103727271269666527),
  ] { expectClose(Special.trigamma(x), exact, 1e-13, "trigamma(\(x))") }
}

@Test func incompleteGammaAndItsInverseHaveTheirKnownValues() {
  for (a, x, p, q) in [
    (0.1, 0.001, 0.52676856839244512968, 0.47323143160755487032), (0.5, 0.3, 0.56142197391900014495, 0.43857802608099985505),
    (1, 2, 0.86466471676338730811, 0.13533528323661269189), (2.5, 1, 0.15085496391539036377, 0.84914503608460963623),
    (2.5, 20, 0.99999985066320999496, 1.4933679000503951839e-7), (100, 90, 0.1582209891864301681, 0.8417790108135698319),
    (100, 150, 0.99999407545966451608, 5.9245403354839158294e-6), (1000, 1100, 0.99894067674607002265, 0.0010593232539299773489),
  ] {
    expectClose(Special.gammaP(a, x), p, 1e-12, "gammaP(\(a), \(x))")
    expectClose(Special.gammaQ(a, x), q, 1e-12, "gammaQ(\(a), \(x))")
    expectClose(Special.inverseGammaQ(a, q), x, 1e-11, "inverseGammaQ(\(a), \(q))")
    if p < 0.999 { expectClose(Special.inverseGammaP(a, p), x, 1e-11, "inverseGammaP(\(a), \(p))") }
  }
  // The inverse undoes the function over the whole range of shapes.
  for a in [0.02, 0.3, 1, 4, 37, 900, 20_000] {
    for p in [1e-12, 1e-4, 0.03, 0.5, 0.9, 0.9999] {
      let x = Special.inverseGammaP(a, p)
      if x > 1e-290 { expectClose(Special.gammaP(a, x), p, 1e-10, "gammaP(\(a), inverse of \(p))") }
    }
  }
}

@Test func incompleteBetaAndItsInverseHaveTheirKnownValues() {
  for (a, b, x, p) in [
    (0.5, 0.5, 0.1, 0.20483276469913345165), (2, 3, 0.4, 0.5248), (10, 0.7, 0.95, 0.43940172509728734083),
    (50, 60, 0.4, 0.12470685834310026198), (0.1, 5, 0.001, 0.6128983593749944998), (300, 2, 0.99, 0.19616357628514342363),
  ] {
    expectClose(Special.beta(a, b, x), p, 1e-12, "beta(\(a), \(b), \(x))")
    expectClose(Special.inverseBeta(a, b, p), x, 1e-11, "inverseBeta(\(a), \(b), \(p))")
  }
  for (a, b) in [(0.5, 0.5), (1, 1), (3, 700), (700, 3), (0.2, 8), (40, 40)] {
    for p in [1e-9, 0.001, 0.2, 0.5, 0.975, 0.9999] {
      let x = Special.inverseBeta(a, b, p)
      if x < 1 - 1e-9 { expectClose(Special.beta(a, b, x), p, 1e-9, "beta(\(a), \(b), inverse of \(p))") }
    }
  }
}

@Test func normalAndStudentHaveTheirKnownValues() {
  for (z, p) in [
    (-30, 4.9067139271481870595e-198), (-10, 7.619853024160526066e-24), (-7.5, 3.1908916729108962278e-14), (-5, 2.8665157187919391167e-7),
    (-2, 0.0227501319481792072), (-0.5, 0.30853753872598689636), (0, 0.5), (1, 0.84134474606854294859), (3, 0.99865010196836990547),
  ] {
    expectClose(Normal.cdf(z), p, 1e-12, "cdf(\(z))")
    expectClose(Normal.survival(-z), p, 1e-12, "survival(\(-z))")
  }
  for (p, z) in [
    (1e-300, -37.0470962993612), (1e-20, -9.262340089798409), (1e-6, -4.753424308822899), (0.025, -1.9599639845400545),
    (0.3, -0.5244005127080409), (0.9, 1.2815515655446004), (0.9999, 3.719016485455709),
  ] { expectClose(Normal.quantile(p), z, 1e-13, "quantile(\(p))") }
  #expect(Normal.quantile(0.5) == 0 && Normal.quantile(0) == -.infinity && Normal.quantile(1) == .infinity && Normal.quantile(2).isNaN)
  for (n, p, t) in [
    (1, 0.975, 12.706204736174704646), (2, 0.9, 1.8856180831641267317), (4, 0.995, 4.6040948713499932254), (9, 0.975, 2.262157162798205),
    (30, 0.6, 0.2556053649519128), (2.5, 0.75, 0.7850136829922992), (200, 0.9999, 3.789120788747759),
  ] {
    expectClose(StudentT.quantile(p, degreesOfFreedom: n), t, 1e-11, "t(\(n), \(p))")
    expectClose(StudentT.quantile(1 - p, degreesOfFreedom: n), -t, 1e-9, "t(\(n), \(1 - p))")
    expectClose(StudentT.cdf(t, degreesOfFreedom: n), p, 1e-12, "cdf of t(\(n), \(p))")
  }
  #expect(StudentT.quantile(0.5, degreesOfFreedom: 3) == 0)
}
