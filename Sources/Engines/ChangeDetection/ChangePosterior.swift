import Determinism
public import Quantities

/// When a stream changed and by how much, given that it did once: a posterior over all instants since its regime began.
///
/// It keeps the moments on both sides of each instant that is still plausible, and goes on learning as observations come after the alarm:
/// they all fall on the later side, so the date and the new value sharpen together.
public struct ChangePosterior: Sendable, Hashable, Codable {
  struct Candidate: Sendable, Hashable, Codable {
    var before: Moments
    /// Up to the alarm.
    var after: Moments
    /// End of the last observation before it, and beginning of the first one after it.
    var previous: Instant
    var start: Instant
    /// How many instants it stands for.
    var instants: Double
  }
  public let law: StreamLaw
  /// Added to the score's mean for a normal or a lognormal law.
  let origin: Double
  private(set) var candidates: [Candidate]
  /// What came after the alarm: on the later side of every candidate.
  private(set) var later = Moments()
  private(set) var weights: [Double] = []

  /// - Parameters:
  ///   - base: what was learnt before the history begins.
  ///   - history: what came since; a change may have come at the beginning of each bucket.
  init?(_ law: StreamLaw, origin: Double, base: Moments, history: SegmentHistory) {
    (self.law, self.origin) = (law, origin)
    let buckets = history.buckets
    var after = Moments()
    var candidates: [Candidate] = []
    // Sums from the newest backwards, so that the later side of a recent change is not a difference of great numbers.
    for i in buckets.indices.reversed() {
      after = after + buckets[i].moments
      let previous = i > 0 ? buckets[i - 1].end : buckets[i].start
      candidates.append(
        Candidate(before: Moments(), after: after, previous: previous, start: buckets[i].start, instants: max(buckets[i].moments.count, 1e-9)))
    }
    candidates.reverse()
    var before = base
    for i in buckets.indices {
      candidates[i].before = before
      before = before + buckets[i].moments
    }
    let needed: Double = law.learns ? 2 : 0
    self.candidates = candidates.filter { $0.before.count >= needed && $0.after.count > 0 }
    guard !self.candidates.isEmpty else { return nil }
    weigh()
    prune()
  }

  /// Takes in an observation that came after the alarm, in the law's own scale.
  mutating func absorb(_ y: Double, exposure: Double, weight: Double) {
    later.add(y, exposure: exposure, weight: weight)
    weights = []
  }

  private var logEvidences: [Double] {
    candidates.map { law.logEvidence(before: $0.before, after: $0.after + later) + Portable.log($0.instants) }
  }

  /// Bayes' rule over the candidates.
  mutating func weigh() {
    let logs = logEvidences
    let top = logs.max() ?? 0
    let raw = logs.map { Portable.exp($0 - top) }
    let total = raw.reduce(0, +)
    weights = raw.map { $0 / total }
  }

  /// Drops instants that nobody will ask for again.
  private mutating func prune() {
    let kept = candidates.indices.filter { weights[$0] > 1e-7 }
    candidates = kept.map { candidates[$0] }
    weights = kept.map { weights[$0] }
  }

  /// The same with its weights worked out.
  var weighed: ChangePosterior {
    guard weights.isEmpty else { return self }
    var copy = self
    copy.weigh()
    return copy
  }

  /// The likeliest instant.
  var mode: Candidate {
    let p = weighed
    return p.candidates[p.weights.indices.max { p.weights[$0] < p.weights[$1] }!]
  }

  /// log of the likelihood of a change, summed over its instants, against none.
  var logBayesFactor: Double {
    guard let first = candidates.first else { return 0 }
    let logs = logEvidences
    let top = logs.max() ?? 0
    let sum = logs.reduce(0) { $0 + Portable.exp($1 - top) }
    return top + Portable.log(sum) - law.logEvidence(of: first.before + first.after + later)
  }

  /// log of the likelihood of the likeliest instant against none, of those up to `alarm` and of all.
  func bestLogRatios(upTo alarm: Instant) -> (upTo: Double, all: Double) {
    guard let first = candidates.first else { return (0, 0) }
    let none = law.logEvidence(of: first.before + first.after + later)
    let ratios = candidates.map { law.logEvidence(before: $0.before, after: $0.after + later) - none }
    let early = zip(candidates, ratios).prefix { $0.0.start <= alarm }
    return (early.map(\.1).max() ?? 0, ratios.max() ?? 0)
  }

  /// What is believed of the stream since the change: the moments of the later side, expected over its instants.
  public var momentsSince: Moments {
    let p = weighed
    return zip(p.candidates, p.weights).reduce(later) { $0 + $1.0.after * $1.1 }
  }

  /// The likeliest instant, and the central interval of the given probability.
  public func date(level: Double = 0.9) -> (since: Instant, earliest: Instant, latest: Instant) {
    let p = weighed
    var sum = 0.0
    var (earliest, latest): (Instant?, Instant?)
    for (candidate, weight) in zip(p.candidates, p.weights) {
      sum += weight
      if earliest == nil, sum >= (1 - level) / 2 { earliest = candidate.previous }
      if latest == nil, sum >= (1 + level) / 2 { latest = candidate.start }
    }
    let since = p.mode.start
    return (since, min(earliest ?? since, since), max(latest ?? since, since))
  }
}
