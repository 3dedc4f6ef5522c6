/// The parts on their way into buffers, each to be there after the time of its transport; those of one buffer arrive in the order in which they left.
struct Travels: Sendable {
  private struct Part: Sendable {
    var buffer: Int
    var arrival: Double
  }
  /// Of all buffers together, by departure: few, and copied at once.
  private var parts: [Part] = []

  mutating func append(to b: Int, arrival: Double) { parts.append(Part(buffer: b, arrival: arrival)) }

  func contains(_ b: Int) -> Bool { first(b) != nil }

  /// When the next part arrives at b.
  func next(_ b: Int) -> Double { first(b).map { parts[$0].arrival } ?? .infinity }

  mutating func removeFirst(_ b: Int) { if let i = first(b) { parts.remove(at: i) } }

  /// Takes up to n parts away, those that left last; returns how many.
  mutating func removeLast(_ n: Int, _ b: Int) -> Int {
    var (i, left) = (parts.count, n)
    while left > 0, i > 0 {
      i -= 1
      if parts[i].buffer == b {
        parts.remove(at: i)
        left -= 1
      }
    }
    return n - left
  }

  /// Calls with each arrival at b, in order.
  func forEach(_ b: Int, _ body: (Double) -> Void) {
    for part in parts where part.buffer == b { body(part.arrival) }
  }

  private func first(_ b: Int) -> Int? {
    for i in 0..<parts.count where parts[i].buffer == b { return i }
    return nil
  }
}
