public import Determinism

/// A condition of a station, such as a temperature: it follows its set-point through dead time and lag, is pulled elsewhere by what the machine
/// does, and carries noise. In regime r, between changes:
///
///     τᵣ·ẏ(t) + y(t) = gainᵣ·u(t − θ) + offsetᵣ,   value = y + z,   z Ornstein–Uhlenbeck noise.
///
/// y is exact at any later instant at a fixed cost, whatever happened in between. A discrete engine holds one for each condition, tells it when the
/// set-point or the machine's state changes, and asks for its value when a part is finished.
///
/// **Dead time.** At most eight changes wait to come through. When a ninth is set, it takes the place of the newest one waiting: until it comes
/// through, the variable follows the change before that one. The last set-point always arrives, at its right instant. `replacedChanges`
/// counts such cases. A set-point that moves more than eight times within a dead time wants a `FirstOrderPlusDeadTime`.
///
/// A plain value of about 300 bytes, so that a simulation's state can be copied as bytes.
public struct ProcessVariable: ExactBlock, BitwiseCopyable {
  /// How the variable moves while the machine is in one state.
  public struct Regime: Sendable, Hashable, Codable, BitwiseCopyable {
    /// What it tends to, per unit of set-point; 1 for a controlled variable, 0 where the machine's control is off.
    public var gain: Double
    /// What it tends to beside that; the ambient temperature where the control is off.
    public var offset: Double
    /// τ ≥ 0.
    public var timeConstant: Double
    public init(gain: Double, offset: Double, timeConstant: Double) {
      (self.gain, self.offset, self.timeConstant) = (gain, offset, timeConstant)
    }
  }

  /// θ ≥ 0.
  public let deadTime: Double
  public private(set) var time: Double
  /// y: the value without its noise.
  public private(set) var mean: Double
  /// The set-point that acts now: u(time − θ).
  public private(set) var actingSetpoint: Double
  public private(set) var regime: Regime
  public private(set) var noise: OrnsteinUhlenbeck
  /// Changes that another took the place of while they waited.
  public private(set) var replacedChanges: Int = 0
  private var waiting = DelayLine()
  private var stream: RandomStream

  /// y + z at `time`.
  public var value: Double { mean + noise.value }

  /// - Parameters:
  ///   - value: y at `time`; nil: at rest on the set-point.
  ///   - noise: standard deviation and correlation time; it starts from its stationary law.
  ///   - stream: its own, such as `…split("station").split(name).split("condition").split(tag)`.
  /// - Precondition: `deadTime` and the time constants finite and not negative.
  public init(
    setpoint: Double, regime: Regime, deadTime: Double = 0, value: Double? = nil, noise: (deviation: Double, correlationTime: Double) = (0, 0),
    at time: Double = 0, stream: RandomStream
  ) {
    precondition(deadTime.isFinite && deadTime >= 0, "the dead time \(deadTime) must be finite and not negative")
    precondition(regime.timeConstant.isFinite && regime.timeConstant >= 0, "the time constant \(regime.timeConstant) must not be negative")
    (self.deadTime, self.time, actingSetpoint, self.regime, self.stream) = (deadTime, time, setpoint, regime, stream)
    mean = value ?? regime.gain * setpoint + regime.offset
    self.noise = OrnsteinUhlenbeck(deviation: noise.deviation, correlationTime: noise.correlationTime, stream: &self.stream)
  }

  /// Goes on to t. The noise moves by one draw for each call that moves time.
  ///
  /// - Precondition: t ≥ time.
  public mutating func advance(to t: Double) {
    let interval = elapsed(from: time, to: t)
    if interval == 0 { return }
    noise.advance(by: interval, stream: &stream)
    settle(to: t)
  }

  /// Goes on to t and moves the set-point there; it acts from t + θ on.
  ///
  /// - Precondition: t ≥ time.
  public mutating func set(_ setpoint: Double, at t: Double) {
    advance(to: t)
    if deadTime == 0 {
      actingSetpoint = setpoint
    } else if !waiting.append(InputChange(instant: t + deadTime, value: setpoint)) {
      replacedChanges += 1
    }
  }

  /// Goes on to t, where the machine enters another state.
  ///
  /// - Precondition: t ≥ time.
  public mutating func enter(_ regime: Regime, at t: Double) {
    advance(to: t)
    self.regime = regime
  }

  /// What the value will be at t as seen from now: y(t) with the changes that are on their way, and the noise that is left of today's.
  ///
  /// - Precondition: t ≥ time.
  public func expectedValue(at t: Double) -> Double {
    let interval = elapsed(from: time, to: t)
    var later = self
    later.settle(to: t)
    return later.mean + relaxed(noise.value, to: 0, over: interval, timeConstant: noise.correlationTime)
  }

  /// When y first comes to a level, with the regime as it is and the changes that are on their way; nil when it never does.
  ///
  /// What a machine waits for that may start only above a temperature. Noise is left out.
  public func instantReaching(_ level: Double) -> Double? {
    var walk = self
    while true {
      if walk.mean == level { return walk.time }
      let target = walk.regime.gain * walk.actingSetpoint + walk.regime.offset
      let ratio = (walk.mean - target) / (level - target)
      let end = walk.waiting.first?.instant ?? .infinity
      if ratio > 1 {
        let instant = walk.time + walk.regime.timeConstant * Portable.log(ratio)
        if instant < end { return instant }
      } else if walk.regime.timeConstant == 0 && (level - walk.mean) * (target - level) >= 0 {
        return walk.time
      }
      if end == .infinity { return nil }
      walk.settle(to: end)
    }
  }

  /// y at t, through the changes that come out of the dead time until then.
  private mutating func settle(to t: Double) {
    while let change = waiting.first, change.instant <= t {
      relax(to: change.instant)
      actingSetpoint = change.value
      waiting.removeFirst()
    }
    relax(to: t)
  }

  private mutating func relax(to t: Double) {
    mean = relaxed(mean, to: regime.gain * actingSetpoint + regime.offset, over: t - time, timeConstant: regime.timeConstant)
    time = t
  }
}
