import Determinism
public import Quantities

/// Names one stream: an activity of a station, or of the line as a whole.
public struct StreamKey: Sendable, Hashable, Codable, Comparable {
  /// Nil for the line.
  public var station: String?
  public var activity: Activity

  public init(station: String?, _ activity: Activity) { (self.station, self.activity) = (station, activity) }

  public static func < (a: StreamKey, b: StreamKey) -> Bool {
    (a.station ?? "", a.activity) < (b.station ?? "", b.activity)
  }
}

/// A change that was found: where, since when, how much, how sure.
public struct Change: Sendable, Hashable, Codable {
  public enum Direction: String, Sendable, Hashable, Codable { case up, down }
  public let key: StreamKey
  /// The observation that raised the alarm came then.
  public let alarmed: Instant
  /// The likeliest date: evidence from before it is about another regime.
  public let since: Instant
  /// The interval of 90 % about the date.
  public let earliest: Instant
  public let latest: Instant
  /// Mean duration (median for a lognormal), rate, share or level, before and after. For scores of a belief held elsewhere: 1 (or 0) and
  /// what they became.
  public let before: Estimate
  public let after: Estimate
  /// After divided by before, or after minus before: see `isRatio`.
  public let effect: Estimate
  public let isRatio: Bool
  public let direction: Direction
  /// Natural logarithm of the likelihood of a change, over all its instants and sizes, against none; what came after the alarm included.
  public let evidence: Double
  /// Observations since the date.
  public let observations: Double
  /// True where what came after the alarm has shown that nothing changed after all.
  public var isWithdrawn = false
  /// For a change of the line: the station's changes that account for it. Empty where none does.
  public var explainedBy: [StreamKey] = []

  /// "Screw: repairs take 2.0 (1.6 to 2.5) times as long since 09:12".
  ///
  /// - Parameters:
  ///   - unit: of the stream's values, for a difference.
  ///   - clock: how an instant reads; hours and minutes of the day, UTC, unless told otherwise.
  public func words(unit: String = "", clock: (Instant) -> String = \.clockTime) -> String {
    let what = isRatio ? key.activity.words(ratio: effect) : key.activity.words(difference: effect, unit: unit)
    let cause = explainedBy.compactMap(\.station)
    let reason = cause.isEmpty ? "" : ", because of \(cause.joined(separator: ", "))"
    return "\(key.station ?? "line"): \(what) since \(clock(since))\(reason)"
  }
}
