internal import Determinism
public import PlantModel
public import Quantities

/// When which arm runs, and which windows count: a calendar that is fixed before the first pair.
///
///     since ─┬─ washout ─┬── dwell ──┬─ washout ─┬── dwell ──┬─ …
///            └── period 0: one arm ──┴── period 1: the other ┴─ pair 1
///
/// In each pair a fair coin says whether the change or the baseline comes first. The coins follow from the seed, the change's name and
/// the pair's number alone, so a replay meets the same order. Periods are of one length whatever the arm, also where two neighbours run
/// the same one: what the noise brings to a window must not depend on the coin (`RandomizedPairs` rests on that).
///
/// The washout is the whole time from the write to the first window that counts: the ramp that the envelope allows, and at least three
/// time constants of the plant. `carryover` says what is left.
public struct SwitchbackDesign: Hashable, Sendable, Codable {
  public enum Arm: String, Hashable, Sendable, Codable { case baseline, candidate }

  public let spec: SwitchbackSpec
  public let change: ChangeID
  public let seed: UInt64

  /// - Parameter seed: of the plant; whoever can move the plant should not know it beforehand.
  public init(_ spec: SwitchbackSpec, change: ChangeID, seed: UInt64) {
    precondition(spec.pairs > 0 && spec.dwell > .zero && spec.washout >= .zero, "a switchback of \(spec)")
    (self.spec, self.change, self.seed) = (spec, change, seed)
  }

  /// Where an instant or a window stands in the calendar.
  public struct Position: Hashable, Sendable {
    /// From 0: two to a pair.
    public let period: Int
    /// From 0.
    public var pair: Int { period / 2 }
    public let arm: Arm
    /// The arm has settled: what is measured counts.
    public let counts: Bool
    /// When the arm's time is over.
    public let ends: Instant
  }

  /// From one write to the next.
  public var period: Duration { spec.period }
  /// Of all pairs.
  public var length: Duration { Duration(nanoseconds: period.nanoseconds * Int64(2 * spec.pairs)) }

  /// True where the change comes first in a pair: the coin.
  public func candidateFirst(in pair: Int) -> Bool {
    var coin = RandomStream(seed: seed, "switchback").split(change.name).split(pair)
    return coin.next() >> 63 == 1
  }

  /// Which arm runs in a period, counted from 0.
  public func arm(inPeriod number: Int) -> Arm { candidateFirst(in: number / 2) == number.isMultiple(of: 2) ? .candidate : .baseline }

  /// What should run at this instant; nil before `since` and after the last pair.
  public func position(at instant: Instant, since: Instant) -> Position? {
    let elapsed = (instant - since).nanoseconds
    guard elapsed >= 0, elapsed < length.nanoseconds else { return nil }
    let number = elapsed / period.nanoseconds
    return Position(
      period: Int(number), arm: arm(inPeriod: Int(number)),
      counts: elapsed - number * period.nanoseconds >= spec.washout.nanoseconds,
      ends: since + Duration(nanoseconds: (number + 1) * period.nanoseconds))
  }

  /// Where a window counts: inside the dwell of one period, whole. Nil for all others.
  public func position(of window: EvidenceWindow, since: Instant) -> Position? { position(from: window.start, to: window.end, since: since) }

  /// The same of a span.
  func position(from start: Instant, to end: Instant, since: Instant) -> Position? {
    guard let position = position(at: start, since: since), position.counts, end <= position.ends else { return nil }
    return position
  }

  /// When a pair is over.
  public func end(ofPair pair: Int, since: Instant) -> Instant { since + Duration(nanoseconds: period.nanoseconds * Int64(2 * pair + 2)) }

  /// By what share the washout falls short: a measured gain g shows as (1 − carryover)·g in the mean, never as more.
  ///
  /// With r = (τ/D)·e^(−W/τ)·(1 − e^(−D/τ)) what an arm's dwell D still shows of the arm before it, 1½·r: the second arm of a pair always
  /// follows the other, the first every other time. At W = D = 3τ that is 2.4 %.
  ///
  /// - Parameter timeConstant: τ of the plant's response (first order).
  public func carryover(timeConstant: Duration) -> Double {
    guard timeConstant > .zero else { return 0 }
    let (washout, dwell) = (spec.washout / timeConstant, spec.dwell / timeConstant)
    return 1.5 * Portable.exp(-washout) * (1 - Portable.exp(-dwell)) / dwell
  }
}

extension SwitchbackSpec {
  /// From one write to the next.
  var period: Duration { washout + dwell }

  /// The most that a tag may be moved in an hour by switching a step of this size, in its unit: what its hourly limit must allow.
  public func movement(perHourOf step: Double) -> Double { step.magnitude * (1 / period.hours).rounded(.up) }
}
