public import PlantModel
public import Quantities

/// The envelope's questions about one write, answered from values alone. The governor asks before it records an intent; the gateway
/// asks again, from its own readings and its own memory.
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
      maxPerHour: min(a.maxPerHour, b.maxPerHour), hold: a.hold)
  }

  public func limit(_ tag: String) -> TagLimit? { limits[tag] }

  public func freshness(of tag: String) -> Duration { freshness[tag] ?? rules.freshness }

  /// Whether two values of a tag are the same set-point, up to what machines round.
  public func same(_ tag: String, _ a: Double, _ b: Double) -> Bool {
    guard let limit = limits[tag] else { return a == b }
    return abs(a - b) <= rules.sameWithin * max(limit.high - limit.low, 0)
  }

  /// Nil when the write may go; else the first reason why not. NaN passes no comparison.
  public func refusal(
    of value: Double, to tag: String, at now: Instant, readings: [String: Reading], spent: [SpentStep]
  ) -> WriteRefusal? {
    guard let limit = limits[tag] else { return WriteRefusal(.notWritable, "\(tag) has no limits in the envelope") }
    guard value.isFinite else { return WriteRefusal(.notFinite, "\(value) for \(tag)") }
    guard value >= limit.low, value <= limit.high else {
      return WriteRefusal(.outsideLimits, "\(value) is outside \(limit.low)…\(limit.high) \(limit.unit) of \(tag)")
    }
    guard let reading = readings[tag], reading.isFresh(at: now, within: freshness(of: tag)) else {
      return WriteRefusal(.staleReading, "\(tag) has no fresh good reading")
    }
    let step = abs(value - reading.value)
    guard step <= limit.maxStep * Self.rounding else {
      return WriteRefusal(.stepTooLarge, "\(tag) would move \(step) at once, \(limit.maxStep) \(limit.unit) are allowed")
    }
    let moved = SpentStep.total(spent, of: tag, at: now)
    guard moved + step <= limit.maxPerHour * Self.rounding else {
      return WriteRefusal(.rateExceeded, "\(tag) has moved \(moved) within the hour, \(limit.maxPerHour) \(limit.unit) are allowed")
    }
    return interlock(on: tag, at: now, readings: readings)
  }

  /// The first interlock that forbids writing `tag`; one whose tag is not known holds.
  public func interlock(on tag: String, at now: Instant, readings: [String: Reading]) -> WriteRefusal? {
    for interlock in envelope.interlocks where interlock.forbids.isEmpty || interlock.forbids.contains(tag) {
      guard let reading = readings[interlock.tag], reading.isFresh(at: now, within: freshness(of: interlock.tag)) else {
        return WriteRefusal(.interlock, "\(interlock.name): \(interlock.tag) is not known")
      }
      let holds =
        switch interlock.comparison {
        case .below: reading.value < interlock.value
        case .above: reading.value > interlock.value
        case .equals: reading.value == interlock.value
        }
      if holds { return WriteRefusal(.interlock, "\(interlock.name): \(interlock.tag) is \(reading.value)") }
    }
    return nil
  }

  /// The tags whose readings matter for writing `tags`: they and the interlocks'.
  public func watched(by tags: [String]) -> [String] {
    let interlocks = envelope.interlocks.filter { $0.forbids.isEmpty || !Set($0.forbids).isDisjoint(with: tags) }
    return Set(tags + interlocks.map(\.tag)).sorted()
  }

  // A limit of 5 allows the step from 0.1 to 5.1, whose difference is not exactly 5.
  static let rounding = 1 + 1e-9
}
