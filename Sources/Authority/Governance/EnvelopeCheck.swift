public import PlantModel
public import Quantities
internal import Telemetry

/// The envelope's questions about one write, answered from values alone. The governor asks before it records an intent; the gateway
/// asks again, from its own readings, its own monitors and its own memory.
public struct EnvelopeCheck: Sendable {
  public let envelope: EnvelopeSpec
  public let rules: GovernorRules
  /// By tag, where it differs from `rules.freshness`.
  public let freshness: [String: Duration]
  private let limits: [String: TagLimit]

  public init(envelope: EnvelopeSpec, rules: GovernorRules, freshness: [String: Duration] = [:]) {
    (self.envelope, self.rules, self.freshness) = (envelope, rules, freshness)
    limits = Dictionary(envelope.limits.map { ($0.tag, $0) }, uniquingKeysWith: Self.tighter)
  }

  /// A tag declared twice has what both allow.
  private static func tighter(_ a: TagLimit, _ b: TagLimit) -> TagLimit {
    TagLimit(
      tag: a.tag, unit: a.unit, low: max(a.low, b.low), high: min(a.high, b.high), maxStep: min(a.maxStep, b.maxStep),
      maxPerHour: min(a.maxPerHour, b.maxPerHour), hold: a.hold, maxDrift: [a.maxDrift, b.maxDrift].compactMap { $0 }.min(),
      authorityCeiling: [a.authorityCeiling, b.authorityCeiling].compactMap { $0 }.min(), isIrreversible: a.isIrreversible || b.isIrreversible)
  }

  /// The limits of a tag; nil for one that may not be written at all.
  public func limit(_ tag: String) -> TagLimit? { limits[tag] }

  /// How long a tag may be silent before its last reading is not known any more, in plant time.
  public func freshness(of tag: String) -> Duration { freshness[tag] ?? rules.freshness }

  /// Whether two values of a tag are the same set-point, up to what machines round.
  public func same(_ tag: String, _ a: Double, _ b: Double) -> Bool {
    guard let limit = limits[tag] else { return a == b }
    return abs(a - b) <= rules.sameWithin * max(limit.high - limit.low, 0)
  }

  /// Whether a machine could stand here by a write of ours: inside the tag's limits, up to what machines round.
  public func allows(_ value: Double, of tag: String) -> Bool {
    guard let limit = limits[tag] else { return false }
    let rounding = rules.sameWithin * max(limit.high - limit.low, 0)
    return value >= limit.low - rounding && value <= limit.high + rounding
  }

  /// Whether one write can lead a tag from outside its limits back inside.
  public func isOneStepFromInside(_ value: Double, of tag: String) -> Bool {
    guard let limit = limits[tag] else { return false }
    return max(limit.low - value, value - limit.high) <= limit.maxStep
  }

  /// What a write is asked about.
  public struct Question: Sendable {
    public var tag: String
    /// In the unit of the tag's limit.
    public var value: Double
    public var purpose: WriteIntent.Purpose
    /// Now, in plant time.
    public var at: Instant
    /// By tag.
    public var readings: [String: Reading]
    /// Steps of the last hour.
    public var spent: [SpentStep]
    /// Writes of other tags that may be on their way.
    public var pending: [IssuedWrite]
    /// How the envelope's properties stand; nil where the asker does not monitor them (the gateway always does).
    public var properties: [PropertyState]?

    public init(
      tag: String, value: Double, purpose: WriteIntent.Purpose, at: Instant, readings: [String: Reading], spent: [SpentStep],
      pending: [IssuedWrite] = [], properties: [PropertyState]? = nil
    ) {
      (self.tag, self.value, self.purpose, self.at) = (tag, value, purpose, at)
      (self.readings, self.spent, self.pending, self.properties) = (readings, spent, pending, properties)
    }
  }

  /// Nil when the write may go; else the first reason why not. NaN passes no comparison.
  public func refusal(of question: Question) -> WriteRefusal? {
    let (tag, value) = (question.tag, question.value)
    guard let limit = limits[tag] else { return WriteRefusal(.notWritable, "\(tag) has no limits in the envelope") }
    if limit.isIrreversible { return WriteRefusal(.irreversible, "what \(tag) starts cannot be taken back") }
    guard value.isFinite else { return WriteRefusal(.notFinite, "\(value) for \(tag)") }
    guard value.isProper else { return WriteRefusal(.improperNumber, "\(value) for \(tag) is a negative zero or subnormal") }
    guard value >= limit.low, value <= limit.high else {
      return WriteRefusal(.outsideLimits, "\(value) is outside \(limit.low)…\(limit.high) \(limit.unit) of \(tag)")
    }
    guard let reading = question.readings[tag] else { return WriteRefusal(.staleReading, "\(tag) has no reading") }
    if reading.remark == .localOverride { return WriteRefusal(.localOverride, "\(tag) is overridden at the machine") }
    guard reading.isFresh(at: question.at, within: freshness(of: tag)) else {
      return WriteRefusal(.staleReading, "\(tag) has no fresh good reading")
    }
    let step = abs(value - reading.value)
    guard step <= limit.maxStep * Self.rounding else {
      return WriteRefusal(.stepTooLarge, "\(tag) would move \(step) at once, \(limit.maxStep) \(limit.unit) are allowed")
    }
    let moved = SpentStep.total(question.spent, of: tag, at: question.at)
    guard moved + step <= limit.maxPerHour * Self.rounding else {
      return WriteRefusal(.rateExceeded, "\(tag) has moved \(moved) within the hour, \(limit.maxPerHour) \(limit.unit) are allowed")
    }
    return interlock(on: tag, at: question.at, readings: question.readings) ?? permissive(on: tag, at: question.at, readings: question.readings)
      ?? coupledRefusal(of: question) ?? propertyRefusal(of: question)
  }

  /// A limit of 5 allows the step from 0.1 to 5.1, whose difference is not exactly 5.
  static let rounding = 1 + 1e-9
}
