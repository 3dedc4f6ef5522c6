import Quantities

extension CaseMiner {
  /// Activities whose resources are alike (cosine of their counts above this) share a pool.
  static let alike = 0.8

  /// Groups activities by who does them, and sees how each group works.
  static func minePools(_ log: TracedLog) -> (pools: [Pool], poolOf: [Int?]) {
    let n = log.activities.count
    guard !log.resources.isEmpty else { return ([], Array(repeating: nil, count: n)) }
    var counts = Array(repeating: Array(repeating: 0.0, count: log.resources.count), count: n)
    for trace in log.traces { for step in trace.steps { if let r = step.resource { counts[step.activity][r] += 1 } } }
    var group = Array(0..<n)
    func root(_ i: Int) -> Int { group[i] == i ? i : root(group[i]) }
    for i in 0..<n { for j in 0..<i where cosine(counts[i], counts[j]) > alike { group[root(i)] = root(j) } }
    let roots = (0..<n).map(root)
    var pools: [Pool] = []
    var poolOf: [Int?] = Array(repeating: nil, count: n)
    for r in Set(roots).sorted() {
      let activities = (0..<n).filter { roots[$0] == r && counts[$0].contains { $0 > 0 } }
      guard !activities.isEmpty else { continue }
      for a in activities { poolOf[a] = pools.count }
      pools.append(pool(activities, log))
    }
    return (pools, poolOf)
  }

  private static func cosine(_ a: [Double], _ b: [Double]) -> Double {
    let (dot, aa, bb) = zip(a, b).reduce((0, 0, 0)) { ($0.0 + $1.0 * $1.1, $0.1 + $1.0 * $1.0, $0.2 + $1.1 * $1.1) }
    return aa > 0 && bb > 0 ? dot / (aa * bb).squareRoot() : 0
  }

  private static func pool(_ activities: [Int], _ log: TracedLog) -> Pool {
    let set = Set(activities)
    var work: [[(start: Double, complete: Double, ready: Double?)]] = Array(repeating: [], count: log.resources.count)
    var marks: [(time: Double, change: Int)] = []
    for trace in log.traces {
      for (i, step) in trace.steps.enumerated() where set.contains(step.activity) {
        guard let r = step.resource else { continue }
        let complete = step.complete ?? log.end
        work[r].append((step.start, complete, i > 0 ? trace.steps[i - 1].complete : nil))
        if complete > step.start { marks += [(step.start, 1), (complete, -1)] }
      }
    }
    marks.sort { ($0.time, $0.change) < ($1.time, $1.change) }
    var (busy, capacity) = (0, 1)
    for mark in marks {
      busy += mark.change
      capacity = max(capacity, busy)
    }
    var members: [Pool.Member] = []
    var (waited, handed) = (0, 0)
    for (r, list) in work.enumerated() where !list.isEmpty {
      let sorted = list.sorted { ($0.start, $0.complete) < ($1.start, $1.complete) }
      var overlaps = 0
      var latest = -Double.infinity
      var hours = Array(repeating: 0, count: 168)
      for item in sorted {
        hours[WeeklyProfile.hour(item.start)] += 1
        if item.start < latest - 1 { overlaps += 1 }
        if let ready = item.ready, item.start > ready + 1 {
          waited += 1
          if abs(item.start - latest) <= 1, latest > ready { handed += 1 }
        }
        latest = max(latest, item.complete)
      }
      members.append(
        Pool.Member(
          name: log.resources[r], events: sorted.count, overlapping: Double(overlaps) / Double(sorted.count),
          hours: hours.indices.filter { hours[$0] * 100 >= sorted.count && hours[$0] > 0 }))
    }
    let handover = waited == 0 ? 0 : Double(handed) / Double(waited)
    let events = members.reduce(0) { $0 + $1.events }
    let overlapping = members.reduce(0.0) { $0 + $1.overlapping * Double($1.events) } / Double(max(events, 1))
    return Pool(
      activities: activities, members: members, capacity: capacity, handover: handover,
      isBottleneck: log.hasDurations && overlapping < 0.05 && handover > 0.5 && waited * 20 > events)
  }

  /// The quantity column that explains each activity's length best, if one explains a tenth of its variance.
  static func mineQuantities(_ events: EventLog, _ log: TracedLog) -> [QuantityEffect?] {
    let names = Set(events.events.lazy.flatMap { $0.attributes.filter { Double($0.value) != nil }.map(\.key) }).sorted()
    return log.activities.map { activity in
      let own = events.events.filter { $0.activity == activity }
      var best: QuantityEffect?
      for name in names {
        var points: [(x: Double, y: Double)] = []
        for event in own {
          guard let x = event.attributes[name].flatMap({ Double($0) }), let start = event.start, let complete = event.complete else { continue }
          points.append((x, complete.seconds - start.seconds))
        }
        if let effect = line(points, name), effect.explained > max(0.1, best?.explained ?? 0) { best = effect }
      }
      return best
    }
  }

  private static func line(_ points: [(x: Double, y: Double)], _ name: String) -> QuantityEffect? {
    let n = Double(points.count)
    guard n >= 20 else { return nil }
    let (mx, my) = (points.reduce(0) { $0 + $1.x } / n, points.reduce(0) { $0 + $1.y } / n)
    let (xx, xy, yy) = points.reduce((0.0, 0.0, 0.0)) { s, p in
      (s.0 + (p.x - mx) * (p.x - mx), s.1 + (p.x - mx) * (p.y - my), s.2 + (p.y - my) * (p.y - my))
    }
    guard xx > 0, yy > 0, xy > 0 else { return nil }
    let slope = xy / xx
    guard my - slope * mx >= 0 else { return nil }
    return QuantityEffect(attribute: name, setup: my - slope * mx, perPiece: slope, explained: xy * xy / (xx * yy), events: points.count)
  }
}
