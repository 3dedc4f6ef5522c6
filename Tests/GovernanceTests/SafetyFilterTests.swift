import PlantModel
import Quantities
import TemporalLogic
import Testing

@testable import Governance

@Suite struct SafetyFilterTests {
  /// Limits 0 … 100 for each of `count` tags, and these sums over them.
  private static func check(_ count: Int, _ rows: [([Double], Double)]) -> EnvelopeCheck {
    let tags = (0..<count).map { "S\($0 + 10)/x" }
    return EnvelopeCheck(
      envelope: EnvelopeSpec(
        limits: tags.map { TagLimit(tag: $0, unit: "1", low: 0, high: 100, maxStep: 10, maxPerHour: 30, hold: .keep, maxDrift: 40) }, interlocks: [],
        coupledLimits: rows.enumerated().map { index, row in
          CoupledLimit(name: "row\(index)", terms: zip(tags, row.0).map { .init($0, $1) }, atMost: row.1, unit: "1")
        }, authorityCeiling: .closedLoop), rules: GovernorRules())
  }

  private func set(_ check: EnvelopeCheck, _ count: Int, scope: AdmissibleSet.Scope = .change, at value: Double = 50) throws -> AdmissibleSet {
    let present = Dictionary(uniqueKeysWithValues: (0..<count).map { ("S\($0 + 10)/x", value) })
    return try check.admissibleSet(moving: present.keys.sorted(), from: present, scope: scope, at: Instant(seconds: 0)).get()
  }

  private func point(_ values: [Double]) -> [String: Double] {
    Dictionary(uniqueKeysWithValues: values.enumerated().map { ("S\($0.offset + 10)/x", $0.element) })
  }

