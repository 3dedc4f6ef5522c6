import Determinism
import Probability
import Quantities
import Testing

@testable import Estimation

/// One observation an hour of a law whose mean may depend on the hour.
func hourly(_ count: Int, _ seed: Int, mean: (Int) -> Double) -> [(date: Instant, observation: ActivityObservation)] {
  sample(.gamma(mean: 1, cv: 0.8), count, RandomStream(seed: UInt64(seed), "hourly")).enumerated().map { i, x in
    (Instant(seconds: 3600 * Double(i)), .exact(mean(i) * x))
  }
}

let halfLives: [Duration] = [10, 20, 40, 80, 160].map { .hours($0) }

private func learned(_ data: [(date: Instant, observation: ActivityObservation)]) -> ForgettingLaw {
  var law = ForgettingLaw(prior: ActivityPrior(mean: 10), halfLives: halfLives)
  for (date, observation) in data { law.observe(observation, at: date) }
  return law
}

@Test func halfLifeFollowsTheEvidence() {
  // A law that stands still asks for all the data, one that wanders for the newest.
  let still = learned(hourly(400, 1) { _ in 10 })
  #expect(still.best == nil)
  let wandering = learned(hourly(400, 1) { i in 10 * Portable.exp(1.5 * ((i / 20) % 2 == 0 ? 1 : -1)) })
  #expect(wandering.best == .hours(10))
  for law in [still, wandering] { #expect(abs(law.probabilities.reduce(0, +) - 1) < 1e-12) }
  #expect(still.recency.weight(of: Instant(seconds: 0), at: Instant(seconds: 400 * 3600)) > 0.25)
  #expect(wandering.recency.weight(of: Instant(seconds: 0), at: Instant(seconds: 400 * 3600)) < 0.2)
}

@Test func aDatedChangeIsNotAReasonToForgetFaster() {
  let data = hourly(300, 2) { $0 < 260 ? 10 : 40 }
  var law = learned(data)
  let before = law.probabilities
  let date = data[260].date
  law.change(at: date)
  #expect(law.probabilities.last! > before.last!)
  #expect(law.best == nil)
  let recency = law.recency
  #expect(recency.weight(of: data[100].date, at: data[299].date) < 0.02)
  #expect(recency.weight(of: date, at: data[299].date) > 0.55)
  let weighted = data.map { item in
    ActivityObservation.exact(item.observation.low, weight: recency.weight(of: item.date, at: data[299].date))
  }
  let posterior = ActivityPosterior(weighted, prior: ActivityPrior(mean: 10))
  #expect(posterior.meanInterval().contains(40), "\(posterior.meanInterval())")
  // The same record and the same dates give the same bits.
  var again = learned(data)
  again.change(at: date)
  #expect(again == law)
}

@Test func predictionsOfTheScoringModelsAreDensities() {
  var statistics = RecentStatistics()
  let prior = ActivityPrior(mean: 5, cv: 0.8)
  for x in [3.0, 8, 6] { statistics.observe(x, complete: true, weight: 1, prior) }
  for model in RecentStatistics.Model.allCases {
    var (sum, beyond) = (0.0, 0.0)
    for k in -4000..<4000 {
      let x = Portable.exp(0.005 * (Double(k) + 0.5))
      let mass = 0.005 * x * Portable.exp(statistics.logScore(x, complete: true, model, prior))
      sum += mass
      if x > 10 { beyond += mass }
    }
    #expect(abs(sum - 1) < 1e-3, "\(model)")
    #expect(abs(beyond - Portable.exp(statistics.logScore(10, complete: false, model, prior))) < 1e-3, "\(model)")
  }
}

/// How near the mean of today is come by each fixed half-life and by the choice, in the spread of log error. Run in release with TAKT_STUDY=1.
@Test(.enabled(if: isStudy)) func forgettingStudy() {
  let sets = 300
  for (name, path) in [("still", 0), ("drift", 1), ("slow drift", 2), ("jump 60 ago", 3), ("jump 60 ago, dated", 4)] {
    var errors: [String: Double] = [:]
    for set in 0..<sets {
      var stream = RandomStream(seed: UInt64(set), "forgetting")
      var log = 0.0
      let walk = (0..<400).map { i -> Double in
        if path == 1 { log += 0.1 * stream.normal() }
        if path == 2 { log += 0.03 * stream.normal() }
        if path >= 3 && i == 340 { log = 1 }
        return log
      }
      let data = hourly(400, set) { 10 * Portable.exp(walk[$0]) }
      let now = data[399].date
      func error(_ name: String, _ recency: Recency) {
        let weighted = data.map { ActivityObservation.exact($0.observation.low, weight: recency.weight(of: $0.date, at: now)) }
        let posterior = ActivityPosterior(weighted, prior: ActivityPrior(mean: 10), empirical: .never)
        let gap = Portable.log(posterior.mean / 10) - walk[399]
        errors[name, default: 0] += gap * gap
        if posterior.meanInterval().contains(10 * Portable.exp(walk[399])) { errors[name + " covers", default: 0] += 1 }
      }
      for halfLife in halfLives + [.hours(1e6)] { error("\(halfLife.hours)", Recency(halfLife: halfLife)) }
      for alpha in [0.0005, 0.002, 0.01] {
        for never in [0.17, 0.5] {
          var law = ForgettingLaw(prior: ActivityPrior(mean: 10), halfLives: halfLives, switching: alpha, never: never)
          for (date, observation) in data { law.observe(observation, at: date) }
          if path == 4 { law.change(at: data[340].date) }
          error("mixture \(alpha) \(never)", law.recency)
          error("best \(alpha) \(never)", Recency(halfLife: law.best, changes: law.changes))
        }
      }
    }
    for key in errors.keys.sorted() where !key.hasSuffix("covers") {
      let n = Double(sets)
      print("\(name): \(key) log error \(columns((errors[key]! / n).squareRoot())) covers \(columns(errors[key + " covers", default: 0] / n))")
    }
  }
}
