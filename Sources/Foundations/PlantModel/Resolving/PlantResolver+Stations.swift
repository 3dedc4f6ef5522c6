import Probability
import Quantities

extension PlantResolver {
  mutating func station(_ name: String, _ object: ObjectReading) -> Station {
    let path = "stations.\(name)"
    let stationTags = stationTags(name, object, path)
    let inputs: [Intake] = object.entries("in").compactMap { entry in
      guard let buffer = reference(entry.key, "buffer", among: bufferNames, at: entry.place, "\(path).in.\(entry.key)") else { return nil }
      guard case .whole(let count)? = entry.value?.content else { return nil }
      let capacity = root.entries("buffers").first { $0.key == buffer }?.object?.whole("capacity") ?? .max
      if count > capacity {
        issues.error(
          entry.place, "\(path).in.\(entry.key)", "`\(name)` takes \(count) parts at once from `\(buffer)`, which holds \(capacity)",
          "take at most \(capacity), or make the buffer larger")
      }
      return Intake(buffer: buffer, count: count)
    }
    return Station(
      name: name, inputs: inputs, output: outlet(object, path), cycle: object.law("cycle") ?? .constant(1),
      speed: object.object("speed").map { speed(name, $0, "\(path).speed") },
      failure: object.object("failure").map {
        FailureSpec(timeToFailure: $0.law("time_to_failure") ?? .constant(1), repair: $0.law("repair") ?? .constant(1))
      },
      microstop: object.object("microstop").map {
        MicrostopSpec(interval: $0.law("interval") ?? .constant(1), length: $0.law("length") ?? .constant(1))
      },
      changeover: object.law("changeover"), scrap: object.number("scrap", or: 0),
      inspection: object.object("inspection").map {
        InspectionSpec(sensitivity: $0.number("sensitivity"), falseReject: $0.number("false_reject", or: 0))
      },
      processVariables: object.entries("process_variables").compactMap { entry in
        entry.object.map { processVariable(entry.key, $0, of: name, "\(path).process_variables.\(entry.key)", entry.place) }
      },
      otherSetpoints: object.entries("setpoints").compactMap { entry in
        entry.object.map { inner in
          setpoint(inner, unit: unit(inner), tag: inner.text("tag") ?? "\(name)/\(entry.key)", "\(path).setpoints.\(entry.key)", at: entry.place)
        }
      },
      tags: stationTags)
  }

  private mutating func outlet(_ object: ObjectReading, _ path: String) -> Outlet {
    guard let out = object.text("out"), out != "sink" else { return .sink }
    guard let target = reference(out, "buffer", among: bufferNames + ["sink"], at: object.place(of: "out"), "\(path).out"), target != "sink" else {
      return .sink
    }
    return .buffer(target)
  }

  private mutating func speed(_ name: String, _ object: ObjectReading, _ path: String) -> SpeedSpec {
    let rated = object.number("rated")
    let spec = SetpointSpec(
      tag: object.text("tag") ?? "\(name)/MachSpeed", unit: "1/min", design: object.number("set", or: rated), low: object.number("low"),
      high: object.number("high"))
    declare(spec, object, path, at: object.place)
    return SpeedSpec(rated: rated, setpoint: spec)
  }

