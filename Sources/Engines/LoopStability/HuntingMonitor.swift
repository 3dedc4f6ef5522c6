internal import Determinism

/// Notices a loop that hunts: moves of one set-point that go back and forth and do not get smaller. A loop whose iteration contracts by s turns its
/// moves down by s each time; one at its limit of stability turns them over for ever.
///
/// For loops that move seldom, where there is no error signal to watch: each settled move is one reading.
public struct HuntingMonitor: Hashable, Sendable {
  /// Moves below this are rounding, and are passed over.
  public let floor: Double
  /// Turns in a row that make an alarm.
  public let turns: Int
  /// Geometric mean of |move|/|the one before| above which the moves are not getting smaller.
  public let ratio: Double
  private var last: Double?
  private var logs: [Double] = []

  /// - Precondition: floor > 0, turns ≥ 2, ratio > 0.
  public init(floor: Double, turns: Int = 4, ratio: Double = 0.9) {
    precondition(floor > 0 && turns >= 2 && ratio > 0, "hunting by \(turns) turns above \(floor)")
    (self.floor, self.turns, self.ratio) = (floor, turns, ratio)
  }

  /// Takes a move (after − before) in; true while the loop hunts.
  public mutating func take(move: Double) -> Bool {
    guard move.isFinite, abs(move) >= floor else { return isHunting }
    if let last {
      if last * move < 0 { logs.append(Portable.log(abs(move) / abs(last))) } else { logs = [] }
      if logs.count > turns { logs.removeFirst() }
    }
    last = move
    return isHunting
  }

  /// So many moves in a row turned back, and did not get smaller.
  public var isHunting: Bool { logs.count == turns && logs.reduce(0, +) / Double(turns) >= Portable.log(ratio) }
}
