import Determinism
import Estimation
import Probability

extension CaseMiner {
  /// One gap between two activities of a case.
  struct Gap {
    var trace: Int
    var from: Int
    var to: Int
    /// Calendar seconds from the completion before, or from when the resource became free, to the start.
    var calendar: Double
    /// The same in operational time of the next activity.
    var operational: Double
  }

  /// The gaps of the log, in order of its cases.
  func gaps() -> [Gap] {
    let freed = lastCompletions()
    var gaps: [Gap] = []
    for (t, trace) in log.traces.enumerated() {
      for i in trace.steps.indices.dropFirst() {
        let (before, step) = (trace.steps[i - 1], trace.steps[i])
        var ready = before.complete ?? before.start
        if let pool = poolOf[step.activity], pools[pool].isBottleneck, let free = freed[StepPlace(trace: t, step: i)] { ready = max(ready, free) }
        gaps.append(
          Gap(
            trace: t, from: before.activity, to: step.activity, calendar: step.start - ready,
            operational: profiles[step.activity].elapsed(from: ready, to: step.start)))
      }
    }
    return gaps
  }

  /// All but the waits from each activity, which depend on what is known to have ended.
  func waits(_ gaps: [Gap]) -> WaitModel {
    let n = log.activities.count
    let byPair = Dictionary(grouping: gaps) { $0.from * n + $0.to }
    let pairs = byPair.keys.sorted().filter { byPair[$0]!.count >= WaitModel.leastForPair }.map {
      WaitModel.Pair(from: $0 / n, to: $0 % n, kind: kind(byPair[$0]!))
    }
    var model = WaitModel(
      pairs: pairs, targets: (0..<n).map { i in kind(gaps.filter { $0.to == i }) }, sources: [], all: kind(gaps), caseCorrelation: 0)
    model.caseCorrelation = correlation(gaps, model)
    return model
  }

  /// The waits from each activity on; a case that has not ended waits still. Whether it has is imputed once, by its chance and a luck of its
  /// own that stays the same from round to round: to leave out whatever has probably ended would cut the tail off the waits.
  func waitsFrom(_ gaps: [Gap], _ ended: [Double]) -> [WaitModel.Kind] {
    var open = Array(repeating: [Double](), count: log.activities.count)
    for (trace, end) in zip(log.traces, ended) {
      var luck = RandomStream(seed: 0, "imputation", trace.name)
      guard luck.uniform() >= end, let last = trace.steps.last, let complete = last.complete, complete < now else { continue }
      open[last.activity].append(overall.elapsed(from: complete, to: now))
    }
    return log.activities.indices.map { i in kind(gaps.filter { $0.from == i }, open: open[i]) }
  }

  private func kind(_ gaps: [Gap], open: [Double] = []) -> WaitModel.Kind {
    let waited = gaps.filter { $0.calendar > WaitModel.immediateLimit }.map { LifetimeFit.Observation(max($0.operational, 1)) }
    let cut = open.map { LifetimeFit.Observation(max($0, 1), complete: false) }
    return WaitModel.Kind(
      waited: waited.count, immediate: gaps.filter { $0.calendar <= WaitModel.immediateLimit }.map(\.calendar), law: LawChoice.choose(waited + cut))
  }

  /// The normal scores of the waits of each case.
  func scores(_ gaps: [Gap], _ model: WaitModel) -> [[Double]] {
    let n = log.activities.count
    var laws: [Int: Law] = [:]
    for pair in model.pairs { laws[pair.from * n + pair.to] = pair.kind.law?.law }
    var scores = Array(repeating: [Double](), count: log.traces.count)
    for gap in gaps where gap.calendar > WaitModel.immediateLimit {
      let target = model.targets[gap.to]
      let usable = target.waited + target.immediate.count >= WaitModel.leastForTarget ? target : model.all
      guard let law = laws[gap.from * n + gap.to] ?? usable.law?.law else { continue }
      scores[gap.trace].append(law.normalScore(max(gap.operational, 1)))
    }
    return scores
  }

  /// The intraclass correlation of the scores, by analysis of variance with unequal group sizes, held in 0 … 0.8.
  ///
  /// - Source: S. R. Searle, Linear Models, 1971, chapter 10.
  private func correlation(_ gaps: [Gap], _ model: WaitModel) -> Double {
    let groups = scores(gaps, model).filter { $0.count >= 2 }
    let n = Double(groups.reduce(0) { $0 + $1.count })
    guard groups.count >= 10, n > Double(groups.count) else { return 0 }
    let mean = groups.flatMap(\.self).reduce(0, +) / n
    var (between, within, squares) = (0.0, 0.0, 0.0)
    for group in groups {
      let m = group.reduce(0, +) / Double(group.count)
      between += Double(group.count) * (m - mean) * (m - mean)
      within += group.reduce(0) { $0 + ($1 - m) * ($1 - m) }
      squares += Double(group.count * group.count)
    }
    let k = Double(groups.count)
    let (a, b) = (between / (k - 1), within / (n - k))
    let size = (n - squares / n) / (k - 1)
    let component = (a - b) / size
    return min(max(component / (component + b), 0), 0.8)
  }

  struct StepPlace: Hashable {
    var trace: Int
    var step: Int
  }

  /// For each step with a resource, when that resource last ended something before this step began.
  private func lastCompletions() -> [StepPlace: Double] {
    var byResource: [[(start: Double, complete: Double?, place: StepPlace)]] = Array(repeating: [], count: log.resources.count)
    for (t, trace) in log.traces.enumerated() {
      for (i, step) in trace.steps.enumerated() {
        if let r = step.resource { byResource[r].append((step.start, step.complete, StepPlace(trace: t, step: i))) }
      }
    }
    var freed: [StepPlace: Double] = [:]
    for list in byResource {
      let ends = list.compactMap(\.complete).sorted()
      for item in list {
        let i = Law.rank(ends, item.start.nextUp)
        if i > 0 { freed[item.place] = ends[i - 1] }
      }
    }
    return freed
  }
}
