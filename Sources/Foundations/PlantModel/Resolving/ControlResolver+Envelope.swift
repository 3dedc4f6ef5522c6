import Quantities
import TemporalLogic

/// Resolves `envelope.yaml` against the plant.
extension ControlResolver {
  mutating func envelope(_ root: ObjectReading) -> EnvelopeSpec {
    var limits: [TagLimit] = []
    for entry in root.entries("limits") {
      guard let object = entry.object, let limit = limit(entry, object), !limits.contains(where: { $0.tag == limit.tag }) else { continue }
      limits.append(limit)
    }
    let declared = root.entries("limits").map(\.key)
    func all<Value>(_ key: String, _ read: (String, ObjectReading) -> Value?) -> [Value] {
      root.entries(key).compactMap { entry in entry.object.flatMap { read(entry.key, $0) } }
    }
    let interlocks = all("interlocks") { interlock($0, $1, declared) }
    let permissives = all("permissives") { permissive($0, $1, declared) }
    let coupled = all("coupled") { coupledLimit($0, $1, declared) }
    let properties = all("properties") { property($0, $1, declared) }
    return EnvelopeSpec(
      limits: limits, interlocks: interlocks, permissives: permissives, coupledLimits: coupled, properties: properties,
      authorityCeiling: root.text("authority_ceiling").flatMap(Authority.init(name:)) ?? .closedLoop,
      heartbeatTimeout: duration(root.number("heartbeat_timeout", or: EnvelopeSpec.standardHeartbeatTimeout.seconds)),
      maxChangesPerHour: root.whole("max_changes_per_hour"))
  }

  // MARK: Limits

  private mutating func limit(_ entry: EntryReading, _ object: ObjectReading) -> TagLimit? {
    let path = "limits.\(entry.key)"
    guard plant != nil else { return nil }
    guard let setpoint = setpoint(entry.key, at: entry.place, path) else { return nil }
    let unit = try? EngineeringUnit(setpoint.unit)
    var limit = TagLimit(
      tag: setpoint.tag, unit: setpoint.unit, low: issues.measure(object, "low", in: unit, path),
      high: issues.measure(object, "high", in: unit, path),
      maxStep: issues.measure(object, "max_step", in: unit, path, isDifference: true),
      maxPerHour: issues.measure(object, "max_per_hour", in: unit, path, isDifference: true), hold: .lastKnownGood,
      maxDrift: object.has("max_drift") ? issues.measure(object, "max_drift", in: unit, path, isDifference: true) : nil,
      authorityCeiling: object.text("authority_ceiling").flatMap(Authority.init(name:)), isIrreversible: object.flag("irreversible") ?? false)
    issues.requireOrder(object, limit.low, limit.high, path)
    limit.hold = hold(object, limit, unit, path)
    if isClearlyBelow(limit.low, setpoint.low) {
      issues.error(
        object.place(of: "low"), "\(path).low", "`\(path).low` is below the machine's own limit",
        "make it at least \(plain(setpoint.low)) \(setpoint.unit)")
    }
    if isClearlyBelow(setpoint.high, limit.high) {
      issues.error(
        object.place(of: "high"), "\(path).high", "`\(path).high` is above the machine's own limit",
        "make it at most \(plain(setpoint.high)) \(setpoint.unit)")
    }
    if limit.low < limit.high, isClearlyBelow(setpoint.design, limit.low) || isClearlyBelow(limit.high, setpoint.design) {
      issues.error(
        entry.place, path, "the design's value \(plain(setpoint.design)) \(setpoint.unit) of `\(setpoint.tag)` lies outside its limits",
        "widen the limits, or change the design in plant.yaml")
    }
    for (key, value) in [("max_step", limit.maxStep), ("max_per_hour", limit.maxPerHour), ("max_drift", limit.maxDrift ?? .nan)] where value <= 0 {
      issues.error(
        object.place(of: key), "\(path).\(key)", "`\(path).\(key)` is not above 0", "write how far it may move; leave the tag out to forbid writes")
    }
    if limit.maxStep > 0, isClearlyBelow(limit.maxPerHour, limit.maxStep) {
      issues.warning(
        object.place(of: "max_per_hour"), "\(path).max_per_hour", "`\(path).max_per_hour` is smaller than `max_step`, which can then never be used",
        "make it at least `max_step`")
    }
    return limit
  }

  private mutating func hold(_ object: ObjectReading, _ limit: TagLimit, _ unit: EngineeringUnit?, _ path: String) -> HoldPolicy {
    if let fixed = object.object("hold") {
      let value = issues.measure(fixed, "fixed", in: unit, "\(path).hold")
      if isClearlyBelow(value, limit.low) || isClearlyBelow(limit.high, value) {
        issues.error(
          fixed.place(of: "fixed"), "\(path).hold.fixed", "`\(path).hold.fixed` lies outside `low` … `high`",
          "write a value from \(plain(limit.low)) to \(plain(limit.high)) \(limit.unit)")
      }
      return .fixed(value)
    }
    switch object.text("hold") {
    case "keep": return .keep
    case "local": return .local
    default: return .lastKnownGood
    }
  }

  // MARK: Conditions

