public import Quantities
public import Telemetry

/// How a value between two samples is found.
public enum Interpolation: Sendable, Hashable {
  /// The last sample's value holds until the next.
  case step
  /// On the straight line from the last usable sample to the next usable one: x₀ + (x₁ − x₀)·(t − t₀)/(t₁ − t₀); where either is missing or not
  /// usable, as `step`.
  case linear
}

/// A tag's value at an instant, found from the samples around it.
public struct InterpolatedValue: Sendable, Hashable {
  public var value: SampleValue
  /// The lesser quality of the samples that it rests on.
  public var quality: Quality
  /// How long before the instant the last of these samples was measured.
  public var age: Duration
}

extension HistorianSnapshot {
  /// The value of a tag at `instant`; nil before its first sample, and where the last one is older than `holdAtMost`.
  ///
  /// - Throws: `storage`, `damaged`.
  public func value(
    of tag: String, at instant: Instant, by interpolation: Interpolation = .step, holdAtMost: Duration? = nil
  ) throws(HistorianError) -> InterpolatedValue? {
    guard let number = number(of: tag), let last = try lastSample(of: number, atOrBefore: instant.nanoseconds) else { return nil }
    let age = Duration(nanoseconds: saturatingDifference(instant, last.instant))
    if let holdAtMost, age > holdAtMost { return nil }
    let held = InterpolatedValue(value: last.value, quality: last.quality, age: age)
    guard interpolation == .linear, age > .zero, let x = usable(last), let next = try firstSample(of: number, after: instant.nanoseconds),
      let y = usable(next)
    else { return held }
    let share = Double(age.nanoseconds) / Double(UInt64(bitPattern: next.instant.nanoseconds &- last.instant.nanoseconds))
    return InterpolatedValue(value: .number(x + (y - x) * share), quality: min(last.quality, next.quality), age: age)
  }

  private func usable(_ sample: Sample) -> Double? {
    guard sample.quality >= .uncertain, let x = sample.value.number, x.isFinite else { return nil }
    return x
  }

  /// For each instant and each tag the last sample at or before it: what was known of the plant, side by side (an as-of join).
  ///
  /// - Parameters:
  ///   - instants: ascending.
  ///   - holdAtMost: an older sample is not known any more; nil holds for ever.
  /// - Returns: for each tag, in the order asked for, a sample or nil for each instant.
  /// - Throws: `storage`, `damaged`.
  public func asOf(_ tags: [String], at instants: [Instant], holdAtMost: Duration? = nil) throws(HistorianError) -> [[Sample?]] {
    precondition(zip(instants, instants.dropFirst()).allSatisfy { $0 <= $1 }, "instants ascend")
    guard let first = instants.first?.nanoseconds, let last = instants.last?.nanoseconds else { return tags.map { _ in [] } }
    var table: [[Sample?]] = []
    for tag in tags {
      guard let number = number(of: tag) else {
        table.append(Array(repeating: nil, count: instants.count))
        continue
      }
      let before = try lastSample(of: number, atOrBefore: first)
      let column = first == last ? SeriesColumn() : try column(of: number, in: first..<(last == .max ? last : last + 1))
      var next = 0
      table.append(
        instants.map { instant in
          while next < column.count, column.instants[next] <= instant.nanoseconds { next += 1 }
          let sample = next > 0 ? column.sample(at: next - 1) : before
          guard let sample, let holdAtMost else { return sample }
          return saturatingDifference(instant, sample.instant) <= holdAtMost.nanoseconds ? sample : nil
        })
    }
    return table
  }

  func lastSample(of number: UInt32, atOrBefore instant: Int64) throws(HistorianError) -> Sample? {
    if instant < .max { return try lastSample(of: number, before: instant + 1) }
    return latest[number]
  }

  /// The sample with the least instant after `instant`.
  func firstSample(of number: UInt32, after instant: Int64) throws(HistorianError) -> Sample? {
    guard instant < .max else { return nil }
    for cluster in clusters(of: number, in: instant + 1..<Int64.max) {
      let column = try column(of: cluster, withArrivals: true)
      let place = column.firstIndex(atOrAfter: instant + 1)
      if place < column.count { return column.sample(at: place) }
    }
    return nil
  }
}
