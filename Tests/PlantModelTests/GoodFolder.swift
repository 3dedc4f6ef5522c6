import Foundation

/// A small plant folder without an issue, and edits of it. The line numbers in MalformedFolderTests count from here.
enum GoodFolder {
  static let files: [String: String] = [
    "plant.yaml": """
    plant: small
    path: acme/lyon/packaging/small
    prices: {currency: EUR, good: 1, scrap: 0.5}
    buffers:
      B0: {capacity: 100}
      B1: {capacity: 20, transit: 6 s, level_tag: Buffer/B1}
    sources:
      Bottles: {into: B0, lot: 10, interval: {exponential: 25 s}}
    stations:
      Filler:
        in: {B0: 1}
        out: B1
        cycle: {gamma: {mean: 2.5 s, cv: 0.1}}
        speed: {rated: 24 1/min, low: 15 1/min, high: 30 1/min}
        process_variables:
          FillPressure:
            unit: bar
            set: 2.2 bar
            low: 1.2 bar
            high: 3.4 bar
      Packer:
        in: {B1: 1}
        out: sink
        cycle: 2.4 s
        scrap: 1 %
    tags:
      Line/ProductId: {kind: text}
    """,
    "envelope.yaml": """
    authority_ceiling: supervised
    limits:
      Filler/MachSpeed: {low: 18 1/min, high: 28 1/min, max_step: 2 1/min, max_per_hour: 6 1/min}
      Filler/FillPressureSet: {low: 1.6 bar, high: 3 bar, max_step: 200 mbar, max_per_hour: 1 bar}
    interlocks:
      FillerAborted: {tag: Filler/StateCurrent, equals: aborted, forbids: [Filler/MachSpeed]}
    """,
    "loops/setpoints.yaml": """
    program: setpoints
    moves: [Filler/MachSpeed, Filler/FillPressureSet]
    objective: value_per_hour
    cadence: 10 min
    deadline: 3 min
    authority: supervised
    rollout:
      shadow: 5 min
      steps: [0.5, 1]
      dwell: 15 min
      timeout: 60 min
    """,
    "connections.yaml": """
    clock: system
    sparkplug:
      - host: 127.0.0.1
        group: Plant1
        node: Small
        password: env:TAKT_MQTT_PASSWORD
    """,
  ]

  /// The folder with `old` replaced by `new` in `file`, once.
  static func replacing(_ old: String, by new: String, in file: String) -> [String: String] {
    var edited = files
    guard let text = files[file], let range = text.range(of: old) else { fatalError("\(file) holds no \(old)") }
    edited[file] = text.replacingCharacters(in: range, with: new)
    return edited
  }

  static func adding(_ file: String, _ text: String?) -> [String: String] {
    var edited = files
    edited[file] = text
    return edited
  }
}
