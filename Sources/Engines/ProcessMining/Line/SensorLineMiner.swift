import Probability

/// Mines a `SensorLine` and its state from what was known at an instant.
struct SensorLineMiner {
  var history: SensorHistory
  let now: Double
  /// For each node its passages in order of time: when, and which item.
  private(set) var byNode: [[(time: Double, item: Int)]] = []
  /// Where items begin, and the share of a node's items that are seen there last.
  private(set) var births: [Int] = []
  private(set) var endShare: [Double] = []
  /// From node to node, with how often.
  private(set) var follows: [(from: Int, to: Int, count: Int)] = []
  /// Which assembly output is made at which intake.
  private(set) var assemblyPairs: [(intake: Int, output: Int)] = []

  init(_ log: EventLog, now: Double) throws(MiningError) {
    guard !log.events.isEmpty else { throw .emptyLog }
    history = SensorHistory(log)
    self.now = now
    survey()
    for node in births where isCarrierBirth(node) { dropFirst(at: node) }
    survey()
    guard !follows.isEmpty else { throw .noPassages }
    assemblyPairs = findAssemblies()
  }

  /// Counts passages, beginnings, ends and successions anew.
  private mutating func survey() {
    let n = history.nodes.count
    byNode = Array(repeating: [], count: n)
    var first = Array(repeating: 0, count: n)
    var last = Array(repeating: 0, count: n)
    var pairs: [Int: Int] = [:]
    for (i, item) in history.items.enumerated() {
      for passage in item.passages { byNode[passage.node].append((passage.time, i)) }
      guard let start = item.passages.first, let end = item.passages.last else { continue }
      first[start.node] += 1
      last[end.node] += 1
      for (a, b) in zip(item.passages, item.passages.dropFirst()) where a.node != b.node { pairs[a.node * n + b.node, default: 0] += 1 }
    }
    for node in 0..<n { byNode[node].sort { ($0.time, $0.item) < ($1.time, $1.item) } }
    births = (0..<n).filter { !byNode[$0].isEmpty && first[$0] * 2 > byNode[$0].count }
    endShare = (0..<n).map { byNode[$0].isEmpty ? 0 : Double(last[$0]) / Double(byNode[$0].count) }
    follows = pairs.keys.sorted().filter { pairs[$0]! >= 2 }.map { ($0 / n, $0 % n, pairs[$0]!) }
  }

  /// Whether a node is where an empty carrier waits: its item moves on just as the next one appears. Such an item is made at the next node.
  private func isCarrierBirth(_ node: Int) -> Bool {
    let successors = follows.filter { $0.from == node }
    guard successors.count == 1, byNode[node].count >= 4 else { return false }
    let times = byNode[node].map(\.time)
    let tolerance = 0.01 * (times.last! - times.first!) / Double(times.count - 1)
    let passages = byNode[successors[0].to].map(\.time)
    let near = times.dropFirst().count { t in
      let i = Law.rank(passages, t - tolerance)
      return i < passages.count && passages[i] <= t + tolerance
    }
    return Double(near) >= 0.8 * Double(times.count - 1)
  }

  private mutating func dropFirst(at node: Int) {
    for i in history.items.indices where history.items[i].passages.first?.node == node { history.items[i].passages.removeFirst() }
  }

