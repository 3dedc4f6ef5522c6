internal import Determinism

/// Hägglund's detector of oscillations: a half cycle, from one zero crossing of the control error to the next, counts as a load when its area
///
///     IAE = ∫|e| dt > 2a/ω,  ω = 2π/Ti,
///
/// that is more than a sine of amplitude a at the loop's own frequency has; loads are counted with exponential forgetting over the horizon, and ten
/// of them are an oscillation. One load disturbance is one load, or two; the tail of a well tuned loop's answer stays below.
///
/// - Source: T. Hägglund 1995, doi:10.1016/0967-0661(95)00164-P.
public struct OscillationMonitor: Hashable, Sendable {
  /// Ti, the controller's integral time, in the unit of every time here: it stands for the loop's ultimate frequency.
  public let integralTime: Double
  /// a, in the error's unit: one percent of the signal's range.
  public let amplitude: Double
  /// Loads that make an alarm.
  public let limit: Double
  /// Time over which loads are remembered.
  public let horizon: Double
  /// Loads within the horizon, weighted.
  public private(set) var loads = 0.0
  private var area = 0.0
  private var previous: Double?

  /// - Precondition: all positive.
  public init(integralTime: Double, amplitude: Double, limit: Double = 10, horizon: Double? = nil) {
    precondition(integralTime > 0 && amplitude > 0 && limit > 0 && (horizon ?? 1) > 0, "a detector needs positive times and sizes")
    (self.integralTime, self.amplitude, self.limit, self.horizon) = (integralTime, amplitude, limit, horizon ?? 50 * integralTime)
  }

  /// The area above which a half cycle counts: a·Ti/π.
  public var leastArea: Double { amplitude * integralTime / .pi }

  /// Takes the control error after `interval` more of time; true while the loop oscillates. An error that is not finite is left out.
  public mutating func take(error: Double, interval: Double) -> Bool {
    guard error.isFinite, interval > 0 else { return isOscillating }
    loads *= Portable.exp(-interval / horizon)
    if let previous, previous * error < 0 {
      // The crossing by linear interpolation: the old half cycle's triangle, the new one's.
      let share = previous / (previous - error)
      area += 0.5 * abs(previous) * share * interval
      if area > leastArea { loads += 1 }
      area = 0.5 * abs(error) * (1 - share) * interval
    } else {
      area += 0.5 * (abs(previous ?? error) + abs(error)) * interval
    }
    previous = error
    return isOscillating
  }

  /// As many loads as the limit are remembered.
  public var isOscillating: Bool { loads >= limit }
}
