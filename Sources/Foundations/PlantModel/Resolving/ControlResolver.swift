import Probability
import Quantities
import Telemetry

/// Resolves `envelope.yaml`, `loops/*.yaml` and `connections.yaml` against the plant.
struct ControlResolver {
  /// Nil where `plant.yaml` could not be read: references into it are then not checked.
  let plant: Plant?
  /// Stations with errors of their own, whose tags may be missing for that reason.
  let brokenStations: Set<String>
  var issues = Issues()

  private var tagNames: [String] { plant?.tags.map(\.path) ?? [] }

  // MARK: Envelope

  mutating func envelope(_ root: ObjectReading) -> EnvelopeSpec {
    var limits: [TagLimit] = []
    for entry in root.entries("limits") {
      guard let object = entry.object, let limit = limit(entry, object), !limits.contains(where: { $0.tag == limit.tag }) else { continue }
      limits.append(limit)
    }
    let declared = root.entries("limits").map(\.key)
    return EnvelopeSpec(
      limits: limits, interlocks: root.entries("interlocks").compactMap { entry in entry.object.flatMap { interlock(entry.key, $0, declared) } },
      authorityCeiling: root.text("authority_ceiling").flatMap(Authority.init(name:)) ?? .closedLoop)
  }

  private mutating func limit(_ entry: EntryReading, _ object: ObjectReading) -> TagLimit? {
    let path = "limits.\(entry.key)"
    guard plant != nil else { return nil }
    guard let setpoint = setpoint(entry.key, at: entry.place, path) else { return nil }
    let unit = try? EngineeringUnit(setpoint.unit)
    let limit = TagLimit(
      tag: setpoint.tag, unit: setpoint.unit, low: issues.measure(object, "low", in: unit, path),
      high: issues.measure(object, "high", in: unit, path),
      maxStep: issues.measure(object, "max_step", in: unit, path, isDifference: true),
      maxPerHour: issues.measure(object, "max_per_hour", in: unit, path, isDifference: true),
      hold: object.text("hold") == "keep" ? .keep : .lastKnownGood)
    issues.requireOrder(object, limit.low, limit.high, path)
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
    for (key, value) in [("max_step", limit.maxStep), ("max_per_hour", limit.maxPerHour)] where value <= 0 {
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

  private mutating func interlock(_ name: String, _ object: ObjectReading, _ limited: [String]) -> Interlock? {
    let path = "interlocks.\(name)"
    var forbids: [String] = []
    for reading in object.list("forbids") {
      guard let text = reading.text, plant != nil else { continue }
      guard let tag = tag(text, at: reading.place, "\(path).forbids") else { continue }
      if tag == text, !limited.contains(tag) {
        issues.error(reading.place, "\(path).forbids", "`\(tag)` has no limits, so it cannot be written anyway", "remove it, or give it limits")
      }
      forbids.append(tag)
    }
    guard let plant, let text = object.text("tag"), let watched = tag(text, at: object.place(of: "tag"), "\(path).tag"), let tag = plant.tag(watched)
    else { return nil }
    for (key, comparison) in [("below", Interlock.Comparison.below), ("above", .above), ("equals", .equals)] where object.has(key) {
      return Interlock(name: name, forbids: forbids, tag: watched, comparison: comparison, value: comparand(object, key, tag, path))
    }
    return nil
  }

  private mutating func comparand(_ object: ObjectReading, _ key: String, _ tag: Tag, _ path: String) -> Double {
    let place = object.place(of: key), field = "\(path).\(key)"
    if tag.kind == .text {
      issues.error(object.place(of: "tag"), "\(path).tag", "`\(tag.path)` holds text, which cannot be compared", "watch a number, a count or a state")
      return .nan
    }
    let states = MachineState.allCases.map { "\($0)" }
    guard let word = object.text(key) else {
      let value = issues.measure(object, key, in: try? EngineeringUnit(tag.unit), path)
      if tag.kind == .state, value.isFinite, MachineState(value) == nil {
        issues.error(place, field, "`\(field)` is \(plain(value)), which is no PackML state", "write a state by name, e.g. `aborted`")
      }
      return value
    }
    if tag.kind == .state {
      guard let found = issues.reference(word.lowercased(), "PackML state", among: states, at: place, field) else { return .nan }
      return Double(states.firstIndex(of: found) ?? 0)
    }
    if tag.kind == .boolean, ["true", "false"].contains(word.lowercased()) { return word.lowercased() == "true" ? 1 : 0 }
    issues.error(place, field, "`\(field)` is `\(word)`, and `\(tag.path)` holds no state", "write a number in `\(tag.unit)`")
    return .nan
  }

  // MARK: Tags

  /// The tag that is meant, or nil; silent where its station could not be read.
  mutating func tag(_ name: String, at place: Place, _ path: String) -> String? {
    if !tagNames.contains(name), let station = name.split(separator: "/").first, brokenStations.contains(String(station)) { return nil }
    return issues.reference(name, "tag", among: tagNames, at: place, path)
  }

  /// The set-point that is meant, or nil.
  mutating func setpoint(_ name: String, at place: Place, _ path: String) -> SetpointSpec? {
    guard let plant else { return nil }
    if let spec = plant.setpoints.first(where: { $0.tag == name }) { return spec }
    let setpoints = plant.setpoints.map(\.tag)
    if plant.tag(name) != nil {
      let near = setpoints.contains("\(name)Set") ? "\(name)Set" : Spelling.nearest(to: name, among: setpoints)
      issues.error(
        place, path, "`\(name)` cannot be written: it is no set-point",
        near.map { "did you mean `\($0)`?" } ?? "set-points are: \(setpoints.prefix(16).joined(separator: ", "))")
      return nil
    }
    if let station = name.split(separator: "/").first, brokenStations.contains(String(station)) { return nil }
    // Among set-points first: that is what was meant here.
    let meant = issues.reference(name, "tag", among: setpoints, at: place, path)
    return plant.setpoints.first { $0.tag == meant }
  }
}
