extension SensorLineMiner {
  /// What mining found, with what the state needs besides the line.
  struct Found {
    var line: SensorLine
    var genealogy: Genealogy
    var statuses: [Status]
  }

  func mine() -> Found {
    let sizes = setSizes()
    let genealogy = Genealogy(self, sizes: sizes)
    var links = links()
    let statuses = statuses()
    let ends = leaving(links)
    var sources: [SensorLine.Source] = []
    var pauses: [Pause] = []
    for node in births where !assemblyPairs.contains(where: { $0.output == node }) {
      let found = source(node, genealogy, leaving: ends)
      sources.append(found.source)
      pauses += found.pauses
    }
    // A signal that stops a source with a ceiling is what the ceiling does, not its cause.
    var breaks: [(status: Status, pause: SensorLine.Break)] = []
    for status in statuses {
      guard let node = stopped(by: status), !sources.contains(where: { $0.node == node && $0.ceiling != nil }),
        let pause = pause(status, node)
      else { continue }
      breaks.append((status, pause))
    }
    let stops = breaks.map { (node: $0.pause.node, on: $0.status.on) }
    let assemblies = assemblyPairs.indices.map { assembly($0, sizes: sizes[$0], genealogy.sets[$0], links: links, breaks: stops) }
    for i in links.indices { links[i].capacity = capacity(links[i], links, held: pauses.map(\.to)) }
    let hidden = hiddenStops(links, assemblies, known: stops)
    let line = SensorLine(
      nodes: history.nodes, classes: history.classes, links: links, assemblies: assemblies, sources: sources,
      branches: branches(links, genealogy, assemblies: assemblies), breaks: breaks.map(\.pause) + hidden.map(\.pause), journeys: journeys(),
      items: history.items.count, passages: byNode.reduce(0) { $0 + $1.count })
    return Found(line: line, genealogy: genealogy, statuses: breaks.map(\.status) + hidden.map(\.status))
  }

  /// The nodes without a way on, assemblies apart.
  private func leaving(_ links: [SensorLine.Link]) -> [Int] {
    history.nodes.indices.filter { node in
      !byNode[node].isEmpty && !links.contains { $0.from == node } && !assemblyPairs.contains { $0.intake == node }
    }
  }

  /// From each node where items begin to the node where most of them end.
  private func journeys() -> [SensorLine.Journey] {
    births.compactMap { node in
      var ends: [Int: Int] = [:]
      for item in history.items where item.passages.first?.node == node { ends[item.passages.last!.node, default: 0] += 1 }
      guard let end = ends.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) })?.key, end != node else { return nil }
      return SensorLine.Journey(from: node, to: end)
    }
  }
}
