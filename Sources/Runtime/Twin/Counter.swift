/// A count that only rises, whatever its controller does: restarts at zero and leaps are bridged.
struct Counter: Sendable, Hashable {
  private var last: Double?
  private(set) var total = 0
  private(set) var faults = 0

  /// Takes a reading in, returns the parts since the one before. `most` is what the machine could have made since then.
  mutating func read(_ value: Double, atMost most: Double) -> Int {
    guard value.isFinite, value >= 0 else { return 0 }
    defer { last = value }
    guard let last else { return 0 }
    var step = value - last
    if step < 0 {
      // A controller that restarted counts from zero: what it shows now was made since.
      faults += 1
      step = value
    }
    if step > most {
      faults += 1
      return 0
    }
    let parts = Int(step.rounded())
    total += parts
    return parts
  }
}
