/// Which items became which: the sets that assemblies took, in the order of entry, and for each item when its oldest part passed each node.
struct Genealogy {
  /// For each item, when the oldest of its parts, itself included, passed each node; infinite where none did.
  private(set) var oldest: [[Double]]
  /// How many items of a source each item holds.
  private(set) var weight: [Int]
  /// For each assembly, its sets: when the whole came out, which item it is, and the parts with their entries.
  private(set) var sets: [[Set]]

  struct Set {
    var time: Double
    var whole: Int
    var parts: [(time: Double, item: Int)]
    var isPartial: Bool
  }

  /// Items that passed an intake and went on are no parts.
  /// - Parameter sizes: the size of a set by assembly and class.
  init(_ miner: SensorLineMiner, sizes: [[Int]]) {
    let n = miner.history.nodes.count
    let items = miner.history.items
    oldest = items.map { item in
      var times = Array(repeating: Double.infinity, count: n)
      for passage in item.passages { times[passage.node] = min(times[passage.node], passage.time) }
      return times
    }
    weight = Array(repeating: 1, count: items.count)
    sets = []
    for (k, pair) in miner.assemblyPairs.enumerated() {
      let parts = miner.byNode[pair.intake].filter { items[$0.item].passages.last!.node == pair.intake }
      var waiting: [(time: Double, item: Int)] = []
      var next = 0
      var made: [Set] = []
      for whole in miner.byNode[pair.output] where items[whole.item].passages.first!.node == pair.output {
        while next < parts.count, parts[next].time <= whole.time {
          waiting.append(parts[next])
          next += 1
        }
        guard let first = waiting.first else { continue }
        let itemClass = items[first.item].itemClass
        let size = sizes[k][itemClass]
        // Of one class, and no more than a set.
        let taken = waiting.prefix(while: { items[$0.item].itemClass == itemClass }).prefix(size > 0 ? size : waiting.count)
        made.append(Set(time: whole.time, whole: whole.item, parts: Array(taken), isPartial: size > 0 && taken.count < size))
        waiting.removeFirst(taken.count)
        weight[whole.item] = taken.reduce(0) { $0 + weight[$1.item] }
        for node in 0..<n { for part in taken { oldest[whole.item][node] = min(oldest[whole.item][node], oldest[part.item][node]) } }
      }
      sets.append(made)
    }
  }
}
