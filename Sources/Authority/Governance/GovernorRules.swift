public import Quantities

/// The governor's own numbers: what does not belong to a plant, an envelope or a loop. All times are plant time.
public struct GovernorRules: Hashable, Sendable, Codable {
  /// A proof that has not come by then rejects the proposal; it is asked for again after a third of it.
  public var proofTimeout: Duration = .hours(1)
  /// The least probability of gain that a proof must show: clearly more likely than not. What protects the plant from the rest is that a
  /// change goes out in part first and that harm is looked for from its first minute.
  public var minProbabilityOfGain = 0.6
  /// How often evidence is asked for while a stage or a probation runs.
  public var evidenceInterval: Duration = .minutes(5)
  /// Missing share of evidence above which there is none.
  public var maxMissingShare = 0.2
  /// Fewest windows that the judge will keep a change by.
  public var minWindows = 4
  /// A tag silent for longer than this is unknown; per tag where the plant says so.
  public var freshness: Duration = .minutes(5)
  /// No message is under way for longer than this.
  public var longestDelay: Duration = .minutes(10)
  /// How long a reading may be bad before a change is held.
  public var readingGrace: Duration = .minutes(2)
  /// Two set-points closer than this share of the limit's range are the same (machines round).
  public var sameWithin = 1e-3
  /// A write that has not been read back by then has failed.
  public var readBackDeadline: Duration = .minutes(5)
  /// An intent is not sent later than this after it was decided.
  public var intentLifetime: Duration = .minutes(2)
  /// After a refusal or a failure, the next attempt at a tag waits this long.
  public var retryInterval: Duration = .minutes(2)
  /// Share of a tag's hourly allowance that moves forward may spend; the rest is kept for the way back.
  public var forwardShare = 0.5
  /// A change that was held more often than this goes back.
  public var maxHolds = 3
  /// How many of the envelope's steps one change may take a tag, at most. What is farther away is more probably in another unit than meant;
  /// if it is meant, it takes several changes, each proven and judged. A plant whose steps are small because it must be moved slowly takes more.
  public var plausibleSteps = 10.0
  /// A loop may not propose a quarantined move again for this long.
  public var quarantine: Duration = .hours(3)
  /// How near to a quarantined target counts as the same move, as a share of the quarantined distance.
  public var quarantineRadius = 0.25
  /// Plant time from a write to its read-back, as the proof of the way back counts it.
  public var writeCycle: Duration = .minutes(1)
  /// A change whose way back would take longer is refused; a rollback that does take longer calls a person (it goes on trying).
  public var rollbackAlarm: Duration = .hours(2)
  /// Crashes and missed deadlines that cost a level.
  public var faultsBeforeDemotion = 5
  /// Undecided changes in a row that cost closed loop. Indecision shows that claims are too small to be seen, not that they are false: it
  /// never costs more than the right to go without a person.
  public var undecidedBeforeDemotion = 8
  /// Seed of the plant's change names.
  public var nameSeed: UInt64 = 0
  public init() {}
}
