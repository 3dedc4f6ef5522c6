import Determinism
import Testing

@testable import ProcessFlow

/// Against a plain sorted array: any mix of joining, serving the first and leaving from the middle gives the same order.
@Test(arguments: 0..<30 as Range<UInt64>) func linesAgreeWithASortedArray(seed: UInt64) {
  var stream = RandomStream(seed: seed)
  let orders: [QueueSet.Order] = [.fifo, .lifo, .priority]
  var lines = QueueSet(orders)
  var plain: [[(priority: Double, ticket: UInt64, node: Int)]] = [[], [], []]
  for ticket in 0..<600 as Range<UInt64> {
    let line = stream.integer(below: 3)
    if stream.chance(0.45) && !plain[line].isEmpty {
      let k = stream.chance(0.5) ? 0 : stream.integer(below: plain[line].count)
      lines.remove(plain[line].remove(at: k).node)
    } else {
      let priority = Double(stream.integer(below: 5))
      let entry = (
        priority: priority, ticket: ticket, node: Int(lines.join(line, owner: 1, value: 0, priority: priority, ticket: ticket, at: 0))
      )
      switch orders[line] {
      case .fifo: plain[line].append(entry)
      case .lifo: plain[line].insert(entry, at: 0)
      case .priority:
        let place = plain[line].firstIndex { ($0.priority, $0.ticket) > (entry.priority, entry.ticket) } ?? plain[line].count
        plain[line].insert(entry, at: place)
      }
    }
    for l in 0..<3 { #expect(lines.count(l) == plain[l].count && lines.head(l) == (plain[l].first?.node ?? -1), "line \(l), seed \(seed)") }
  }
}
