import Determinism
import Testing

@testable import Filtering

@Suite struct OptimumTrackerTests {
  private static func tracker(wander: Double) -> OptimumTracker {
    OptimumTracker(range: 150...210, places: 60, bases: [0.01, 0.02, 0.04], losses: [0.1, 0.3, 0.9], wander: wander)
  }
  /// Rejects of n parts at x for an optimum at o: base 0.02, 30 % lost at half the range.
  private static func rejects(_ x: Double, _ o: Double, _ n: Int, _ stream: inout RandomStream) -> Double {
    let p = 0.02 + 0.3 * (x - o) * (x - o) / 900
    return Double((0..<n).count { _ in stream.chance(p) })
  }

  /// Counts at one value leave both sides open; counts at a second value decide.
  @Test func twoValuesDecideTheSide() {
    var stream = RandomStream(seed: 51, "side")
    var tracker = Self.tracker(wander: 0)
    tracker.take(value: 180, rejects: Self.rejects(180, 192, 4000, &stream), parts: 4000)
    let left = tracker.optimum.reduce(0) { $0 + ($1.place < 180 ? $1.probability : 0) }
    #expect(abs(left - 0.5) < 0.01)
    tracker.take(value: 186, rejects: Self.rejects(186, 192, 4000, &stream), parts: 4000)
    #expect(tracker.optimum.reduce(0) { $0 + ($1.place < 180 ? $1.probability : 0) } < 0.01)
    #expect(abs(tracker.belief.mean - 192) < 3.5 * tracker.belief.deviation + 1)
    #expect(tracker.expectedShare(at: 192) < tracker.expectedShare(at: 175))
  }

  /// An optimum that walks is followed: its place lies inside the interval about as often as this says.
  @Test func aWalkingOptimumIsFollowed() {
    var (inside, count) = (0, 0)
    var squares = 0.0
    for seed in 0..<6 {
      var stream = RandomStream(seed: 52, "walk").split(seed)
      var tracker = Self.tracker(wander: 1.2)
      var o = 180.0
      for k in 0..<30 {
        o += 1.2 * stream.normal()
        o = o < 150 ? 300 - o : o > 210 ? 420 - o : o
        tracker.pass(1)
        let x = tracker.belief.mean + (k % 2 == 0 ? 8 : -8)
        tracker.take(value: x, rejects: Self.rejects(x, o, 800, &stream), parts: 800)
        if k >= 8 {
          count += 1
          squares += (tracker.belief.mean - o) * (tracker.belief.mean - o)
          if tracker.optimum(quantile: 0.05) <= o && o <= tracker.optimum(quantile: 0.95) { inside += 1 }
        }
      }
    }
    #expect(Double(inside) / Double(count) > 0.78, "\(inside) of \(count)")
    // A wander of 1.2 a step over 30 steps: not following would err by 5 and more.
    #expect((squares / Double(count)).squareRoot() < 3)
  }

  /// Time alone spreads the belief, by the wander, and keeps it a law.
  @Test func timeSpreadsTheBelief() {
    var tracker = Self.tracker(wander: 1)
    for x in [170.0, 180, 190] { tracker.take(value: x, rejects: x == 180 ? 100 : 600, parts: 5000) }
    let before = tracker.belief.deviation
    for _ in 0..<16 { tracker.pass(1) }
    let after = tracker.belief.deviation
    #expect(abs(after - (before * before + 16).squareRoot()) < 0.4)
    #expect(abs(tracker.optimum.reduce(0) { $0 + $1.probability } - 1) < 1e-9)
  }
}
