import Determinism

/// Where a case goes next: what followed each context in the log, from coarse contexts to fine ones.
///
/// Level 0 knows the activity just done; level 1 also how often the case has done it (1, 2, 3–4, 5–8, more); level 2 also the activity
/// before it. With counts n of a context and p' of the coarser one, p(next) = (n(next) + α·p'(next))/(Σn + α). The strength α of each level
/// is the one that foretells the log best when each step is left out once; a level that does not pay has none.
///
/// - Source: Y. W. Teh 2006, doi:10.3115/1220175.1220299 (hierarchical smoothing of sequences).
public struct RoutingModel: Sendable, Hashable, Codable {
  /// What a case has behind it.
  public struct Context: Sendable, Hashable, Codable {
    /// The activity just done; nil before the first.
    public var last: Int?
    /// How often the case has done it, this time included.
    public var visits: Int
    /// The activity before that was another one; nil where there was none.
    public var previous: Int?
    public init(last: Int?, visits: Int, previous: Int?) { (self.last, self.visits, self.previous) = (last, visits, previous) }
    public static let beginning = Context(last: nil, visits: 0, previous: nil)

    /// The context after one more activity.
    func after(_ activity: Int, visits: Int) -> Context {
      Context(last: activity, visits: visits, previous: activity == last ? previous : last)
    }

    /// The key of a level.
    func key(_ level: Int) -> Key {
      Key(
        last: last ?? -1, bucket: level >= 1 ? [0, 1, 2, 3, 3, 4, 4, 4, 4][min(visits, 8)] + (visits > 8 ? 1 : 0) : -1,
        previous: level >= 2 ? previous ?? -1 : -2)
    }
  }
  struct Key: Sendable, Hashable, Codable, Comparable {
    var last: Int
    var bucket: Int
    var previous: Int
    static func < (a: Key, b: Key) -> Bool { (a.last, a.bucket, a.previous) < (b.last, b.bucket, b.previous) }
  }
  struct Row: Sendable, Hashable, Codable {
    var key: Key
    /// How often each activity came next; the last entry is the end of the case. An end that is only probable counts as its probability.
    var counts: [Double]
  }

  /// How many activities there are; the number after the last is the end.
  public let activityCount: Int
  /// Rows of level 0, 1, 2, sorted by key.
  let levels: [[Row]]
  /// α of each level: of level 0 towards equal chances for what the log shows at all. Nil for a level that does not pay.
  public let strengths: [Double?]

  public var end: Int { activityCount }
  static let levelCount = 3

  /// One step of a case: from a context to an activity or to the end.
  struct Step {
    var context: Context
    var next: Int
    var weight: Double
  }

  init(activityCount: Int, steps: [Step]) {
    self.activityCount = activityCount
    var levels: [[Row]] = []
    for level in 0..<Self.levelCount {
      var rows: [Key: [Double]] = [:]
      for step in steps { rows[step.context.key(level), default: Array(repeating: 0, count: activityCount + 1)][step.next] += step.weight }
      levels.append(rows.keys.sorted().map { Row(key: $0, counts: rows[$0]!) })
    }
    self.levels = levels
    strengths = Self.chooseStrengths(activityCount, levels.map { $0.reduce(into: [:]) { $0[$1.key] = $1.counts } }, steps)
  }

  /// The α that foretell best, level by level, by the log likelihood with each step left out of its own counts.
  private static func chooseStrengths(_ activityCount: Int, _ tables: [[Key: [Double]]], _ steps: [Step]) -> [Double?] {
    var strengths: [Double?] = [1]
    var coarser = steps.map { step in leftOut(tables[0], 0, step, 1, 1 / Double(activityCount + 1)) }
    for level in 1..<levelCount {
      var best: (strength: Double?, score: Double, chances: [Double]) = (nil, score(coarser, steps), coarser)
      for strength in [0.5, 1, 2, 4, 8, 16, 32, 64] {
        let chances = zip(steps, coarser).map { leftOut(tables[level], level, $0, strength, $1) }
        let score = score(chances, steps)
        if score > best.score { best = (strength, score, chances) }
      }
      strengths.append(best.strength)
      coarser = best.chances
    }
    return strengths
  }

  private static func leftOut(_ table: [Key: [Double]], _ level: Int, _ step: Step, _ strength: Double, _ coarser: Double) -> Double {
    let counts = table[step.context.key(level)]!
    let total = counts.reduce(0, +) - step.weight
    return (max(counts[step.next] - step.weight, 0) + strength * coarser) / (max(total, 0) + strength)
  }

  private static func score(_ chances: [Double], _ steps: [Step]) -> Double {
    zip(chances, steps).reduce(0) { $0 + $1.1.weight * Portable.log(max($1.0, 1e-12)) }
  }
}
