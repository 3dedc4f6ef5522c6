public import Quantities

/// What is wrong, or was, with one tag: for the data engineer.
public struct TagIssue: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// The source measures in another unit than the plant folder says; every value is bad.
    case wrongUnit
    /// The source's unit is in no table; its values are uncertain.
    case unknownUnit
    /// Text for a number, or the other way; bad.
    case wrongType
    /// The source itself said that the value is bad or absent.
    case sourceSaysBad
    /// NaN or infinite; bad.
    case notFinite
    /// Outside the range in which the sensor can be right; bad.
    case outOfRange
    /// No number that the tag's kind allows (no PackML state, no whole count); bad.
    case notAllowed
    /// The source instant lies ahead of plant time; uncertain, or bad when far ahead.
    case inFuture
    /// Later than the tag's `staleAfter`; uncertain.
    case late
    /// The plant folder does not know the tag.
    case unknownTag
    /// The plant folder expects the tag, and the births do not offer it.
    case missing
  }
  public var tag: String
  public var kind: Kind
  public var count: Int
  /// In plant time.
  public var first: Instant
  public var last: Instant
  /// What was found and what was expected, of the last occurrence.
  public var detail: String

  public init(tag: String, kind: Kind, count: Int, first: Instant, last: Instant, detail: String) {
    (self.tag, self.kind, self.count, self.first, self.last, self.detail) = (tag, kind, count, first, last, detail)
  }
}

/// Counts of one source since it was started, and its issues by tag.
public struct AcquisitionReport: Sendable, Hashable, Codable {
  public var messages = 0
  public var samples = 0
  /// Samples that were stored at the edge and sent later.
  public var historicalSamples = 0
  public var malformedPayloads = 0
  /// Topics outside the session's nodes, or of no Sparkplug form.
  public var foreignTopics = 0
  public var duplicates = 0
  public var sequenceGaps = 0
  /// Data that came before a birth or under an alias or name that no birth gave.
  public var unknownMetrics = 0
  /// Metrics passed over because a gap or a missing birth left their meaning unsure.
  public var droppedMetrics = 0
  public var births = 0
  public var deaths = 0
  /// Deaths of an earlier session, rightly passed over.
  public var staleDeaths = 0
  public var rebirthRequests = 0
  public var connections = 0

  private var byKey: [Key: TagIssue] = [:]
  private struct Key: Sendable, Hashable, Codable {
    var tag: String
    var kind: TagIssue.Kind
  }

  public init() {}

  /// Sorted by tag and kind.
  public var issues: [TagIssue] { byKey.values.sorted { ($0.tag, $0.kind.rawValue) < ($1.tag, $1.kind.rawValue) } }

  public mutating func note(_ kind: TagIssue.Kind, of tag: String, at instant: Instant, _ detail: String) {
    var issue = byKey[Key(tag: tag, kind: kind)] ?? TagIssue(tag: tag, kind: kind, count: 0, first: instant, last: instant, detail: detail)
    issue.count += 1
    (issue.last, issue.detail) = (max(issue.last, instant), detail)
    byKey[Key(tag: tag, kind: kind)] = issue
  }

  /// Forgets an issue that a new birth has settled.
  mutating func settle(_ kind: TagIssue.Kind, of tag: String) { byKey[Key(tag: tag, kind: kind)] = nil }
}
