import Determinism

/// The histories that agree with the readings, weighed: a filter by exact splitting, without any luck.
///
/// They go on in short steps. After each, those that have become the same are one, with their weights added; the most unlikely are given up.
/// - Source: Y. Bar-Shalom & X. Li, Multitarget-Multisensor Tracking (1995), chapter 6: several hypotheses, merged and pruned.
struct Histories: Sendable {
  private(set) var all: [Trajectory]
  /// The states at the judged instant; what comes after weighs them.
  private(set) var judged: [Trajectory] = []
  /// For each of them and each buffer, how many parts more it may hold because an instant nearby is known only so well, and the chance.
  private(set) var unsettled: [[(parts: Int, chance: Double)]] = []

  /// At most so many are followed: of an instant that is judged or closed, and long before one.
  static let most = 32
  static let few = 3
  /// Logarithm of the share below which a history is given up; and of that below which it is one with another that says the same of every part.
  static let least = -13.0
  static let leastAlike = -9.0

  /// A judged instant is decided when all states but one have together no more than this probability.
  static let settled = 1e-5

  /// So often between two looks of the sensors those that have become the same are looked for. Until then each of them is followed for nothing, so
  /// more often is cheaper: once in half a scan took three times as long.
  static let stepsPerScan = 8.0

  init(_ first: Trajectory) { all = [first] }

  /// The likeliest.
  var best: Trajectory { all.max { $0.weight < $1.weight }! }

  mutating func refresh(_ evidence: Evidence) {
    for i in all.indices { all[i].refresh(evidence) }
    thin(to: Histories.most, least: Histories.least)
  }

  /// - Parameter whileOpen: ends sooner, once what is still to come can tell nothing more of the judged instant.
  mutating func run(to end: Double, _ evidence: Evidence, whileOpen: Bool = false) {
    var evidence = evidence
    let step = evidence.flow.scan / Histories.stepsPerScan
    while all[0].clock < end {
      if whileOpen, isDecided { break }
      // Taken out, so that no array is copied that nobody shares.
      var left: [Trajectory] = []
      swap(&left, &all)
      evidence.floor = -.infinity
      // One alone goes on until it splits.
      if left.count == 1 {
        var history = left.removeLast()
        history.run(to: end, evidence, &left, untilSplit: true)
        left.append(history)
      }
      let next = min(end, ((left[left.count - 1].clock / step + 1e-9).rounded(.down) + 1) * step)
      while var history = left.popLast() {
        if !all.isEmpty, history.weight < evidence.floor { continue }
        history.run(to: next, evidence, &left)
        all.append(history)
        // The best so far is no better than the best.
        evidence.floor = max(evidence.floor, history.weight + evidence.least)
        if left.count > 4 * evidence.most { left = Histories.likeliest(2 * evidence.most, of: left) }
      }
      thin(to: evidence.most, least: evidence.least)
    }
  }

  /// Chosen by place: a history is large, and sorting would move it about.
  private static func likeliest(_ most: Int, of all: [Trajectory]) -> [Trajectory] {
    all.indices.sorted { (all[$1].weight, $0) < (all[$0].weight, $1) }.prefix(most).sorted().map { all[$0] }
  }

  /// Cuts finely what is still open.
  mutating func refine(_ evidence: Evidence) {
    for i in all.indices { all[i].refine(evidence) }
  }

  /// From here on, what is learnt weighs the states of now; those that say the same of every part are one.
  mutating func judge() {
    judged = []
    for i in all.indices.sorted(by: { (all[$1].weight, $0) < (all[$0].weight, $1) }) {
      let known = judged.firstIndex { $0.isLike(all[i]) }
      if known == nil { judged.append(all[i]) }
      all[i].pasts = [.init(state: known ?? judged.count - 1, share: 0)]
    }
    var total = [Double](repeating: 0, count: judged.count)
    unsettled = judged.map { $0.buffers.map { _ in (0, 0) } }
    for history in all {
      let (state, share) = (history.pasts[0].state, Portable.exp(history.weight))
      total[state] += share
      for b in history.buffers.indices {
        let (parts, chance) = history.unsettled(b)
        guard chance > 0 else { continue }
        unsettled[state][b].chance += share * chance
        // Of the likeliest one for which there is any.
        if unsettled[state][b].parts == 0 { unsettled[state][b].parts = parts }
      }
    }
    for state in judged.indices { for b in unsettled[state].indices { unsettled[state][b].chance /= total[state] } }
  }

  /// Practically all histories have passed through the same judged state.
  private var isDecided: Bool {
    judged.count == 1 || posterior().contains { $0 > 1 - Histories.settled }
  }

  /// The probability of each judged state.
  func posterior() -> [Double] {
    var sum = [Double](repeating: 0, count: judged.count)
    for history in all { for past in history.pasts { sum[past.state] += Portable.exp(history.weight + past.share) } }
    let total = sum.reduce(0, +)
    return sum.map { $0 / total }
  }

  mutating func forgetNotes() {
    (judged, unsettled) = ([], [])
    for i in all.indices { (all[i].notes, all[i].cycles, all[i].pasts) = ([], [], []) }
  }

  /// Makes one of those that are the same, gives the unlikely up, and lets the likeliest weigh 1.
  private mutating func thin(to most: Int, least: Double) {
    guard all.count > 1 else {
      all[0].weight = 0
      return
    }
    let marks = all.map { $0.future }
    let top = all.reduce(-Double.infinity) { max($0, $1.weight) }
    let order = all.indices.filter { all[$0].weight > top + 1.5 * least }
      .sorted { (marks[$0], all[$1].weight, $0) < (marks[$1], all[$0].weight, $1) }
    var kept: [Trajectory] = []
    kept.reserveCapacity(order.count)
    var last: UInt64?
    for i in order {
      if marks[i] == last {
        kept[kept.count - 1].absorb(all[i])
      } else {
        kept.append(all[i])
        last = marks[i]
      }
    }
    let best = kept.reduce(-Double.infinity) { max($0, $1.weight) }
    kept.removeAll { $0.weight < best + least }
    if kept.count > 1 { kept = Histories.withoutUnlikelyAlike(kept, below: best + Histories.leastAlike) }
    if kept.count > most { kept = Histories.fewer(kept, most) }
    for i in kept.indices { kept[i].weight -= best }
    all = kept
  }
}

extension Trajectory {
  /// Takes the weight of one that has become the same.
  mutating func absorb(_ other: Trajectory) {
    let (a, b) = (weight, other.weight)
    let high = max(a, b)
    weight = high + Portable.log(Portable.exp(a - high) + Portable.exp(b - high))
    for i in pasts.indices { pasts[i].share += a - weight }
    for past in other.pasts {
      let share = past.share + b - weight
      if let i = pasts.firstIndex(where: { $0.state == past.state }) {
        let top = max(pasts[i].share, share)
        pasts[i].share = top + Portable.log(Portable.exp(pasts[i].share - top) + Portable.exp(share - top))
      } else {
        pasts.append(.init(state: past.state, share: share))
      }
    }
  }
}
