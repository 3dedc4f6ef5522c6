public import Probability
public import Quantities

/// Breakdowns by operating time.
public struct FailureSpec: Sendable, Hashable, Codable {
  /// Operating seconds between failures.
  public var timeToFailure: Law
  /// Seconds of repair.
  public var repair: Law
  public var rules = StopRules()
  public init(timeToFailure: Law, repair: Law) { (self.timeToFailure, self.repair) = (timeToFailure, repair) }
}

/// Short stops (PackML Held) by operating time.
public struct MicrostopSpec: Sendable, Hashable, Codable {
  public var interval: Law
  public var length: Law
  public var rules = StopRules()
  public init(interval: Law, length: Law) { (self.interval, self.length) = (interval, length) }
}

/// What a stop counts by, what becomes of the work under way, and whom it needs.
public struct StopRules: Sendable, Hashable, Codable {
  /// What the interval counts: the station's working time, or all time from the end of one stop to the next.
  public enum Clock: String, Sendable, Hashable, Codable, CaseIterable { case operating, calendar }
  /// The part waits and its work goes on, begins anew, or the part is scrapped.
  public enum Work: String, Sendable, Hashable, Codable, CaseIterable { case resumes, restarts, scrapped }
  public var clock = Clock.operating
  public var work = Work.resumes
  /// Whom it needs before its length begins to run.
  public var need: CrewNeed?
  public init(clock: Clock = .operating, work: Work = .resumes, need: CrewNeed? = nil) {
    (self.clock, self.work, self.need) = (clock, work, need)
  }
}

/// A failure or short stop besides the station's first.
public struct OtherStop: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Hashable, Codable { case failure, microstop }
  public var name: String
  public var kind: Kind
  public var interval: Law
  public var length: Law
  public var rules: StopRules
  public init(name: String, kind: Kind, interval: Law, length: Law, rules: StopRules) {
    (self.name, self.kind, self.interval, self.length, self.rules) = (name, kind, interval, length, rules)
  }
}

/// Planned upkeep: due every so often, done before the next part.
public struct Upkeep: Sendable, Hashable, Codable {
  public enum Every: Sendable, Hashable, Codable {
    /// From the end of one to when the next is due.
    case calendar(Duration)
    /// Working time.
    case operating(Duration)
    /// Parts or batches finished.
    case parts(Int)
  }
  public var name: String
  public var every: Every
  public var length: Law
  public var need: CrewNeed?
  public init(name: String, every: Every, length: Law, need: CrewNeed?) {
    (self.name, self.every, self.length, self.need) = (name, every, length, need)
  }
}

/// A tool, or a condition, that wears: w += a draw of `perPart` with each part. It is replaced between two parts once w ≥ `replaceAt`, and
/// breaks under work once w ≥ `breaksAt`. Share of parts spoilt += scrapWhenWorn·(w / replaceAt)^scrapExponent.
public struct Wear: Sendable, Hashable, Codable {
  public var perPart: Law
  /// Nil: it is used until it breaks.
  public var replaceAt: Double?
  public var replacement: Law
  public var need: CrewNeed?
  /// Nil: it does not break.
  public var breaksAt: Double?
  /// How long a break takes, the new tool included. Nil: as the replacement.
  public var breakage: Law?
  public var scrapWhenWorn: Double
  public var scrapExponent: Double
  /// Tells the parts made since the tool was replaced.
  public var countTag: String?
  public init(
    perPart: Law, replaceAt: Double?, replacement: Law, need: CrewNeed?, breaksAt: Double?, breakage: Law?, scrapWhenWorn: Double,
    scrapExponent: Double
  ) {
    (self.perPart, self.replaceAt, self.replacement, self.need) = (perPart, replaceAt, replacement, need)
    (self.breaksAt, self.breakage, self.scrapWhenWorn, self.scrapExponent) = (breaksAt, breakage, scrapWhenWorn, scrapExponent)
  }
}

/// Set-up when a part of another product comes.
public struct Setup: Sendable, Hashable, Codable {
  public struct Change: Sendable, Hashable, Codable {
    public var from: String
    public var to: String
    public var length: Law
    public init(from: String, to: String, length: Law) { (self.from, self.to, self.length) = (from, to, length) }
  }
  /// In the plant's order of products, by `from`, then `to`.
  public var changes: [Change]
  /// The product that it is set up for at first; nil: whichever comes first.
  public var initial: String?
  public var need: CrewNeed?
  public init(changes: [Change], initial: String?, need: CrewNeed?) { (self.changes, self.initial, self.need) = (changes, initial, need) }
}
