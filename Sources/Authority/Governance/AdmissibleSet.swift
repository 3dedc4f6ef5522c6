internal import PlantModel
public import Quantities
internal import TemporalLogic

/// Where a change may take its tags: box ∩ step ∩ hourly allowance ∩ drift ∩ coupled limits, in the plant's units.
public struct AdmissibleSet: Sendable, Hashable {
  /// What the set is for.
  public enum Scope: Sendable, Hashable {
    /// One write: step and hourly allowance count.
    case write
    /// A whole change, which goes out as a ramp: they do not.
    case change
  }

  /// Low ≤ tag ≤ high, each bound with the key of the envelope that draws it.
  struct Interval: Sendable, Hashable {
    var tag: String
    var low: Double
    var high: Double
    var lowKey: String
    var highKey: String

    mutating func narrow(_ low: Double, _ high: Double, _ key: String) {
      if low > self.low { (self.low, lowKey) = (low, key) }
      if high < self.high { (self.high, highKey) = (high, key) }
    }
  }

  /// Σ coefficient·tag ≤ bound over the moved tags; the others' part is in the bound.
  struct Row: Sendable, Hashable {
    var key: String
    var coefficients: [Double]
    var bound: Double
  }

  /// In order of their tags.
  let intervals: [Interval]
  let rows: [Row]
  /// high − low of each tag's limits: what the distance is measured by.
  let scales: [Double]

  var tags: [String] { intervals.map(\.tag) }
}

extension EnvelopeCheck {
  /// The set for moving `tags` from where they stand; or why there is none.
  ///
  /// - Parameters:
  ///   - present: where every tag stands that a coupled limit names, the moved ones included.
  ///   - spent: steps of the last hour.
  ///   - baseline: what a person last approved, by tag.
  public func admissibleSet(
    moving tags: [String], from present: [String: Double], scope: AdmissibleSet.Scope, spent: [SpentStep] = [], at now: Instant,
    baseline: [String: Double] = [:]
  ) -> Result<AdmissibleSet, MoveRefusal> {
    func fail(_ reason: Refusal.Reason, _ detail: String) -> Result<AdmissibleSet, MoveRefusal> { .failure(MoveRefusal(Refusal(reason, detail))) }
    var intervals: [AdmissibleSet.Interval] = []
    for tag in Set(tags).sorted() {
      guard let limit = limit(tag) else { return fail(.noLimit, "\(tag) has no limits in the envelope") }
      // A comparison with what is no number would leave no bound at all.
      let numbers = [limit.low, limit.high, limit.maxStep, limit.maxPerHour, limit.maxDrift ?? 0, baseline[tag] ?? 0]
      guard numbers.allSatisfy(\.isFinite) else { return fail(.notFinite, "a limit of \(tag) is no number") }
      guard let value = present[tag], value.isFinite else { return fail(.staleReading, "\(tag) is not known") }
      var interval = AdmissibleSet.Interval(tag: tag, low: limit.low, high: limit.high, lowKey: "low", highKey: "high")
      if scope == .write {
        interval.narrow(value - limit.maxStep, value + limit.maxStep, "max_step")
        let left = max(limit.maxPerHour - SpentStep.total(spent, of: tag, at: now), 0)
        interval.narrow(value - left, value + left, "max_per_hour")
      }
      if let approved = baseline[tag], let most = limit.maxDrift { interval.narrow(approved - most, approved + most, "max_drift") }
      guard interval.low <= interval.high else {
        return fail(.noAdmissiblePoint, "\(tag) stands at \(value), from where its \(interval.lowKey) and \(interval.highKey) leave no way")
      }
      intervals.append(interval)
    }
    var rows: [AdmissibleSet.Row] = []
    for limit in envelope.coupledLimits where limit.terms.contains(where: { term in intervals.contains { $0.tag == term.signal } }) {
      var row = AdmissibleSet.Row(key: limit.name, coefficients: intervals.map { _ in 0 }, bound: limit.atMost)
      for term in limit.terms {
        if let place = intervals.firstIndex(where: { $0.tag == term.signal }) {
          row.coefficients[place] += term.coefficient
        } else {
          guard let value = present[term.signal], value.isFinite else { return fail(.staleReading, "\(limit.name): \(term.signal) is not known") }
          row.bound -= term.coefficient * value
        }
      }
      rows.append(row)
    }
    let scales = intervals.map { interval in limit(interval.tag).map { max($0.high - $0.low, .leastNormalMagnitude) } ?? 1 }
    return .success(AdmissibleSet(intervals: intervals, rows: rows, scales: scales))
  }
}
