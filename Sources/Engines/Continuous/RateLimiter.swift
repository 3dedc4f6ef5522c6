/// Follows its input no faster than a rate: ẏ = clamp of (u − y) to [−fall, rise] until y = u. What a drive's ramp does to a set-point.
public struct RateLimiter: ExactBlock, Hashable, BitwiseCopyable {
  /// Output units per unit of time, positive.
  public let rise: Double
  public let fall: Double
  public private(set) var time: Double
  public private(set) var value: Double
  public private(set) var input: Double

  /// At rest on its input.
  ///
  /// - Precondition: both rates positive; infinite means at once.
  public init(rise: Double, fall: Double, input: Double = 0, at time: Double = 0) {
    precondition(rise > 0 && fall > 0, "the rates \(rise) and \(fall) must be positive")
    (self.rise, self.fall, self.time, value, self.input) = (rise, fall, time, input, input)
  }

  public mutating func advance(to t: Double) {
    let interval = elapsed(from: time, to: t)
    if value < input {
      value = interval > 0 ? min(value + rise * interval, input) : value
    } else if value > input {
      value = interval > 0 ? max(value - fall * interval, input) : value
    }
    time = t
  }

  public mutating func set(_ input: Double, at t: Double) {
    advance(to: t)
    self.input = input
  }

  /// When the output has caught up with the input.
  public var instantReached: Double { time + (value < input ? (input - value) / rise : (value - input) / fall) }
}
