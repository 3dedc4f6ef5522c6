public import Quantities

/// How many alarms the operator gets. ISA-18.2 §16: about one per ten minutes can be handled; more than ten in ten minutes is a flood.
public struct AlarmRate: Hashable, Sendable, Codable {
  /// Annunciations of the last ten minutes, oldest first.
  private var recent: [Instant] = []
  /// All annunciations ever.
  public private(set) var total = 0
  /// A flood is on: it begins above ten in ten minutes and ends below five.
  public private(set) var isFlood = false
  /// Time spent in floods that are over.
  public private(set) var floodTime: Duration = .zero
  private var floodSince: Instant?

  public init() {}

  public static let window: Duration = .minutes(10)

  /// Annunciations in the ten minutes before `now`.
  public func inTenMinutes(at now: Instant) -> Int { recent.count { now - $0 < Self.window } }

  mutating func count(_ now: Instant) {
    recent.append(now)
    total += 1
  }

  /// Forgets what is older than the window; tells when a flood begins (true) or ends (false).
  mutating func pass(_ now: Instant) -> Bool? {
    recent.removeAll { now - $0 >= Self.window }
    if !isFlood, recent.count > 10 {
      (isFlood, floodSince) = (true, now)
      return true
    }
    if isFlood, recent.count < 5 {
      floodTime += now - (floodSince ?? now)
      (isFlood, floodSince) = (false, nil)
      return false
    }
    return nil
  }
}
