import Simulation

/// Why a station had no parts or no room, from a trace: who upstream or downstream held it up, moment by moment.
///
/// While a machine is starved, the search goes to whoever fills the buffer that it lacks parts of; while it is blocked, to whoever empties the
/// buffer that is full; and on, as long as it finds stations that are themselves starved or blocked. It ends at one that is stopped by itself,
/// or that works (it is just slower), at a source, or at a way whose vehicles have not come.
struct Culprits {
  /// Shares of the station's starved and of its blocked machine time; each adds up to 1 where there is any.
  var starved: [Culprit: Double] = [:]
  var blocked: [Culprit: Double] = [:]

  private let line: LineSpec
  private let flow: LineFlow
  private var states: [LineTrace.State]
  private var levels: [Int]
  private let machines: [[Int]]

  init(of station: Int, in line: LineSpec, _ trace: LineTrace, from start: Double, until end: Double) {
    (self.line, flow) = (line, LineFlow(line))
    states = [LineTrace.State](repeating: .starved, count: trace.stations.count)
    levels = [Int](repeating: 0, count: line.buffers.count)
    machines = line.stations.indices.map { s in trace.stations.indices.filter { trace.stations[$0] == s } }
    var time = 0.0
    func account(until next: Double) {
      let seconds = min(next, end) - max(time, start)
      time = max(time, next)
      guard seconds > 0 else { return }
      let idle = machines[station].map { states[$0] }
      let starvedCount = idle.count { $0 == .starved }, blockedCount = idle.count { $0 == .blocked }
      if starvedCount > 0 { starved[culprit(starvedAt: station), default: 0] += seconds * Double(starvedCount) }
      if blockedCount > 0 { blocked[culprit(blockedAt: station), default: 0] += seconds * Double(blockedCount) }
    }
    for entry in trace.entries {
      if entry.kind != .state && entry.kind != .level { continue }
      if entry.time >= end { break }
      if entry.time > time { account(until: entry.time) }
      if entry.kind == .state {
        states[Int(entry.index)] = LineTrace.State(rawValue: Int(entry.value)) ?? .starved
      } else {
        levels[Int(entry.index)] = Int(entry.value)
      }
    }
    account(until: end)
    starved = Self.normal(starved)
    blocked = Self.normal(blocked)
  }

  private static func normal(_ seconds: [Culprit: Double]) -> [Culprit: Double] {
    // Sorted, so that rounding does not depend on the order of the dictionary.
    let total = seconds.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
    return total > 0 ? seconds.mapValues { $0 / total } : [:]
  }

  private func culprit(starvedAt station: Int) -> Culprit {
    var seen: Set<Int> = [station]
    return search(starvedAt: station, &seen) ?? Culprit(kind: .travel, name: line.stations[station].name)
  }

  private func culprit(blockedAt station: Int) -> Culprit {
    var seen: Set<Int> = [station]
    return search(blockedAt: station, &seen) ?? Culprit(kind: .travel, name: line.stations[station].name)
  }

  private func search(starvedAt station: Int, _ seen: inout Set<Int>) -> Culprit? {
    let inputs = line.stations[station].inputs
    let lacking = inputs.filter { levels[$0.buffer] < $0.count }
    // Parts that are there but still travel keep nobody upstream guilty.
    if lacking.isEmpty, let first = inputs.first { return Culprit(kind: .travel, name: line.buffers[first.buffer].name) }
    for input in lacking { if let found = giver(of: input.buffer, &seen) { return found } }
    return nil
  }

  private func giver(of buffer: Int, _ seen: inout Set<Int>) -> Culprit? {
    var source: Culprit?
    for giver in flow.givers[buffer] {
      switch giver.kind {
      case .station(let s): if let found = cause(at: s, &seen) { return found }
      case .transport(let t):
        let way = line.transports[t]
        if levels[way.from] >= way.least { return Culprit(kind: .transport, name: way.name) }
        if let found = self.giver(of: way.from, &seen) { return found }
      case .source(let s): source = source ?? Culprit(kind: .supply, name: line.sources[s].name)
      }
    }
    return source
  }

  private func search(blockedAt station: Int, _ seen: inout Set<Int>) -> Culprit? {
    let full = flow.outputs[station].filter { levels[$0] >= line.buffers[$0].capacity }
    for buffer in full.isEmpty ? flow.outputs[station] : full {
      for taker in flow.takers[buffer] {
        switch taker.kind {
        case .station(let s): if let found = cause(at: s, &seen) { return found }
        case .transport(let t): return Culprit(kind: .transport, name: line.transports[t].name)
        case .source: break
        }
      }
    }
    return nil
  }

  private func cause(at station: Int, _ seen: inout Set<Int>) -> Culprit? {
    guard seen.insert(station).inserted else { return nil }
    let own = machines[station].map { states[$0] }
    let name = line.stations[station].name
    // One stopped machine of several is reason enough.
    for state in [LineTrace.State.failed, .microstopped, .setup, .maintenance, .waiting, .closed] where own.contains(state) {
      return Culprit(kind: .stop(StationCondition(state)), name: name)
    }
    if own.contains(.working) { return Culprit(kind: .pace, name: name) }
    if own.contains(.blocked), let found = search(blockedAt: station, &seen) { return found }
    return search(starvedAt: station, &seen)
  }
}

/// What held a station up.
struct Culprit: Hashable, Comparable {
  enum Kind: Hashable {
    case stop(StationCondition)
    /// It works, and is slower.
    case pace
    case supply
    case transport
    /// The parts are on their way through the buffer.
    case travel

    var order: Int {
      switch self {
      case .stop(let condition): StationCondition.allCases.firstIndex(of: condition)!
      case .pace: 20
      case .supply: 21
      case .transport: 22
      case .travel: 23
      }
    }
  }
  var kind: Kind
  var name: String

  static func < (a: Culprit, b: Culprit) -> Bool { (a.name, a.kind.order) < (b.name, b.kind.order) }

  var words: String {
    switch kind {
    case .stop(.failed): "failures of \(name)"
    case .stop(.microstopped): "short stops of \(name)"
    case .stop(.setup): "set-ups of \(name)"
    case .stop(.maintenance): "maintenance of \(name)"
    case .stop(.waiting): "\(name) waiting for people"
    case .stop(let other): "\(name) \(other.words)"
    case .pace: "pace of \(name)"
    case .supply: "supply from \(name)"
    case .transport: "transport \(name)"
    case .travel: "travel through \(name)"
    }
  }
}
