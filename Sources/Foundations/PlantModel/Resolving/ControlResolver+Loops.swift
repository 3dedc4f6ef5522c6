import Quantities

extension ControlResolver {
  /// - Parameters:
  ///   - limited: tags with limits, or nil where the envelope could not be read.
  ///   - irreversible: those of them that start what cannot be taken back.
  ///   - ceiling: the envelope's, or nil likewise.
  mutating func loop(_ name: String, _ root: ObjectReading, limited: [String]?, irreversible: [String], ceiling: Authority?) -> LoopSpec {
    var moves: [String] = []
    for reading in root.list("moves") {
      guard let text = reading.text else { continue }
      guard plant != nil else { continue }
      guard let tag = setpoint(text, at: reading.place, "moves")?.tag else { continue }
      if moves.contains(tag) {
        issues.error(reading.place, "moves", "`\(tag)` stands twice in `moves`", "keep one of them")
      } else if tag == text, let limited, !limited.contains(tag) {
        issues.error(
          reading.place, "moves", "`\(tag)` has no limits in envelope.yaml, so it cannot be written", "add it to `limits`, or remove it here")
      } else if irreversible.contains(tag) {
        issues.error(
          reading.place, "moves",
          "`\(tag)` starts what cannot be taken back (`irreversible` in envelope.yaml), and a loop's change must be able to go back",
          "remove it here: a person does that at the machine")
      }
      moves.append(tag)
    }
    if root.has("moves"), root.values["moves"] != nil, root.list("moves").isEmpty, moves.isEmpty {
      issues.error(root.place(of: "moves"), "moves", "`moves` is empty", "name at least one set-point")
    }
    let cadence = root.number("cadence"), deadline = root.number("deadline")
    if deadline > cadence {
      issues.error(root.place(of: "deadline"), "deadline", "`deadline` is longer than `cadence`", "answers must be due before the next request")
    }
    let authority = root.text("authority").flatMap(Authority.init(name:)) ?? .shadow
    if let ceiling, authority > ceiling {
      issues.error(
        root.place(of: "authority"), "authority", "`authority` is `\(authority.name)`, above the envelope's ceiling",
        "write `\(ceiling.name)` or less")
    }
    checkProgram(root)
    return LoopSpec(
      name: name, program: root.text("program") ?? "", arguments: root.list("arguments").compactMap(\.text), moves: moves,
      objective: root.text("objective").flatMap(Objective.init(name:)) ?? .valuePerHour, cadence: duration(cadence), deadline: duration(deadline),
      authority: authority, rollout: rollout(root.object("rollout"), moves), projects: root.flag("project") ?? false, owner: root.text("owner"),
      feedback: feedback(root, cadence: cadence))
  }

  private mutating func checkProgram(_ root: ObjectReading) {
    guard let program = root.text("program"), program != LoopSpec.builtIn else { return }
    let place = root.place(of: "program")
    if program.hasPrefix("/") || program.split(separator: "/").contains("..") {
      issues.error(place, "program", "`program` is `\(program)`, outside the plant folder", "write a path inside the folder, or `setpoints`")
    } else if !program.contains("/"), !program.contains(".") {
      issues.error(
        place, "program", "there is no built-in loop `\(program)`",
        Spelling.nearest(to: program, among: [LoopSpec.builtIn]).map { "did you mean `\($0)`?" }
          ?? "write `setpoints`, or a path such as `loops/\(program).py`")
    }
  }

  private mutating func rollout(_ object: ObjectReading?, _ moves: [String]) -> RolloutSpec {
    let steps = object?.numbers("steps") ?? []
    if let object, let list = object.reading("steps"), object.list("steps").count == steps.count {
      let isRising = zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 }
      if steps.last != 1 || !isRising {
        issues.error(list.place, "rollout.steps", "`rollout.steps` do not rise to 1", "write rising shares that end at 1, e.g. `[0.5, 1]`")
      }
    }
    let dwell = object?.number("dwell") ?? .nan, timeout = object?.number("timeout") ?? .nan
    if let object, timeout <= dwell {
      issues.error(
        object.place(of: "timeout"), "rollout.timeout", "`rollout.timeout` is not longer than `dwell`", "leave time to judge a step after its dwell")
    }
    return RolloutSpec(
      shadow: duration(object?.number("shadow") ?? .nan), steps: steps, dwell: duration(dwell), timeout: duration(timeout),
      keepShare: object?.number("keep_share", or: 0.5) ?? .nan, alphaGain: object?.number("alpha_gain", or: 0.05) ?? .nan,
      alphaHarm: object?.number("alpha_harm", or: 0.1) ?? .nan,
      switchback: object?.object("switchback").map(calendar), interleave: object.flatMap { interleave($0, moves) })
  }

  func calendar(_ object: ObjectReading) -> SwitchbackSpec {
    SwitchbackSpec(pairs: object.whole("pairs") ?? 0, dwell: duration(object.number("dwell")), washout: duration(object.number("washout")))
  }

  // MARK: Connections

  mutating func connections(_ root: ObjectReading) -> ConnectionSpec {
    let clock: PlantClockSpec =
      if let telemetry = root.object("clock")?.object("telemetry") { .telemetry(speed: telemetry.number("speed", or: 1)) } else { .system }
    var nodes: [String] = []
    var sessions: [SparkplugSpec] = []
    for reading in root.list("sparkplug") {
      guard case .object(let object) = reading.content else { continue }
      let group = object.text("group") ?? "", node = object.text("node") ?? ""
      if nodes.contains("\(group)/\(node)") {
        issues.error(object.place(of: "node"), "sparkplug", "the edge node `\(group)/\(node)` stands twice", "keep one of them")
      }
      nodes.append("\(group)/\(node)")
      sessions.append(session(object, group, node))
    }
    let lineProtocol = root.object("line_protocol").map { LineProtocolSpec(stationKey: $0.text("station_key") ?? "station", token: $0.text("token")) }
    if !root.has("sparkplug"), !root.has("line_protocol") {
      issues.warning(root.place, "", "nothing brings telemetry", "add `sparkplug` or `line_protocol`")
    }
    return ConnectionSpec(clock: clock, sparkplug: sessions, lineProtocol: lineProtocol)
  }

  private mutating func session(_ object: ObjectReading, _ group: String, _ node: String) -> SparkplugSpec {
    var devices: [String: String] = [:]
    for entry in object.entries("devices") {
      guard let reading = entry.value, let name = reading.text else { continue }
      guard let plant else { continue }
      devices[entry.key] = issues.reference(
        name, "station", among: plant.stations.map(\.name) + brokenStations.sorted(), at: reading.place, "sparkplug.devices.\(entry.key)")
    }
    for key in ["group", "node"] {
      if let text = object.text(key), text.contains(where: { "/+#".contains($0) }) {
        issues.error(
          object.place(of: key), "sparkplug.\(key)", "`sparkplug.\(key)` is `\(text)`, which is no Sparkplug name", "leave out `/`, `+` and `#`")
      }
    }
    return SparkplugSpec(
      host: object.text("host") ?? "", port: object.has("port") ? object.whole("port") ?? 0 : 1883, hostID: object.text("host_id") ?? "takt",
      username: object.text("username"), password: object.text("password"), group: group, node: node, devices: devices)
  }
}
