internal import PlantModel
internal import Quantities

/// The proof test of a rollback, before anything is written: how long the way back from a set-point takes, by the envelope's own rules.
///
/// It walks the way back write by write: each at most one step, each inside what is left of the hour's allowance, each waiting for the
/// read-back of the one before. It starts from the worst hour: all that the way out may spend has just been spent.
struct WayBack {
  /// Plant time from a write to its read-back.
  var cycle: Duration
  /// Nothing takes longer than this.
  var limit: Duration

  /// How long all tags together take from `from` to `to` (tags go side by side); nil when one cannot be back within `limit`, has no limits,
  /// or would end outside of them.
  func duration(from: [String: Double], to good: [String: Double], check: EnvelopeCheck, spent: [SpentStep], at now: Instant) -> Duration? {
    var longest = Duration.zero
    for tag in good.keys.sorted() {
      guard let there = from[tag], let back = good[tag], let tagLimit = check.limit(tag), back >= tagLimit.low, back <= tagLimit.high,
        let span = duration(of: tag, from: there, to: back, tagLimit, check.rules.forwardShare, spent, now)
      else { return nil }
      longest = max(longest, span)
    }
    return longest
  }

  private func duration(
    of tag: String, from: Double, to good: Double, _ tagLimit: TagLimit, _ forwardShare: Double, _ history: [SpentStep], _ start: Instant
  ) -> Duration? {
    guard from.isFinite, good.isFinite, tagLimit.maxStep > 0, tagLimit.maxPerHour > 0 else { return nil }
    var spent = history.filter { $0.tag == tag }
    // The way out, spent a moment ago, as far as it may be.
    let forward = min(abs(from - good), max(0, tagLimit.maxPerHour * forwardShare - SpentStep.total(spent, of: tag, at: start)))
    spent.append(SpentStep(tag: tag, at: start, amount: forward))
    var (here, now) = (from, start)
    while here != good {
      let left = tagLimit.maxPerHour * EnvelopeCheck.rounding - SpentStep.total(spent, of: tag, at: now)
      let step = min(abs(good - here), tagLimit.maxStep)
      if step <= left {
        here = step == abs(good - here) ? good : here + (good < here ? -step : step)
        spent.append(SpentStep(tag: tag, at: now, amount: step))
      }
      now += cycle
      guard now - start <= limit else { return nil }
    }
    return now - start
  }
}
