import Probability
import Quantities

/// Turns the reading of `plant.yaml` into a `Plant`: defaults filled in, references and ranges checked.
///
/// What could not be read is filled with stand-ins (NaN in numbers, no text in units), so that every other check still runs; a plant with errors is
/// never handed out.
struct PlantResolver {
  let root: ObjectReading
  var issues = Issues()
  /// Fields with errors of their own: what they would have declared is not reported as missing.
  let broken: [String]
  private(set) var tags: [Tag] = []
  private var owners: [String: String] = [:]
  let stationNames: [String]
  let bufferNames: [String]
  let productNames: [String]
  let calendarNames: [String]
  let fleetNames: [String]
  /// How many there are at most who can do a skill, by skill in the order of their declaration; tools count under their name.
  let skills: [(name: String, count: Int)]
  let staleAfter: Duration
  /// False once a reference in the flow led nowhere: what follows from it is then not reported again.
  var isFlowCertain: Bool

  init(_ root: ObjectReading, broken: [String]) {
    self.root = root
    self.broken = broken
    stationNames = root.entries("stations").map(\.key)
    bufferNames = root.entries("buffers").map(\.key)
    productNames = root.entries("products").map(\.key)
    calendarNames = root.entries("calendars").map(\.key)
    fleetNames = root.entries("fleets").map(\.key)
    skills = Self.skills(of: root)
    staleAfter = duration(root.number("stale_after", or: 180))
    isFlowCertain = !broken.contains { path in
      path == "stations" || path == "buffers" || path == "sources"
        || (path.hasPrefix("stations.")
          && (path.hasSuffix(".in") || path.contains(".in.") || path.hasSuffix(".out") || path.contains(".out.") || path.contains(".rework")
            || path.count(where: { $0 == "." }) == 1))
        || path.hasPrefix("products") || path.hasPrefix("transports")
        || (path.hasPrefix("sources.")
          && (path.hasSuffix(".into") || path.contains(".mix") || path.contains(".campaign") || path.contains(".orders")
            || path.count(where: { $0 == "." }) == 1))
    }
  }

  mutating func resolve() -> Plant {
    let prices = root.object("prices")
    let stations = root.entries("stations").compactMap { entry in entry.object.map { station(entry.key, $0) } }
    let buffers = root.entries("buffers").compactMap { entry in entry.object.map { buffer(entry.key, $0) } }
    let sources = root.entries("sources").compactMap { entry in entry.object.map { source(entry.key, $0) } }
    lineTags()
    var plant = Plant(
      name: root.text("plant") ?? "", path: root.text("path") ?? "", stations: stations, buffers: buffers, sources: sources, tags: tags,
      prices: Prices(
        currency: prices?.text("currency") ?? "", good: prices?.number("good") ?? .nan, scrap: prices?.number("scrap") ?? .nan,
        escape: prices?.number("escape", or: 0) ?? .nan),
      idealCycle: root.has("ideal_cycle") ? duration(root.number("ideal_cycle")) : nil)
    plant.reference = reference(stations)
    plant.products = root.entries("products").map { product($0) }
    plant.starts = duration(root.number("starts", or: 0))
    plant.calendars = root.entries("calendars").compactMap { entry in entry.object.map { calendar(entry.key, $0, at: entry.place) } }
    plant.crews = root.entries("crews").compactMap { entry in entry.object.map { crew(entry.key, $0) } } + root.entries("tools").map { tool($0) }
    plant.fleets = root.entries("fleets").compactMap { entry in
      entry.object.map { Fleet(name: entry.key, vehicles: $0.whole("vehicles") ?? 1) }
    }
    plant.transports = root.entries("transports").compactMap { entry in entry.object.map { transport(entry.key, $0) } }
    plant.cardLoops = root.entries("cards").compactMap { entry in entry.object.map { cardLoop(entry.key, $0) } }
    fillCycles(&plant)
    for (key, count, most) in [("cards", plant.cardLoops.count, 32), ("crews", skills.count, 64)] where count > most {
      issues.error(
        root.place(of: key), key, "there are \(count) \(key == "cards" ? "card loops" : "skills and tools")", "there may be \(most)")
    }
    checkNames()
    checkFlow(plant)
    return plant
  }

  /// A reference in the flow: when it leads nowhere, checks that build on the flow are off.
  mutating func reference(_ name: String, _ noun: String, among names: [String], at place: Place, _ path: String) -> String? {
    let found = issues.reference(name, noun, among: names, at: place, path)
    if found == nil { isFlowCertain = false }
    return found
  }

  // MARK: Tags

  /// Declares a tag; two declarations of one path are an error.
  mutating func add(_ tag: Tag, of owner: String, at place: Place) {
    if let other = owners[tag.path] {
      issues.error(place, owner, "the tag `\(tag.path)` already belongs to `\(other)`", "give one of them another tag")
      return
    }
    owners[tag.path] = owner
    tags.append(tag)
  }

  private mutating func lineTags() {
    for entry in root.entries("tags") {
      guard let object = entry.object else { continue }
      let path = "tags.\(entry.key)"
      let kind = object.text("kind").flatMap(Tag.Kind.init(rawValue:)) ?? .number
      let unit = object.has("unit") ? object.text("unit").flatMap { try? EngineeringUnit($0) } : .one
      let low = issues.measure(object, "low", in: unit, path), high = issues.measure(object, "high", in: unit, path)
      issues.requireOrder(object, low, high, path)
      for key in ["unit", "low", "high"] where kind == .text && object.has(key) {
        issues.error(
          object.keys[key] ?? object.place, "\(path).\(key)", "`\(path)` holds text, which has no `\(key)`",
          "remove `\(key)`, or make it `kind: number`")
      }
      add(
        Tag(
          path: entry.key, kind: kind, unit: unit?.code ?? "", low: low.isNaN ? nil : low, high: high.isNaN ? nil : high,
          staleAfter: object.has("stale_after") ? duration(object.number("stale_after")) : staleAfter),
        of: path, at: entry.place)
    }
  }

  // MARK: Names

  /// One name for one thing: stations, buffers and sources share a name space, and case alone tells nothing apart.
  private mutating func checkNames() {
    var seen: [String: (name: String, path: String, line: Int)] = [:]
    for group in ["stations", "buffers", "sources"] {
      for entry in root.entries(group) {
        let path = "\(group).\(entry.key)"
        if entry.key.lowercased() == "sink" {
          issues.error(entry.place, path, "`\(entry.key)` is the word for where parts leave the line", "choose another name")
        } else if let other = seen[entry.key.lowercased()] {
          let problem =
            other.name == entry.key
            ? "the name `\(entry.key)` is taken by `\(other.path)`" : "`\(entry.key)` and `\(other.name)` differ in case alone"
          issues.error(entry.place, path, problem, "choose another name; the other one is on line \(other.line)")
        } else {
          seen[entry.key.lowercased()] = (entry.key, path, entry.place.line)
        }
      }
    }
  }
}

/// Zero for NaN, which stands for what could not be read.
func duration(_ seconds: Double) -> Duration { seconds.isFinite ? Duration(seconds: seconds) : .zero }
