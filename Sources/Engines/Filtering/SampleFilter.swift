import LinearAlgebra

/// A Kalman filter fed by telemetry: samples come irregularly, in part, and late.
///
/// A sample that arrives late is put at its own place in time and what came after it is taken in again, so the estimate is exactly the one that
/// samples in order would have given. What is older than `horizon` before the newest sample is folded into one belief and cannot be
/// changed any more: a sample from before that is refused, as a value.
///
/// - Source: Y. Bar-Shalom 2002, doi:10.1109/TAES.2002.1039398, for the problem; replaying is its exact, if dearer, answer.
public struct SampleFilter: Sendable {
  /// What became of a sample.
  public enum Outcome: Sendable, Hashable {
    /// Taken in. `late` is how far behind the newest sample it was; 0 in order. The innovation is nil when nothing in it was seen.
    case taken(Innovation?, late: Double)
    /// Older than the horizon: `age` before the newest sample.
    case tooLate(age: Double)
  }

  private enum Kind: Sendable {
    case input([Double])
    case sample([Double?], sensor: Int)
  }
  private struct Entry: Sendable {
    var instant: Double
    var kind: Kind
    var state: Gaussian
    var input: [Double]
  }

  public let process: LinearSDE
  /// The sensors that samples name by their place.
  public let sensors: [LinearSensor]
  /// How far back a late sample is still taken, in the unit of time of the process.
  public let horizon: Double
  private var base: Entry
  private var entries: [Entry] = []
  private var known: (interval: Double, transition: LinearTransition)?

  /// - Precondition: `horizon` not negative; the prior has the size of the process.
  public init(_ process: LinearSDE, sensors: [LinearSensor], prior: Gaussian, input: [Double] = [], at t: Double, horizon: Double) {
    precondition(horizon >= 0 && prior.mean.count == process.drift.rows, "a horizon of \(horizon), a prior of \(prior.mean.count) states")
    (self.process, self.sensors, self.horizon) = (process, sensors, horizon)
    base = Entry(instant: t, kind: .input(input), state: prior, input: input)
  }

  /// The instant of the newest sample or input.
  public var newest: Double { entries.last?.instant ?? base.instant }

  /// The belief at an instant at or after the newest entry, with the input as it stands.
  public func state(at t: Double) -> Gaussian {
    let last = entries.last ?? base
    precondition(t >= last.instant, "the filter stands at \(last.instant) and does not look back to \(t)")
    var filter = KalmanFilter(last.state)
    if t > last.instant { filter.predict(process.transition(over: t - last.instant), input: last.input) }
    return filter.state
  }

  /// The input changes at t. It may be reported late, within the horizon.
  ///
  /// - Returns: false when it is older than the horizon and so was not used.
  /// - Throws: `notPositiveDefinite`; nothing is then changed.
  public mutating func setInput(_ input: [Double], at t: Double) throws(FilteringError) -> Bool {
    if t < base.instant { return false }
    _ = try insert(.input(input), at: t)
    return true
  }

  /// A sample of one sensor, with its own instant.
  ///
  /// - Throws: `notPositiveDefinite`; nothing is then changed.
  public mutating func take(_ values: [Double?], sensor: Int = 0, at t: Double) throws(FilteringError) -> Outcome {
    if t < base.instant { return .tooLate(age: newest - t) }
    let late = max(0, newest - t)
    return .taken(try insert(.sample(values, sensor: sensor), at: t), late: late)
  }

  private mutating func insert(_ kind: Kind, at t: Double) throws(FilteringError) -> Innovation? {
    var next = self
    let place = (next.entries.lastIndex { $0.instant <= t }).map { $0 + 1 } ?? 0
    next.entries.insert(Entry(instant: t, kind: kind, state: base.state, input: []), at: place)
    var own: Innovation?
    for k in place..<next.entries.count {
      let innovation = try next.replay(k)
      if k == place { own = innovation }
    }
    let oldest = next.newest - horizon
    let folded = next.entries.prefix { $0.instant < oldest }.count
    if folded > 0 {
      next.base = next.entries[folded - 1]
      next.entries.removeFirst(folded)
    }
    self = next
    return own
  }

  /// Takes entry k in again, from the belief after the one before it.
  private mutating func replay(_ k: Int) throws(FilteringError) -> Innovation? {
    let before = k > 0 ? entries[k - 1] : base
    var filter = KalmanFilter(before.state)
    let interval = entries[k].instant - before.instant
    if interval > 0 { filter.predict(transition(interval), input: before.input) }
    var innovation: Innovation?
    switch entries[k].kind {
    case .input(let u): entries[k].input = u
    case .sample(let values, let sensor):
      entries[k].input = before.input
      innovation = try filter.update(values, sensors[sensor])
    }
    entries[k].state = filter.state
    return innovation
  }

  /// Most samples come at one interval: the last transition is kept.
  private mutating func transition(_ interval: Double) -> LinearTransition {
    if let known, known.interval == interval { return known.transition }
    let transition = process.transition(over: interval)
    known = (interval, transition)
    return transition
  }
}
