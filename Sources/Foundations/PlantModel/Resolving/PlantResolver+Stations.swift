import Probability
import Quantities

extension PlantResolver {
  mutating func station(_ name: String, _ object: ObjectReading) -> Station {
    let path = "stations.\(name)"
    let stationTags = stationTags(name, object, path)
    let inputs = intakes(name, object, path)
    var station = Station(
      name: name, inputs: inputs, output: outlet(object, path), cycle: object.law("cycle") ?? .constant(1),
      speed: object.object("speed").map { speed(name, $0, "\(path).speed") },
      failure: object.object("failure").map {
        var failure = FailureSpec(timeToFailure: $0.law("time_to_failure") ?? .constant(1), repair: $0.law("repair") ?? .constant(1))
        failure.rules = rules($0, "\(path).failure")
        return failure
      },
      microstop: object.object("microstop").map {
        var microstop = MicrostopSpec(interval: $0.law("interval") ?? .constant(1), length: $0.law("length") ?? .constant(1))
        microstop.rules = rules($0, "\(path).microstop")
        return microstop
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
    addWork(object, path, &station)
    addStops(object, path, &station)
    return station
  }

  private mutating func intakes(_ name: String, _ object: ObjectReading, _ path: String) -> [Intake] {
    var found: [(name: String, count: Int?, place: Place)] = object.entries("in").map { entry in
      if case .whole(let count)? = entry.value?.content { (entry.key, count, entry.place) } else { (entry.key, nil, entry.place) }
    }
    if let single = object.text("in") { found = [(single, 1, object.place(of: "in"))] }
    return found.compactMap { key, count, place in
      guard let buffer = reference(key, "buffer", among: bufferNames, at: place, "\(path).in.\(key)"), let count else { return nil }
      // Parts of a buffer that holds nothing are handed over one by one.
      if let capacity = capacity(of: buffer), count > max(capacity, 1) {
        issues.error(
          place, "\(path).in.\(key)", "`\(name)` takes \(count) parts at once from `\(buffer)`, which holds \(capacity)",
          "take at most \(max(capacity, 1)), or make the buffer larger")
      }
      return Intake(buffer: buffer, count: count)
    }
  }

  private mutating func speed(_ name: String, _ object: ObjectReading, _ path: String) -> SpeedSpec {
    let rated = object.number("rated")
    let spec = SetpointSpec(
      tag: object.text("tag") ?? "\(name)/MachSpeed", unit: "1/min", design: object.number("set", or: rated), low: object.number("low"),
      high: object.number("high"))
    declare(spec, object, path, at: object.place)
    return SpeedSpec(rated: rated, setpoint: spec)
  }

  mutating func setpoint(_ object: ObjectReading, unit: EngineeringUnit?, tag: String, _ path: String, at place: Place) -> SetpointSpec {
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

  func unit(_ object: ObjectReading) -> EngineeringUnit? { object.text("unit").flatMap { try? EngineeringUnit($0) } }

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
