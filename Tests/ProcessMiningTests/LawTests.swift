import Determinism
import Estimation
import Probability
import Testing

@testable import ProcessMining

@Suite struct LawTests {
  @Test(arguments: [
    (Law.exponential(mean: 90), "exponential"), (.gamma(mean: 90, cv: 0.4), "gamma"), (.lognormal(mean: 90, cv: 1.2), "lognormal"),
    (.weibull(mean: 90, shape: 4), "weibull"),
  ])
  func theFamilyThatMadeTheLengthsIsChosen(law: Law, family: String) throws {
    var stream = RandomStream(seed: 11, family)
    let belief = try #require(LawChoice.choose((0..<400).map { _ in LifetimeFit.Observation(law.sample(&stream)) }))
    #expect(belief.family == family)
    #expect(abs(belief.law.mean / 90 - 1) < 4 * max(belief.logMeanError, 0.02))
  }

  @Test func twoHumpsFitNoFamilySoTheValuesAreKept() throws {
    var stream = RandomStream(seed: 3)
    let values = (0..<200).map { i in LifetimeFit.Observation((i % 2 == 0 ? 10 : 100) + stream.uniform()) }
    #expect(LawChoice.choose(values)?.family == "empirical")
  }

  @Test func lengthsThatWereCutOffCountByTheirSurvival() throws {
    var stream = RandomStream(seed: 5)
    // Everything longer than 60 of mean 100 is cut there: the mean of what is seen to end is far below 100.
    let lengths = (0..<600).map { _ in Law.exponential(mean: 100).sample(&stream) }
    let belief = try #require(LawChoice.choose(lengths.map { $0 > 60 ? .init(60, complete: false) : .init($0) }))
    #expect(abs(belief.law.survival(50) - 0.6065) < 0.05)
  }

  @Test func drawsOfABeliefSpreadAsItsErrorsSay() {
    let belief = LawBelief(
      law: .exponential(mean: 10), family: "exponential", completions: 25, censored: 0, logMeanError: 0.2, logShapeError: 0, distance: 0)
    var stream = RandomStream(seed: 1)
    let logs = (0..<2000).map { _ in Portable.log(belief.draw(&stream).mean / 10) }
    let mean = logs.reduce(0, +) / 2000
    #expect(abs(mean) < 0.02 && abs((logs.reduce(0) { $0 + $1 * $1 } / 2000).squareRoot() - 0.2) < 0.02)
  }

  @Test func scoresAndValuesOfALawAreInverse() {
    for law in [Law.gamma(mean: 5, cv: 0.7), .lognormal(mean: 5, cv: 2), .weibull(mean: 5, shape: 0.8)] {
      for z in [-2.0, -0.3, 0, 1.1, 2.5] { #expect(abs(law.normalScore(law.value(atScore: z)) - z) < 1e-6) }
    }
  }

  @Test func operationalTimePassesOnlyInWorkingHours() {
    // Thursday to Wednesday, 8 to 16 h, none on the third and fourth day.
    let profile = WeeklyProfile(weights: (0..<168).map { hour in (8..<16).contains(hour % 24) && ![2, 3].contains(hour / 24) ? 1 : 0 })
    let friday = 86_400.0 + 15 * 3600
    // Half of what is left of Friday's last hour, and one hour after the two free days.
    let length = profile.elapsed(from: friday, to: friday + 1800) * 4
    #expect(abs(profile.advance(friday, by: length) - (4 * 86_400 + 9 * 3600)) < 1e-3)
    var stream = RandomStream(seed: 2)
    for _ in 0..<200 {
      let t = stream.uniform(-3e6, 3e6), length = stream.uniform(0, 2e6)
      #expect(abs(profile.elapsed(from: t, to: profile.advance(t, by: length)) - length) < 1e-3)
    }
  }

  @Test func theRankedProbabilityScoreOfTwoDrawsIsKnown() {
    // E|X − 1| = 2, and two different draws lie 4 apart: 2 − ½·4 = 0.
    #expect(abs(Predictive([3, -1]).score(of: 1) - 0) < 1e-12)
    #expect(abs(Predictive([3, -1]).score(of: 5) - 2) < 1e-12)
  }

  @Test func aRightForecastOfCountsCoversNineTenthsOfTheMass() {
    var stream = RandomStream(seed: 8)
    func poisson() -> Double {
      var (t, n) = (stream.exponential(), 0.0)
      while t < 1.5 {
        t += stream.exponential()
        n += 1
      }
      return n
    }
    let forecast = Predictive((0..<4000).map { _ in poisson() })
    let mass = (0..<4000).reduce(0) { sum, _ in sum + forecast.massWithin90(of: poisson()) } / 4000
    #expect(abs(mass - 0.9) < 0.015)
  }
}
