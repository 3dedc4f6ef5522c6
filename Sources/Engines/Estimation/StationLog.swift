/// What a log of states says of one unreliable station: seconds of work per part, operating seconds up to each failure, seconds of repair.
///
/// States come in order. A failure stops a part, whose work goes on after the repair; time at work without failing adds up over parts.
public struct StationLog: Sendable, Hashable, Codable {
  /// One stretch of a station's time.
  public enum Stretch: Sendable, Hashable, Codable {
    /// At work; `finished` says that the stretch ended with a part done.
    case work(seconds: Double, finished: Bool)
    /// Failed, or in repair.
    case down(seconds: Double)
    /// Starved, blocked or off: nothing ages.
    case idle(seconds: Double)
  }

  public private(set) var work: [ActivityObservation] = []
  public private(set) var lifetimes: [ActivityObservation] = []
  public private(set) var repairs: [ActivityObservation] = []
  private var onPart = 0.0
  private var sinceRepair = 0.0
  private var inRepair = 0.0
  /// Whether the part and the lifetime under way were seen from their start.
  private var partFromStart: Bool
  private var lifeFromStart: Bool

  /// - Parameter fromStart: whether the log begins with a new part on a machine that was just repaired. If not, the first part is left
  ///   out, and the first lifetime is known only to have been at least as long as seen.
  public init(fromStart: Bool = true) { (partFromStart, lifeFromStart) = (fromStart, fromStart) }

  public mutating func append(_ stretch: Stretch) {
    if case .down = stretch {} else { endRepair() }
    switch stretch {
    case .idle: break
    case .work(let seconds, let finished):
      onPart += seconds
      sinceRepair += seconds
      guard finished else { return }
      if partFromStart { work.append(.exact(onPart)) }
      (onPart, partFromStart) = (0, true)
    case .down(let seconds):
      if inRepair == 0 {
        lifetimes.append(lifeFromStart ? .exact(sinceRepair) : .rightCensored(sinceRepair))
        (sinceRepair, lifeFromStart) = (0, true)
      }
      inRepair += seconds
    }
  }

  private mutating func endRepair() {
    if inRepair > 0 { repairs.append(.exact(inRepair)) }
    inRepair = 0
  }

  /// The same with what is still under way at the end of the log, known to be longer.
  public var closed: StationLog {
    var log = self
    if inRepair > 0 {
      log.repairs.append(.rightCensored(inRepair))
    } else {
      if sinceRepair > 0 { log.lifetimes.append(.rightCensored(sinceRepair)) }
      if onPart > 0 && partFromStart { log.work.append(.rightCensored(onPart)) }
    }
    return log
  }
}
