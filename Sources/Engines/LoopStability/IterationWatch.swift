/// A certificate of a loop that moves seldom (calibrate → optimise → actuate) with the monitors of what it rests on: each set-point's moves must get
/// smaller where they turn, and the plant must answer moves with the sign that was claimed.
///
/// There is no error signal to watch between two moves; what is watched is each move that stayed, and how each was judged. The first alarm voids the
/// certificate (`alarm` keeps it); a new certificate makes a new watch.
public struct IterationWatch: Hashable, Sendable {
  /// Why the certificate is void; nil while it holds.
  public private(set) var alarm: StabilityAlarm?
  private let floors: [String: Double]
  private var hunting: [String: HuntingMonitor] = [:]
  private var harm = HarmMonitor()

  /// - Parameter floors: by tag, how small a move is that counts as rounding, in its unit, > 0. Tags that are not named are not watched for hunting.
  public init(floors: [String: Double]) { self.floors = floors }

  /// A move of a set-point stays (after − before).
  public mutating func settle(_ tag: String, move: Double) {
    guard let floor = floors[tag] else { return }
    var monitor = hunting[tag] ?? HuntingMonitor(floor: floor)
    if monitor.take(move: move) { raise(.hunting(tag: tag)) }
    hunting[tag] = monitor
  }

  /// A move was judged, whether it stayed or not.
  ///
  /// - Parameter harmLogE: natural logarithm of the e-value that it does harm.
  public mutating func judge(harmLogE: Double) {
    if harm.take(logEvidence: harmLogE) { raise(.signFlipped(evidence: harm.evidence)) }
  }

  private mutating func raise(_ alarm: StabilityAlarm) { if self.alarm == nil { self.alarm = alarm } }
}
