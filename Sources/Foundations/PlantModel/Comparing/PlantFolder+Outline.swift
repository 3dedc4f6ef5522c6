import Quantities

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
    add("reference.sample", plant.reference?.sample.map(seconds), .parameter)
    add("reference.commissioning", plant.reference.map { "\($0.commissioning)" }, .parameter)
    add("prices.currency", plant.prices.currency, .parameter)
    add("prices.good", plain(plant.prices.good), .parameter)
    add("prices.scrap", plain(plant.prices.scrap), .parameter)
    add("prices.escape", plain(plant.prices.escape), .parameter)
    add("stations", list(plant.stations.map(\.name)), .structural)
    add("buffers", list(plant.buffers.map(\.name)), .structural)
    add("sources", list(plant.sources.map(\.name)), .structural)
    for buffer in plant.buffers {
      add("buffers.\(buffer.name).capacity", buffer.isUnlimited ? "unlimited" : "\(buffer.capacity)", .parameter)
      add("buffers.\(buffer.name).transit", seconds(buffer.transit), .parameter)
      add("buffers.\(buffer.name).headway", buffer.headway == .zero ? nil : seconds(buffer.headway), .parameter)
      add("buffers.\(buffer.name).accumulates", buffer.accumulates ? nil : "false", .structural)
      add("buffers.\(buffer.name).level_tag", buffer.levelTag, .structural)
    }
    for source in plant.sources { describe(source, "sources.\(source.name)") }
    for station in plant.stations { describe(station, "stations.\(station.name)") }
    describeResources(plant)
    for tag in plant.tags {
      let path = "tags.\(tag.path)"
      add("\(path).kind", tag.kind.rawValue, .structural)
      add("\(path).unit", tag.unit, .structural)
      add("\(path).low", tag.low, tag.unit)
      add("\(path).high", tag.high, tag.unit)
      add("\(path).stale_after", seconds(tag.staleAfter), .parameter)
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
    add("\(path).project", loop.projects ? "true" : nil, .loop)
    if let feedback = loop.feedback {
      add("\(path).feedback.form", feedback.form.rawValue, .loop)
      add("\(path).feedback.weight", plain(feedback.weight), .loop)
      add("\(path).feedback.gain", "\(plain(feedback.gainLow))…\(plain(feedback.gainHigh))", .loop)
      add("\(path).feedback.delay", "\(feedback.delayLow)…\(feedback.delayHigh)", .loop)
      add("\(path).feedback.period", seconds(feedback.period), .loop)
      add("\(path).feedback.settling", seconds(feedback.settling), .loop)
    }
    add("\(path).rollout.shadow", seconds(loop.rollout.shadow), .loop)
    add("\(path).rollout.steps", list(loop.rollout.steps.map(plain)), .loop)
    add("\(path).rollout.dwell", seconds(loop.rollout.dwell), .loop)
    add("\(path).rollout.timeout", seconds(loop.rollout.timeout), .loop)
    add("\(path).rollout.keep_share", plain(loop.rollout.keepShare), .loop)
    add("\(path).rollout.alpha_gain", plain(loop.rollout.alphaGain), .loop)
    add("\(path).rollout.alpha_harm", plain(loop.rollout.alphaHarm), .loop)
    guard let calendar = loop.rollout.calendar else { return }
    let key = "\(path).rollout.\(loop.rollout.switchback == nil ? "interleave" : "switchback")"
    add("\(key).pairs", "\(calendar.pairs)", .loop)
    add("\(key).dwell", seconds(calendar.dwell), .loop)
    add("\(key).washout", seconds(calendar.washout), .loop)
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
