import Probability

// What stops a station: further failures, upkeep, wear, set-up.
extension PlantResolver {
  mutating func rules(_ object: ObjectReading, _ path: String) -> StopRules {
    StopRules(
      clock: object.text("clock").flatMap(StopRules.Clock.init(rawValue:)) ?? .operating,
      work: object.text("work").flatMap(StopRules.Work.init(rawValue:)) ?? .resumes, need: need(object, path))
  }

  mutating func addStops(_ object: ObjectReading, _ path: String, _ station: inout Station) {
    for entry in object.entries("failures") {
      guard let inner = entry.object else { continue }
      station.otherStops.append(
        OtherStop(
          name: entry.key, kind: .failure, interval: inner.law("time_to_failure") ?? .constant(1), length: inner.law("repair") ?? .constant(1),
          rules: rules(inner, "\(path).failures.\(entry.key)")))
    }
    for entry in object.entries("microstops") {
      guard let inner = entry.object else { continue }
      if station.otherStops.contains(where: { $0.name == entry.key }) {
        issues.error(
          entry.place, "\(path).microstops.\(entry.key)", "the name `\(entry.key)` is taken by `\(path).failures.\(entry.key)`", "choose another name"
        )
      }
      station.otherStops.append(
        OtherStop(
          name: entry.key, kind: .microstop, interval: inner.law("interval") ?? .constant(1), length: inner.law("length") ?? .constant(1),
          rules: rules(inner, "\(path).microstops.\(entry.key)")))
    }
    station.upkeep = object.entries("maintenance").compactMap { entry in entry.object.map { upkeep(entry.key, $0, path) } }
    station.wear = object.object("wear").map { wear($0, "\(path).wear") }
    station.setup = object.object("setup").map { setup($0, "\(path).setup") }
  }

  private mutating func upkeep(_ name: String, _ object: ObjectReading, _ path: String) -> Upkeep {
    let path = "\(path).maintenance.\(name)"
    let every: Upkeep.Every
    if object.has("every") {
      let time = duration(object.number("every"))
      every = object.text("clock") == "operating" ? .operating(time) : .calendar(time)
    } else {
      every = .parts(object.whole("parts") ?? 1)
      if object.has("clock") {
        issues.error(
          object.keys["clock"] ?? object.place, "\(path).clock", "`\(path)` counts parts, so it has no clock", "remove `clock`, or write `every`")
      }
    }
    return Upkeep(name: name, every: every, length: object.law("length") ?? .constant(1), need: need(object, path))
  }

  private mutating func wear(_ object: ObjectReading, _ path: String) -> Wear {
    let replaceAt = object.number("replace_at"), breaksAt = object.number("breaks_at")
    if !object.has("replace_at"), !object.has("breaks_at") {
      issues.error(object.place, path, "`\(path)` wears and is never replaced", "add `replace_at` or `breaks_at`")
    }
    if breaksAt <= replaceAt {
      issues.error(
        object.place(of: "breaks_at"), "\(path).breaks_at", "it breaks before it would be replaced",
        "make `breaks_at` larger than `replace_at`, or leave `replace_at` out")
    }
    for key in ["scrap_when_worn", "scrap_exponent"] where object.has(key) && !object.has("replace_at") {
      issues.error(
        object.keys[key] ?? object.place, "\(path).\(key)", "`\(key)` is relative to `replace_at`, which does not stand", "add `replace_at`")
    }
    if object.has("breakage"), !object.has("breaks_at") {
      issues.error(object.keys["breakage"] ?? object.place, "\(path).breakage", "`\(path)` never breaks", "add `breaks_at`, or remove `breakage`")
    }
    if let tag = object.text("count_tag") {
      add(
        Tag(path: tag, kind: .count, unit: "1", low: 0, high: nil, staleAfter: staleAfter), of: "\(path).count_tag",
        at: object.place(of: "count_tag"))
    }
    var wear = Wear(
      perPart: object.law("per_part") ?? .constant(1), replaceAt: replaceAt.isFinite ? replaceAt : nil,
      replacement: object.law("replacement") ?? .constant(1), need: need(object, path), breaksAt: breaksAt.isFinite ? breaksAt : nil,
      breakage: object.law("breakage"), scrapWhenWorn: object.number("scrap_when_worn", or: 0), scrapExponent: object.number("scrap_exponent", or: 1))
    wear.countTag = object.text("count_tag")
    return wear
  }

  private mutating func setup(_ object: ObjectReading, _ path: String) -> Setup {
    func product(_ name: String, _ place: Place, _ field: String, _ resolver: inout PlantResolver) -> String? {
      resolver.issues.reference(name, "product", among: resolver.productNames, at: place, field)
    }
    var changes: [Setup.Change] = []
    for row in object.entries("matrix") {
      let field = "\(path).matrix.\(row.key)"
      guard let from = product(row.key, row.place, field, &self), case .entries(let cells)? = row.value?.content else { continue }
      for cell in cells {
        guard let to = product(cell.key, cell.place, "\(field).\(cell.key)", &self), case .law(let length)? = cell.value?.content else { continue }
        if from == to {
          issues.error(cell.place, "\(field).\(cell.key)", "from `\(from)` to `\(to)` nothing is set up", "remove this entry")
        }
        changes.append(Setup.Change(from: from, to: to, length: length))
      }
    }
    func rank(_ change: Setup.Change) -> (Int, Int) {
      (productNames.firstIndex(of: change.from) ?? 0, productNames.firstIndex(of: change.to) ?? 0)
    }
    changes.sort { rank($0) < rank($1) }
    return Setup(
      changes: changes, initial: object.text("initial").flatMap { product($0, object.place(of: "initial"), "\(path).initial", &self) },
      need: need(object, path))
  }
}