  private mutating func processVariable(_ name: String, _ object: ObjectReading, of station: String, _ path: String, _ place: Place)
    -> ProcessVariableSpec
  {
    let unit = unit(object)
    let tag = object.text("tag") ?? "\(station)/\(name)"
    var low = Double.nan, high = Double.nan
    if let sensor = object.object("sensor") {
      low = issues.measure(sensor, "low", in: unit, "\(path).sensor")
      high = issues.measure(sensor, "high", in: unit, "\(path).sensor")
      issues.requireOrder(sensor, low, high, "\(path).sensor")
    }
    add(
      Tag(path: tag, kind: .number, unit: unit?.code ?? "", low: low.isNaN ? nil : low, high: high.isNaN ? nil : high, staleAfter: staleAfter),
      of: path, at: object.values["tag"]?.place ?? place)
    let keys = ["set", "low", "high"]
    let canBeSet = keys.contains(where: object.has)
    var spec: SetpointSpec?
    if canBeSet {
      for key in keys where !object.has(key) {
        issues.error(place, "\(path).\(key)", "`\(key)` is missing in `\(path)`", "`set`, `low` and `high` stand together; add `\(key)`")
      }
      spec = setpoint(object, unit: unit, tag: object.text("setpoint_tag") ?? "\(tag)Set", path, at: object.values["setpoint_tag"]?.place ?? place)
    } else if object.has("setpoint_tag") {
      issues.error(
        object.place(of: "setpoint_tag"), "\(path).setpoint_tag", "`\(path)` has a `setpoint_tag` and no set-point", "add `set`, `low` and `high`")
    }
    let seenAt =
      object.has("defects_seen_at")
      ? object.list("defects_seen_at").compactMap { reading in
        reading.text.flatMap { issues.reference($0, "station", among: stationNames, at: reading.place, "\(path).defects_seen_at") }
      } : canBeSet ? [station] : []
    return ProcessVariableSpec(name: name, unit: unit?.code ?? "", tag: tag, setpoint: spec, defectsSeenAt: seenAt)
  }

  private mutating func setpoint(_ object: ObjectReading, unit: EngineeringUnit?, tag: String, _ path: String, at place: Place) -> SetpointSpec {
    let spec = SetpointSpec(
      tag: tag, unit: unit?.code ?? "", design: issues.measure(object, "set", in: unit, path), low: issues.measure(object, "low", in: unit, path),
      high: issues.measure(object, "high", in: unit, path))
    declare(spec, object, path, at: place)
    return spec
  }

  /// Checks a set-point's range and declares its tag. A NaN passes: its error was reported where it arose.
  private mutating func declare(_ spec: SetpointSpec, _ object: ObjectReading, _ path: String, at place: Place) {
    issues.requireOrder(object, spec.low, spec.high, path)
    if spec.low < spec.high, isClearlyBelow(spec.design, spec.low) || isClearlyBelow(spec.high, spec.design) {
      let key = object.has("set") ? "set" : "rated"
      issues.error(
        object.place(of: key), "\(path).\(key)",
        "the design's value \(plain(spec.design)) \(spec.unit) of `\(path)` lies outside the machine's range",
        "choose one from \(plain(spec.low)) to \(plain(spec.high)) \(spec.unit)")
    }
    let known = spec.low < spec.high
    add(
      Tag(path: spec.tag, kind: .number, unit: spec.unit, low: known ? spec.low : nil, high: known ? spec.high : nil, staleAfter: staleAfter),
      of: path, at: place)
  }

  private func unit(_ object: ObjectReading) -> EngineeringUnit? { object.text("unit").flatMap { try? EngineeringUnit($0) } }

  private mutating func stationTags(_ name: String, _ object: ObjectReading, _ path: String) -> StationTags {
    let own = object.object("tags")
    func tag(_ key: String, _ standard: String) -> String? {
      let text = own?.text(key) ?? "\(name)/\(standard)"
      return text == "none" ? nil : text
    }
    let tags = StationTags(
      state: tag("state", "StateCurrent"), processed: tag("processed", "ProdProcessedCount"), defective: tag("defective", "ProdDefectiveCount"),
      speed: tag("speed", "CurMachSpeed"))
    func declare(_ key: String, _ tag: String?, _ kind: Tag.Kind, _ unit: String, high: Double?) {
      guard let tag else { return }
      add(
        Tag(path: tag, kind: kind, unit: unit, low: 0, high: high, staleAfter: staleAfter), of: "\(path).tags.\(key)",
        at: own?.place(of: key) ?? object.place)
    }
    declare("state", tags.state, .state, "1", high: 17)
    declare("processed", tags.processed, .count, "1", high: nil)
    declare("defective", tags.defective, .count, "1", high: nil)
    declare("speed", tags.speed, .number, "1/min", high: nil)
    return tags
  }
}