  /// Finds for each node where items begin the node where other items end just before, at a nearly constant distance.
  ///
  /// The spread of the times from the last end to each beginning is measured against that to instants between the beginnings: a frequent node
  /// is near to anything, but not at a constant distance.
  private func findAssemblies() -> [(intake: Int, output: Int)] {
    var candidates: [(spread: Double, intake: Int, output: Int)] = []
    for output in births {
      let times = byNode[output].map(\.time)
      guard times.count >= 5 else { continue }
      let between = zip(times, times.dropFirst()).map { $1 - 0.381966 * ($1 - $0) }
      for intake in history.nodes.indices where intake != output && endShare[intake] >= 0.5 && byNode[intake].count >= times.count {
        let entries = byNode[intake].map(\.time)
        func spread(_ instants: [Double]) -> Double {
          let lags = instants.compactMap { t in
            let i = Law.rank(entries, t.nextUp)
            return i > 0 ? t - entries[i - 1] : nil
          }
          let centre = median(lags)
          return lags.count * 10 >= instants.count * 9 ? median(lags.map { abs($0 - centre) }) : .infinity
        }
        let ratio = spread(times) / max(spread(between), 1e-9)
        if ratio < 0.5 { candidates.append((ratio, intake, output)) }
      }
    }
    var pairs: [(intake: Int, output: Int)] = []
    func take(_ candidates: [(spread: Double, intake: Int, output: Int)]) {
      for candidate in candidates.sorted(by: { ($0.spread, $0.output, $0.intake) < ($1.spread, $1.output, $1.intake) }) {
        guard !pairs.contains(where: { $0.output == candidate.output || $0.intake == candidate.intake }),
          !reaches(candidate.output, candidate.intake, pairs)
        else { continue }
        pairs.append((candidate.intake, candidate.output))
      }
    }
    take(candidates)
    // Where parts come as fast as they are worked on, the distance tells little; their number from one whole to the next does.
    var counted: [(spread: Double, intake: Int, output: Int)] = []
    for output in births where !pairs.contains(where: { $0.output == output }) {
      for intake in history.nodes.indices where intake != output && endShare[intake] >= 0.5 && byNode[intake].count >= byNode[output].count {
        let share = setShare(intake, output)
        if share > 0.6 { counted.append((-share, intake, output)) }
      }
    }
    take(counted)
    // From the beginning of the line to its end.
    return pairs.sorted { a, b in reaches(a.output, b.intake, pairs) && !reaches(b.output, a.intake, pairs) }
  }

  /// The share of the intervals from one output to the next in which the commonest number of items of their class ends at an intake.
  private func setShare(_ intake: Int, _ output: Int) -> Double {
    let tables = setCounts(intake, output)
    let total = tables.reduce(0) { $0 + $1.values.reduce(0, +) }
    return total < 5 ? 0 : Double(tables.reduce(0) { $0 + ($1.values.max() ?? 0) }) / Double(total)
  }

  /// For each class how often so many of its items ended at an intake between two outputs, no other class among them.
  func setCounts(_ intake: Int, _ output: Int) -> [[Int: Int]] {
    let entries = byNode[intake].filter { history.items[$0.item].passages.last!.node == intake }
    var counts = Array(repeating: [Int: Int](), count: history.classes.count)
    var next = 0
    for whole in byNode[output] {
      var since: [Int: Int] = [:]
      while next < entries.count, entries[next].time <= whole.time {
        since[history.items[entries[next].item].itemClass, default: 0] += 1
        next += 1
      }
      if since.count == 1, let (itemClass, count) = since.first { counts[itemClass][count, default: 0] += 1 }
    }
    return counts
  }

  /// Whether a way leads from one node to another, through assemblies too.
  func reaches(_ from: Int, _ to: Int, _ pairs: [(intake: Int, output: Int)]) -> Bool {
    var seen: Set<Int> = [from]
    var queue = [from]
    while let node = queue.popLast() {
      if node == to { return true }
      for next in follows.filter({ $0.from == node }).map(\.to) + pairs.filter({ $0.intake == node }).map(\.output) where seen.insert(next).inserted {
        queue.append(next)
      }
    }
    return false
  }
}

/// The middle value; not a number for none.
func median(_ values: [Double]) -> Double { values.isEmpty ? .nan : values.sorted()[values.count / 2] }

/// The value of which a share p of the values lies below.
func lowQuantile(_ values: [Double], _ p: Double) -> Double {
  values.isEmpty ? .nan : values.sorted()[min(Int(Double(values.count) * p), values.count - 1)]
}
