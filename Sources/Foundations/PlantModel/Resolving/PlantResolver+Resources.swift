import Probability
import Quantities

// Calendars, people, tools, vehicles, cards.
extension PlantResolver {
  mutating func calendar(_ name: String, _ object: ObjectReading, at place: Place) -> WorkCalendar {
    let path = "calendars.\(name)"
    if object.has("closed") { return closing(name, object, path) }
    if object.has("repeats") {
      issues.error(
        object.place(of: "repeats"), "\(path).repeats", "`repeats` goes with `closed`; a week and a day repeat anyway", "remove `repeats`")
    }
    let key = object.has("week") ? "week" : "day", period = key == "week" ? ClockText.weekLength : ClockText.dayLength
    func spans(_ key: String) -> [ClosedSpan] {
      object.list(key).flatMap { if case .spans(let spans) = $0.content { spans } else { [ClosedSpan]() } }
    }
    let open = ClosedSpan.union(spans(key).flatMap { ClosedSpan.folded($0, into: period) })
    let breaks = spans("breaks").flatMap { span in
      stride(from: 0, to: period, by: ClockText.dayLength).flatMap {
        ClosedSpan.folded(ClosedSpan(start: span.start + $0, end: span.end + $0), into: period)
      }
    }
    let closed = ClosedSpan.union(ClosedSpan.complement(open, in: period) + breaks)
    requireOpen(closed, period, name, object.values[key]?.place ?? place, path, isRead: object.values[key] != nil)
    return WorkCalendar(name: name, closed: closed, period: duration(period), followsWeek: true)
  }

  private mutating func requireOpen(_ closed: [ClosedSpan], _ period: Double, _ name: String, _ place: Place, _ path: String, isRead: Bool) {
    guard isRead, closed == [ClosedSpan(start: 0, end: period)] else { return }
    // Hours that could not be read were reported where they stand.
    guard !broken.contains(where: { $0.hasPrefix("\(path).") }) else { return }
    issues.error(place, path, "the calendar `\(name)` is never open", "give it open hours, e.g. `week: [Mon-Fri 06:00-14:00]`")
  }

  private mutating func closing(_ name: String, _ object: ObjectReading, _ path: String) -> WorkCalendar {
    if object.has("breaks") {
      issues.error(object.place(of: "breaks"), "\(path).breaks", "`breaks` go with `week` or `day`", "write them as spans under `closed`")
    }
    let repeats = object.number("repeats")
    var closed: [ClosedSpan] = []
    for (i, reading) in object.list("closed").enumerated() {
      guard case .object(let span) = reading.content else { continue }
      let from = span.number("from"), to = span.number("to"), field = "\(path).closed[\(i)]"
      if to <= from {
        issues.error(span.place(of: "to"), "\(field).to", "`\(field)` ends before it begins", "let `to` be after `from`")
      } else if let last = closed.last, from < last.end {
        issues.error(span.place(of: "from"), "\(field).from", "`\(field)` begins before the one before it ends", "write spans in order of time")
      } else if to > repeats {
        issues.error(span.place(of: "to"), "\(field).to", "`\(field)` ends after the calendar has begun anew", "end it by `repeats`")
      } else if from.isFinite, to.isFinite {
        closed.append(ClosedSpan(start: from, end: to))
      }
    }
    closed = ClosedSpan.union(closed)
    if repeats.isFinite { requireOpen(closed, repeats, name, object.place(of: "closed"), path, isRead: true) }
    return WorkCalendar(name: name, closed: closed, period: object.has("repeats") ? duration(repeats) : nil, followsWeek: false)
  }

  mutating func calendarName(_ object: ObjectReading, _ path: String) -> String? {
    object.text("calendar").flatMap {
      issues.reference($0, "calendar", among: calendarNames, at: object.place(of: "calendar"), "\(path).calendar")
    }
  }

  // MARK: People and tools

  static func skills(of root: ObjectReading) -> [(name: String, count: Int)] {
    var counts: [(name: String, count: Int)] = []
    func add(_ skill: String, _ count: Int) {
      if let i = counts.firstIndex(where: { $0.name == skill }) { counts[i].count += count } else { counts.append((skill, count)) }
    }
    for entry in root.entries("crews") {
      let named = entry.object?.list("skills").compactMap(\.text) ?? []
      for skill in named.isEmpty ? [entry.key] : named { add(skill, entry.object?.whole("count") ?? 1_000_000) }
    }
    for entry in root.entries("tools") { add(entry.key, toolCount(entry) ?? 1_000_000) }
    return counts
  }

  private static func toolCount(_ entry: EntryReading) -> Int? {
    if case .whole(let count)? = entry.value?.content { count } else { entry.object?.whole("count") }
  }

  mutating func crew(_ name: String, _ object: ObjectReading) -> Crew {
    let path = "crews.\(name)"
    let named = object.list("skills").compactMap(\.text)
    let tools = root.entries("tools").map(\.key)
    for reading in object.list("skills") {
      if let skill = reading.text, tools.contains(skill) {
        issues.error(reading.place, "\(path).skills", "`\(skill)` is a tool", "call the skill otherwise")
      }
    }
    if named.isEmpty, tools.contains(name) { issues.error(object.place, path, "`\(name)` is a tool, too", "call the crew or the tool otherwise") }
    return Crew(
      name: name, kind: .people, count: object.whole("count") ?? 1, skills: named.isEmpty ? [name] : named, calendar: calendarName(object, path))
  }

