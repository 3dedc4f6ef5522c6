internal import Governance
internal import Ledger
internal import Probability
internal import Quantities

/// What each leaf of the standard case looks at.
extension StandardCase {
  func intentFirst(_ audit: LedgerAudit) -> Indicator {
    if let first = audit.unintended.first {
      return Indicator(.bad, "\(audit.unintended.count) without an intent, \(first) first", evidence: audit.latest)
    }
    guard audit.intents > 0 else { return Indicator(.unknown, "nothing was ever written") }
    return Indicator(.good, "\(audit.intents) writes, all intended first", evidence: audit.lastIntent)
  }

  func insideEnvelope(_ audit: LedgerAudit) -> Indicator {
    if let first = audit.outside.first {
      return Indicator(.bad, "\(audit.outside.count) of \(audit.auditedIntents): \(first)", evidence: audit.lastIntent)
    }
    guard audit.auditedIntents > 0 else { return Indicator(.unknown, "nothing was written under this envelope") }
    let others = audit.intents - audit.auditedIntents
    return Indicator(
      .good, "\(audit.auditedIntents) writes inside" + (others > 0 ? ", \(others) under other envelopes" : ""), evidence: audit.lastIntent)
  }

  func takeover(_ audit: LedgerAudit) -> Indicator {
    if audit.intentsUnderTakeover > 0 {
      return Indicator(.bad, "\(audit.intentsUnderTakeover) writes decided while a person had the plant", evidence: audit.lastTakeover)
    }
    guard let last = audit.lastTakeover else { return Indicator(.bad, "never tried") }
    return Indicator(.good, "\(audit.takeovers) times, no write decided meanwhile", evidence: last, expires: last + limits.takeoverAge)
  }

  func rollback(_ audit: LedgerAudit, _ now: Instant) -> Indicator {
    if let since = audit.oldestRollback, now - since > limits.rollbackTime {
      return Indicator(.bad, "one is under way for \(minutes(now - since)) min", evidence: since)
    }
    guard let last = audit.lastRestored else { return Indicator(.bad, "no change has ever gone back") }
    let finding = "the last took \(minutes(last.took)) min, the slowest \(minutes(audit.slowestRestored)) min"
    guard last.took <= limits.rollbackTime else { return Indicator(.bad, finding, evidence: last.at) }
    return Indicator(.good, finding, evidence: last.at, expires: last.at + limits.rollbackAge)
  }

  /// Bad where so many undone changes would be seen in fewer than one of twenty records if the judge kept its rate.
  func falsePromotions(_ audit: LedgerAudit) -> Indicator {
    guard audit.settled > 0 else { return Indicator(.unknown, "nothing was ever kept") }
    let finding = "\(audit.undoneForHarm) of \(audit.settled) kept changes did harm later"
    let chance = Self.tail(atLeast: audit.undoneForHarm, of: audit.settled, at: limits.falsePromotion)
    return Indicator(chance < 0.05 ? .bad : .good, finding, evidence: audit.lastSettled)
  }

  func twin(_ audit: LedgerAudit) -> Indicator {
    guard let twin = audit.state.twin, let since = audit.twinSince else { return Indicator(.unknown, "there is no twin yet") }
    guard twin.valid else { return Indicator(.bad, twin.reason.isEmpty ? "not valid" : twin.reason, evidence: since) }
    guard twin.revision == audit.state.revision else { return Indicator(.bad, "it is of another revision of the plant", evidence: since) }
    return Indicator(.good, "valid, calibration \(twin.calibration.prefix(12))", evidence: since, expires: since + limits.twinAge)
  }

  func intact(_ verification: LedgerVerification, _ audit: LedgerAudit) -> Indicator {
    switch verification {
    case .intact(let end) where end.count == 0: Indicator(.unknown, "it is empty")
    case .intact(let end): Indicator(.good, "\(end.count) facts, chain unbroken", evidence: audit.latest)
    case .broken(let sequence, let how): Indicator(.bad, "broken at fact \(sequence + 1): \(how)", evidence: audit.latest)
    }
  }

  func alarms(_ audit: LedgerAudit, _ now: Instant) -> Indicator {
    guard audit.latest != nil else { return Indicator(.unknown, "nothing is recorded yet") }
    let day = audit.alarms.filter { now - $0 < .hours(24) && $0 <= now }
    let densest = day.map { start in day.count { $0 >= start && $0 - start < .hours(1) } }.max() ?? 0
    let isFew = Double(day.count) / 24 <= limits.alarmsPerHour && densest <= limits.alarmsInAnHour
    return Indicator(isFew ? .good : .bad, "\(day.count) in 24 h, at most \(densest) within an hour", evidence: day.last ?? audit.latest)
  }

  private func minutes(_ span: Duration) -> Int { Int((span.seconds / 60).rounded(.up)) }

  /// P(X ≥ k) of a binomial count X of n at probability p: I_p(k, n − k + 1).
  ///
  /// - Source: NIST DLMF 8.17.5.
  private static func tail(atLeast k: Int, of n: Int, at p: Double) -> Double {
    if k <= 0 { return 1 }
    return k <= n ? Special.beta(Double(k), Double(n - k + 1), p) : 0
  }
}
