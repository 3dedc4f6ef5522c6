/// Notices that a loop's error grows while the loop works against it, within the time in which an unstable one doubles.
///
/// Two shapes: an oscillation whose half cycles' peaks rise three times in a row, and an error of one sign that rises three times in a row and so
/// doubles; both above the noise. A disturbance rises once and is then worked off; a ramp settles at an offset; neither does this. Where the noise is
/// not known, more rises and a larger factor are asked for.
public struct GrowthMonitor: Hashable, Sendable {
  /// Peaks below this are noise: four deviations of a sample, say.
  public let floor: Double
  /// Growth from the first to the last of the rises that is needed.
  public let factor: Double
  /// Values that must rise, one after the other: one more than rises.
  public let values: Int
  private var peaks: [Double] = []
  private var sign = 0.0
  private var run: [Double] = []

  /// - Precondition: floor > 0, factor > 1, three values or more.
  public init(floor: Double, factor: Double = 2, values: Int = 4) {
    precondition(floor > 0 && factor > 1 && values >= 3, "growth of \(values) values by \(factor) above \(floor)")
    (self.floor, self.factor, self.values) = (floor, factor, values)
  }

  /// Takes an error in; the factor of growth once there is an alarm, else nil.
  public mutating func take(_ error: Double) -> Double? {
    guard error.isFinite else { return growth }
    let size = abs(error)
    if error * sign < 0 {
      peaks.append(run.max() ?? 0)
      if peaks.count > values { peaks.removeFirst() }
      run = []
    }
    if error != 0 { sign = error }
    run.append(size)
    if run.count > values { run.removeFirst() }
    return growth
  }

  /// The factor by which the error has grown, while it does; nil where it does not.
  public var growth: Double? {
    let halves = peaks + [run.max() ?? 0]
    return rise(halves.suffix(values)) ?? rise(run[...])
  }

  /// So many values that rise each time, the first above half of the floor, all but two above it: a step out of the noise is no growth.
  private func rise(_ seen: ArraySlice<Double>) -> Double? {
    guard seen.count == values, let first = seen.first, let last = seen.last, first >= floor / 2, seen.dropFirst(2).allSatisfy({ $0 >= floor })
    else { return nil }
    guard zip(seen, seen.dropFirst()).allSatisfy({ $0 < $1 }), last >= factor * first else { return nil }
    return last / first
  }
}
