import Determinism
import Foundation
import Probability
import Testing

@testable import Estimation

let isStudy = ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil

func columns(_ x: Double, _ digits: Int = 3) -> String { String(format: "%.\(digits)f", x) }

/// Draws of a law.
func sample(_ law: Law, _ count: Int, _ stream: RandomStream) -> [Double] {
  var stream = stream
  let sampler = LawSampler(law)
  return (0..<count).map { _ in sampler.sample(&stream) { _ in 0 } }
}

/// CPU seconds of this process so far.
func cpuSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

/// The acceptance figures of one activity's calibration, over many data sets. Run in release with TAKT_STUDY=1.
@Suite(.enabled(if: isStudy), .serialized)
struct ActivityStudy {
  static let truths: [(String, Law)] = [
    ("exponential", .exponential(mean: 10)), ("gamma 0.5", .gamma(mean: 10, cv: 0.5)), ("gamma 1.5", .gamma(mean: 10, cv: 1.5)),
    ("lognormal 0.8", .lognormal(mean: 10, cv: 0.8)), ("weibull 2", .weibull(mean: 10, shape: 2)), ("weibull 0.8", .weibull(mean: 10, shape: 0.8)),
  ]

  @Test func cost() {
    for n in [20, 100, 500, 2_000, 10_000] {
      for censored in [0.0, 0.2] {
        var data: [ActivityObservation] = []
        var stream = RandomStream(seed: 1, "cost")
        for x in sample(.gamma(mean: 10, cv: 0.7), n, stream.split("x")) {
          data.append(stream.chance(censored) ? .rightCensored(x * stream.uniform()) : .exact(x))
        }
        let prior = ActivityPrior(mean: 15)
        func time(_ body: () -> Double) -> Double {
          let repeats = max(20, 20_000 / n)
          var best = Double.infinity
          var sum = 0.0
          for _ in 0..<5 {
            let start = cpuSeconds()
            for _ in 0..<repeats { sum += body() }
            best = min(best, (cpuSeconds() - start) / Double(repeats))
          }
          return sum == .infinity ? 0 : best * 1e6
        }
        let posterior = ActivityPosterior(data, prior: prior)
        let predictive = posterior.predictive
        print(
          "n \(n) censored \(censored): sums \(columns(time { ActivitySums(data).time }, 1))",
          "refit \(columns(time { ActivityPosterior(data, prior: prior, empirical: .never).effectiveCount }, 1))",
          "with tests \(columns(time { ActivityPosterior(data, prior: prior).effectiveCount }, 1))",
          "interval \(columns(time { posterior.meanInterval().lowerBound }, 1))",
          "60 draws \(columns(time { posterior.draws(60, stream)[0].mean }, 1))",
          "predictive \(columns(time { posterior.predictiveCDF(9) }, 1)) then \(columns(time { predictive.cdf(9) }, 2)) microseconds")
      }
    }
  }

