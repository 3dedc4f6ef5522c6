public import Quantities

/// Follows one formula on line: samples come in as they arrive, and its robustness is known at every instant.
///
/// - Signals keep their value until the next sample; before the first one, and after a bad one, they are unknown.
/// - The answer at `now` is about `now − horizon`: a window of the future must have passed before it can be judged. A formula without
///   `always`, `eventually` and `until` has no horizon, and is judged at once.
/// - O(1) amortised for each sample and node of the formula; memory as much as the windows hold.
/// - Time never runs backwards in here: what is dated before something that was already judged counts from just after it.
public struct Monitor: Sendable {
  public let formula: Formula<Predicate>
  public let horizon: Duration
  /// As of the last `advance`.
  public private(set) var satisfaction: Satisfaction

  /// What one node remembers; each has what its kind needs.
  private struct Memory: Sendable {
    var value: Satisfaction
    /// The value before the segments of this round.
    var prior: Satisfaction
    var changes: [Segment] = []
    var delayed = SegmentQueue<Segment>()
    var extreme: SlidingExtreme?
    var until: SlidingUntil?
  }

  private let plan: MonitorPlan
  private var memories: [Memory]
  private var values: [String: Double] = [:]
  /// Places of the predicates that a signal plays a part in.
  private let readers: [String: [Int]]
  /// Nothing may change at or before this instant any more.
  private var judged = Int64.min
  private var latest = Segment.distantPast

  public init(_ formula: Formula<Predicate>) {
    (self.formula, horizon, plan) = (formula, formula.horizon, MonitorPlan(formula))
    memories = []
    var readers: [String: [Int]] = [:]
    for (place, node) in plan.nodes.enumerated() {
      if case .predicate(let predicate) = node { for signal in Set(predicate.terms.map(\.signal)) { readers[signal, default: []].append(place) } }
      memories.append(Self.memory(of: node, memories))
    }
    self.readers = readers
    satisfaction = memories[plan.root].value
  }

  /// The signals that it wants to see, sorted.
  public var signals: [String] { readers.keys.sorted() }

  /// Takes in a sample; nil (or what is not finite) when the signal is not known from now on.
  public mutating func observe(_ value: Double?, of signal: String, at instant: Instant) {
    guard let places = readers[signal] else { return }
    let known = value.flatMap { $0.isFinite ? $0 : nil }
    guard values[signal] != known else { return }
    values[signal] = known
    latest = max(Self.time(instant), latest, judged == .min ? judged : judged + 1)
    for place in places {
      guard case .predicate(let predicate) = plan.nodes[place] else { continue }
      let segment = Segment(start: latest, value: predicate.satisfaction { values[$0] })
      if memories[place].changes.last?.start == latest { memories[place].changes.removeLast() }
      memories[place].changes.append(segment)
    }
  }

  /// Lets time pass until `now`, and says how the formula stands at `now − horizon`.
  @discardableResult
  public mutating func advance(to now: Instant) -> Satisfaction {
    let end = max(Self.time(now), latest, judged)
    for place in plan.nodes.indices { work(at: place, until: end) }
    for place in plan.nodes.indices {
      memories[place].changes.removeAll(keepingCapacity: true)
      memories[place].prior = memories[place].value
    }
    (judged, latest) = (end, end)
    satisfaction = memories[plan.root].value
    return satisfaction
  }

  // MARK: Nodes

  private static func memory(of node: MonitorPlan.Node, _ before: [Memory]) -> Memory {
    func value(_ place: Int) -> Satisfaction { before[place].value }
    var memory: Memory
    func start(_ value: Satisfaction) -> Memory { Memory(value: value, prior: value) }
    switch node {
    case .truth(let holds): memory = start(.truth(holds))
    case .predicate: memory = start(.unknown)
    case .not(let a): memory = start(!value(a))
    case .and(let a, let b), .since(let a, let b): memory = start(value(a) & value(b))
    case .or(let a, let b): memory = start(value(a) | value(b))
    case .delay(let a, _): memory = start(value(a))
    case .least(let a, let from, let to):
      memory = start(value(a))
      memory.extreme = SlidingExtreme(from: from, to: to, isMinimum: true, initial: value(a))
    case .greatest(let a, let from, let to):
      memory = start(value(a))
      memory.extreme = SlidingExtreme(from: from, to: to, isMinimum: false, initial: value(a))
    case .until(let a, let b, let width):
      memory = start(value(a) & value(b))
      memory.until = SlidingUntil(width: width, holds: value(a), goal: value(b))
    }
    return memory
  }

  private mutating func work(at place: Int, until end: Int64) {
    var found: [Segment] = []
    swap(&found, &memories[place].changes)
    switch plan.nodes[place] {
    case .truth, .predicate: break
    case .not(let a): for segment in memories[a].changes { found.append(Segment(start: segment.start, value: !segment.value)) }
    case .and(let a, let b): merge(a, b) { start, x, y in found.append(Segment(start: start, value: x & y)) }
    case .or(let a, let b): merge(a, b) { start, x, y in found.append(Segment(start: start, value: x | y)) }
    case .since(let a, let b):
      var state = memories[place].value
      merge(a, b) { start, holds, goal in
        state = holds & (goal | state)
        found.append(Segment(start: start, value: state))
      }
    case .delay(let a, let by):
      let input = memories[a].changes
      for segment in input { memories[place].delayed.append(segment) }
      while let segment = memories[place].delayed.first, segment.start + by <= end {
        found.append(Segment(start: segment.start + by, value: segment.value))
        memories[place].delayed.removeFirst()
      }
    case .least(let a, _, _), .greatest(let a, _, _):
      let input = memories[a].changes
      memories[place].extreme?.advance(input, to: end, into: &found)
    case .until(let a, let b, _):
      var input: [(start: Int64, holds: Satisfaction, goal: Satisfaction)] = []
      merge(a, b) { input.append(($0, $1, $2)) }
      memories[place].until?.advance(input, to: end, into: &found)
    }
    keep(&found, at: place)
  }

  /// Keeps the segments that change something.
  private mutating func keep(_ found: inout [Segment], at place: Int) {
    var value = memories[place].value
    found.removeAll { segment in
      defer { value = segment.value }
      return segment.value == value
    }
    memories[place].value = value
    swap(&found, &memories[place].changes)
  }

  /// Both operands' values wherever one of them changes.
  private func merge(_ a: Int, _ b: Int, _ body: (Int64, Satisfaction, Satisfaction) -> Void) {
    let left = memories[a].changes, right = memories[b].changes
    var (x, y) = (memories[a].prior, memories[b].prior)
    var (i, j) = (0, 0)
    while i < left.count || j < right.count {
      let start = min(i < left.count ? left[i].start : .max, j < right.count ? right[j].start : .max)
      if i < left.count, left[i].start == start { (x, i) = (left[i].value, i + 1) }
      if j < right.count, right[j].start == start { (y, j) = (right[j].value, j + 1) }
      body(start, x, y)
    }
  }

  /// Far enough from the ends that windows cannot overflow.
  private static func time(_ instant: Instant) -> Int64 { min(max(instant.nanoseconds, -4_000_000_000_000_000_000), 4_000_000_000_000_000_000) }

  /// Operations of the windows' queues since the start: linear in the samples.
  var windowWork: Int { memories.reduce(0) { $0 + ($1.extreme?.work ?? 0) + ($1.until?.work ?? 0) } }
}
