/// `max over s in t−w … t of min(ψ(s), min of φ over t−w … s)`: an until whose first instant is the window's, in O(1) amortised.
///
/// The window's segments form a queue whose aggregate is kept by two stacks. The aggregate of a run of segments is (least φ, until);
/// two runs in a row join to (min φ₁ φ₂, max(u₁, min(φ₁, u₂))), which is associative.
///
/// - Source: K. Tangwongsan et al. 2015, doi:10.14778/2752939.2752940 (two-stacks aggregation).
struct SlidingUntil: Sendable {
  private struct Run: Sendable {
    var holds: Satisfaction
    var until: Satisfaction
    init(_ holds: Satisfaction, _ goal: Satisfaction) { (self.holds, until) = (holds, holds & goal) }
    private init(holds: Satisfaction, until: Satisfaction) { (self.holds, self.until) = (holds, until) }
    static func + (a: Run, b: Run) -> Run { Run(holds: a.holds & b.holds, until: a.until | (a.holds & b.until)) }
  }
  private struct Entry: Sendable {
    var end: Int64
    var run: Run
  }

  private let width: Int64
  /// Oldest last; each with the aggregate from itself to the newest of this stack.
  private var front: [Entry] = []
  /// Oldest first.
  private var back: [Entry] = []
  private var backRun: Run?
  /// The segment that has not ended.
  private var newest: Run
  private(set) var work = 0

  init(width: Int64, holds: Satisfaction, goal: Satisfaction) {
    self.width = width
    newest = Run(holds, goal)
  }

  /// Takes the segments of (φ, ψ) that began since the last call and appends how the value changes until `now`.
  mutating func advance(_ input: [(start: Int64, holds: Satisfaction, goal: Satisfaction)], to now: Int64, into output: inout [Segment]) {
    var index = 0
    while true {
      let arrival = index < input.count ? input[index].start : .max
      let next = min(arrival, leaving ?? .max)
      guard next <= now, next != .max else { return }
      if arrival == next {
        back.append(Entry(end: arrival, run: newest))
        backRun = backRun.map { $0 + newest } ?? newest
        newest = Run(input[index].holds, input[index].goal)
        (index, work) = (index + 1, work + 1)
      }
      while let end = leaving, end <= next { removeOldest() }
      output.append(Segment(start: next, value: value))
    }
  }

  private var value: Satisfaction {
    let old = front.last.map { front in backRun.map { front.run + $0 } ?? front.run } ?? backRun
    return (old.map { $0 + newest } ?? newest).until
  }

  private var leaving: Int64? { (front.last ?? back.first).map { $0.end + width } }

  private mutating func removeOldest() {
    if front.isEmpty {
      for entry in back.reversed() {
        front.append(Entry(end: entry.end, run: front.last.map { entry.run + $0.run } ?? entry.run))
        work += 1
      }
      back.removeAll(keepingCapacity: true)
      backRun = nil
    }
    front.removeLast()
    work += 1
  }
}
