/// How messages come through: the share that is lost, and how late the others are. Both are learnt.
///
/// What it answers: the chance that a message about something that happened `age` seconds ago is not here yet,
/// q(age) = p + (1 − p)·P(lateness > age), p the share lost.
struct MessagePath: Sendable, Hashable {
  /// Upper edges in seconds; the last bin has none.
  private static let edges = [0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 45, 60, 90, 120]
  private var late = [Double](repeating: 0, count: edges.count + 1)
  private var arrived = 20.0
  private var counted = 100.0
  private var lost = 2.0

  init() { late[0] = 20 }

  var shareLost: Double { lost / counted }

  mutating func arrive(lateness: Double) {
    late[MessagePath.edges.firstIndex { lateness <= $0 } ?? MessagePath.edges.count] += 1
    arrived += 1
    if arrived > 20_000 {
      arrived /= 2
      for i in late.indices { late[i] /= 2 }
    }
  }

  /// A counter told `parts` by one message: all but one were lost.
  mutating func count(parts: Int) {
    counted += Double(parts)
    lost += Double(parts - 1)
    if counted > 5_000 { (counted, lost) = (counted / 2, lost / 2) }
  }

  func silence(age: Double) -> Double {
    if age <= 0 { return 1 }
    var (later, low) = (arrived, 0.0)
    for (i, edge) in MessagePath.edges.enumerated() {
      if age < edge {
        later -= late[i] * (age - low) / (edge - low)
        return shareLost + (1 - shareLost) * later / arrived
      }
      later -= late[i]
      low = edge
    }
    return shareLost + (1 - shareLost) * max(later, 0) / arrived
  }
}
