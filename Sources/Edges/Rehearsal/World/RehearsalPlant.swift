import Governance
import PlantModel
import Quantities

/// The plant folders of the rehearsal: one small line in three revisions.
enum RehearsalPlant {
  /// The tag of the interlock.
  static let pressure = "Mixer/Pressure"
  /// A set-point of the plant that no loop may move, and one without limits.
  static let forbidden = "Filler/MachSpeed"
  static let unlimited = "Filler/NozzleSet"
  /// How finely the pressure is shown, and how much it wanders, bar.
  static let pressureStep = 0.05

  /// Every sensor, in the order by which faults name them: the set-points, then the pressure.
  static let sensors = read[0].plant.setpoints.map(\.tag) + [pressure]
  /// Those that a loop's writes rest on.
  static let important = sensors.indices.filter { index in
    sensors[index] == pressure || read[0].loops.contains { $0.moves.contains(sensors[index]) }
  }

  /// The sensors of each edge node, by machine, and how often each reports; the pressure by itself where it has an interval of its own.
  static func nodes(pressureEvery interval: Duration) -> [(sensors: [Int], interval: Duration)] {
    // What no loop moves is reported half as often.
    let usual = Duration.seconds(60)
    let isApart = interval != usual
    var nodes = [("Mixer/", usual), ("Filler/", usual * 2)].map { machine, interval in
      (sensors: sensors.indices.filter { sensors[$0].hasPrefix(machine) && !(isApart && sensors[$0] == pressure) }, interval: interval)
    }
    if isApart { nodes.append((sensors: [sensors.count - 1], interval: interval)) }
    return nodes
  }

  /// By revision.
  static let envelopeHashes = read.map { GovernancePlan($0, rules: World.rules).envelopeHash }

  /// - Parameters:
  ///   - revision: 0, or 1 with tighter limits, or 2 with another cadence.
  ///   - authority: that the loop starts with.
  ///   - steps: of its rollout.
  static func folder(revision: Int, authority: Authority, steps: [Double]) -> PlantFolder {
    var folder = read[revision]
    for i in folder.loops.indices {
      folder.loops[i].authority = authority
      folder.loops[i].rollout.steps = steps
    }
    return folder
  }

  static let revisions = 0..<3
  private static let read = revisions.map(readFolder)

  private static func readFolder(revision: Int) -> PlantFolder {
    var files = [
      "plant.yaml": plant, "envelope.yaml": revision == 1 ? envelope.replacing("high: 29 1/min", with: "high: 28 1/min") : envelope,
      "connections.yaml": "clock: system\n",
    ]
    let cadence = revision == 2 ? "16 min" : "15 min"
    files["loops/blend.yaml"] = loop.replacing("CADENCE", with: cadence)
    do {
      var folder = try PlantFolder.read(files: files)
      for i in folder.plant.tags.indices { folder.plant.tags[i].staleAfter = .minutes(3) }
      return folder
    } catch { preconditionFailure("the rehearsal's plant folder is wrong: \(error)") }
  }

  private static let plant = """
    plant: blend
    path: rehearsal/site/area/blend
    ideal_cycle: 2.5 s
    prices: {currency: EUR, good: 1, scrap: 0.5, escape: 3}
    buffers:
      B0: {capacity: 100}
      B1: {capacity: 30}
    sources:
      Bottles: {into: B0, lot: 48, interval: {gamma: {mean: 105 s, cv: 0.25}}}
    stations:
      Mixer:
        in: {B0: 1}
        out: B1
        cycle: {gamma: {mean: 2.5 s, cv: 0.1}}
        speed: {rated: 24 1/min, low: 15 1/min, high: 32 1/min}
        scrap: 1 %
        process_variables:
          Pressure: {unit: bar, set: 2 bar, low: 1 bar, high: 5 bar, sensor: {low: 0 bar, high: 10 bar, resolution: 0.05 bar, noise: 0.05 bar}}
          Temp: {unit: Cel, set: 60 Cel, low: 40 Cel, high: 90 Cel, sensor: {low: 0 Cel, high: 120 Cel}}
      Filler:
        in: {B1: 1}
        out: sink
        cycle: {gamma: {mean: 2.4 s, cv: 0.1}}
        speed: {rated: 25 1/min, low: 15 1/min, high: 32 1/min}
        scrap: 1 %
        process_variables:
          Nozzle: {unit: mm, set: 5 mm, low: 1 mm, high: 9 mm, sensor: {low: 0 mm, high: 10 mm}}
    """

  private static let envelope = """
    authority_ceiling: closed_loop
    heartbeat_timeout: 90 s
    limits:
      Mixer/MachSpeed: {low: 18 1/min, high: 29 1/min, max_step: 2 1/min, max_per_hour: 12 1/min, max_drift: 4 1/min}
      Mixer/TempSet: {low: 50 Cel, high: 75 Cel, max_step: 4 K, max_per_hour: 20 K, max_drift: 8 K, hold: keep}
      Filler/MachSpeed: {low: 18 1/min, high: 29 1/min, max_step: 2 1/min, max_per_hour: 12 1/min}
    interlocks:
      PressureHigh: {tag: Mixer/Pressure, above: 4 bar}
    """

  private static let loop = """
    program: setpoints
    moves: [Mixer/MachSpeed, Mixer/TempSet]
    objective: good_parts_per_hour
    cadence: CADENCE
    deadline: 5 min
    authority: closed_loop
    rollout:
      shadow: 2 min
      steps: [0.5, 1]
      dwell: 10 min
      timeout: 60 min
      keep_share: 0.5
      alpha_gain: 0.10
      alpha_harm: 0.20
    """
}

extension String {
  fileprivate func replacing(_ part: String, with other: String) -> String {
    guard let range = firstRange(of: part) else { preconditionFailure("\(part) does not stand in the text") }
    return String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
  }

  private func firstRange(of part: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
      start = index(after: start)
    }
    return nil
  }
}
