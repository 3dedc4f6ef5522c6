internal import Determinism
public import LoopStability
internal import Quantities

/// Scenario 4: the metrology of a run-to-run loop falls behind, from one run to four, at λξ = ½: inside the integral form's bound of 1 before, beyond
/// its 0.347 after. The same plant, noise and lots are run by three loops: certified and watched, unwatched, and the matched form.
///
/// The plant: y = disturbance + ξ·b·u + noise, b = 1. The disturbance steps now and then, so that the loops have work.
public struct LateMetrology: Hashable, Sendable {
  public var ratio = 1.0
  public var weight = 0.5
  public var earlyDelay = 1
  public var lateDelay = 4
  /// The first lot that comes `lateDelay` runs late.
  public var slowFrom = 40
  public var runs = 160
  /// Of a lot's error, and the size of the disturbance's steps.
  public var deviation = 0.1
  public var step = 1.0
  public init() {}

  /// What happened in one trial.
  public struct Outcome: Hashable, Sendable {
    /// The run before which the late lot should have been known, and the run before which the watch voided the certificate.
    public var firstLate: Int
    public var voided: Int?
    public var alarm: StabilityAlarm?
    /// Inputs that the watched loop changed after it was voided.
    public var movesAfter: Int
    /// Greatest |y| of the last forty runs.
    public var watched: Double
    public var unwatched: Double
    public var matched: Double
    /// Greatest |y| ever of the watched loop and the matched form.
    public var watchedPeak: Double
    public var matchedPeak: Double
  }

  /// - Throws: the refusal, if the loop cannot be certified for its early delay.
  public func run(seed: UInt64) throws(CertificateRefusal) -> Outcome {
    let period = Duration.hours(1)
    let terms = CertificateTerms(
      loop: "run-to-run", period: period, settling: .minutes(10), issued: Instant(seconds: 0), lifetime: period * Double(runs + 1))
    let integral = RunToRunLoop(.integral, weight: weight, delay: earlyDelay)
    let certificate = try StabilityCertificate.runToRun(
      .integral, weight: weight, modelGain: 1, plantGain: GainRange(0.6 * ratio, ratio), delay: 0...earlyDelay, terms)
    var watch = CertificateWatch(certificate, modelGain: 1, deviation: deviation)
    var loops = [
      Member(RunToRunController(integral, gain: 1, target: 0, input: 0, intercept: 0)),
      Member(RunToRunController(integral, gain: 1, target: 0, input: 0, intercept: 0)),
      Member(RunToRunController(RunToRunLoop(.matched, weight: weight, delay: lateDelay), gain: 1, target: 0, input: 0, intercept: 0)),
    ]
    var outcome = Outcome(
      firstLate: slowFrom + earlyDelay + 1, voided: nil, alarm: nil, movesAfter: 0, watched: 0, unwatched: 0, matched: 0, watchedPeak: 0,
      matchedPeak: 0)
    var stream = RandomStream(seed: seed, "late metrology")
    for k in 0..<runs {
      let arrived = (max(0, k - lateDelay - 1)..<k).filter { lot in
        let delay = lot >= slowFrom ? lateDelay : earlyDelay
        return lot + delay + 1 == k
      }
      for lot in arrived {
        let y = loops[0].outputs[lot]
        watch.arrive(lot: lot, input: loops[0].controller.inputs[lot], measured: y, error: y)
        for m in loops.indices { loops[m].take(lot) }
      }
      if !watch.mayMove(run: k, at: Instant(seconds: Double(k) * period.seconds)), outcome.voided == nil {
        outcome.voided = k
        // The input that was set by what has arrived goes out no more: the last run's stays.
        loops[0].freeze()
      }
      let disturbance = step * Double((k / 25) % 2)
      let noise = deviation * stream.normal()
      for m in loops.indices { loops[m].make(disturbance, ratio, noise) }
    }
    outcome.alarm = watch.alarm
    if let voided = outcome.voided {
      let inputs = loops[0].controller.inputs
      outcome.movesAfter = (voided..<runs).count { $0 > 0 && inputs[$0] != inputs[$0 - 1] }
    }
    (outcome.watched, outcome.watchedPeak) = loops[0].sizes
    (outcome.unwatched, _) = loops[1].sizes
    (outcome.matched, outcome.matchedPeak) = loops[2].sizes
    return outcome
  }

  private struct Member {
    var controller: RunToRunController
    var outputs: [Double] = []
    init(_ controller: RunToRunController) { self.controller = controller }
    mutating func take(_ lot: Int) { controller.take(lot: lot, measured: outputs[lot]) }
    mutating func make(_ disturbance: Double, _ ratio: Double, _ noise: Double) {
      let run = controller.startRun()
      outputs.append(disturbance + ratio * controller.inputs[run] + noise)
    }
    mutating func freeze() { controller.freeze() }
    var sizes: (late: Double, ever: Double) {
      (outputs.suffix(40).reduce(0) { max($0, abs($1)) }, outputs.reduce(0) { max($0, abs($1)) })
    }
  }
}
