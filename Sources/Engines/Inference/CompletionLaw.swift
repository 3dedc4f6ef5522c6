public import Determinism

/// The time from the start of a part at a station to its completion, stops included, if it is fed and not blocked.
///
/// Stations fail under work alone (operation-dependent failures), so each part starts on a machine that is up, and completion times are
/// independent of each other where times between failures are exponential.
public protocol CompletionLaw: Sendable {
  /// Density at t > 0, per second.
  func density(_ t: Double) -> Double
  /// P(T ≤ t); 0 for t ≤ 0.
  func cumulative(_ t: Double) -> Double
  /// One draw, and how many timed events of a simulation it stands for: the completion, and a failure and a repair for each stop.
  func sample(_ stream: inout RandomStream, _ table: Ziggurat) -> (time: Double, events: Int)
  /// A time s of this (unseen) station, drawn so that it agrees with what the (seen) station behind it then did, and the weight that makes
  /// the draw fair: E[weight·h(s)] = ∫ f(s)·g(s)·h(s) ds for every h, f being this density and g the likelihood given by `meeting`.
  func propose(_ meeting: Meeting<Self>, _ stream: inout RandomStream, _ table: Ziggurat) -> (time: Double, weight: Double)
}

/// How an unseen station's completion meets the next departure of the seen station behind it. All times from the unseen station's start.
public struct Meeting<Seen: CompletionLaw>: Sendable {
  /// The completion law of the seen station.
  public var seen: Seen
  /// When the seen station was rid of the part before; may be negative. A completion before it changes nothing.
  public var free: Double
  /// When the seen station's part left; positive.
  public var left: Double
  /// The part was blocked: it was done some time before it left.
  public var isBlocked: Bool

  /// The likelihood g(s) of the seen departure, if this station's part is done at s.
  @inline(__always) func likelihood(_ s: Double) -> Double {
    let start = max(s, free)
    if start >= left { return 0 }
    return isBlocked ? seen.cumulative(left - start) : seen.density(left - start)
  }
}

extension CompletionLaw {
  /// Three draws of four come from the station's own law; the fourth looks back from the seen departure.
  public func propose(_ meeting: Meeting<Self>, _ stream: inout RandomStream, _ table: Ziggurat) -> (time: Double, weight: Double) {
    if meeting.isBlocked {
      let s = sample(&stream, table).time
      return (s, meeting.likelihood(s))
    }
    let back = stream.chance(0.25)
    let s = back ? meeting.left - meeting.seen.sample(&stream, table).time : sample(&stream, table).time
    if s <= 0 || s >= meeting.left { return (max(s, 0), 0) }
    let own = density(s)
    let proposal = 0.75 * own + 0.25 * meeting.seen.density(meeting.left - s)
    return (s, proposal > 0 ? own * meeting.likelihood(s) / proposal : 0)
  }
}
