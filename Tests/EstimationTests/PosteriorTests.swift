import Determinism
import Estimation
import Probability
import Testing

/// Shares of true values inside central 90 % intervals over many data sets must be near 0.9.
@Test func stopRateIntervalsCoverTheTruth() {
  var (inside, slopes) = (0, 0)
  let runs = 300
  for seed in 0..<runs {
    var stream = RandomStream(seed: UInt64(seed), "stop rate")
    // The truth is drawn from the prior, as coverage on average promises.
    let logRate = -7 + 0.9 * stream.normal()
    let exponent = 2 + 1.5 * stream.normal()
    let exposures = [0.9, 1.0, 1.15].map { ratio in
      let seconds = 20_000.0
      let rate = Portable.exp(logRate) * Portable.pow(ratio, exponent)
      var (stops, clock) = (0.0, stream.exponential() / rate)
      while clock < seconds {
        stops += 1
        clock += stream.exponential() / rate
      }
      return StopRatePosterior.Exposure(ratio: ratio, seconds: seconds, stops: stops)
    }
    let posterior = StopRatePosterior(logRate: .init(mean: -7, sd: 0.9), exponent: .init(mean: 2, sd: 1.5), exposures: exposures)
    let z1 = Stratified.normals(200, stream.split("1"))
    let z2 = Stratified.normals(200, stream.split("2"))
    let draws = zip(z1, z2).map { posterior.draw($0, $1) }
    let intervals = draws.map(\.interval).sorted()
    let exponents = draws.map(\.exponent).sorted()
    let truth = Portable.exp(-logRate)
    if Stratified.quantile(intervals, 0.05) <= truth && truth <= Stratified.quantile(intervals, 0.95) { inside += 1 }
    if Stratified.quantile(exponents, 0.05) <= exponent && exponent <= Stratified.quantile(exponents, 0.95) { slopes += 1 }
  }
  print("stop rate: \(inside)/\(runs) intervals, \(slopes)/\(runs) exponents inside 90 %")
  #expect((0.84...0.95).contains(Double(inside) / Double(runs)))
  #expect((0.84...0.95).contains(Double(slopes) / Double(runs)))
}

@Test func repairIntervalsCoverTheTruth() {
  var inside = 0
  let runs = 300
  var pits: [Double] = []
  let prior = ActivityPrior(mean: 300, cv: 0.8, strength: 2)
  for seed in 0..<runs {
    var stream = RandomStream(seed: UInt64(seed), "repairs")
    let mean = 300 * Portable.exp(0.4 * stream.normal())
    let law = Law.lognormal(mean: mean, cv: 0.8)
    var lengths = (0..<12).map { _ in law.quantile(stream.uniform()) }
    let next = lengths.removeLast()
    let posterior = ActivityPosterior(lengths.map { .exact($0) }, prior: prior)
    pits.append(posterior.predictiveCDF(next))
    let means = posterior.draws(200, stream.split("draws")).map(\.mean).sorted()
    if Stratified.quantile(means, 0.05) <= mean && mean <= Stratified.quantile(means, 0.95) { inside += 1 }
  }
  print("repair mean: \(inside)/\(runs) inside 90 %")
  #expect((0.85...0.97).contains(Double(inside) / Double(runs)))
  let average = pits.reduce(0, +) / Double(runs)
  #expect(abs(average - 0.5) < 0.05)
  // A repair that lasts long already counts much, one that has just begun hardly: two pseudo-observations know better.
  let without = ActivityPosterior([], prior: prior).mean
  #expect(abs(Portable.log(ActivityPosterior([.rightCensored(10)], prior: prior).mean / without)) < 0.05)
  #expect(Portable.log(ActivityPosterior([.rightCensored(2000)], prior: prior).mean / without) > 0.3)
}

@Test func censoredLifetimesAreFittedWithoutBias() throws {
  let cases: [(LifetimeFit.Family, Law)] = [
    (.exponential, .exponential(mean: 50)), (.weibull, .weibull(mean: 50, shape: 2)), (.lognormal, .lognormal(mean: 50, cv: 0.8)),
    (.gamma, .gamma(mean: 50, cv: 0.5)),
  ]
  for (family, truth) in cases {
    var stream = RandomStream(seed: 3, family.rawValue)
    let data = (0..<3000).map { _ in
      let life = truth.quantile(stream.uniform())
      let limit = stream.uniform(20, 120)
      return LifetimeFit.Observation(min(life, limit), complete: life <= limit)
    }
    let (law, likelihood) = try LifetimeFit.fit(family, data)
    #expect(abs(law.mean / 50 - 1) < 0.06, "\(law)")
    switch law {
    case .weibull(_, let shape): #expect(abs(shape - 2) < 0.15)
    case .lognormal(_, let cv): #expect(abs(cv - 0.8) < 0.08)
    case .gamma(_, let cv): #expect(abs(cv - 0.5) < 0.04)
    default: break
    }
    // The true family beats the others on its own data.
    for (other, _) in cases where other != family && !(family == .exponential) {
      #expect(try LifetimeFit.fit(other, data).logLikelihood < likelihood + 2)
    }
  }
  #expect(throws: EstimationError.noCompletions) { try LifetimeFit.fit(.weibull, [.init(3, complete: false)]) }
  #expect(throws: EstimationError.notPositive(0)) { try LifetimeFit.fit(.gamma, [.init(0)]) }
}

@Test func meanTestKeepsItsLevelAtEveryLook() {
  var (falseAlarms, detected) = (0, 0)
  for seed in 0..<400 {
    var stream = RandomStream(seed: UInt64(seed), "e-process")
    var (null, shifted) = (MeanEProcess(), MeanEProcess())
    var (crossed, found) = (false, false)
    for _ in 0..<200 {
      let z = stream.normal()
      null.observe(z)
      shifted.observe(z + 0.6)
      if null.logE >= Portable.log(20) { crossed = true }
      if shifted.logE >= Portable.log(20) { found = true }
    }
    if crossed { falseAlarms += 1 }
    if found { detected += 1 }
    #expect(abs(shifted.sum / 200 - 0.6) < shifted.halfWidth(alpha: 0.0001))
  }
  #expect(falseAlarms <= 20 + 9)  // Ville: at most 5 %
  #expect(detected > 390)
}
