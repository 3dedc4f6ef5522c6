import Determinism
import EventKernel
import Probability

extension SensorLineRun {
  /// Moves whatever can move now, and sets alarms for what time alone holds up.
  mutating func settle() {
    var moved = true
    while moved {
      moved = false
      for k in line.assemblies.indices.reversed() where advance(station: k) { moved = true }
      for l in map.order { while advance(link: l) { moved = true } }
      for s in line.sources.indices { while advance(source: s) { moved = true } }
    }
  }

  private mutating func wake(_ slot: Int, at time: Double) { calendar.schedule(slot, at: max(time, now), Self.wake) }

  // MARK: Links

  mutating func insert(_ item: Item, _ l: Int) {
    links[l].content[item.itemClass] += 1
    if line.links[l].isOrdered {
      links[l].items.append(item)
      return
    }
    var i = links[l].items.count
    while i > links[l].head, links[l].items[i - 1].due > item.due { i -= 1 }
    links[l].items.insert(item, at: i)
  }

  private mutating func enter(_ item: Item, _ l: Int) {
    var item = item
    (item.entered, item.luck) = (now, chance.uniform())
    item.due = now + laws.travel[l].sample(&chance)
    insert(item, l)
  }

  /// Whether a link takes one more item of a class.
  private func hasRoom(_ l: Int, _ itemClass: Int) -> Bool {
    guard let capacity = line.links[l].capacity else { return true }
    var filled = 1 / capacity[itemClass]
    for (c, count) in links[l].content.enumerated() { filled += count / capacity[c] }
    return filled <= 1 + 1e-9
  }

  /// Tries to let the first item of a link go; true if it went.
  private mutating func advance(link l: Int) -> Bool {
    guard links[l].count > 0 else { return false }
    let link = line.links[l]
    var item = links[l].items[links[l].head]
    var due = max(item.due, links[l].lastExit + link.headway)
    if let gate = link.gate {
      // Only what had waited when the gate opened, and one after the other.
      guard item.entered + gate.dwell <= links[l].opened else { return false }
      due = max(item.due, links[l].lastExit + gate.spacing)
    } else if let law = laws.service[l] {
      let work = links[l].service ?? law.sample(&chance)
      links[l].service = work
      due = max(item.due, links[l].lastExit) + work
    }
    if due > now {
      wake(l, at: due)
      return false
    }
    guard accept(&item, at: link.to, fromLink: l) else { return false }
    links[l].content[item.itemClass] -= 1
    links[l].head += 1
    if links[l].head > 64, links[l].head * 2 > links[l].items.count {
      links[l].items.removeFirst(links[l].head)
      links[l].head = 0
    }
    (links[l].lastExit, links[l].service) = (now, nil)
    return true
  }

  // MARK: Nodes

  /// Lets an item pass a node, if what lies behind takes it.
  private mutating func accept(_ item: inout Item, at node: Int, fromLink l: Int) -> Bool {
    if map.breaks[node].contains(where: { onBreak[$0] }) { return false }
    let way = way(item, node)
    if let way {
      guard hasRoom(way, item.itemClass) else { return false }
    } else if let k = map.assembly[node] {
      guard admit(item, k, fromLink: l) else { return false }
    }
    pass(&item, node)
    if let way {
      enter(item, way)
    } else if let k = map.assembly[node] {
      stations[k].parts.append(item)
      stations[k].lastEntry = now
    } else {
      for s in sources.indices { sources[s].inside -= Double(item.weight) }
    }
    return true
  }

  /// The link on, a branch's rule applied; nil into an assembly or out of the line.
  private func way(_ item: Item, _ node: Int) -> Int? {
    for b in map.branches[node] {
      let isOld = map.feature[b].map { now - item.oldest[$0] > line.branches[b].threshold } ?? false
      if item.luck < (isOld ? laws.old[b] : laws.young[b]) { return line.branches[b].aside }
    }
    return map.main[node]
  }

  private mutating func pass(_ item: inout Item, _ node: Int) {
    passages[node].append(now)
    if let i = map.memory[node] { item.oldest[i] = min(item.oldest[i], now) }
    for (j, journey) in line.journeys.enumerated() where journey.from == item.origin && journey.to == node { journeys[j].append(now - item.born) }
  }

  // MARK: Assemblies

