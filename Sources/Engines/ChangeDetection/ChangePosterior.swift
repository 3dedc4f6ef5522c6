import Determinism
public import Quantities

/// When a stream changed and by how much, given that it did once: a posterior over all instants since its regime began.
///
/// It keeps the moments on both sides of each instant that is still plausible, and goes on learning as observations come after the alarm:
/// they all fall on the later side, so the date and the new value sharpen together.
public struct ChangePosterior: Sendable, Hashable, Codable {
  struct Candidate: Sendable, Hashable, Codable {
    var before: Moments
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
    for i in candidates.indices { candidates[i].after.add(y, exposure: exposure, weight: weight) }
    weights = []
  }

  /// Bayes' rule over the candidates.
  mutating func weigh() {
    let logs = candidates.map { law.logEvidence(before: $0.before, after: $0.after) + Portable.log($0.instants) }
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

  /// log of the likelihood of a change, averaged over its instants' number, against none.
  var logBayesFactor: Double {
    guard let first = candidates.first else { return 0 }
    let logs = candidates.map { law.logEvidence(before: $0.before, after: $0.after) + Portable.log($0.instants) }
    let top = logs.max() ?? 0
    let sum = logs.reduce(0) { $0 + Portable.exp($1 - top) }
    return top + Portable.log(sum) - law.logEvidence(of: first.before + first.after)
  }

  /// What is believed of the stream since the change: the moments of the later side, expected over its instants.
  public var momentsSince: Moments {
    let p = weighed
    return zip(p.candidates, p.weights).reduce(Moments()) { $0 + $1.0.after * $1.1 }
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

  /// The quantity before and after the change, and the ratio or difference of the two.
  public func magnitude(level: Double = 0.9) -> (before: Estimate, after: Estimate, effect: Estimate) {
    let p = weighed
    // A thousandth of the probability moves no quantile of an interval of 90 %.
    let plausible = p.candidates.indices.filter { p.weights[$0] > 1e-4 }
    let total = plausible.reduce(0) { $0 + p.weights[$1] }
    let parts = plausible.map { i in
      let c = p.candidates[i]
      return (c, p.weights[i] / total, law.spread(before: c.before, after: c.after))
    }
    func mixture(_ f: (Candidate, (sd: Double, freedom: Double)) -> Double) -> Double { parts.reduce(0) { $0 + $1.1 * f($1.0, $1.2) } }
    let origin = origin
    let after = Estimate(level: level, in: law, of: parts.map(\.0.after), parts.map(\.2)) { q in mixture { law.meanCDF(q, of: $0.after, spread: $1) }
    }
    let before =
      law.learns
      ? Estimate(level: level, in: law, of: parts.map(\.0.before), parts.map(\.2)) { q in mixture { law.meanCDF(q, of: $0.before, spread: $1) } }
      : Estimate(value: law == .normalScore ? 0 : 1, low: law == .normalScore ? 0 : 1, high: law == .normalScore ? 0 : 1, level: level)
    let effect: Estimate
    if law == .normal || law == .lognormal || law == .normalScore {
      let reach = parts.map { abs($0.0.after.mean - $0.0.before.mean) + 40 * $0.2.sd + 40 }.max() ?? 1
      effect = Estimate(level: level, low: -reach, high: reach, geometric: false) { q in
        mixture { law.effectCDF(q, before: $0.before, after: $0.after, spread: $1) }
      }
    } else {
      effect = Estimate(level: level, low: 1e-6, high: 1e6, geometric: true) { q in
        mixture { law.effectCDF(q, before: $0.before, after: $0.after, spread: $1) }
      }
    }
    return (before.mapped { law.quantity($0, origin: origin) }, after.mapped { law.quantity($0, origin: origin) }, effect.mapped(law.effect))
  }
}

extension Estimate {
  /// Of the mean of a score whose posterior is a mixture over stretches.
  fileprivate init(
    level: Double, in law: StreamLaw, of stretches: [Moments], _ spreads: [(sd: Double, freedom: Double)], _ cdf: (Double) -> Double
  ) {
    switch law {
    case .normal, .lognormal, .normalScore:
      let low = zip(stretches, spreads).map { $0.mean - 60 * ($1.sd + 1e-12) }.min() ?? -1
      let high = zip(stretches, spreads).map { $0.mean + 60 * ($1.sd + 1e-12) }.max() ?? 1
      self.init(level: level, low: low, high: high, geometric: false, cdf)
    case .binomial:
      self.init(level: level, low: 1e-9, high: 1, geometric: true, cdf)
    default:
      // Rates by their exposure, durations by their count: both are sums of one sign.
      let means = zip(stretches, spreads).map { m, _ in (m.sum + 0.5) / max(law == .poisson || law == .countScore ? m.exposure : m.count, 1e-9) }
      self.init(level: level, low: (means.min() ?? 1) * 1e-4, high: (means.max() ?? 1) * 1e4, geometric: true, cdf)
    }
  }
}
