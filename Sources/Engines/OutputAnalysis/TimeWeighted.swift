/// The mean over time of a signal that keeps its value between changes: a queue's length, a machine that works or does not.
///
///     (1/T) ∫ value(t) dt
///
/// Times are in any one unit. The integral is summed with its rounding error carried along, so a year of short steps loses no digits.
///
/// - Source: compensated sum by A. Neumaier 1974, doi:10.1002/zamm.19740540106.
public struct TimeWeighted: Sendable, Hashable, Codable {
  /// When the account began.
  public private(set) var start: Double
  /// The value that holds now.
  public private(set) var value: Double
  /// The least and the greatest value that held at any time since `start`.
  public private(set) var minimum: Double
  public private(set) var maximum: Double
  private var since: Double
  private var area = 0.0
  private var carried = 0.0

  public init(value: Double, at time: Double) {
    (start, since, self.value, minimum, maximum) = (time, time, value, value, value)
  }

  /// The signal takes another value.
  ///
  /// - Precondition: no earlier than the change before.
  public mutating func set(_ value: Double, at time: Double) {
    advance(to: time)
    self.value = value
    if value < minimum { minimum = value }
    if value > maximum { maximum = value }
  }

  /// Forgets what was, and goes on from the value that holds: the end of a warm-up.
  public mutating func restart(at time: Double) {
    precondition(time >= since, "time went back from \(since) to \(time)")
    self = TimeWeighted(value: value, at: time)
  }

  /// ∫ value(t) dt from `start` to a time.
  ///
  /// - Precondition: no earlier than the last change.
  public func integral(until time: Double) -> Double {
    precondition(time >= since, "time went back from \(since) to \(time)")
    return area + carried + value * (time - since)
  }

  /// The mean value from `start` to a time; the value itself where no time has passed.
  public func mean(until time: Double) -> Double {
    let integral = integral(until: time)
    return time > start ? integral / (time - start) : value
  }

  private mutating func advance(to time: Double) {
    precondition(time >= since, "time went back from \(since) to \(time)")
    let term = value * (time - since)
    let sum = area + term
    carried += area.magnitude >= term.magnitude ? (area - sum) + term : (term - sum) + area
    (area, since) = (sum, time)
  }
}
