import Determinism
import EventKernel
import Probability

/// One replication of a line from its state.
///
/// Between two events nothing changes but what time does by itself: an item arrives at the end of its link, an assembly is done, a break
/// begins or ends, a gate opens, a source is due. At each event everything that can move moves, from the end of the line to its beginning,
/// until nothing more can (`settle`). Times are seconds from the start of the run.
struct SensorLineRun: ~Copyable {
  /// An item on its way.
  struct Item {
    var itemClass: Int
    var weight: Int
    var born: Double
    var origin: Int
    var oldest: [Double]
    var entered: Double
    /// When it may leave its link, other things apart.
    var due = 0.0
    /// Its luck at the next branch.
    var luck: Double
  }
  struct LinkState {
    var items: [Item] = []
    var head = 0
    var lastExit = -Double.infinity
    var content: [Double]
    /// A gate: when it opened last, and the entry up to which it takes items.
    var opened = -Double.infinity
    var service: Double?
    var count: Int { items.count - head }
  }
  struct StationState {
    var parts: [Item]
    var lastWhole: Double
    var lastEntry: Double
    var closedUntil = -Double.infinity
    /// How many parts are being put together, and whether that is done but cannot leave.
    var working = 0
    var isDone = false
    /// An incomplete set goes out: another class has come.
    var flush = false
  }
  struct SourceRun {
    var itemClass: Int
    var made: Int
    var size: Int
    var due: Double
    var inside: Double
  }

  let line: SensorLine
  let laws: Laws
  /// For each node: its links on, its assembly, whether a break stops it.
  let map: NodeMap
  var links: [LinkState]
  var stations: [StationState]
  var sources: [SourceRun]
  var onBreak: [Bool]
  var calendar: EventCalendar
  var chance: RandomStream
  var now = 0.0
  /// Passages by node, and the lengths of finished journeys.
  var passages: [[Double]]
  var journeys: [[Double]]

  static let wake = EventKind(code: 0, priority: 2)
  static let whole = EventKind(code: 1, priority: 1)
  static let toggle = EventKind(code: 2, priority: 0)
  static let open = EventKind(code: 3, priority: 0)

  // Slots: links, then stations, sources, breaks, gates by link.
  var stationSlot: Int { line.links.count }
  var sourceSlot: Int { stationSlot + line.assemblies.count }
  var breakSlot: Int { sourceSlot + line.sources.count }
  var gateSlot: Int { breakSlot + line.breaks.count }

  init(_ line: SensorLine, _ map: NodeMap, _ state: SensorLineState, _ stream: RandomStream) {
    (self.line, self.map) = (line, map)
    var beliefs = stream.split("beliefs")
    laws = Laws(line, &beliefs)
    chance = stream.split("chance")
    let start = state.now
    let count = line.links.count * 2 + line.assemblies.count + line.sources.count + line.breaks.count
    calendar = EventCalendar(slots: count)
    passages = line.nodes.map { _ in [] }
    journeys = line.journeys.map { _ in [] }
    links = line.links.map { _ in LinkState(content: line.classes.map { _ in 0 }) }
    stations = state.stations.map { station in
      StationState(parts: [], lastWhole: (station.lastWhole ?? -.infinity) - start, lastEntry: (station.lastEntry ?? -.infinity) - start)
    }
    sources = []
    onBreak = state.breaks.map(\.isOn)
    begin(state)
  }

  private func item(_ item: SensorLineState.Item, _ start: Double, _ luck: Double) -> Item {
    Item(
      itemClass: item.itemClass, weight: item.weight, born: item.born - start, origin: item.origin,
      oldest: item.oldest.map { ($0 ?? .infinity) - start },
      entered: item.entered - start, luck: luck)
  }

  private mutating func begin(_ state: SensorLineState) {
    let start = state.now
    for (k, station) in state.stations.enumerated() { stations[k].parts = station.parts.map { item($0, start, chance.uniform()) } }
    for (l, items) in state.links.enumerated() {
      for one in items {
        var moving = item(one, start, chance.uniform())
        let age = -moving.entered
        let law = laws.travel[l]
        moving.due = line.links[l].isOrdered ? moving.entered + law.mean : law.sampleResidual(after: age, &chance)
        if law.cv > 0 { moving.due = law.sampleResidual(after: age, &chance) }
        insert(moving, l)
      }
      links[l].lastExit = -.infinity
      if line.links[l].gate != nil {
        calendar.schedule(gateSlot + l, at: laws.gate[l]!.sampleResidual(after: start - state.gates[l], &chance), Self.open)
      }
    }
    for (s, source) in state.sources.enumerated() {
      let size = campaign(s, source.itemClass, atLeast: source.made)
      let interval = laws.interval[s][source.itemClass] ?? .constant(0)
      sources.append(
        SourceRun(
          itemClass: source.itemClass, made: source.made, size: size,
          due: interval.sampleResidual(after: max(start - source.last, 0), &chance), inside: source.inside))
    }
    for (b, phase) in state.breaks.enumerated() {
      let law = phase.isOn ? laws.pause[b] : laws.working[b]
      calendar.schedule(breakSlot + b, at: law.sampleResidual(after: max(start - phase.since, 0), &chance), Self.toggle)
    }
  }

