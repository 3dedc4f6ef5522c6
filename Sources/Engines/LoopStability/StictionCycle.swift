internal import Foundation

/// The limit cycle that a sticking valve makes in a PI loop, predicted by its describing function: N(A)·L(iω) = −1.
///
///     L(s) = Kc·(1 + 1/(Ti·s))·K·e^{−θs}/(τs + 1)
///
/// N(A) is the first harmonic of the valve's answer to A·sin, by going once around the sine; so it holds for any stick band and jump. A cycle
/// is stable where a larger amplitude would die away. What is measured beside what is predicted tells a sticking valve's size: in the four even
/// cycles that the tests simulate, with Ti = τ, the period is right within 12 % and the amplitude within 25 %. Slow and uneven cycles are farther
/// from a sine, and are predicted worse.
///
/// - Source: M. A. A. Shoukat Choudhury, N. F. Thornhill, S. L. Shah 2005, doi:10.1016/j.conengprac.2004.05.005.
public struct StictionCycle: Hashable, Sendable {
  /// Of the controller's output.
  public let amplitude: Double
  /// One turn, in the unit of Ti, τ and θ.
  public let period: Double

  /// The process with its controller, times in one unit.
  public struct Loop: Hashable, Sendable {
    /// K, the process's gain.
    public var gain: Double
    /// τ.
    public var timeConstant: Double
    /// θ.
    public var deadTime: Double
    /// Kc.
    public var controllerGain: Double
    /// Ti.
    public var integralTime: Double
    public init(gain: Double, timeConstant: Double, deadTime: Double, controllerGain: Double, integralTime: Double) {
      (self.gain, self.timeConstant, self.deadTime) = (gain, timeConstant, deadTime)
      (self.controllerGain, self.integralTime) = (controllerGain, integralTime)
    }

    /// |L(iω)| and arg L(iω).
    func response(_ w: Double) -> (size: Double, phase: Double) {
      let integral = 1 / (w * integralTime)
      let lag = w * timeConstant
      let size = controllerGain * gain * (1 + integral * integral).squareRoot() / (1 + lag * lag).squareRoot()
      return (abs(size), -atan(integral) - w * deadTime - atan(lag))
    }
  }

  /// The stable cycle; nil where the loop has none.
  ///
  /// - Parameters:
  ///   - staticFriction, dynamicFriction: fs ≥ fd ≥ 0, in the unit of the controller's output.
  public init?(_ loop: Loop, staticFriction: Double, dynamicFriction: Double) {
    guard staticFriction > 0, dynamicFriction >= 0, staticFriction >= dynamicFriction, loop.deadTime > 0 || loop.timeConstant > 0 else { return nil }
    /// N·|L| at the frequency where the turn closes for this amplitude; without a frequency where it closes only at rest.
    func turn(_ amplitude: Double) -> (excess: Double, frequency: Double?) {
      let n = Self.harmonic(amplitude, staticFriction, dynamicFriction)
      // arg L falls from −π/2 with ω.
      let wanted = -Double.pi - n.phase
      var (low, high) = (-9.0, 9.0)
      guard loop.response(pow(10, low)).phase > wanted else { return (.infinity, nil) }
      guard loop.response(pow(10, high)).phase < wanted else { return (0, nil) }
      for _ in 0..<60 {
        let middle = (low + high) / 2
        if loop.response(pow(10, middle)).phase > wanted { low = middle } else { high = middle }
      }
      let w = pow(10, low)
      return (n.size * loop.response(w).size, w)
    }
    // From just above what moves the valve at all, upwards: a stable cycle is where N·|L| falls through 1.
    let least = 0.5 * (staticFriction + dynamicFriction)
    var below = least * (1 + 1e-4)
    guard turn(below).excess >= 1 else { return nil }
    for step in 1...100 {
      let above = least * (1 + 1e-4 * pow(1.15, Double(step)))
      guard turn(above).excess < 1 else {
        below = above
        continue
      }
      var (low, high) = (below, above)
      for _ in 0..<30 {
        let middle = (low + high) / 2
        if turn(middle).excess >= 1 { low = middle } else { high = middle }
      }
      guard let frequency = turn(high).frequency else { return nil }
      (amplitude, period) = (high, 2 * Double.pi / frequency)
      return
    }
    return nil
  }

  /// The first harmonic of the valve's answer to A·sin, over A: size and phase (−π/2 … 0).
  static func harmonic(_ amplitude: Double, _ fs: Double, _ fd: Double) -> (size: Double, phase: Double) {
    let steps = 1000
    // From the top of the sine, where the stem has just slipped: a valve that is moved so little that it never slips again stays out of a cycle.
    var valve = StickingValve(staticFriction: fs, dynamicFriction: fd, input: amplitude - 2 * fs)
    _ = valve.move(to: amplitude)
    var (sine, cosine) = (0.0, 0.0)
    // The second and third turn: the first finds the cycle.
    for k in 0..<(3 * steps) {
      let angle = 2 * Double.pi * (Double(k) / Double(steps) + 0.25)
      let position = valve.move(to: amplitude * sin(angle))
      if k >= steps {
        sine += position * sin(angle)
        cosine += position * cos(angle)
      }
    }
    let (a, b) = (sine / Double(steps) / amplitude, cosine / Double(steps) / amplitude)
    return ((a * a + b * b).squareRoot(), atan2(b, a))
  }
}
