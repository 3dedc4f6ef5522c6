public import Quantities
import TemporalLogic

/// `envelope.yaml`: the hard limits, owned by the safety role. Nothing in Takt widens it. Their meaning stands in docs/envelope.md.
public struct EnvelopeSpec: Sendable, Hashable {
  /// One per tag that may ever be written; a tag without limits cannot be written at all.
  public var limits: [TagLimit]
  public var interlocks: [Interlock]
  public var permissives: [Permissive]
  public var coupledLimits: [CoupledLimit]
  public var properties: [SafetyProperty]
  /// The highest authority that any loop may reach here.
  public var authorityCeiling: Authority
  /// Without a sign of life from the governor for longer than this (wall time) the gateway stops, and reports each tag's `hold`.
  public var heartbeatTimeout: Duration
  /// How many changes may reach the plant within an hour; nil: as many as are proven.
  public var maxChangesPerHour: Int?

  /// Where the file names none.
  public static let standardHeartbeatTimeout = Duration.seconds(3)

  public init(
    limits: [TagLimit], interlocks: [Interlock], permissives: [Permissive] = [], coupledLimits: [CoupledLimit] = [],
    properties: [SafetyProperty] = [], authorityCeiling: Authority, heartbeatTimeout: Duration = standardHeartbeatTimeout,
    maxChangesPerHour: Int? = nil
  ) {
    (self.limits, self.interlocks, self.permissives) = (limits, interlocks, permissives)
    (self.coupledLimits, self.properties, self.authorityCeiling) = (coupledLimits, properties, authorityCeiling)
    (self.heartbeatTimeout, self.maxChangesPerHour) = (heartbeatTimeout, maxChangesPerHour)
  }

  /// Every tag whose readings matter, sorted: the writable ones and those that a condition, a sum or a property of theirs looks at.
  public var watchedTags: [String] { watched(by: limits.map(\.tag)) }

  /// The tags whose readings matter for writing `tags`, sorted: they and those that their conditions, sums and properties look at.
  public func watched(by tags: [String]) -> [String] {
    let written = Set(tags)
    func concerns(_ list: [String]) -> Bool { list.isEmpty || !written.isDisjoint(with: list) }
    var watched = written
    for interlock in interlocks where concerns(interlock.forbids) { watched.formUnion(interlock.condition.signals) }
    for permissive in permissives where concerns(permissive.permits) { watched.formUnion(permissive.condition.signals) }
    for property in properties where concerns(property.forbids) { watched.formUnion(property.formula.signals) }
    for limit in coupledLimits {
      let signals = limit.terms.map(\.signal)
      if !written.isDisjoint(with: signals) { watched.formUnion(signals) }
    }
    return watched.sorted()
  }

  /// The highest authority for moving these tags: the envelope's, or a tag's own where that is lower.
  public func authorityCeiling(of tags: [String]) -> Authority {
    limits.filter { tags.contains($0.tag) }.compactMap(\.authorityCeiling).reduce(authorityCeiling, min)
  }
}

extension EnvelopeSpec: Codable {
  private enum Key: String, CodingKey {
    case limits, interlocks, permissives, coupledLimits, properties, authorityCeiling, heartbeatTimeout, maxChangesPerHour
  }

  /// What an earlier version did not write has its standard value.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init(
      limits: try container.decode([TagLimit].self, forKey: .limits), interlocks: try container.decode([Interlock].self, forKey: .interlocks),
      permissives: try container.decodeIfPresent([Permissive].self, forKey: .permissives) ?? [],
      coupledLimits: try container.decodeIfPresent([CoupledLimit].self, forKey: .coupledLimits) ?? [],
      properties: try container.decodeIfPresent([SafetyProperty].self, forKey: .properties) ?? [],
      authorityCeiling: try container.decode(Authority.self, forKey: .authorityCeiling),
      heartbeatTimeout: try container.decodeIfPresent(Duration.self, forKey: .heartbeatTimeout) ?? Self.standardHeartbeatTimeout,
      maxChangesPerHour: try container.decodeIfPresent(Int.self, forKey: .maxChangesPerHour))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(limits, forKey: .limits)
    try container.encode(interlocks, forKey: .interlocks)
    try container.encode(permissives, forKey: .permissives)
    try container.encode(coupledLimits, forKey: .coupledLimits)
    try container.encode(properties, forKey: .properties)
    try container.encode(authorityCeiling, forKey: .authorityCeiling)
    try container.encode(heartbeatTimeout, forKey: .heartbeatTimeout)
    try container.encodeIfPresent(maxChangesPerHour, forKey: .maxChangesPerHour)
  }
}
