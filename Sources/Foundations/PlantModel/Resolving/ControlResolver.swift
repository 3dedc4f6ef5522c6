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

  // MARK: Comparisons

  /// What an interlock compares its tag with.
  mutating func comparand(_ object: ObjectReading, _ key: String, _ tag: Tag, _ path: String) -> Double {
    let place = object.place(of: key), field = "\(path).\(key)"
    if tag.kind == .text {
      issues.error(object.place(of: "tag"), "\(path).tag", "`\(tag.path)` holds text, which cannot be compared", "watch a number, a count or a state")
      return .nan
    }
    guard let word = object.text(key) else {
      let value = issues.measure(object, key, in: try? EngineeringUnit(tag.unit), path)
      if tag.kind == .state, value.isFinite, MachineState(value) == nil {
        issues.error(place, field, "`\(field)` is \(plain(value)), which is no PackML state", "write a state by name, e.g. `aborted`")
      }
      return value
    }
    return value(ofWord: word, tag, at: place, field)
  }

  /// The number that a word stands for: a PackML state by its name, true or false. NaN with an issue.
  mutating func value(ofWord word: String, _ tag: Tag, at place: Place, _ field: String) -> Double {
    let states = MachineState.allCases.map { "\($0)" }
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
