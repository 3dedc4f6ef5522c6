public import Determinism
import Probability

extension GoodnessOfFit {
  /// The same with p-values by parametric bootstrap, right also for censored samples: `replicates` samples are drawn from the fitted law,
  /// cut by times drawn from the product-limit estimate of the cuts that were seen, fitted and measured alike;
  /// p = (1 + how many lie as far) / (1 + replicates).
  ///
  /// Cost: as many fits. Nil with fewer than five exact observations.
  ///
  /// - Source: W. Stute, W. González Manteiga, M. Presedo Quindimil 1993, doi:10.1007/BF02613687.
  public static func bootstrapped(
    _ family: LawFamily, _ observations: [ActivityObservation], replicates: Int = 199, _ stream: RandomStream
  ) -> GoodnessOfFit? {
    guard let fit = MaximumLikelihood(family, observations) else { return nil }
    var result = GoodnessOfFit(fit, observations, completing: false)
    let informative = observations.filter(\.isInformative)
    // The law of the cuts: what ended by itself cuts the cut.
    let cuts = ProductLimit(
      informative.map { .init(value: ($0.kind == .rightCensored ? $0.low : $0.high) * $0.pace, weight: $0.weight, ended: $0.kind == .rightCensored) })
    let sampler = LawSampler(fit.law)
    var (farther, fartherGreatest, done) = (1.0, 1.0, 1.0)
    for replicate in 0..<replicates {
      var stream = stream.split(replicate)
      let sample = informative.map { o in
        let x = sampler.sample(&stream) { _ in 0 }
        let cut = cuts.values.isEmpty ? Double.infinity : cuts.quantile(stream.uniform())
        return x <= cut ? ActivityObservation.exact(x, weight: o.weight) : ActivityObservation.rightCensored(cut, weight: o.weight)
      }
      guard let again = MaximumLikelihood(family, sample) else { continue }
      let other = GoodnessOfFit(again, sample, completing: false)
      done += 1
      if other.andersonDarling >= result.andersonDarling { farther += 1 }
      if other.kolmogorovSmirnov >= result.kolmogorovSmirnov { fartherGreatest += 1 }
    }
    result.andersonDarlingP = farther / done
    result.kolmogorovSmirnovP = fartherGreatest / done
    return result
  }
}

extension ProductLimit {
  /// The p-quantile; ∞ in the mass that lies beyond the last value.
  func quantile(_ p: Double) -> Double {
    var left = p
    for (value, mass) in zip(values, masses) {
      left -= mass
      if left <= 0 { return value }
    }
    return .infinity
  }
}
