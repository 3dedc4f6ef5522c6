import Determinism
import Testing

@testable import Inference

private let laws = [
  ExponentialCompletion(work: 1, failureInterval: 100, repair: 10), ExponentialCompletion(work: 2, failureInterval: 5, repair: 0.5),
  ExponentialCompletion(work: 1, failureInterval: .infinity, repair: 3), ExponentialCompletion(work: 3, failureInterval: 40, repair: 3),
]

@Test(arguments: laws) func completionsTakeTheWorkAndItsRepairs(law: ExponentialCompletion) {
  // E[T] = work·(1 + repair/interval), by the law of total expectation; the survival integrates to it.
  let mean = law.work * (1 + law.failures * law.repair)
  var integral = 0.0
  let h = mean / 400
  for k in 0..<400_000 { integral += h * law.survival((Double(k) + 0.5) * h) }
  #expect(abs(integral / mean - 1) < 1e-4)
  // The density is minus the slope of the survival, and μ at 0, where no repair can have ended.
  for t in [0.01, 0.5, 2, 15] {
    let slope = (law.survival(t - 1e-5) - law.survival(t + 1e-5)) / 2e-5
    #expect(abs(slope / law.density(t) - 1) < 1e-4)
    #expect(abs(law.cumulative(t) + law.survival(t) - 1) < 1e-12)
  }
  #expect(abs(law.density(0) * law.work - 1) < 1e-12)
  #expect(abs(law.cumulative(1e-9) * law.work / 1e-9 - 1) < 1e-6)
}

@Test(arguments: laws) func drawsOfACompletionFollowItsLaw(law: ExponentialCompletion) {
  var stream = RandomStream(seed: 11)
  let n = 20_000
  let draws = (0..<n).map { _ in law.sample(&stream, Ziggurat.exponential).time }.sorted()
  // Kolmogorov-Smirnov: 1.95/√n is passed once in a thousand times.
  var distance = 0.0
  for (i, t) in draws.enumerated() { distance = max(distance, abs(law.cumulative(t) - (Double(i) + 0.5) / Double(n))) }
  #expect(distance < 1.95 / Double(n).squareRoot())
}

@Test func theGradientOfTheLikelihoodIsItsSlope() {
  let known = Completions(exact: [0.2, 1, 3, 14, 40], bounded: [.init(low: 0, high: 0.7), .init(low: 0, high: 20), .init(low: 6, high: .infinity)])
  for x in [[0, 4.6, 2.3], [0.5, 2, 0.4], [-0.3, 6, 3.0]] {
    let (value, slope) = known.gradient(x)
    #expect(abs(value - known.logLikelihood(StampPosterior.law(x))) < 1e-9)
    for j in 0..<3 {
      var (up, down) = (x, x)
      up[j] += 1e-5
      down[j] -= 1e-5
      let numeric = (known.logLikelihood(StampPosterior.law(up)) - known.logLikelihood(StampPosterior.law(down))) / 2e-5
      #expect(abs(slope[j] - numeric) < 1e-5 * max(1, abs(numeric)))
    }
  }
}

@Test func unseenCompletionsMeetTheSeenDepartureFairly() {
  struct Plain: CompletionLaw {
    let law: ExponentialCompletion
    func density(_ t: Double) -> Double { law.density(t) }
    func cumulative(_ t: Double) -> Double { law.cumulative(t) }
    func sample(_ stream: inout RandomStream, _ table: Ziggurat) -> (time: Double, events: Int) { law.sample(&stream, table) }
  }
  let (own, seen) = (laws[1], laws[0])
  for (free, left, isBlocked) in [(-2.0, 3.0, false), (1, 2, false), (1, 1.4, true), (0.5, 25, false), (-1, 6, true)] {
    let meeting = Meeting(seen: seen, free: free, left: left, isBlocked: isBlocked)
    let plain = Meeting(seen: Plain(law: seen), free: free, left: left, isBlocked: isBlocked)
    // ∫ f·g and ∫ f·g·s by midpoints, the kink at `free` on a boundary.
    var (mass, moment) = (0.0, 0.0)
    for (a, b) in [(0, max(free, 0)), (max(free, 0), left)] where b > a {
      let h = (b - a) / 4000
      for k in 0..<4000 {
        let s = a + (Double(k) + 0.5) * h
        mass += h * own.density(s) * meeting.likelihood(s)
        moment += h * own.density(s) * meeting.likelihood(s) * s
      }
    }
    var stream = RandomStream(seed: 5)
    let n = 40_000
    var sums = [[0.0, 0, 0, 0], [0.0, 0, 0, 0]]
    for _ in 0..<n {
      let a = own.propose(meeting, &stream, Ziggurat.exponential)
      let b = Plain(law: own).propose(plain, &stream, Ziggurat.exponential)
      for (k, draw) in [a, b].enumerated() {
        sums[k][0] += draw.weight
        sums[k][1] += draw.weight * draw.weight
        sums[k][2] += draw.weight * draw.time
        sums[k][3] += draw.weight * draw.time * draw.weight * draw.time
      }
    }
    for s in sums.map({ $0.map { $0 / Double(n) } }) {
      #expect(abs(s[0] - mass) < 4.5 * (max(0, s[1] - s[0] * s[0]) / Double(n)).squareRoot() + 1e-6 * mass)
      #expect(abs(s[2] - moment) < 4.5 * (max(0, s[3] - s[2] * s[2]) / Double(n)).squareRoot() + 1e-6 * moment)
    }
  }
}
