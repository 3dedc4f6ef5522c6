import Estimation

extension SensorLineMiner {
  /// A pause of a source: the items between which it lies are much farther apart than usual.
  struct Pause {
    /// The birth before, and the one after.
    var from: Double
    var to: Double
  }

  func source(_ node: Int, _ genealogy: Genealogy, leaving: [Int]) -> (source: SensorLine.Source, pauses: [Pause]) {
    let births = byNode[node].filter { history.items[$0.item].passages.first!.node == node }
    let classOf = births.map { history.items[$0.item].itemClass }
    var campaigns = Array(repeating: [Int](), count: history.classes.count)
    var follow = Array(repeating: [Int: Int](), count: history.classes.count)
    var length = 0
    var intervals = Array(repeating: [Double](), count: history.classes.count)
    for i in births.indices {
      length += 1
      if i > 0 { intervals[classOf[i]].append(births[i].time - births[i - 1].time) }
      guard i + 1 < births.count, classOf[i + 1] != classOf[i] else { continue }
      campaigns[classOf[i]].append(length)
      follow[classOf[i]][classOf[i + 1], default: 0] += 1
      length = 0
    }
    let usual = intervals.map { median($0) }
    var pauses: [Pause] = []
    for i in births.indices.dropFirst() where births[i].time - births[i - 1].time > 3 * usual[classOf[i]] {
      pauses.append(Pause(from: births[i - 1].time, to: births[i].time))
    }
    let laws = intervals.indices.map { c in
      LawChoice.choose(intervals[c].filter { $0 <= 1.5 * usual[c] || usual[c] == 0 }.map { LifetimeFit.Observation(max($0, 0)) })
    }
    let next = follow.indices.map { c in follow[c].max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? c }
    let source = SensorLine.Source(
      node: node, next: next, campaigns: campaigns, interval: laws, ceiling: ceiling(births.map(\.time), pauses, genealogy, leaving))
    return (source, pauses)
  }

  /// The number of its items in the line at which a source stops: where at least three pauses that make up a tenth of the time of all
  /// pauses begin at the greatest number seen.
  private func ceiling(_ births: [Double], _ pauses: [Pause], _ genealogy: Genealogy, _ leaving: [Int]) -> Int? {
    var marks = births.map { ($0, 1) }
    for node in leaving { for passage in byNode[node] { marks.append((passage.time, -genealogy.weight[passage.item])) } }
    marks.sort { $0 < $1 }
    var inside = 0
    var levels: [Double: Int] = [:]
    var greatest = 0
    for mark in marks {
      inside += mark.1
      if mark.1 > 0 {
        levels[mark.0] = inside
        greatest = max(greatest, inside)
      }
    }
    let at = pauses.filter { Double(levels[$0.from] ?? 0) >= 0.97 * Double(greatest) }
    let time = pauses.reduce(0) { $0 + $1.to - $1.from }
    guard at.count >= 3, at.reduce(0, { $0 + $1.to - $1.from }) > 0.1 * time else { return nil }
    return Int(median(at.map { Double(levels[$0.from]!) }))
  }
}
