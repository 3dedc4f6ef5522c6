import Determinism
import Probability
import Quantities
import Testing

@testable import ChangeDetection

/// A law with a way to draw from it while nothing changes.
struct QuietStream: Sendable, CustomTestStringConvertible {
  let name: String
  let law: StreamLaw
  var exposure = 1.0
  let draw: @Sendable (inout RandomStream) -> Double
  var testDescription: String { name }

  static func poisson(_ mean: Double, _ stream: inout RandomStream) -> Double {
    var (time, events) = (stream.exponential(), 0.0)
    while time <= mean {
      time += stream.exponential()
      events += 1
    }
    return events
  }

  static let all = [
    QuietStream(name: "exponential score", law: .exponentialScore) { $0.exponential() },
    QuietStream(name: "normal score", law: .normalScore) { $0.normal() },
    QuietStream(name: "count score", law: .countScore, exposure: 3) { poisson(3, &$0) },
    QuietStream(name: "exponential", law: .exponential) { 10 * $0.exponential() },
    QuietStream(name: "gamma", law: .gamma(shape: 3)) { $0.exponential() + $0.exponential() + $0.exponential() },
    QuietStream(name: "weibull", law: .weibull(shape: 2)) { 7 * $0.exponential().squareRoot() },
    QuietStream(name: "lognormal", law: .lognormal) { Portable.exp(2 + 0.7 * $0.normal()) },
    QuietStream(name: "normal", law: .normal) { 60 + 2 * $0.normal() },
    QuietStream(name: "poisson", law: .poisson) { poisson(4, &$0) },
    QuietStream(name: "binomial", law: .binomial, exposure: 40) { s in (0..<40).reduce(0) { n, _ in n + (s.chance(0.05) ? 1 : 0) } },
  ]

  /// Moments of a learning sample.
  func learn(_ count: Int, _ stream: inout RandomStream) throws -> Moments {
    var moments = Moments()
    for _ in 0..<count { moments.add(try law.score(draw(&stream), exposure: exposure), exposure: exposure) }
    return moments
  }

  /// Observations until the first false alarm, after a learning sample.
  func runLength(_ template: ChangeDetector, learnt: Int, _ stream: inout RandomStream) throws -> Int {
    var (past, detector) = (law.learns ? try learn(learnt, &stream) : Moments(), template)
    for n in 1...100_000 {
      let y = try law.score(draw(&stream), exposure: exposure)
      detector.observe(y, exposure: exposure, past: past)
      past.add(y, exposure: exposure)
      if detector.isAlarming { return n }
    }
    return 100_000
  }

  /// Events that one observation holds, for counts.
  var expected: Double {
    switch law {
    case .poisson: 4
    case .countScore: 3
    case .binomial: 2
    default: 1
    }
  }
}

/// An exponential walk forgets how far it overshoots: ζ = 1/c. A normal one has ζ ≈ exp(−0.583·δ) (Siegmund 1985).
@Test(arguments: [0.3, 0.8, 1.6])
func theOvershootIsThatOfRenewalTheory(shift: Double) {
  let scale = Overshoot.constant(.exponential, shift: shift, expected: 1).zeta
  #expect(abs(scale - Portable.exp(-shift)) < 1e-3)
  let normal = Overshoot.constant(.normalScore, shift: shift, expected: 1).zeta
  #expect(abs(normal - Portable.exp(-0.583 * shift)) < 0.01)
}

/// The promise of an e-detector: while nothing changes its sum grows by one an observation, though the parameter had to be learnt from ten.
@Test(arguments: QuietStream.all)
func theSumGrowsByOneAnObservationWhileNothingChanges(quiet: QuietStream) throws {
  let settings = DetectorSettings(sizes: [0.3])
  let template = ChangeDetector(quiet.law, settings, expected: quiet.expected)
  let (runs, length) = (1500, 12)
  var sum = 0.0
  for run in 0..<runs {
    var stream = RandomStream(seed: UInt64(run), quiet.name)
    var (past, detector) = (quiet.law.learns ? try quiet.learn(10, &stream) : Moments(), template)
    for _ in 0..<length {
      let y = try quiet.law.score(quiet.draw(&stream), exposure: quiet.exposure)
      detector.observe(y, exposure: quiet.exposure, past: past)
      past.add(y, exposure: quiet.exposure)
    }
    sum += detector.statistic
  }
  // Counts are learnt under Jeffreys' prior, which is right in the mean over parameters, not for each.
  let tolerance = quiet.law == .poisson || quiet.law == .binomial ? 0.12 : 0.08
  #expect(abs(sum / Double(runs) / Double(length) - 1) < tolerance, "\(sum / Double(runs))")
}

@Test(arguments: QuietStream.all)
func falseAlarmsComeAsRarelyAsAsked(quiet: QuietStream) throws {
  let template = ChangeDetector(quiet.law, DetectorSettings(falseAlarmRate: 0.02), expected: quiet.expected)
  let runs = 500
  var total = 0
  for run in 0..<runs {
    var stream = RandomStream(seed: UInt64(run), quiet.name, "rate")
    total += try quiet.runLength(template, learnt: 40, &stream)
  }
  // The standard error of the mean is 4.5 %.
  #expect(abs(Double(total) / Double(runs) / 50 - 1) < 0.15, "\(Double(total) / Double(runs))")
}

@Test func aGuaranteedThresholdIsTheRecipeOfVille() {
  let exact = ChangeDetector(.exponential, DetectorSettings())
  let guaranteed = ChangeDetector(.exponential, DetectorSettings(calibration: .guaranteed))
  #expect(guaranteed.threshold == 1000)
  #expect(exact.threshold < 800 && exact.threshold > 400)
}

@Test func oneWildValueAloneRaisesNoAlarmWhereItsWeightIsCapped() {
  var free = ChangeDetector(.normalScore, DetectorSettings())
  var capped = ChangeDetector(.normalScore, DetectorSettings(cap: 3))
  free.observe(9, past: Moments())
  capped.observe(9, past: Moments())
  #expect(free.isAlarming)
  #expect(!capped.isAlarming)
  capped.observe(9, past: Moments())
  capped.observe(9, past: Moments())
  #expect(capped.isAlarming)
}
