import Quantities

// Process variables: what measures and sets them, how they move, how parts suffer.
extension PlantResolver {
  mutating func processVariable(_ name: String, _ object: ObjectReading, of station: String, _ path: String, _ place: Place)
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
      } : canBeSet || object.has("defects") ? [station] : []
    var variable = ProcessVariableSpec(name: name, unit: unit?.code ?? "", tag: tag, setpoint: spec, defectsSeenAt: seenAt)
    variable.scatter = object.object("sensor").flatMap { scatter($0, unit, "\(path).sensor") }
    variable.defects = object.object("defects").map { defects($0, unit, "\(path).defects") }
    if let dynamics = object.object("dynamics") {
      variable.dynamics = self.dynamics(dynamics, unit, "\(path).dynamics")
      let place = object.keys["dynamics"] ?? dynamics.place
      if !canBeSet {
        issues.error(
          place, "\(path).dynamics", "`\(path)` moves towards a set-point that it does not have", "add `set`, `low` and `high`, or remove `dynamics`")
      } else if variable.defects != nil, seenAt != [station], !broken.contains(where: { $0.hasPrefix(path) }) {
        issues.error(
          place, "\(path).dynamics", "`\(path)` moves by itself, and its defects are not seen at `\(station)`",
          "let `defects_seen_at` be `[\(station)]`, or remove `dynamics`")
      } else if !object.has("defects") {
        issues.warning(place, "\(path).dynamics", "`\(path)` moves, and nothing depends on it", "add how parts suffer: `defects`")
      }
    }
    return variable
  }

  private mutating func scatter(_ sensor: ObjectReading, _ unit: EngineeringUnit?, _ path: String) -> SensorScatter? {
    let keys = ["resolution", "noise"]
    guard keys.contains(where: sensor.has) else { return nil }
    for key in keys where !sensor.has(key) {
      issues.error(sensor.place, "\(path).\(key)", "`\(key)` is missing in `\(path)`", "`resolution` and `noise` stand together; add `\(key)`")
    }
    let values = keys.map { issues.measure(sensor, $0, in: unit, path, isDifference: true) }
    for (key, value) in zip(keys, values) where value <= 0 {
      issues.error(sensor.place(of: key), "\(path).\(key)", "`\(path).\(key)` is not above 0", "write a step, or leave `resolution` and `noise` out")
    }
    return values.allSatisfy { $0 > 0 } ? SensorScatter(resolution: values[0], noise: values[1]) : nil
  }

  private mutating func defects(_ object: ObjectReading, _ unit: EngineeringUnit?, _ path: String) -> VariableDefects {
    let distance = issues.measure(object, "off_by", in: unit, path, isDifference: true)
    if distance <= 0 {
      issues.error(object.place(of: "off_by"), "\(path).off_by", "`\(path).off_by` is not above 0", "write a distance from the optimum")
    }
    return VariableDefects(
      optimum: issues.measure(object, "optimum", in: unit, path), curvature: object.number("share") / (distance * distance))
  }

  private mutating func dynamics(_ object: ObjectReading, _ unit: EngineeringUnit?, _ path: String) -> VariableDynamics {
    let constant = object.number("time_constant")
    let noise = object.has("noise") ? issues.measure(object, "noise", in: unit, path, isDifference: true) : 0
    if noise < 0 { issues.error(object.place(of: "noise"), "\(path).noise", "`\(path).noise` is below 0", "write a standard deviation") }
    if object.has("standing_time_constant"), !object.has("standing") {
      issues.error(
        object.keys["standing_time_constant"] ?? object.place, "\(path).standing_time_constant", "`\(path)` does not say where it drifts to",
        "add `standing`, or remove `standing_time_constant`")
    }
    return VariableDynamics(
      timeConstant: duration(constant), standing: object.has("standing") ? issues.measure(object, "standing", in: unit, path) : nil,
      standingTimeConstant: duration(object.number("standing_time_constant", or: constant)), noise: noise,
      noiseTime: duration(object.number("noise_time", or: constant)))
  }
}
