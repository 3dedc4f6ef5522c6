import Quantities
import Telemetry

extension ControlResolver {
  /// Resolves historian.yaml against the plant's tags.
  mutating func historian(_ root: ObjectReading) -> HistorianSpec {
    var classes: [TagClass] = []
    for entry in root.entries("classes") {
      guard let object = entry.object else { continue }
      let path = "classes.\(entry.key)"
      let found = TagClass(
        name: entry.key, tags: patterns(object, path), keep: keep(object, path), rollups: rollups(object, path))
      refuseOverlap(of: found, with: classes, at: object.place(of: "tags"), "\(path).tags")
      classes.append(found)
    }
    return HistorianSpec(classes: classes)
  }

  private mutating func patterns(_ object: ObjectReading, _ path: String) -> [TagPattern] {
    guard let tags = object.reading("tags") else { return [] }
    let texts = tags.text == nil ? object.list("tags") : [tags]
    if texts.isEmpty, case .list = tags.content {
      issues.error(tags.place, "\(path).tags", "`\(path).tags` is empty", "name a tag or a pattern, or remove the class")
    }
    return texts.compactMap { reading in reading.text.flatMap { pattern(TagPattern($0), at: reading.place, "\(path).tags") } }
  }

  private mutating func pattern(_ pattern: TagPattern, at place: Place, _ path: String) -> TagPattern? {
    guard let plant else { return pattern }
    if !pattern.isOpen { return tag(pattern.text, at: place, path).map { TagPattern($0) } }
    // A station with errors may lack the tags that are meant.
    if brokenStations.isEmpty, !plant.tags.contains(where: { pattern.matches($0.path) }) {
      issues.warning(place, path, "`\(pattern.text)` fits no tag of the plant", "tags are named `Station/Metric`; takt tags lists them")
    }
    return pattern
  }

  private mutating func keep(_ object: ObjectReading, _ path: String) -> Duration? {
    let keep = object.number("keep")
    guard keep.isFinite else { return nil }
    if keep < HistorianSpec.leastKeep.seconds {
      issues.error(
        object.place(of: "keep"), "\(path).keep", "`\(path).keep` is shorter than the twin's memory of 3 d, which a restart fills from the samples",
        "write `3 d` or more")
    }
    return duration(keep)
  }

  private mutating func rollups(_ object: ObjectReading, _ path: String) -> [RollupSpec] {
    var rollups: [RollupSpec] = []
    for (index, reading) in object.list("rollups").enumerated() {
      guard case .object(let inner) = reading.content else { continue }
      let field = "\(path).rollups[\(index)]"
      let window = inner.number("window"), keep = inner.number("keep")
      guard window.isFinite else { continue }
      if window != window.rounded() {
        issues.error(
          inner.place(of: "window"), "\(field).window", "`\(field).window` is no whole number of seconds", "write whole seconds, e.g. `10 s`")
        continue
      }
      if keep < window {
        issues.error(inner.place(of: "keep"), "\(field).keep", "`\(field).keep` is shorter than its window", "keep it longer, or leave `keep` out")
      }
      if rollups.contains(where: { $0.window == duration(window) }) {
        issues.error(inner.place(of: "window"), "\(field).window", "`\(path)` has two roll-ups of one window", "keep one of them")
        continue
      }
      rollups.append(RollupSpec(window: duration(window), keep: keep.isFinite ? duration(keep) : nil))
    }
    return rollups
  }

  private mutating func refuseOverlap(of new: TagClass, with others: [TagClass], at place: Place, _ path: String) {
    for other in others where other.isRest == new.isRest {
      guard let shared = plant?.tags.first(where: { new.contains($0.path) && other.contains($0.path) }) else { continue }
      issues.error(
        place, path, "`\(shared.path)` is in the class `\(other.name)` already",
        "let the patterns of the two fit different tags; `\"*\"` alone is for those that no other class takes")
      return
    }
  }
}
