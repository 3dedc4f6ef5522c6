import Determinism
import Testing

@testable import Synchronisation

/// One array for all buffers tells the same as one queue for each.
@Test(arguments: 0..<20) func whatTravelsArrivesInOrderAndTheYoungestCanBeTakenBack(seed: Int) {
  var luck = RandomStream(seed: UInt64(seed), "travels")
  var travels = Travels()
  var queues: [[Double]] = [[], [], []]
  for step in 0..<200 {
    let b = luck.integer(below: 3)
    switch luck.integer(below: 4) {
    case 0, 1:
      queues[b].append(Double(step))
      travels.append(to: b, arrival: Double(step))
    case 2:
      if !queues[b].isEmpty { queues[b].removeFirst() }
      travels.removeFirst(b)
    default:
      let n = luck.integer(below: 4)
      let expected = min(n, queues[b].count)
      queues[b].removeLast(expected)
      #expect(travels.removeLast(n, b) == expected)
    }
    for b in 0..<3 {
      var told: [Double] = []
      travels.forEach(b) { told.append($0) }
      #expect(told == queues[b] && travels.next(b) == queues[b].first ?? .infinity && travels.contains(b) == !queues[b].isEmpty)
    }
  }
}
