import Determinism

/// A continuous block with a closed form between two changes of its input, so that any later instant is reached in one evaluation, exactly.
///
/// Going to t in one stretch or in several gives the same value to rounding; no step size and no tolerance stand behind it. Inputs are
/// constant between two calls of `set`. Instants and time constants are in one unit, usually seconds.
public protocol ExactBlock: Sendable {
  /// The instant the block has been advanced to.
  var time: Double { get }

  /// The output at `time`.
  var value: Double { get }

  /// Goes on to t with the input as it stands.
  ///
  /// - Precondition: t ≥ time.
  mutating func advance(to t: Double)

  /// Goes on to t and changes the input there.
  ///
  /// - Precondition: t ≥ time.
  mutating func set(_ input: Double, at t: Double)
}

extension ExactBlock {
  /// Its output at a later instant, if the input stays as it is; the block itself stays where it is.
  ///
  /// - Precondition: t ≥ time.
  public func value(at t: Double) -> Double {
    var later = self
    later.advance(to: t)
    return later.value
  }
}

/// The time from `time` to t, never negative.
@inline(__always)
func elapsed(from time: Double, to t: Double) -> Double {
  precondition(t >= time, "the block stands at \(time) and cannot go back to \(t)")
  return t - time
}

/// y after Δ on the way to a constant target: target + (y − target)·e^(−Δ/τ); the target itself for τ = 0.
@inline(__always)
func relaxed(_ y: Double, to target: Double, over interval: Double, timeConstant: Double) -> Double {
  if interval == 0 { return y }
  return timeConstant > 0 ? target + (y - target) * Portable.exp(-interval / timeConstant) : target
}
