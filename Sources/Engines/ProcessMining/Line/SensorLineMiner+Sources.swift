import Estimation
import Probability

extension SensorLineMiner {
  /// A pause of a source: the items between which it lies are much farther apart than usual.
  struct Pause {
    /// The birth before, and the one after.
    var from: Double
    var to: Double
  }

  /// - Returns: the source, and its pauses that the ceiling does not explain.
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
    let levels = levels(births.map(\.time), genealogy, leaving)
    let (ceiling, explained) = ceiling(births.map(\.time), pauses, levels)
    let source = SensorLine.Source(node: node, next: next, campaigns: campaigns, interval: laws, ceiling: ceiling)
    return (source, pauses.filter { !explained.contains($0.from) })
  }

  /// How many items of the source are in the line just after each birth, by the weights of what has left.
  private func levels(_ births: [Double], _ genealogy: Genealogy, _ leaving: [Int]) -> [Double] {
    var marks = births.map { ($0, 1) }
    for node in leaving { for passage in byNode[node] { marks.append((passage.time, -genealogy.weight[passage.item])) } }
    marks.sort { $0 < $1 }
    var inside = 0
    var levels: [Double] = []
    for mark in marks {
      inside += mark.1
      if mark.1 > 0 { levels.append(Double(inside)) }
    }
    return levels
  }

  /// The number of its items in the line at which a source stops, and the beginnings of the pauses that it explains: where at least three
  /// pauses, a tenth of the time of all, begin within 3 % of the greatest number. Signals that count are tried before the items themselves.
  private func ceiling(_ births: [Double], _ pauses: [Pause], _ levels: [Double]) -> (SensorLine.Ceiling?, Set<Double>) {
    let whole = pauses.reduce(0) { $0 + $1.to - $1.from }
    func fits(_ level: (Double) -> Double, _ greatest: Double) -> [Pause]? {
      let at = pauses.filter { level($0.from) >= 0.97 * greatest }
      return at.count >= 3 && at.reduce(0, { $0 + $1.to - $1.from }) > 0.1 * whole ? at : nil
    }
    guard births.count >= 20 else { return (nil, []) }
    for signal in history.signals where signal.changes.contains(where: { $0.value > 1 }) {
      // A counter may be written a little before or after the birth that it counts.
      let times = signal.changes.map(\.time)
      let usual = median(zip(births, births.dropFirst()).map { $1 - $0 })
      func level(_ t: Double) -> Double {
        let i = Law.rank(times, t + usual / 2)
        return i > 0 ? signal.changes[i - 1].value : 0
      }
      guard let greatest = signal.changes.map(\.value).max(), let at = fits(level, greatest) else { continue }
      let half = births.count / 2
      let drift = ((level(births.last!) - levels.last!) - (level(births[half]) - levels[half])) / Double(births.count - 1 - half)
      let ceiling = SensorLine.Ceiling(level: median(at.map { level($0.from) }), counter: signal.name, drift: min(max(drift, 0), 0.5))
      return (ceiling, Set(at.map(\.from)))
    }
    func level(_ t: Double) -> Double { levels[min(Law.rank(births, t), levels.count - 1)] }
    guard let greatest = levels.max(), let at = fits(level, greatest) else { return (nil, []) }
    return (SensorLine.Ceiling(level: median(at.map { level($0.from) }), counter: nil, drift: 0), Set(at.map(\.from)))
  }
}
