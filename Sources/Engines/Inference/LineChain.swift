import Determinism

/// The continuous-time Markov chain of a saturated row of stations with exponential work, failures (under work) and repairs, and finite
/// buffers: what is needed for the exact likelihood of the line's own departures.
///
/// State: for each gap the parts done by the station before it and not yet by the one behind it, and for each station whether it is up.
/// Blocking after service, as in `LineSimulation`. Only states that can be reached from the empty line are kept.
public struct LineChain: Sendable {
  /// Parts that find room between station i and i + 1.
  public let capacities: [Int]
  public var stations: Int { capacities.count + 1 }
  /// How many states it has.
  public private(set) var states = 0

  /// What happens at a station.
  enum Change: Int, Sendable { case work, failure, repair }
  /// A transition: its rate is that of `change` at `station`.
  struct Move: Sendable {
    var from: Int
    var to: Int
    var station: Int
    var change: Change
  }
  /// Those that no part leaves the line with, and those that one does.
  private(set) var silent: [Move] = []
  private(set) var leaving: [Move] = []

  /// - Throws: `InferenceError.unfitLine` where the chain would have more than `limit` states.
  public init(capacities: [Int], limit: Int = 20_000) throws(InferenceError) {
    self.capacities = capacities
    var index: [[Int]: Int] = [:]
    var queue: [[Int]] = []
    func number(_ state: [Int]) -> Int {
      if let known = index[state] { return known }
      index[state] = queue.count
      queue.append(state)
      return queue.count - 1
    }
    let m = capacities.count + 1
    // Levels of the gaps, then 1 for each station that is up.
    _ = number([Int](repeating: 0, count: m - 1) + [Int](repeating: 1, count: m))
    var next = 0
    while next < queue.count {
      if queue.count > limit { throw .unfitLine(["the line's Markov chain has more than \(limit) states"]) }
      let state = queue[next]
      let blocked = LineChain.blocked(state, capacities)
      for i in 0..<m {
        let up = m - 1 + i
        if state[up] == 0 {
          var there = state
          there[up] = 1
          silent.append(Move(from: next, to: number(there), station: i, change: .repair))
        } else if !blocked[i] && (i == 0 || state[i - 1] > 0) {
          var there = state
          there[up] = 0
          silent.append(Move(from: next, to: number(there), station: i, change: .failure))
          there = state
          if i > 0 { there[i - 1] -= 1 }
          if i < m - 1 { there[i] += 1 }
          let move = Move(from: next, to: number(there), station: i, change: .work)
          if i == m - 1 { leaving.append(move) } else { silent.append(move) }
        }
      }
      next += 1
    }
    states = queue.count
  }

  /// Which stations hold a finished part: more are done in the gap behind than its buffer and the next station's place can hold.
  private static func blocked(_ state: [Int], _ capacities: [Int]) -> [Bool] {
    var blocked = [Bool](repeating: false, count: capacities.count + 1)
    var i = capacities.count - 1
    while i >= 0 {
      blocked[i] = state[i] > capacities[i] + (blocked[i + 1] ? 0 : 1)
      i -= 1
    }
    return blocked
  }
}
