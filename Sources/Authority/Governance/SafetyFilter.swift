/// Moves a proposed point to the nearest admissible one, where the loop's file allows that: min Σ ((u − u₀)/range)² over an `AdmissibleSet`.
///
/// Exact by clamping where no coupled limit plays a part; else by `NearestPoint`, a small dual active-set method. Whatever the solver says is
/// checked again against every constraint by itself; anything but a proven answer is a hold. The order of magnitude: 12 tags, 72 rows.
public struct SafetyFilter: Sendable {
  /// How often a row may come or go before the answer counts as late. 10 for each row is far more than was ever seen.
  public var stepLimit: Int

  public init(stepLimit: Int = 720) { self.stepLimit = stepLimit }

  /// What the filter made of a proposed point.
  public enum Outcome: Hashable, Sendable, Codable {
    /// It was admissible as it was.
    case unchanged
    /// The point that may be used instead; only the tags that were changed stand here.
    case projected([FilteredMove])
    /// No point may be used.
    case hold(String)
  }

  /// - Parameter wanted: by tag; exactly the tags of the set.
  public func outcome(of wanted: [String: Double], in set: AdmissibleSet) -> Outcome {
    guard Set(wanted.keys) == Set(set.tags) else { return .hold("the point does not name the set's tags") }
    let asked = set.tags.map { wanted[$0] ?? .nan }
    if let tag = zip(set.tags, asked).first(where: { !$0.1.isProper })?.0 { return .hold("\(tag) is no proper number") }
    if set.faults(of: asked).isEmpty { return .unchanged }
    let (point, keys): ([Double], [[String]])
    if set.rows.isEmpty {
      (point, keys) = set.clamped(asked)
    } else {
      switch solved(asked, in: set) {
      case .failure(let reason): return .hold(reason.words)
      case .success(let found): (point, keys) = (found.point, found.keys)
      }
    }
    // Whoever found the point, it is looked at anew.
    let faults = set.faults(of: point)
    guard faults.isEmpty, point.allSatisfy(\.isProper) else { return .hold("the filter's own point breaks \(faults.joined(separator: ", "))") }
    let moves = set.tags.indices.filter { asked[$0] != point[$0] }.map { index in
      FilteredMove(tag: set.tags[index], asked: asked[index], given: point[index], boundBy: keys[index])
    }
    return moves.isEmpty ? .unchanged : .projected(moves)
  }

  // MARK: - Solving

  private struct Failure: Error {
    var words: String
  }

  private func solved(_ asked: [Double], in set: AdmissibleSet) -> Result<(point: [Double], keys: [[String]]), Failure> {
    // Scaled by the range, so that a degree and a bar count alike; centred on the asked point, so that small moves keep their digits.
    let count = asked.count
    var rows: [NearestPoint.Row] = []
    var names: [(key: String, tags: [Int])] = []
    func unit(_ place: Int, _ sign: Double) -> [Double] { (0..<count).map { $0 == place ? sign : 0 } }
    for (place, interval) in set.intervals.enumerated() {
      rows.append(.init(a: unit(place, 1), b: (interval.high - asked[place]) / set.scales[place]))
      names.append((interval.highKey, [place]))
      rows.append(.init(a: unit(place, -1), b: (asked[place] - interval.low) / set.scales[place]))
      names.append((interval.lowKey, [place]))
    }
    for row in set.rows {
      let scaled = zip(row.coefficients, set.scales).map { $0 * $1 }
      let size = scaled.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard size > 0 else { continue }
      let rest = row.bound - zip(row.coefficients, asked).reduce(0) { $0 + $1.0 * $1.1 }
      rows.append(.init(a: scaled.map { $0 / size }, b: rest / size))
      names.append((row.key, row.coefficients.indices.filter { row.coefficients[$0] != 0 }))
    }
    switch NearestPoint(rows: rows).outcome(from: Array(repeating: 0, count: count), stepLimit: stepLimit) {
    case .infeasible:
      return .failure(Failure(words: "no point is admissible: \(Set(names.map(\.key)).sorted().joined(separator: ", ")) exclude each other"))
    case .undecided: return .failure(Failure(words: "the filter found no answer within its steps"))
    case .found(let z, let active):
      var keys: [[String]] = Array(repeating: [], count: count)
      for row in active { for place in names[row].tags { keys[place].append(names[row].key) } }
      // A bound that binds is met exactly, not up to rounding; and what did not move keeps the loop's own number.
      let point = (0..<count).map { place -> Double in
        let moved = abs(z[place]) < 1e-12 ? asked[place] : asked[place] + z[place] * set.scales[place]
        return min(max(moved, set.intervals[place].low), set.intervals[place].high)
      }
      return .success((point, keys))
    }
  }
}

/// One target that the safety filter changed, and why.
public struct FilteredMove: Hashable, Sendable, Codable {
  public var tag: String
  /// In the tag's unit.
  public var asked: Double
  public var given: Double
  /// Keys of the envelope that bind here: `low`, `high`, `max_step`, `max_per_hour`, `max_drift`, names of coupled limits.
  public var boundBy: [String]
  public init(tag: String, asked: Double, given: Double, boundBy: [String]) {
    (self.tag, self.asked, self.given, self.boundBy) = (tag, asked, given, boundBy)
  }
}

extension AdmissibleSet {
  /// The constraints that a point breaks, by name: a check of its own that shares nothing with the solver.
  public func faults(of point: [Double]) -> [String] {
    var faults: [String] = []
    for (interval, value) in zip(intervals, point) where !(value >= interval.low && value <= interval.high) {
      faults.append("\(value < interval.low ? interval.lowKey : interval.highKey) of \(interval.tag)")
    }
    for row in rows {
      let sum = zip(row.coefficients, point).reduce(0) { $0 + $1.0 * $1.1 }
      let size = zip(row.coefficients, scales).reduce(abs(row.bound)) { $0 + abs($1.0 * $1.1) }
      if !(sum <= row.bound + (EnvelopeCheck.rounding - 1) * size) { faults.append(row.key) }
    }
    return faults
  }

  /// Each tag brought to its interval: the nearest point of a box.
  func clamped(_ asked: [Double]) -> (point: [Double], keys: [[String]]) {
    let point = zip(intervals, asked).map { min(max($1, $0.low), $0.high) }
    let keys = zip(intervals, asked).map { $1 < $0.low ? [$0.lowKey] : $1 > $0.high ? [$0.highKey] : [] }
    return (point, keys)
  }
}

extension ProposalDraft {
  /// The draft with the filter's targets in place of its own.
  func projected(_ moves: [FilteredMove]) -> ProposalDraft {
    var draft = self
    for filtered in moves {
      for index in draft.moves.indices where draft.moves[index].tag == filtered.tag { draft.moves[index].to = filtered.given }
    }
    return draft
  }
}