  /// Whether a part may enter a station now.
  private mutating func admit(_ item: Item, _ k: Int, fromLink l: Int) -> Bool {
    let assembly = line.assemblies[k]
    let free = max(stations[k].lastEntry + assembly.entryHeadway, stations[k].closedUntil)
    if free > now {
      wake(l, at: free)
      return false
    }
    let size = assembly.sizes[item.itemClass]
    guard size > 0 else { return true }
    if let first = stations[k].parts.first, first.itemClass != item.itemClass {
      guard stations[k].working == 0 else { return false }
      switch assembly.leftover {
      case .ships:
        stations[k].flush = true
        return false
      case .rejected(let link):
        for part in stations[k].parts { enter(part, link) }
        stations[k].parts = []
        stations[k].closedUntil = now + laws.travel[link].mean + assembly.reopening
        wake(l, at: stations[k].closedUntil)
        return false
      case .stays: break
      }
    }
    return stations[k].parts.count < size + assembly.spareRoom
  }

  /// Begins a set, or lets a whole go that is done; true if anything changed.
  private mutating func advance(station k: Int) -> Bool {
    if stations[k].isDone { return release(k) }
    guard stations[k].working == 0, let first = stations[k].parts.first else { return false }
    let assembly = line.assemblies[k]
    if map.breaks[assembly.output].contains(where: { onBreak[$0] }) { return false }
    let size = assembly.sizes[first.itemClass]
    let ready = stations[k].parts.prefix { $0.itemClass == first.itemClass }.prefix(max(size, 1)).count
    guard ready == size || stations[k].flush else { return false }
    stations[k].working = ready
    stations[k].flush = false
    calendar.schedule(stationSlot + k, at: now + laws.process[k].sample(&chance), Self.whole)
    return true
  }

  mutating func finishSet(_ k: Int) { stations[k].isDone = true }

  /// Makes the whole of its parts and sends it on, if there is room.
  private mutating func release(_ k: Int) -> Bool {
    let assembly = line.assemblies[k]
    let parts = stations[k].parts.prefix(stations[k].working)
    let itemClass = max(assembly.becomes[parts[0].itemClass], 0)
    var whole = Item(
      itemClass: itemClass, weight: parts.reduce(0) { $0 + $1.weight }, born: now, origin: assembly.output,
      oldest: parts[0].oldest.indices.map { f in parts.reduce(Double.infinity) { min($0, $1.oldest[f]) } }, entered: now, luck: chance.uniform())
    let way = way(whole, assembly.output)
    if let way, !hasRoom(way, itemClass) { return false }
    stations[k].parts.removeFirst(stations[k].working)
    (stations[k].working, stations[k].isDone, stations[k].lastWhole) = (0, false, now)
    stations[k].closedUntil = now + assembly.reopening
    pass(&whole, assembly.output)
    if let way { enter(whole, way) } else { for s in sources.indices { sources[s].inside -= Double(whole.weight) } }
    return true
  }

  // MARK: Sources

  private mutating func advance(source s: Int) -> Bool {
    let source = line.sources[s]
    if sources[s].due > now {
      wake(sourceSlot + s, at: sources[s].due)
      return false
    }
    if let ceiling = source.ceiling, sources[s].inside >= ceiling.level { return false }
    if map.breaks[source.node].contains(where: { onBreak[$0] }) { return false }
    if sources[s].made >= sources[s].size {
      sources[s].itemClass = source.next[sources[s].itemClass]
      (sources[s].made, sources[s].size) = (0, campaign(s, sources[s].itemClass, atLeast: 0))
    }
    let itemClass = sources[s].itemClass
    var item = Item(
      itemClass: itemClass, weight: 1, born: now, origin: source.node, oldest: line.features.map { _ in .infinity }, entered: now,
      luck: chance.uniform())
    guard let way = way(item, source.node), hasRoom(way, itemClass) else { return false }
    pass(&item, source.node)
    enter(item, way)
    sources[s].made += 1
    sources[s].inside += 1 + (source.ceiling?.drift ?? 0)
    // A class that was seen too seldom for a law of its own comes as the others do.
    let law = laws.interval[s][itemClass] ?? laws.interval[s].compactMap(\.self).first ?? .constant(1)
    sources[s].due = now + max(law.sample(&chance), 1e-6)
    return true
  }
}
