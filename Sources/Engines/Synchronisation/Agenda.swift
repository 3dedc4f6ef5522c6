/// The earliest of a fixed number of times, found at once and changed in O(log n): a winner tree.
struct Agenda: Sendable, Equatable {
  private var times: [Double]
  /// Node k's winner among its leaves; node 1 is the root, leaves begin at `size`.
  private var winner: [Int32]
  private let size: Int

  init(count: Int) {
    var size = 1
    while size < max(count, 2) { size *= 2 }
    self.size = size
    times = Array(repeating: .infinity, count: size)
    winner = Array(repeating: 0, count: size)
    for k in stride(from: size - 1, through: 1, by: -1) { winner[k] = leaf(2 * k) }
  }

  private func leaf(_ k: Int) -> Int32 { k >= size ? Int32(k - size) : winner[k] }

  subscript(i: Int) -> Double {
    get { times[i] }
    set {
      if times[i] == newValue { return }
      times[i] = newValue
      var k = (i + size) / 2
      while k >= 1 {
        let (a, b) = (leaf(2 * k), leaf(2 * k + 1))
        // Of equal times the lower index: kinds of events stand in the order in which they happen.
        winner[k] = times[Int(b)] < times[Int(a)] ? b : a
        k /= 2
      }
    }
  }

  var first: (index: Int, time: Double) { (Int(winner[1]), times[Int(winner[1])]) }
}