  /// Runs to a time, in seconds from the start.
  mutating func run(until end: Double) {
    settle()
    while true {
      let event = calendar.next
      guard event.time <= end else { break }
      calendar.cancel(event.slot)
      now = event.time
      switch event.code {
      case Self.whole.code: finishSet(event.slot - stationSlot)
      case Self.toggle.code: toggleBreak(event.slot - breakSlot)
      case Self.open.code: openGate(event.slot - gateSlot)
      default: break
      }
      settle()
    }
  }

  /// The size of the campaign that runs, given how many are made already.
  mutating func campaign(_ s: Int, _ itemClass: Int, atLeast made: Int) -> Int {
    let sizes = line.sources[s].campaigns[itemClass]
    let longer = sizes.filter { $0 > made }
    if !longer.isEmpty { return longer[chance.integer(below: longer.count)] }
    return sizes.isEmpty ? .max : made
  }

  private mutating func toggleBreak(_ b: Int) {
    onBreak[b].toggle()
    let law = onBreak[b] ? laws.pause[b] : laws.working[b]
    calendar.schedule(breakSlot + b, at: now + law.sample(&chance), Self.toggle)
  }

  private mutating func openGate(_ l: Int) {
    links[l].opened = now
    links[l].lastExit = -.infinity
    calendar.schedule(gateSlot + l, at: now + max(laws.gate[l]!.sample(&chance), 1e-6), Self.open)
  }
}

/// The laws of one replication, drawn from what is believed of them.
struct Laws {
  var travel: [Law]
  var service: [Law?]
  var gate: [Law?]
  var process: [Law]
  var interval: [[Law?]]
  var working: [Law]
  var pause: [Law]
  /// For each branch the chance to go aside, of younger and of older items.
  var young: [Double]
  var old: [Double]

  init(_ line: SensorLine, _ stream: inout RandomStream) {
    travel = line.links.map { $0.travel.draw(&stream) }
    service = line.links.map { $0.service?.draw(&stream) }
    gate = line.links.map { $0.gate?.interval.draw(&stream) }
    process = line.assemblies.map { $0.process.draw(&stream) }
    interval = line.sources.map { $0.interval.map { $0?.draw(&stream) } }
    working = line.breaks.map { $0.working.draw(&stream) }
    pause = line.breaks.map { $0.pause.draw(&stream) }
    func chance(_ a: Int, _ b: Int, _ stream: inout RandomStream) -> Double {
      // Beta(a + ½, b + ½): Jeffreys' posterior of a share.
      let x = Law.gamma(mean: Double(a) + 0.5, cv: 1 / (Double(a) + 0.5).squareRoot()).sample(&stream)
      let y = Law.gamma(mean: Double(b) + 0.5, cv: 1 / (Double(b) + 0.5).squareRoot()).sample(&stream)
      return x / (x + y)
    }
    young = line.branches.map { chance($0.youngAside, $0.youngOn, &stream) }
    old = line.branches.map { $0.since == nil ? 0 : chance($0.oldAside, $0.oldOn, &stream) }
  }
}

/// What lies behind each node, and in which order links are settled.
struct NodeMap {
  var main: [Int?]
  var branches: [[Int]]
  var assembly: [Int?]
  var breaks: [[Int]]
  /// For each branch, where in an item's memory the time that it looks at stands.
  var feature: [Int?]
  /// For each node, where in an item's memory its passage is kept.
  var memory: [Int?]
  /// Links from the end of the line to its beginning.
  var order: [Int]

  init(_ line: SensorLine) {
    let features = line.features
    memory = line.nodes.indices.map { features.firstIndex(of: $0) }
    feature = line.branches.map { $0.since.flatMap { features.firstIndex(of: $0) } }
    branches = line.nodes.indices.map { node in line.branches.indices.filter { line.branches[$0].node == node } }
    assembly = line.nodes.indices.map { node in line.assemblies.firstIndex { $0.intake == node } }
    breaks = line.nodes.indices.map { node in line.breaks.indices.filter { line.breaks[$0].node == node } }
    let aside = Set(line.branches.map(\.aside))
    var main: [Int?] = line.nodes.indices.map { _ in nil }
    for node in line.nodes.indices where assembly[node] == nil {
      main[node] = line.links.indices.filter { line.links[$0].from == node && !aside.contains($0) }.max {
        line.links[$0].count < line.links[$1].count
      }
    }
    self.main = main
    // How far a link is from the sources: the number of links behind it, loops cut.
    var depth = line.links.map { _ in 0 }
    for _ in line.links.indices {
      for (l, link) in line.links.enumerated() {
        for (m, other) in line.links.enumerated() {
          let joins = other.from == link.to || line.assemblies.contains { $0.intake == link.to && $0.output == other.from }
          if joins, depth[l] + 1 <= line.links.count { depth[m] = max(depth[m], depth[l] + 1) }
        }
      }
    }
    order = line.links.indices.sorted { (depth[$0], $0) > (depth[$1], $1) }
  }
}