  private mutating func interlock(_ name: String, _ object: ObjectReading, _ limited: [String]) -> Interlock? {
    let path = "interlocks.\(name)"
    let forbids = writables(object, "forbids", path, limited)
    if object.has("when") {
      if object.has("tag") {
        issues.error(object.place(of: "tag"), "\(path).tag", "`tag` stands beside `when`, which names its tags itself", "remove `tag`")
      }
      return condition(object, "when", path).map { Interlock(name: name, forbids: forbids, condition: $0) }
    }
    guard object.has("tag") else {
      if ["below", "above", "equals"].contains(where: object.has) {
        issues.error(object.place, "\(path).tag", "`tag` is missing in `\(path)`", "add `tag: Filler/StateCurrent` (the tag that is looked at)")
      }
      return nil
    }
    guard let plant, let text = object.text("tag"), let watched = tag(text, at: object.place(of: "tag"), "\(path).tag"), let tag = plant.tag(watched)
    else { return nil }
    for (key, comparison) in [("below", Comparison.below), ("above", .above), ("equals", .equal)] where object.has(key) {
      return Interlock(name: name, forbids: forbids, tag: watched, comparison: comparison, value: comparand(object, key, tag, path))
    }
    return nil
  }

  private mutating func permissive(_ name: String, _ object: ObjectReading, _ limited: [String]) -> Permissive? {
    let path = "permissives.\(name)"
    let permits = writables(object, "permits", path, limited)
    return condition(object, "while", path).map { Permissive(name: name, permits: permits, condition: $0) }
  }

  private mutating func property(_ name: String, _ object: ObjectReading, _ limited: [String]) -> SafetyProperty? {
    let path = "properties.\(name)"
    let forbids = writables(object, "forbids", path, limited)
    guard let formula = condition(object, "formula", path) else { return nil }
    return SafetyProperty(
      name: name, formula: formula, margin: object.number("margin", or: 0), forbids: forbids, allowsRestore: object.flag("allows_restore") ?? false)
  }

  /// The tags of a list that limits writes; one without limits is an error, because it cannot be written anyway.
  private mutating func writables(_ object: ObjectReading, _ key: String, _ path: String, _ limited: [String]) -> [String] {
    var tags: [String] = []
    for reading in object.list(key) {
      guard let text = reading.text, plant != nil else { continue }
      guard let tag = tag(text, at: reading.place, "\(path).\(key)") else { continue }
      if tag == text, !limited.contains(tag) {
        issues.error(reading.place, "\(path).\(key)", "`\(tag)` has no limits, so it cannot be written anyway", "remove it, or give it limits")
      }
      tags.append(tag)
    }
    return tags
  }

  // MARK: Coupled limits

  private mutating func coupledLimit(_ name: String, _ object: ObjectReading, _ limited: [String]) -> CoupledLimit? {
    let path = "coupled.\(name)"
    guard let plant else { return nil }
    var tags: [Tag] = []
    var terms: [LinearTerm] = []
    for entry in object.entries("sum") {
      guard case .number(let weight)? = entry.value?.content, let found = tag(entry.key, at: entry.place, "\(path).sum"), let tag = plant.tag(found)
      else { return nil }
      guard tag.kind == .number || tag.kind == .count else {
        issues.error(entry.place, "\(path).sum", "`\(found)` holds no number", "sum numbers and counts")
        return nil
      }
      tags.append(tag)
      terms.append(LinearTerm(found, weight))
    }
    guard !tags.isEmpty else { return nil }
    if !terms.contains(where: { limited.contains($0.signal) }) {
      issues.error(
        object.place(of: "sum"), "\(path).sum", "nothing in `\(path).sum` can be written", "give one of its tags limits, or write an interlock")
    }
    guard let units = unitsInSum(tags, terms, at: object.place(of: "sum"), path) else { return nil }
    let isUpper = object.has("at_most")
    let bound = issues.measure(object, isUpper ? "at_most" : "at_least", in: units.unit, path, isDifference: true)
    let rows = zip(terms, units.factors).map { LinearTerm($0.signal, (isUpper ? 1 : -1) * $0.coefficient * $1) }
    let limit = CoupledLimit(name: name, terms: rows, atMost: isUpper ? bound : -bound, unit: units.unit.code)
    checkDesign(limit, plant, at: object.place, path)
    return limit
  }

  /// The design itself must be admissible, or nothing could ever be written.
  private mutating func checkDesign(_ limit: CoupledLimit, _ plant: Plant, at place: Place, _ path: String) {
    let design = Dictionary(plant.setpoints.map { ($0.tag, $0.design) }, uniquingKeysWith: { a, _ in a })
    var sum = 0.0
    for term in limit.terms {
      guard let value = design[term.signal] else { return }
      sum += term.coefficient * value
    }
    if isClearlyBelow(limit.atMost, sum) {
      issues.error(place, path, "the design's values break `\(path)`", "widen it, or change the design in plant.yaml")
    }
  }

  /// The unit of a sum and each tag's factor into it: the first tag's where all measure the same thing, else plain numbers.
  private mutating func unitsInSum(_ tags: [Tag], _ terms: [LinearTerm], at place: Place, _ path: String)
    -> (unit: EngineeringUnit, factors: [Double])?
  {
    let units = tags.map { try? EngineeringUnit($0.unit) }
    guard let first = units.first, let unit = first else { return nil }
    var factors: [Double] = []
    for other in units {
      guard let other else { return nil }
      guard other.isConvertible(to: unit) else { return (.one, Array(repeating: 1, count: units.count)) }
      guard other.offset == unit.offset else {
        issues.error(place, "\(path).sum", "`\(unit.code)` and `\(other.code)` have different zeros and cannot be summed", "sum tags of one unit")
        return nil
      }
      factors.append(other.factor == unit.factor ? 1 : other.factor / unit.factor)
    }
    return (unit, factors)
  }
}
