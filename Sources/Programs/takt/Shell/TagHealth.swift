import Historian
import Quantities

/// Statistics of every tag, made anew every few seconds: they are for people, and reading them costs.
struct TagHealth {
  private var made: (at: ContinuousClock.Instant, byTag: [String: TagStatistics])?

  mutating func statistics(of historian: Historian, at now: Instant) -> [String: TagStatistics] {
    if let made, ContinuousClock.now - made.at < .seconds(5) { return made.byTag }
    let byTag = Dictionary(((try? historian.statistics()) ?? []).map { ($0.tag, $0) }, uniquingKeysWith: { first, _ in first })
    made = (.now, byTag)
    return byTag
  }
}
