import Probability
import Quantities

/// One field of a folder: where it stands, and what it says in the folder's own spelling.
struct OutlineLine {
  var path: String
  var text: String
  var kind: PlantChange.Kind
}

/// Collects lines under a path.
private struct Outline {
  var lines: [OutlineLine] = []

  mutating func add(_ path: String, _ text: String?, _ kind: PlantChange.Kind) {
    if let text { lines.append(OutlineLine(path: path, text: text, kind: kind)) }
  }

  mutating func add(_ path: String, _ law: Law?, _ kind: PlantChange.Kind = .parameter) { add(path, law?.text, kind) }

  mutating func add(_ path: String, _ value: Double?, _ unit: String, _ kind: PlantChange.Kind = .parameter) {
    add(path, value.map { measured($0, unit) }, kind)
  }
}

extension PlantFolder {
  /// The whole folder, field by field, with every default filled in.
  var outline: [OutlineLine] {
    var outline = Outline()
    outline.describe(plant)
    outline.describe(envelope)
    for loop in loops { outline.describe(loop) }
    outline.describe(connections)
    return outline.lines
  }
}

extension Outline {
  mutating func describe(_ plant: Plant) {
    add("plant", plant.name, .structural)
    add("path", plant.path, .structural)
    add("ideal_cycle", plant.idealCycle.map(seconds), .parameter)
    add("prices.currency", plant.prices.currency, .parameter)
    add("prices.good", plain(plant.prices.good), .parameter)
    add("prices.scrap", plain(plant.prices.scrap), .parameter)
    add("prices.escape", plain(plant.prices.escape), .parameter)
    add("stations", list(plant.stations.map(\.name)), .structural)
    add("buffers", list(plant.buffers.map(\.name)), .structural)
    add("sources", list(plant.sources.map(\.name)), .structural)
    for buffer in plant.buffers {
      add("buffers.\(buffer.name).capacity", "\(buffer.capacity)", .parameter)
      add("buffers.\(buffer.name).transit", seconds(buffer.transit), .parameter)
      add("buffers.\(buffer.name).level_tag", buffer.levelTag, .structural)
    }
    for source in plant.sources {
      add("sources.\(source.name).into", source.into, .structural)
      add("sources.\(source.name).lot", "\(source.lot)", .parameter)
      add("sources.\(source.name).interval", source.interval)
    }
    for station in plant.stations { describe(station, "stations.\(station.name)") }
    for tag in plant.tags {
      let path = "tags.\(tag.path)"
      add("\(path).kind", tag.kind.rawValue, .structural)
      add("\(path).unit", tag.unit, .structural)
      add("\(path).low", tag.low, tag.unit)
      add("\(path).high", tag.high, tag.unit)
      add("\(path).stale_after", seconds(tag.staleAfter), .parameter)
    }
  }

  private mutating func describe(_ station: Station, _ path: String) {
    for intake in station.inputs { add("\(path).in.\(intake.buffer)", "\(intake.count)", .structural) }
    switch station.output {
    case .buffer(let name): add("\(path).out", name, .structural)
    case .sink: add("\(path).out", "sink", .structural)
    }
    add("\(path).cycle", station.cycle)
    add("\(path).speed.rated", station.speed?.rated, "1/min")
    if let speed = station.speed { describe(speed.setpoint, "\(path).speed", "tag") }
    add("\(path).failure.time_to_failure", station.failure?.timeToFailure)
    add("\(path).failure.repair", station.failure?.repair)
    add("\(path).microstop.interval", station.microstop?.interval)
    add("\(path).microstop.length", station.microstop?.length)
    add("\(path).changeover", station.changeover)
    add("\(path).scrap", plain(station.scrap), .parameter)
    add("\(path).inspection.sensitivity", station.inspection.map { plain($0.sensitivity) }, .parameter)
    add("\(path).inspection.false_reject", station.inspection.map { plain($0.falseReject) }, .parameter)
    for variable in station.processVariables {
      let inner = "\(path).process_variables.\(variable.name)"
      add("\(inner).unit", variable.unit, .structural)
      add("\(inner).tag", variable.tag, .structural)
      if let setpoint = variable.setpoint { describe(setpoint, inner, "setpoint_tag") }
      add("\(inner).defects_seen_at", list(variable.defectsSeenAt), .structural)
    }
    for setpoint in station.otherSetpoints {
      let inner = "\(path).setpoints.\(setpoint.tag)"
      add("\(inner).unit", setpoint.unit, .structural)
      describe(setpoint, inner, "tag")
    }
    add("\(path).tags.state", station.tags.state ?? "none", .structural)
    add("\(path).tags.processed", station.tags.processed ?? "none", .structural)
    add("\(path).tags.defective", station.tags.defective ?? "none", .structural)
    add("\(path).tags.speed", station.tags.speed ?? "none", .structural)
  }

