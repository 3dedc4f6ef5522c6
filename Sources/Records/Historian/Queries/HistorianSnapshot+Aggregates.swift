public import Quantities
internal import Telemetry

extension HistorianSnapshot {

  public func aggregate(_ tag: String, over range: Range<Instant>, windows rule: WindowRule) throws(HistorianError) -> [WindowAggregate] {
    // As unsigned numbers: the span of two instants may exceed what a Duration holds.
    let span = UInt64(bitPattern: range.upperBound.nanoseconds &- range.lowerBound.nanoseconds)
    let length = UInt64(rule.length.nanoseconds)
    let windowCount = span / length + (span % length == 0 ? 0 : 1)
    guard windowCount <= Historian.windowLimit else {
      throw .tooManyWindows(count: Int(clamping: windowCount), limit: Historian.windowLimit)
    }
    if windowCount == 0 { return [] }
    let before = try lastSample(of: tag, before: range.lowerBound)
    let column = try samples(of: tag, in: range)
    var aggregation = Aggregation(rule: rule, held: before)
    var next = 0
    return (0..<Int(windowCount)).map { number in
      let start = Instant(nanoseconds: range.lowerBound.nanoseconds + Int64(number) * rule.length.nanoseconds)
      let (end, overflow) = start.nanoseconds.addingReportingOverflow(rule.length.nanoseconds)
      let window = start..<(overflow ? range.upperBound : min(Instant(nanoseconds: end), range.upperBound))
      let first = next
      while next < column.count, column.instants[next] < window.upperBound { next += 1 }
      return aggregation.aggregate(column[first..<next], in: window)
    }
  }
}

/// Goes through windows in order and carries over what is held from one to the next.
struct Aggregation {
  let rule: WindowRule
  private var held: (value: Double, since: Instant)?

  init(rule: WindowRule, held: Sample?) {
    self.rule = rule
    if let held { hold(held) }
  }

  private func usable(_ sample: Sample) -> Double? {
    guard sample.quality >= rule.leastQuality, let number = sample.value.number, number.isFinite else { return nil }
    return number
  }

  private mutating func hold(_ sample: Sample) { held = usable(sample).map { ($0, sample.instant) } }

  mutating func aggregate(_ samples: Slice<SampleColumn>, in window: Range<Instant>) -> WindowAggregate {
    var result = WindowAggregate(range: window)
    var sum = 0.0
    var (weighted, known) = (0.0, 0.0)
    var from = window.lowerBound
    for sample in samples {
      addHeld(from..<sample.instant, &weighted, &known)
      from = sample.instant
      hold(sample)
      result.count += 1
      if sample.quality == .good { result.goodCount += 1 }
      if let x = usable(sample) {
        result.usableCount += 1
        sum += x
        result.minimum = min(result.minimum ?? x, x)
        result.maximum = max(result.maximum ?? x, x)
      }
    }
    addHeld(from..<window.upperBound, &weighted, &known)
    if result.usableCount > 0 { result.mean = sum / Double(result.usableCount) }
    if known > 0 { result.timeWeightedMean = weighted / known }
    result.knownShare = known / (window.upperBound - window.lowerBound).seconds
    result.first = samples.first
    result.last = samples.last
    return result
  }

  private func addHeld(_ stretch: Range<Instant>, _ weighted: inout Double, _ known: inout Double) {
    guard let held else { return }
    var end = stretch.upperBound
    if let most = rule.holdAtMost {
      let (limit, overflow) = held.since.nanoseconds.addingReportingOverflow(most.nanoseconds)
      if !overflow { end = min(end, Instant(nanoseconds: limit)) }
    }
    guard end > stretch.lowerBound else { return }
    let seconds = (end - stretch.lowerBound).seconds
    weighted += held.value * seconds
    known += seconds
  }
}