  /// Share of 90 % intervals that hold the true mean, bias and RMSE of the posterior median relative to the sample mean's error.
  @Test func coverageOfTheMean() {
    let sets = 1_000
    for (name, law) in Self.truths {
      for (n, censoring) in [(5, 0.0), (20, 0.0), (100, 0.0), (500, 0.0), (30, 0.3), (100, 0.3)] {
        var (inside, error, bias, correct, pit) = (0, 0.0, 0.0, 0, 0)
        var empirical = 0
        for set in 0..<sets {
          var stream = RandomStream(seed: UInt64(set), "coverage \(name) \(n)")
          let data = sample(law, n, stream.split("x")).map { x in
            stream.chance(censoring * 2) ? cut(x, at: 20 * stream.uniform()) : ActivityObservation.exact(x)
          }
          let prior = ActivityPrior(mean: 10 * Portable.exp(0.7 * stream.normal()), cv: law.cv * Portable.exp(0.5 * stream.normal()))
          let posterior = ActivityPosterior(data, prior: prior)
          let q = posterior.meanQuantiles([0.05, 0.5, 0.95])
          if q[0] <= law.mean && law.mean <= q[2] { inside += 1 }
          let next = sample(law, 1, stream.split("next"))[0]
          let u = posterior.predictiveCDF(next)
          if u > 0.05 && u < 0.95 { pit += 1 }
          if posterior.family == law.family { correct += 1 }
          if posterior.family == .empirical { empirical += 1 }
          error += (q[1] / law.mean - 1) * (q[1] / law.mean - 1)
          bias += q[1] / law.mean - 1
        }
        let limit = law.cv / Double(n).squareRoot()
        print(
          "\(name) n \(n) censoring \(censoring): covers \(columns(Double(inside) / Double(sets))) rmse/(cv/sqrt n)",
          "\(columns((error / Double(sets)).squareRoot() / limit)) bias \(columns(bias / Double(sets), 4))",
          "next in 90 % \(columns(Double(pit) / Double(sets))) family right \(columns(Double(correct) / Double(sets))) empirical",
          "\(columns(Double(empirical) / Double(sets)))")
        if n >= 20 { #expect((0.85...0.95).contains(Double(inside) / Double(sets)), "\(name) \(n) \(censoring)") }
      }
    }
  }

  private func cut(_ x: Double, at limit: Double) -> ActivityObservation { x <= limit ? .exact(x) : .rightCensored(limit) }

  /// How often the right family comes first, by marginal likelihood, BIC and AICc, and the mean log score of the next observation.
  @Test func selection() {
    let sets = 500
    for n in [10, 30, 100, 500] {
      var right: [String: Double] = [:]
      var score: [String: Double] = [:]
      for (name, law) in Self.truths {
        for set in 0..<sets {
          let stream = RandomStream(seed: UInt64(set), "selection \(name) \(n)")
          let data = sample(law, n, stream.split("x")).map { ActivityObservation.exact($0) }
          let posterior = ActivityPosterior(data, prior: ActivityPrior(mean: 10), empirical: .never)
          let sums = ActivitySums(data)
          let fits = LawFamily.parametric.compactMap { MaximumLikelihood($0, sums) }
          func criterion(_ name: String, _ penalty: (Double) -> Double) {
            let best = fits.min {
              -2 * $0.logLikelihood + penalty(Double($0.family.parameters)) < -2 * $1.logLikelihood + penalty(Double($1.family.parameters))
            }!
            if best.family == law.family { right[name, default: 0] += 1 }
            for x in sample(law, 20, stream.split("next")) { score[name, default: 0] += best.law.logDensity(x) / 20 }
          }
          let m = Double(n)
          criterion("BIC") { $0 * Portable.log(m) }
          criterion("AICc") { 2 * $0 + 2 * $0 * ($0 + 1) / max(m - $0 - 1, 1) }
          if posterior.family == law.family { right["evidence", default: 0] += 1 }
          let predictive = posterior.predictive
          for x in sample(law, 20, stream.split("next")) { score["evidence", default: 0] += predictive.logDensity(x) / 20 }
          for x in sample(law, 20, stream.split("next")) { score["truth", default: 0] += law.logDensity(x) / 20 }
        }
      }
      let total = Double(sets * Self.truths.count)
      for name in ["evidence", "BIC", "AICc"] {
        print(
          "n \(n) \(name): right \(columns(right[name, default: 0] / total)) loss of log score against the truth",
          columns((score["truth", default: 0] - score[name, default: 0]) / total, 4))
      }
    }
  }

  /// Power and level of the tests.
  @Test func goodnessOfFit() {
    let sets = 4_000
    let wrong: [(String, LawFamily, Law)] = [
      ("weibull 2 as exponential", .exponential, .weibull(mean: 10, shape: 2)),
      ("lognormal 0.8 as exponential", .exponential, .lognormal(mean: 10, cv: 0.8)),
      ("gamma 0.5 as lognormal", .lognormal, .gamma(mean: 10, cv: 0.5)),
      ("exponential", .exponential, .exponential(mean: 10)), ("weibull 2", .weibull, .weibull(mean: 10, shape: 2)),
      ("lognormal 0.8", .lognormal, .lognormal(mean: 10, cv: 0.8)), ("gamma 0.5", .gamma, .gamma(mean: 10, cv: 0.5)),
      ("gamma 1.5", .gamma, .gamma(mean: 10, cv: 1.5)),
    ]
    for (name, family, law) in wrong {
      for n in [30, 100] {
        for censoring in [0.0, 0.3] {
          var counts = [0.0, 0, 0, 0]
          for set in 0..<sets {
            var stream = RandomStream(seed: UInt64(set), "fit \(name) \(n)")
            let data = sample(law, n, stream.split("x")).map { x in
              censoring > 0 ? cut(x, at: -law.mean / censoring * Portable.log(stream.uniform())) : ActivityObservation.exact(x)
            }
            guard let test = GoodnessOfFit(family, data) else { continue }
            if test.andersonDarlingP < 0.01 { counts[0] += 1 }
            if test.andersonDarlingP < 0.05 { counts[1] += 1 }
            if test.kolmogorovSmirnovP < 0.01 { counts[2] += 1 }
            if test.kolmogorovSmirnovP < 0.05 { counts[3] += 1 }
          }
          print("\(name) n \(n) censoring \(censoring): AD 1 %, 5 %; KS 1 %, 5 %:", counts.map { columns($0 / Double(sets)) }.joined(separator: " "))
          if censoring == 0 && family == law.family {
            #expect(abs(counts[0] / Double(sets) - 0.01) < 0.007)
            #expect(abs(counts[1] / Double(sets) - 0.05) < 0.015)
          }
        }
      }
    }
  }

  @Test func bootstrapKeepsItsLevelUnderCensoring() {
    let sets = 400
    for (family, law) in [
      (LawFamily.exponential, Law.exponential(mean: 10)), (.weibull, .weibull(mean: 10, shape: 2)), (.exponential, .weibull(mean: 10, shape: 2)),
    ] {
      for n in [30, 100] {
        var counts = [0.0, 0]
        for set in 0..<sets {
          var stream = RandomStream(seed: UInt64(set), "bootstrap \(n)")
          let data = sample(law, n, stream.split("x")).map { cut($0, at: -law.mean / 0.3 * Portable.log(stream.uniform())) }
          guard let test = GoodnessOfFit.bootstrapped(family, data, replicates: 99, stream.split("bootstrap")) else { continue }
          if test.andersonDarlingP <= 0.01 { counts[0] += 1 }
          if test.andersonDarlingP <= 0.05 { counts[1] += 1 }
        }
        print("bootstrap, \(law) as \(family) n \(n): AD 1 %, 5 %:", counts.map { columns($0 / Double(sets)) }.joined(separator: " "))
      }
    }
  }
}
