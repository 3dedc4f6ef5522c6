import Determinism
import Probability
public import Quantities

/// Chooses how fast old observations of an activity are to be forgotten, by how well each half-life foretold the next observation.
///
/// Each expert is a half-life with a model (exponential or lognormal) and keeps fading sums. Before an observation x is taken in, every
/// expert scores it: w_e ← w_e·p_e(x), then a share α of all weight is dealt out again as it was at the start (fixed share), so that
/// another half-life can take over when the plant changes its habits. O(experts) a step, no randomness.
///
/// A change that was dated by someone else is not a reason to forget faster: after `change`, the scores are worked out again with what
/// lies before that date counted little.
///
/// - Source: A. P. Dawid 1984, doi:10.2307/2981683 (prequential score); M. Herbster, M. K. Warmuth 1998, doi:10.1023/A:1007424614876.
public struct ForgettingLaw: Sendable, Hashable, Codable {
  /// Half-lives in rising order; nil, never, is the last.
  public let halfLives: [Duration?]
  /// α.
  public let switching: Double
  public private(set) var changes: [Recency.Change] = []
  /// Σ log p of the mixture so far: the evidence for the whole scheme.
  public private(set) var logScore = 0.0

  private let prior: ActivityPrior
  private var statistics: [RecentStatistics]
  /// Belief in each expert, now and beforehand: [half-life · models + model].
  private var weights: [Double]
  private let start: [Double]
  private var last: Instant?
  /// The newest observations with their dates, for `change`.
  private var history: [Dated] = []

  private struct Dated: Sendable, Hashable, Codable { var date: Instant, seconds: Double, complete: Bool, weight: Double }
  /// Older observations have had their say.
  private static let remembered = 4_096

  /// - Parameters:
  ///   - halfLives: in rising order; forgetting never is added as the last.
  ///   - switching: α, the chance at each observation that another half-life becomes the right one.
  ///   - never: belief beforehand that the law stands still between dated changes; the rest is shared evenly among the half-lives.
  public init(prior: ActivityPrior, halfLives: [Duration], switching: Double = 0.001, never: Double = 0.5) {
    precondition(never > 0 && never < 1, "a belief lies between 0 and 1, not at \(never)")
    precondition(zip(halfLives, halfLives.dropFirst()).allSatisfy { $0 < $1 }, "half-lives rise")
    precondition(switching >= 0 && switching < 1, "a share lies between 0 and 1, not at \(switching)")
    self.prior = prior
    self.halfLives = halfLives.map { $0 } + [nil]
    self.switching = switching
    statistics = Array(repeating: RecentStatistics(), count: self.halfLives.count)
    let models = Double(Self.models.count)
    start = self.halfLives.flatMap { halfLife in
      Self.models.map { _ in (halfLife == nil ? (halfLives.isEmpty ? 1 : never) : (1 - never) / Double(halfLives.count)) / models }
    }
    weights = start
  }

  private static let models = RecentStatistics.Model.allCases

  /// Takes in an activity that ended, or was cut, at `date`. Feed each once, in order of date; what still goes on waits until it is over.
  ///
  /// An interval counts as its middle; left-censored and uninformative ones are passed over.
  public mutating func observe(_ observation: ActivityObservation, at date: Instant) {
    guard observation.isInformative, observation.kind != .leftCensored, observation.low > 0 else { return }
    let complete = observation.kind != .rightCensored
    let seconds = (complete ? (observation.low + observation.high) / 2 : observation.low) * observation.pace
    let dated = Dated(date: date, seconds: seconds, complete: complete, weight: observation.weight)
    history.append(dated)
    if history.count > 2 * Self.remembered { history.removeFirst(Self.remembered) }
    take(dated, kept: 1)
  }

  /// From `date` on another law holds; what lies before keeps `kept` of its weight. The remembered record is gone through again.
  public mutating func change(at date: Instant, kept: Double = 0.02) {
    changes.append(Recency.Change(date: date, kept: kept))
    changes.sort { $0.date < $1.date }
    statistics = Array(repeating: RecentStatistics(), count: halfLives.count)
    weights = start
    (last, logScore) = (nil, 0)
    var open = changes[...]
    for dated in history {
      var kept = 1.0
      while let next = open.first, next.date <= dated.date {
        kept *= next.kept
        open.removeFirst()
      }
      take(dated, kept: kept)
    }
    for next in open { for h in statistics.indices { statistics[h].fade(next.kept) } }
  }

  private mutating func take(_ dated: Dated, kept: Double) {
    let gap = last.map { max(0, (dated.date - $0).seconds) } ?? 0
    last = max(last ?? dated.date, dated.date)
    let m = Self.models.count
    var logs = [Double](repeating: 0, count: weights.count)
    for h in halfLives.indices {
      statistics[h].fade(kept * Recency.faded(gap, halfLives[h]))
      for (k, model) in Self.models.enumerated() {
        let score = statistics[h].logScore(dated.seconds, complete: dated.complete, model, prior)
        logs[h * m + k] = Portable.log(weights[h * m + k]) + dated.weight * score
      }
      statistics[h].observe(dated.seconds, complete: dated.complete, weight: dated.weight, prior)
    }
    let sum = LogSum.of(logs)
    logScore += sum
    for e in weights.indices { weights[e] = (1 - switching) * Portable.exp(logs[e] - sum) + switching * start[e] }
  }

  /// Belief in each half-life, adding up to one.
  public var probabilities: [Double] {
    halfLives.indices.map { h in Self.models.indices.reduce(0) { $0 + weights[h * Self.models.count + $1] } }
  }

  /// The half-life that has the most belief; nil for never.
  public var best: Duration? {
    let p = probabilities
    return halfLives[p.indices.max { p[$0] < p[$1] }!]
  }

  /// The half-life to use: the harmonic mean of all by belief, 1/h = Σ P(h)/h, so that weights are the geometric means of the experts'.
  /// Nil, never, where it would exceed thirty years.
  public var halfLife: Duration? {
    var rate = 0.0
    for (halfLife, p) in zip(halfLives, probabilities) { if let halfLife { rate += p / halfLife.seconds } }
    return rate * 1e9 < 1 ? nil : .seconds(1 / rate)
  }

  /// The weights that observations are to be given.
  public var recency: Recency { Recency(halfLife: halfLife, changes: changes) }
}
