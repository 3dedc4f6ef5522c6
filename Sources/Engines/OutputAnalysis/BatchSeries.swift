/// A long run kept as batch means in bounded memory: when `capacity` batches are full, neighbours are joined and batches get twice as long.
///
/// So at any time between capacity/2 and capacity batches of equal size cover the run, but for the last observations that do not fill one.
public struct BatchSeries: Sendable, Hashable, Codable {
  public let capacity: Int
  /// Observations in one batch: a power of two.
  public private(set) var size = 1
  /// The means of the full batches, in order.
  public private(set) var means: [Double] = []
  private var sum = 0.0
  private var filled = 0

  /// - Parameter capacity: even; 4096 leaves `SteadyState` all it needs, in 32 kB.
  public init(capacity: Int = 4096) {
    precondition(capacity >= 2 && capacity.isMultiple(of: 2), "a capacity of \(capacity)")
    self.capacity = capacity
  }

  /// How many observations have come.
  public var count: Int { means.count * size + filled }

  public mutating func add(_ value: Double) {
    sum += value
    filled += 1
    if filled < size { return }
    if means.count == capacity { join() }
    if filled < size { return }
    means.append(sum / Double(size))
    (sum, filled) = (0, 0)
  }

  private mutating func join() {
    for i in 0..<capacity / 2 { means[i] = 0.5 * (means[2 * i] + means[2 * i + 1]) }
    means.removeLast(capacity / 2)
    size *= 2
  }
}
