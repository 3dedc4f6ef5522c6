/// Where the items of a line are at an instant, and how far its stations, breaks, gates and sources are. Times are seconds since 1970.
public struct SensorLineState: Sendable, Hashable, Codable {
  public struct Item: Sendable, Hashable, Codable {
    public var itemClass: Int
    /// How many items of a source it holds.
    public var weight: Int
    /// When it was made, and at which node.
    public var born: Double
    public var origin: Int
    /// When its oldest part passed each of the nodes that a branch looks at; nil where none did.
    public var oldest: [Double?]
    /// When it entered where it is.
    public var entered: Double
  }
  public struct Station: Sendable, Hashable, Codable {
    public var parts: [Item]
    /// Nil before the first.
    public var lastWhole: Double?
    public var lastEntry: Double?
  }
  public struct SourceState: Sendable, Hashable, Codable {
    public var itemClass: Int
    /// How many of the campaign are made.
    public var made: Int
    public var last: Double
    /// How many of its items are in the line, as its ceiling counts.
    public var inside: Double
  }
  public struct Phase: Sendable, Hashable, Codable {
    public var isOn: Bool
    public var since: Double
  }
  public var now: Double
  /// By link, in order of entry.
  public var links: [[Item]]
  /// By assembly.
  public var stations: [Station]
  public var sources: [SourceState]
  public var breaks: [Phase]
  /// By link, the last opening of its gate.
  public var gates: [Double]
}

extension SensorLine {
  /// The nodes that branches look at, in ascending order.
  var features: [Int] { Set(branches.compactMap(\.since)).sorted() }
}

extension SensorLineMiner {
  func state(_ found: Found) -> SensorLineState {
    let line = found.line
    let features = line.features
    let inSet = Set(found.genealogy.sets.flatMap { $0.flatMap { $0.parts.map(\.item) } })
    func item(_ i: Int) -> SensorLineState.Item {
      let passages = history.items[i].passages
      return SensorLineState.Item(
        itemClass: history.items[i].itemClass, weight: found.genealogy.weight[i], born: passages[0].time, origin: passages[0].node,
        oldest: features.map { found.genealogy.oldest[i][$0].isFinite ? found.genealogy.oldest[i][$0] : nil }, entered: passages.last!.time)
    }
    var state = SensorLineState(
      now: now, links: line.links.map { _ in [] },
      stations: line.assemblies.enumerated().map { k, assembly in
        SensorLineState.Station(
          parts: [], lastWhole: found.genealogy.sets[k].last?.time, lastEntry: byNode[assembly.intake].last?.time)
      }, sources: [], breaks: [],
      gates: line.links.map { link in link.gate == nil ? 0 : lastOpening(link) })
    // The last passage of an ordered link: what entered before those that have left since is lost.
    let lastEntryGone = line.links.map { link in trips(link.from, link.to).reduce(-Double.infinity) { max($0, $1.entry) } }
    for i in history.items.indices.sorted(by: { last($0) < last($1) }) {
      guard !inSet.contains(i), let node = history.items[i].passages.last?.node else { continue }
      if let k = line.assemblies.firstIndex(where: { $0.intake == node }) {
        let earliest = found.genealogy.sets[k].last?.parts.last?.time ?? -.infinity
        if last(i) > earliest { state.stations[k].parts.append(item(i)) }
        continue
      }
      guard let link = line.links.indices.filter({ line.links[$0].from == node }).max(by: { line.links[$0].count < line.links[$1].count }) else {
        continue
      }
      if !line.links[link].isOrdered || last(i) > lastEntryGone[link] { state.links[link].append(item(i)) }
    }
    state.sources = line.sources.map { sourceState($0, found) }
    state.breaks = found.statuses.map { status in
      status.onSince.map { .init(isOn: true, since: $0) } ?? .init(isOn: false, since: status.offSince ?? status.on.last?.upperBound ?? now)
    }
    return state
  }

  private func last(_ item: Int) -> Double { history.items[item].passages.last?.time ?? -.infinity }

  private func lastOpening(_ link: SensorLine.Link) -> Double {
    let exits = trips(link.from, link.to).map(\.exit).sorted()
    var opening = exits.first ?? now
    for (a, b) in zip(exits, exits.dropFirst()) where b - a > 3 * (link.gate?.spacing ?? 0) { opening = b }
    return opening
  }

  private func sourceState(_ source: SensorLine.Source, _ found: Found) -> SensorLineState.SourceState {
    let births = byNode[source.node].filter { history.items[$0.item].passages.first!.node == source.node }
    let current = births.last.map { history.items[$0.item].itemClass } ?? 0
    let made = births.reversed().prefix { history.items[$0.item].itemClass == current }.count
    let ends = Set(history.nodes.indices.filter { node in !found.line.links.contains { $0.from == node } })
    let intakes = Set(found.line.assemblies.map(\.intake))
    var gone = 0
    for i in history.items.indices {
      guard let node = history.items[i].passages.last?.node, ends.contains(node), !intakes.contains(node) else { continue }
      gone += found.genealogy.weight[i]
    }
    let counted = source.ceiling?.counter.flatMap { name in history.signals.first { $0.name == name }?.changes.last?.value }
    return SensorLineState.SourceState(
      itemClass: current, made: made, last: births.last?.time ?? now, inside: counted ?? Double(births.count - gone))
  }
}