  @Test func withoutCoupledLimitsABoxIsExact() throws {
    let set = try set(Self.check(3, []), 3, scope: .write)
    let filter = SafetyFilter()
    #expect(filter.outcome(of: point([50, 60, 40]), in: set) == .unchanged)
    #expect(
      filter.outcome(of: point([61, 55, 3]), in: set)
        == .projected([
          FilteredMove(tag: "S10/x", asked: 61, given: 60, boundBy: ["max_step"]),
          FilteredMove(tag: "S12/x", asked: 3, given: 40, boundBy: ["max_step"]),
        ]))
    for value in [Double.nan, .infinity, -0.0, .leastNonzeroMagnitude] {
      guard case .hold = filter.outcome(of: point([value, 50, 50]), in: set) else {
        Issue.record("\(value) was projected")
        continue
      }
    }
    guard case .hold = filter.outcome(of: ["S10/x": 50], in: set) else {
      Issue.record("a point without all tags")
      return
    }
  }

  @Test func theNearestPointOfAHalfPlaneIsItsFoot() throws {
    // x + y ≤ 90 from (60, 50): the foot is (50, 40).
    let set = try set(Self.check(2, [([1, 1], 90)]), 2)
    guard case .projected(let moves) = SafetyFilter().outcome(of: point([60, 50]), in: set) else {
      Issue.record("not projected")
      return
    }
    #expect(moves.map(\.tag) == ["S10/x", "S11/x"] && moves.allSatisfy { $0.boundBy == ["row0"] })
    #expect(abs(moves[0].given - 50) < 1e-9 && abs(moves[1].given - 40) < 1e-9)
  }

  @Test func whatExcludesItselfIsAHold() throws {
    let narrow = try set(Self.check(2, [([1, 1], 90), ([-1, -1], -95)]), 2)
    guard case .hold(let words) = SafetyFilter().outcome(of: point([50, 50]), in: narrow) else {
      Issue.record("a point of an empty set")
      return
    }
    #expect(words.contains("row0"))
    // Late is a hold, too.
    let wide = try set(Self.check(2, [([1, 1], 90)]), 2)
    guard case .hold = SafetyFilter(stepLimit: 0).outcome(of: point([60, 50]), in: wide) else {
      Issue.record("an answer without a step")
      return
    }
    guard case .failure(let found) = Self.check(1, []).admissibleSet(moving: ["S10/x"], from: [:], scope: .change, at: Instant(seconds: 0)) else {
      Issue.record("a set from nowhere")
      return
    }
    #expect(found.refusal.reason == .staleReading)
  }

  /// Random polyhedra of up to 12 tags and 72 rows: the point is admissible, and no direction into the set brings it nearer
  /// (x₀ − x)·(y − x) ≤ 0 for every other admissible y; where a hold is answered, no admissible point is found either.
  @Test func theProjectionIsTheNearestAdmissiblePoint() throws {
    var kinds = [0, 0, 0]
    for seed in UInt64(0)..<300 {
      var dice = Dice(seed)
      let count = 1 + dice.below(12)
      let rows = (0..<dice.below(72 - 2 * count + 1)).map { _ in
        let a = (0..<count).map { _ in dice.below(3) == 0 ? 0 : dice.normal() }
        // Most rows keep the middle inside.
        return (a, a.reduce(0) { $0 + 50 * $1 } + 40 * dice.uniform() - (dice.below(40) == 0 ? 30 : 0))
      }
      let set = try set(Self.check(count, rows), count)
      let asked = (0..<count).map { _ in -50 + 200 * dice.uniform() }
      // Points of the set: the middle, and as far as one can go from it in random directions.
      var inside: [[Double]] = []
      let middle = Array(repeating: 50.0, count: count)
      if set.faults(of: middle).isEmpty {
        inside.append(middle)
        for _ in 0..<20 {
          let direction = (0..<count).map { _ in dice.normal() }
          for reach in [80.0, 20, 5, 1] {
            let there = zip(middle, direction).map { $0 + reach * $1 }
            if set.faults(of: there).isEmpty {
              inside.append(there)
              break
            }
          }
        }
      }
      var x = asked
      switch SafetyFilter().outcome(of: point(asked), in: set) {
      case .unchanged: kinds[0] += 1
      case .hold(let words):
        kinds[1] += 1
        #expect(inside.isEmpty, "seed \(seed): \(words), though there are points")
        continue
      case .projected(let moves):
        kinds[2] += 1
        for move in moves { x[set.tags.firstIndex(of: move.tag)!] = move.given }
      }
      #expect(set.faults(of: x).isEmpty, "seed \(seed)")
      for y in inside {
        let product = zip(zip(asked, x), y).reduce(0) { $0 + ($1.0.0 - $1.0.1) * ($1.1 - $1.0.1) }
        #expect(product <= 1e-5, "seed \(seed): \(product), a nearer point exists")
      }
    }
    #expect(kinds[0] > 0 && kinds[1] > 3 && kinds[2] > 200, "\(kinds)")
  }

  @Test func theSetKnowsAllowanceDriftAndTheTagsThatStandStill() throws {
    let check = Self.check(2, [([1, 1], 100)])
    let now = Instant(seconds: 10_000)
    let set = try check.admissibleSet(
      moving: ["S10/x"], from: ["S10/x": 50, "S11/x": 45], scope: .write, spent: [SpentStep(tag: "S10/x", at: now - .minutes(5), amount: 26)],
      at: now,
      baseline: ["S10/x": 91]
    ).get()
    func given(_ value: Double) -> FilteredMove? {
      if case .projected(let moves) = SafetyFilter().outcome(of: ["S10/x": value], in: set) { moves.first } else { nil }
    }
    // 4 are left of the hour's 30; 40 around the approved 91 is 51 and more; 45 of the other leaves 55.
    #expect(given(60)?.given == 54 && given(60)?.boundBy == ["max_per_hour"])
    #expect(given(40)?.given == 51 && given(40)?.boundBy == ["max_drift"])
    let coupled = try check.admissibleSet(moving: ["S10/x"], from: ["S10/x": 50, "S11/x": 47], scope: .write, at: now).get()
    guard case .projected(let moves) = SafetyFilter().outcome(of: ["S10/x": 58], in: coupled) else {
      Issue.record("not projected")
      return
    }
    #expect(abs(moves[0].given - 53) < 1e-9 && moves[0].boundBy == ["row0"])
  }

  @Test func aProjectedDraftNamesTheFiltersTargets() {
    let interval = ClaimInterval(lower: 1, expected: 2, upper: 3)
    let draft = ProposalDraft(
      loop: "l", moves: [Move(tag: "S10/x", from: 50, to: 61), Move(tag: "S11/x", from: 50, to: 52)],
      claim: Claim(objective: .goodPartsPerHour, goodPerHour: interval, valuePerHour: interval, confidence: 0.9, horizon: .hours(1)), rationale: "",
      revision: "r", calibration: "c", expires: Instant(seconds: 1))
    let moved = draft.projected([FilteredMove(tag: "S10/x", asked: 61, given: 60, boundBy: ["max_step"])])
    #expect(moved.moves.map(\.to) == [60, 52] && moved.moves.map(\.from) == [50, 50])
  }

  @Test func aProposalIsAdmittedProjectedOrRefusedAsItsLoopsFileSays() throws {
    let check = Self.check(2, [([1, 1], 100)])
    let present = ["S10/x": 50.0, "S11/x": 45]
    func admission(_ moves: [(String, Double)], projects: Bool, baseline: [String: Double] = [:], filter: SafetyFilter = SafetyFilter()) -> Admission
    {
      let interval = ClaimInterval(lower: 1, expected: 2, upper: 3)
      let draft = ProposalDraft(
        loop: "l", moves: moves.map { Move(tag: $0.0, from: present[$0.0] ?? 0, to: $0.1) },
        claim: Claim(objective: .goodPartsPerHour, goodPerHour: interval, valuePerHour: interval, confidence: 0.9, horizon: .hours(1)), rationale: "",
        revision: "r", calibration: "c", expires: Instant(seconds: 1))
      return check.admission(of: draft, projects: projects, present: present, baseline: baseline, at: Instant(seconds: 0), filter: filter)
    }
    func reason(_ admission: Admission) -> Refusal.Reason? { if case .refused(let refusal) = admission { refusal.reason } else { nil } }
    #expect(admission([("S10/x", 54)], projects: false) == .asProposed)
    #expect(reason(admission([("S10/x", 58)], projects: false)) == .coupledLimit)
    #expect(reason(admission([("S10/x", 101)], projects: false)) == .outsideLimits)
    #expect(reason(admission([("S10/x", 54)], projects: false, baseline: ["S10/x": 10])) == .driftExceeded)
    guard case .projected(let draft, let moves) = admission([("S10/x", 58)], projects: true) else {
      Issue.record("not projected")
      return
    }
    #expect(abs(draft.moves[0].to - 55) < 1e-9 && moves.count == 1 && moves[0].asked == 58 && moves[0].boundBy == ["row0"])
    #expect(reason(admission([("S10/x", 58)], projects: true, filter: SafetyFilter(stepLimit: 0))) == .noAdmissiblePoint)
    #expect(reason(admission([("S10/x", .nan)], projects: true)) == .noAdmissiblePoint)
    #expect(reason(admission([("S10/x", 54), ("S10/x", 55)], projects: true)) == .tagNotAllowed)
    #expect(reason(admission([("S10/x", 54)], projects: true, baseline: ["S10/x": .nan])) == .notFinite)
  }
}