  private mutating func describe(_ setpoint: SetpointSpec, _ path: String, _ tagKey: String) {
    add("\(path).set", setpoint.design, setpoint.unit)
    add("\(path).low", setpoint.low, setpoint.unit)
    add("\(path).high", setpoint.high, setpoint.unit)
    add("\(path).\(tagKey)", setpoint.tag, .structural)
  }

  mutating func describe(_ envelope: EnvelopeSpec) {
    add("authority_ceiling", envelope.authorityCeiling.name, .envelope)
    for limit in envelope.limits {
      let path = "limits.\(limit.tag)"
      add("\(path).low", limit.low, limit.unit, .envelope)
      add("\(path).high", limit.high, limit.unit, .envelope)
      add("\(path).max_step", limit.maxStep, limit.unit, .envelope)
      add("\(path).max_per_hour", limit.maxPerHour, limit.unit, .envelope)
      add("\(path).hold", limit.hold == .keep ? "keep" : "last_known_good", .envelope)
    }
    for interlock in envelope.interlocks {
      let path = "interlocks.\(interlock.name)"
      add("\(path).tag", interlock.tag, .envelope)
      add("\(path).\(interlock.comparison.rawValue)", plain(interlock.value), .envelope)
      add("\(path).forbids", interlock.forbids.isEmpty ? "every tag" : list(interlock.forbids), .envelope)
    }
  }

  mutating func describe(_ loop: LoopSpec) {
    let path = "loops.\(loop.name)"
    add("\(path).program", loop.program, .loop)
    add("\(path).arguments", list(loop.arguments), .loop)
    add("\(path).moves", list(loop.moves), .loop)
    add("\(path).objective", loop.objective.name, .loop)
    add("\(path).cadence", seconds(loop.cadence), .loop)
    add("\(path).deadline", seconds(loop.deadline), .loop)
    add("\(path).authority", loop.authority.name, .loop)
    add("\(path).rollout.shadow", seconds(loop.rollout.shadow), .loop)
    add("\(path).rollout.steps", list(loop.rollout.steps.map(plain)), .loop)
    add("\(path).rollout.dwell", seconds(loop.rollout.dwell), .loop)
    add("\(path).rollout.timeout", seconds(loop.rollout.timeout), .loop)
    add("\(path).rollout.keep_share", plain(loop.rollout.keepShare), .loop)
    add("\(path).rollout.alpha_gain", plain(loop.rollout.alphaGain), .loop)
    add("\(path).rollout.alpha_harm", plain(loop.rollout.alphaHarm), .loop)
  }

  mutating func describe(_ connections: ConnectionSpec) {
    switch connections.clock {
    case .system: add("clock", "system", .connection)
    case .telemetry(let speed): add("clock", "{telemetry: {speed: \(plain(speed))}}", .connection)
    }
    for session in connections.sparkplug {
      let path = "sparkplug.\(session.group)/\(session.node)"
      add("\(path).host", session.host, .connection)
      add("\(path).port", "\(session.port)", .connection)
      add("\(path).host_id", session.hostID, .connection)
      add("\(path).username", session.username, .connection)
      add("\(path).password", session.password, .connection)
      for (device, station) in session.devices.sorted(by: { $0.key < $1.key }) { add("\(path).devices.\(device)", station, .connection) }
    }
    add("line_protocol.station_key", connections.lineProtocol?.stationKey, .connection)
    add("line_protocol.token", connections.lineProtocol?.token, .connection)
  }
}

private func measured(_ value: Double, _ unit: String) -> String { unit == "1" ? plain(value) : "\(plain(value)) \(unit)" }
private func seconds(_ duration: Duration) -> String { "\(plain(duration.seconds)) s" }
private func list(_ names: [String]) -> String { "[\(names.joined(separator: ", "))]" }

extension Law {
  /// As the plant folder writes it.
  fileprivate var text: String {
    func s(_ x: Double) -> String { "\(plain(x)) s" }
    return switch self {
    case .constant(let x): s(x)
    case .exponential(let mean): "{exponential: \(s(mean))}"
    case .gamma(let mean, let cv): "{gamma: {mean: \(s(mean)), cv: \(plain(cv))}}"
    case .lognormal(let mean, let cv): "{lognormal: {mean: \(s(mean)), cv: \(plain(cv))}}"
    case .weibull(let mean, let shape): "{weibull: {mean: \(s(mean)), shape: \(plain(shape))}}"
    case .uniform(let low, let high): "{uniform: {low: \(s(low)), high: \(s(high))}}"
    case .triangular(let low, let mode, let high): "{triangular: {low: \(s(low)), mode: \(s(mode)), high: \(s(high))}}"
    case .empirical(let values): "{empirical: \(list(values.map(s)))}"
    }
  }
}