  mutating func tool(_ entry: EntryReading) -> Crew {
    Crew(
      name: entry.key, kind: .tool, count: Self.toolCount(entry) ?? 1, skills: [entry.key],
      calendar: entry.object.flatMap { calendarName($0, "tools.\(entry.key)") })
  }

  /// Skills and how many of each, each at most as many as there are.
  mutating func needs(_ object: ObjectReading, _ path: String) -> [CrewNeed] {
    var found: [(name: String, count: Int, place: Place)] = []
    if let skill = object.text("needs") {
      found = [(skill, 1, object.place(of: "needs"))]
    } else {
      for entry in object.entries("needs") {
        if case .whole(let count)? = entry.value?.content { found.append((entry.key, count, entry.place)) }
      }
    }
    return found.compactMap { name, count, place in
      guard let skill = issues.reference(name, "skill or tool", among: skills.map(\.name), at: place, "\(path).needs") else { return nil }
      let most = skills.first { $0.name == skill }?.count ?? .max
      if count > most {
        issues.error(
          place, "\(path).needs", "`\(path)` needs \(count) of `\(skill)`, and there are \(most)", "need at most \(most), or make the crew larger")
      }
      return CrewNeed(skill: skill, count: count)
    }
  }

  /// One skill; more are refused.
  mutating func need(_ object: ObjectReading, _ path: String) -> CrewNeed? {
    let all = needs(object, path)
    if all.count > 1 {
      issues.error(object.place(of: "needs"), "\(path).needs", "`\(path)` needs more than one skill", "name one, e.g. `\(all[0].skill)`")
    }
    return all.first
  }

  // MARK: Vehicles and cards

  mutating func transport(_ name: String, _ object: ObjectReading) -> Transport {
    let path = "transports.\(name)"
    func end(_ key: String, _ resolver: inout PlantResolver) -> String? {
      object.text(key).flatMap { resolver.reference($0, "buffer", among: resolver.bufferNames, at: object.place(of: key), "\(path).\(key)") }
    }
    let from = end("from", &self), to = end("to", &self)
    if let from, from == to { issues.error(object.place(of: "to"), "\(path).to", "`\(name)` goes from `\(from)` to itself", "name another buffer") }
    for (key, buffer) in [("from", from), ("to", to)] {
      if let buffer, isConveyor(buffer) {
        issues.error(object.place(of: key), "\(path).\(key)", "`\(buffer)` is a conveyor; vehicles serve buffers", "let a buffer stand between")
      }
    }
    let load = object.whole("load") ?? 1, least = object.whole("least") ?? 1
    if least > load {
      issues.error(
        object.place(of: "least"), "\(path).least", "`\(name)` waits for \(least) parts and carries \(load)", "make `least` at most `load`, \(load)")
    }
    for buffer in [from, to] {
      guard let buffer, let capacity = capacity(of: buffer), least > capacity, least <= load else { continue }
      issues.error(
        object.place(of: "least"), "\(path).least", "`\(name)` waits for \(least) parts, and `\(buffer)` holds \(capacity)",
        "make `least` at most \(capacity), or the buffer larger")
    }
    return Transport(
      name: name,
      fleet: object.text("fleet").flatMap { issues.reference($0, "fleet", among: fleetNames, at: object.place(of: "fleet"), "\(path).fleet") } ?? "",
      from: from ?? "", to: to ?? "", load: load, least: least, approach: object.law("approach"), haul: object.law("haul") ?? .constant(1))
  }

  mutating func cardLoop(_ name: String, _ object: ObjectReading) -> CardLoop {
    let path = "cards.\(name)"
    let sources = root.entries("sources").map(\.key)
    var takers: [String] = []
    for reading in object.list("taken_by") {
      guard let text = reading.text,
        let taker = issues.reference(text, "station or source", among: stationNames + sources, at: reading.place, "\(path).taken_by")
      else { continue }
      if takers.contains(taker) { issues.error(reading.place, "\(path).taken_by", "`\(taker)` stands twice in `\(path)`", "keep one of them") }
      takers.append(taker)
    }
    if object.values["taken_by"] != nil, object.list("taken_by").isEmpty {
      issues.error(object.place(of: "taken_by"), "\(path).taken_by", "nobody takes cards of `\(name)`", "name a station or a source")
    }
    let cards = object.whole("cards") ?? .max
    for taker in takers where stationNames.contains(taker) {
      let station = root.entries("stations").first { $0.key == taker }?.object
      guard let batch = station?.object("batch"), let least = batch.whole("least") ?? batch.whole("most"), least > cards else { continue }
      issues.error(
        object.place(of: "cards"), "\(path).cards", "`\(taker)` begins with \(least) parts, and there are \(cards) cards",
        "let there be at least \(least), or make the batch smaller")
    }
    let until = object.text("back_at").flatMap {
      $0 == "sink" ? nil : issues.reference($0, "buffer", among: bufferNames + ["sink"], at: object.place(of: "back_at"), "\(path).back_at")
    }
    return CardLoop(
      name: name, cards: cards, stations: takers.filter(stationNames.contains), sources: takers.filter(sources.contains),
      until: until == "sink" ? nil : until)
  }
}
