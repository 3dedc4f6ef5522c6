internal import ContinuousPlants
internal import Determinism
public import LoopStability
internal import Quantities

/// Scenario 3: two valves of the quadruple tank are turned over (γ₁ + γ₂ from 1.3 to 0.77), and with the second level under control the first
/// level answers its pump with the other sign. A certified run-to-run loop on that pump must stop before its error has doubled.
///
/// Each run holds pump 1 for 20 minutes and ends with the mean of twenty level readings.
public struct GainFlip: Hashable, Sendable {
  /// When the valves are turned, in runs.
  public var turnedAt = 12
  public var runs = 40
  /// λ of the integral form; the certificate allows gain ratios of ½ to 1.6.
  public var weight = 0.4
  /// Standard deviation of a level reading, cm.
  public var deviation = 0.1
  /// Of the level's changes of target before the turn, cm, so that the loop has honest work.
  public var step = 0.8
  public init() {}

  public struct Outcome: Hashable, Sendable {
    /// The first run with an input that was set in the wrong direction, and the run after which the loop was stopped.
    public var firstWrong: Int?
    public var stopped: Int?
    public var alarm: StabilityAlarm?
    /// Runs in which the error of the loop doubles after the turn.
    public var doublingTime: Double
    /// Moves in the wrong direction after the stop.
    public var movesAfter: Int
    /// Moves before the turn.
    public var honestMoves: Int
    /// |level − target| at the last run before the stop, and at the first run after the turn.
    public var errorAtStop: Double
    public var errorAtTurn: Double
    /// No level left 0.2 … 20 cm, at any second.
    public var isInsideEnvelope: Bool
  }

  /// - Parameter watched: false lets the loop run on, to show what the watch prevents.
  /// - Throws: the refusal, if the loop cannot be certified.
  public func run(seed: UInt64, watched: Bool = true) throws(CertificateRefusal) -> Outcome {
    let period = 1200.0
    let before = FourTank.minimumPhase
    let after = FourTank(voltages: before.voltages, shares: FourTank.nonMinimumPhase.shares, pumps: before.pumps)
    let model = before.gainWithSecondLevelHeld
    let terms = CertificateTerms(
      loop: "level", period: Duration(seconds: period), settling: .minutes(5), issued: Instant(seconds: 0), lifetime: .hours(24))
    let certificate = try StabilityCertificate.runToRun(
      .integral, weight: weight, modelGain: model, plantGain: GainRange(0.5 * model, 1.6 * model), delay: 0...0, terms)
    let lotDeviation = deviation / Double(20).squareRoot()
    var watch = CertificateWatch(certificate, modelGain: model, deviation: max(lotDeviation, 0.02))
    var rig = FourTankRig(before)
    var stream = RandomStream(seed: seed, "gain flip")
    let start = before.steadyLevels[0]
    var input = before.voltages[0]
    let doublingTime = RunToRunLoop(.integral, weight: weight, delay: 0).doublingTime(at: after.gainWithSecondLevelHeld / model)
    var outcome = Outcome(
      firstWrong: nil, stopped: nil, alarm: nil, doublingTime: doublingTime, movesAfter: 0, honestMoves: 0, errorAtStop: 0, errorAtTurn: 0,
      isInsideEnvelope: true)
    var previous = input
    for k in 0..<runs {
      // The target moves while the plant is what the model says it is.
      let target = start + (k >= 4 && k < 8 ? step : 0)
      if k == turnedAt { rig.plant.shares = after.shares }
      let may = watch.mayMove(run: k, at: Instant(seconds: Double(k) * period)) || !watched
      if !may {
        input = previous
        if outcome.stopped == nil { outcome.stopped = k - 1 }
      }
      if input != previous {
        if k < turnedAt { outcome.honestMoves += 1 } else if outcome.firstWrong == nil, k > turnedAt { outcome.firstWrong = k }
        if outcome.stopped != nil { outcome.movesAfter += 1 }
      }
      rig.hold(input, for: period)
      let measured = rig.levels[0] + lotDeviation * stream.normal()
      watch.arrive(lot: k, input: input, measured: measured, error: measured - target)
      if k == turnedAt { outcome.errorAtTurn = abs(rig.levels[0] - target) }
      if outcome.stopped == nil { outcome.errorAtStop = abs(rig.levels[0] - target) }
      previous = input
      input -= weight / model * (measured - target)
    }
    outcome.alarm = watch.alarm
    outcome.isInsideEnvelope = rig.isInsideEnvelope
    return outcome
  }
}
