internal import Quantities
internal import TemporalLogic

/// In what a new envelope allows more than an old one. Empty where the new one is at least as tight everywhere: then software may adopt it.
///
/// Sound and not complete: a condition that was rewritten rather than tightened counts as widened, and a person of the safety role looks at
/// it. A different fail-safe (`hold`) counts, too: neither of two holds is the safer one by itself.
public struct EnvelopeComparison: Sendable, Hashable {
  public struct Widening: Sendable, Hashable, Codable, CustomStringConvertible {
    /// As the folder names the field, e.g. `limits.Filler/MachSpeed.high`.
    public var path: String
    /// As they would be written; nil where there is none.
    public var old: String?
    public var new: String?
    public init(path: String, old: String?, new: String?) { (self.path, self.old, self.new) = (path, old, new) }
    public var description: String { "\(path): \(old ?? "-") → \(new ?? "-")" }
  }

  /// In the order of the file.
  public private(set) var widenings: [Widening] = []

  public var isAtLeastAsTight: Bool { widenings.isEmpty }

  public init(_ old: EnvelopeSpec, _ new: EnvelopeSpec) {
    if new.authorityCeiling > old.authorityCeiling { add("authority_ceiling", old.authorityCeiling.name, new.authorityCeiling.name) }
    if new.heartbeatTimeout > old.heartbeatTimeout { add("heartbeat_timeout", seconds(old.heartbeatTimeout), seconds(new.heartbeatTimeout)) }
    if (new.maxChangesPerHour ?? .max) > (old.maxChangesPerHour ?? .max) {
      add("max_changes_per_hour", old.maxChangesPerHour.map { "\($0)" }, new.maxChangesPerHour.map { "\($0)" })
    }
    compareLimits(old, new)
    compareConditions(old, new)
    compareCoupled(old, new)
    compareProperties(old, new)
  }

  private mutating func add(_ path: String, _ old: String?, _ new: String?) { widenings.append(Widening(path: path, old: old, new: new)) }

  // MARK: Limits

  private mutating func compareLimits(_ old: EnvelopeSpec, _ new: EnvelopeSpec) {
    for after in new.limits {
      let path = "limits.\(after.tag)"
      guard let before = old.limits.first(where: { $0.tag == after.tag }) else {
        add(path, nil, "\(measured(after.low, after.unit)) … \(measured(after.high, after.unit))")
        continue
      }
      guard after.unit == before.unit else {
        add("\(path).unit", before.unit, after.unit)
        continue
      }
      func widened(_ key: String, _ a: Double, _ b: Double, _ isWider: Bool) {
        if isWider { add("\(path).\(key)", measured(a, before.unit), measured(b, after.unit)) }
      }
      // NaN is no limit, so whatever is not clearly as tight counts.
      widened("low", before.low, after.low, !(after.low >= before.low))
      widened("high", before.high, after.high, !(after.high <= before.high))
      widened("max_step", before.maxStep, after.maxStep, !(after.maxStep <= before.maxStep))
      widened("max_per_hour", before.maxPerHour, after.maxPerHour, !(after.maxPerHour <= before.maxPerHour))
      if let most = before.maxDrift, !(after.maxDrift.map { $0 <= most } ?? false) {
        add("\(path).max_drift", measured(most, before.unit), after.maxDrift.map { measured($0, after.unit) })
      }
      if before.isIrreversible, !after.isIrreversible { add("\(path).irreversible", "true", "false") }
      if after.hold != before.hold { add("\(path).hold", before.hold.text(unit: before.unit), after.hold.text(unit: after.unit)) }
      let ceilings = (before.authorityCeiling ?? old.authorityCeiling, after.authorityCeiling ?? new.authorityCeiling)
      if min(ceilings.1, new.authorityCeiling) > min(ceilings.0, old.authorityCeiling), before.authorityCeiling != nil {
        add("\(path).authority_ceiling", before.authorityCeiling?.name, after.authorityCeiling?.name)
      }
    }
  }

  // MARK: Conditions

  private mutating func compareConditions(_ old: EnvelopeSpec, _ new: EnvelopeSpec) {
    for before in old.interlocks {
      // It must hold whenever the old one did, for as many tags.
      let isKept = new.interlocks.contains {
        before.condition.isAtLeastAsStrong(as: $0.condition) && Self.covers($0.forbids, before.forbids, old)
      }
      let after = new.interlocks.first { $0.name == before.name }
      if !isKept { add("interlocks.\(before.name)", "\(before.condition)", after.map { "\($0.condition)" }) }
    }
    for before in old.permissives {
      let isKept = new.permissives.contains {
        $0.condition.isAtLeastAsStrong(as: before.condition) && Self.covers($0.permits, before.permits, old)
      }
      let after = new.permissives.first { $0.name == before.name }
      if !isKept { add("permissives.\(before.name)", "\(before.condition)", after.map { "\($0.condition)" }) }
    }
  }

  /// Whether a list of tags (empty: all) names every tag of another.
  private static func covers(_ list: [String], _ other: [String], _ old: EnvelopeSpec) -> Bool {
    list.isEmpty
      || (other.isEmpty ? old.limits.map(\.tag) : other).allSatisfy(list.contains)
        && !(other.isEmpty && old.limits.isEmpty)
  }

  private mutating func compareCoupled(_ old: EnvelopeSpec, _ new: EnvelopeSpec) {
    for before in old.coupledLimits {
      let isKept = new.coupledLimits.contains { Self.implies($0, before) }
      let after = new.coupledLimits.first { $0.name == before.name }
      if !isKept {
        add("coupled.\(before.name)", measured(before.atMost, before.unit), after.map { measured($0.atMost, $0.unit) })
      }
    }
  }

  /// Whether keeping `a` keeps `b`: the same sum, up to a factor, with a bound that is as near.
  private static func implies(_ a: CoupledLimit, _ b: CoupledLimit) -> Bool {
    guard a.unit == b.unit, a.terms.map(\.signal) == b.terms.map(\.signal), let first = zip(a.terms, b.terms).first(where: { $1.coefficient != 0 })
    else { return false }
    let factor = first.0.coefficient / first.1.coefficient
    guard factor > 0, factor.isFinite else { return false }
    let isParallel = zip(a.terms, b.terms).allSatisfy { abs($0.coefficient - factor * $1.coefficient) <= 1e-12 * abs($0.coefficient) }
    return isParallel && a.atMost <= factor * b.atMost
  }

  private mutating func compareProperties(_ old: EnvelopeSpec, _ new: EnvelopeSpec) {
    for before in old.properties {
      let isKept = new.properties.contains {
        $0.formula.isAtLeastAsStrong(as: before.formula) && $0.margin >= before.margin && (before.allowsRestore || !$0.allowsRestore)
          && Self.covers($0.forbids, before.forbids, old)
      }
      let after = new.properties.first { $0.name == before.name }
      if !isKept { add("properties.\(before.name)", text(before), after.map(text)) }
    }
  }

  private func text(_ property: SafetyProperty) -> String {
    "\(property.formula), margin \(plain(property.margin))\(property.allowsRestore ? ", restore allowed" : "")"
  }
}
