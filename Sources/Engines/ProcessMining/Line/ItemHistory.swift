import Quantities

/// What the sensors saw of one item.
struct ItemHistory {
  struct Passage {
    var node: Int
    var time: Double
  }
  var name: String
  var itemClass: Int
  /// In order of time.
  var passages: [Passage]
}

/// A sensor log with its names as numbers: items on one hand, signals on the other.
struct SensorHistory {
  var nodes: [String]
  var classes: [String]
  /// By their first passage.
  var items: [ItemHistory]
  /// For each signal its changes, in order: when, and to which value.
  var signals: [(name: String, changes: [(time: Double, value: Double)])]

  init(_ log: EventLog) {
    let signalNames = log.signals
    let isSignal = Set(signalNames)
    nodes = log.activities.filter { !isSignal.contains($0) }
    let nodeIndex = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
    var place: [String: Int] = [:]
    items = []
    var changes: [String: [(time: Double, value: Double)]] = [:]
    classes = Set(log.events.lazy.filter { !isSignal.contains($0.activity) }.map { Self.itemClass($0.caseID) }).sorted()
    let classIndex = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    for event in log.events {
      let time = event.began.seconds
      guard let node = nodeIndex[event.activity] else {
        let value = Double(event.caseID) ?? .nan
        if changes[event.activity]?.last?.value != value { changes[event.activity, default: []].append((time, value)) }
        continue
      }
      let passage = ItemHistory.Passage(node: node, time: time)
      if let i = place[event.caseID] {
        items[i].passages.append(passage)
      } else {
        place[event.caseID] = items.count
        items.append(ItemHistory(name: event.caseID, itemClass: classIndex[Self.itemClass(event.caseID)]!, passages: [passage]))
      }
    }
    signals = signalNames.map { ($0, changes[$0] ?? []) }
  }

  /// The name of an item without its running number: `PZ_1000` of `PZ_1000_17`.
  static func itemClass(_ name: String) -> String {
    var text = Substring(name)
    while let last = text.last, last.isNumber { text.removeLast() }
    while let last = text.last, "_-.:/# ".contains(last) { text.removeLast() }
    return String(text)
  }
}
