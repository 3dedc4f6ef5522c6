/// One bottle on its way.
struct Part: Sendable {
  /// Carries a defect that nobody has seen yet.
  var isDefective = false
  /// When it came onto the line, in simulated seconds.
  var born: Double
}

/// A finite first-in-first-out belt; a part can be taken once it has travelled.
struct Conveyor: Sendable {
  let truth: BufferTruth
  private var slots: [(ready: Double, part: Part)]
  private var head = 0
  private(set) var count = 0

  init(_ truth: BufferTruth) {
    precondition(truth.capacity > 0, "buffer \(truth.name) holds nothing")
    self.truth = truth
    slots = Array(repeating: (0, Part(born: 0)), count: truth.capacity)
  }

  var hasRoom: Bool { count < truth.capacity }

  /// When the first part can be taken; infinite where there is none.
  var frontReady: Double { count == 0 ? .infinity : slots[head].ready }

  mutating func put(_ part: Part, at now: Double) {
    precondition(hasRoom, "\(truth.name) overflows")
    slots[(head + count) % truth.capacity] = (now + truth.transit, part)
    count += 1
  }

  mutating func take() -> Part {
    precondition(count > 0, "\(truth.name) is empty")
    defer {
      head = (head + 1) % truth.capacity
      count -= 1
    }
    return slots[head].part
  }
}
