internal import PlantModel
internal import Quantities
internal import Telemetry

/// Tags whose source's clock was found to be ahead of ours.
///
/// A reading that is dated ahead of now by more than half of its freshness is not believed. Nor is what comes after it, for as long as a message may be
/// under way: one that was late by as much as its clock was ahead would look fresh, and an old value would pass for the present one. A clock that is ahead
/// by more than any message is late can be confused with nothing: the next reading with a proper date counts.
struct ClockDoubt: Sendable {
  private var until: [String: Instant] = [:]

  /// The reading as it may be believed: itself, or of uncertain quality, dated no later than now.
  mutating func believed(_ reading: Reading, of tag: String, at now: Instant, _ check: EnvelopeCheck) -> Reading {
    guard reading.isUsable else { return reading }
    let delay = check.rules.longestDelay
    if reading.isDatedAhead(of: now, within: check.freshness(of: tag)) {
      if reading.instant - now <= delay { until[tag] = now + delay }
    } else {
      guard let until = until[tag], now < until else { return reading }
    }
    var doubted = reading
    doubted.quality = .uncertain
    doubted.instant = min(reading.instant, now)
    return doubted
  }
}
