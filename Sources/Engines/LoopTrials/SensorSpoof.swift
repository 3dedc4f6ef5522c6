internal import ContinuousPlants
internal import Determinism
internal import LoopStability

/// A consistent lie on one sensor: a level reading of the four tanks drifts away, slowly, with its noise as ever, so that the loop would pump the
/// tank over. The loop may move only when the level that the other sensors imply sees the same need, and stops when the balance opens.
///
/// Around tank 1, with readings h₁, h₃ and the pump's voltage v₁, at rest: a₁√(2gh₁) = γ₁k₁v₁ + a₃√(2gh₃).
public struct SensorSpoof: Hashable, Sendable {
  public enum Sensor: String, Hashable, Sendable { case controlled, upstream }
  /// Which level sensor lies: h₁, that the loop controls, or h₃, that the balance rests on.
  public var sensor = Sensor.controlled
  /// cm of lie added each run.
  public var drift = -0.1
  public var spoofedFrom = 20
  /// The change of target at run 12, cm: honest work.
  public var targetStep = 1.0
  public var runs = 60
  /// Of a level reading, cm; each run takes the mean of twenty.
  public var deviation = 0.1
  /// The pump's and the valve's true coefficients differ from the believed ones by this standard deviation.
  public var mismatch = 0.01
  public init() {}

  public struct Outcome: Hashable, Sendable {
    /// Moves before the spoof, all asked for by a change of target.
    public var honestMoves: Int
    /// Moves after the spoof began that the true level did not ask for: they led away from the target, or from within the deadband.
    public var enabledMoves: Int
    /// The run in which the balance opened; nil where it never did. One before the spoof is a false alarm.
    public var opened: Int?
    public var falseAlarm: Bool
    /// The lie when the balance opened, cm.
    public var lieAtAlarm: Double
    public var isInsideEnvelope: Bool
    /// |h₁ − target| at the end, cm.
    public var finalError: Double
  }

  /// - Parameter guarded: false lets the loop trust its own sensor, to show what the witnesses prevent.
  public func run(seed: UInt64, guarded: Bool = true) -> Outcome {
    let believed = FourTank.minimumPhase
    var stream = RandomStream(seed: seed, "sensor spoof")
    var truth = believed
    for i in 0..<2 {
      truth.pumps[i] *= 1 + mismatch * stream.normal()
      truth.shares[i] *= 1 + mismatch * stream.normal()
    }
    var rig = FourTankRig(truth)
    let lotDeviation = deviation / Double(20).squareRoot()
    let gain = believed.gainWithSecondLevelHeld
    let start = rig.levels[0]
    var input = truth.voltages[0]
    // The balance's own offset is learned while the plant is known to be healthy: commissioning, the first ten runs.
    var offsets: [Double] = []
    var offset = 0.0
    var balance = MassBalance(deviation: 1)
    var outcome = Outcome(
      honestMoves: 0, enabledMoves: 0, opened: nil, falseAlarm: false, lieAtAlarm: 0, isInsideEnvelope: true, finalError: 0)
    let commissioning = 10
    // Of the implied level: the noise of h₃, by dh₁/dh₃ = (h₁/q)·(q₃/h₃); and what a wrong belief shifts it by when the set-point moves.
    let levels = believed.steadyLevels
    let slope = levels[0] / FourTank.outflow(0, levels[0]) * FourTank.outflow(2, levels[2]) / levels[2]
    let impliedDeviation = slope * lotDeviation
    let residualDeviation = (impliedDeviation * impliedDeviation + lotDeviation * lotDeviation).squareRoot()
    let shift = 3 * mismatch * 2.0.squareRoot() * targetStep
    for k in 0..<runs {
      let target = start + (k >= 12 ? targetStep : 0)
      rig.hold(input, for: 1200)
      let lie = k >= spoofedFrom ? drift * Double(k - spoofedFrom + 1) : 0
      let h1 = rig.levels[0] + lotDeviation * stream.normal() + (sensor == .controlled ? lie : 0)
      let h3 = rig.levels[2] + lotDeviation * stream.normal() + (sensor == .upstream ? lie : 0)
      let inflow = believed.shares[0] * believed.pumps[0] * input + FourTank.outflow(2, h3)
      let root = inflow / FourTank.outflow(0, 1)
      let implied = root * root - offset
      if k < commissioning {
        offsets.append(implied - h1)
        if k == commissioning - 1 {
          offset = offsets.reduce(0, +) / Double(offsets.count)
          balance = MassBalance(deviation: residualDeviation, reference: 0.5 + shift / residualDeviation)
        }
        continue
      }
      let wasOpen = balance.isOpen
      let isOpen = balance.take(implied - h1)
      if isOpen, !wasOpen, outcome.opened == nil {
        (outcome.opened, outcome.lieAtAlarm) = (k, abs(lie))
        outcome.falseAlarm = k < spoofedFrom
      }
      // A move of the pump pushes the level with the gain's sign.
      let move = -0.5 / gain * (h1 - target)
      let direction = move * gain
      let own = Witness(error: h1 - target, deadband: 4 * lotDeviation, direction: direction)
      let other = Witness(error: implied - target, deadband: 4 * impliedDeviation + shift, direction: direction)
      let may = guarded ? Witness.allow([own, other]) && !isOpen : own == .enables
      guard may else { continue }
      let asked = Witness(error: rig.levels[0] - target, deadband: 2 * lotDeviation, direction: direction) == .enables
      if k < spoofedFrom { outcome.honestMoves += 1 } else if !asked { outcome.enabledMoves += 1 }
      input += move
    }
    outcome.isInsideEnvelope = rig.isInsideEnvelope
    outcome.finalError = abs(rig.levels[0] - (start + targetStep))
    return outcome
  }
}
