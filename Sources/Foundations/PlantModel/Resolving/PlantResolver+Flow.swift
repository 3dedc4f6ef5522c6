// Whether parts can come in, move on and leave.
extension PlantResolver {
  mutating func checkFlow(_ plant: Plant) {
    for station in plant.stations {
      guard case .buffer(let out) = station.output, station.inputs.contains(where: { $0.buffer == out }) else { continue }
      issues.error(
        place(of: station.name, "out"), "stations.\(station.name).out", "`\(station.name)` gives to `\(out)`, from which it takes",
        "give to another buffer, or to `sink`")
    }
    guard isFlowCertain else { return }
    var isSound = true
    for entry in root.entries("buffers") {
      let path = "buffers.\(entry.key)"
      let isFilled = plant.sources.contains { $0.into == entry.key } || plant.stations.contains { $0.output == .buffer(entry.key) }
      let isEmptied = plant.stations.contains { $0.inputs.contains { $0.buffer == entry.key } }
      if !isFilled {
        issues.error(entry.place, path, "nobody fills the buffer `\(entry.key)`", "let a source go `into` it or a station `out` to it, or remove it")
        isSound = false
      }
      if !isEmptied {
        issues.error(entry.place, path, "nobody empties the buffer `\(entry.key)`", "let a station take `in` from it, or remove it")
        isSound = false
      }
    }
    guard isSound else { return }
    let leaving = plant.stationsThatReachSink
    for station in plant.stations where !leaving.contains(station.name) {
      issues.error(
        place(of: station.name, "out"), "stations.\(station.name).out", "parts of `\(station.name)` never leave the line",
        "let their route end at `sink`")
    }
  }

  private func place(of station: String, _ key: String) -> Place {
    let entry = root.entries("stations").first { $0.key == station }
    return entry?.object?.place(of: key) ?? entry?.place ?? root.place
  }
}

extension Plant {
  /// Stations whose parts can get to the sink.
  fileprivate var stationsThatReachSink: Set<String> {
    var reached = Set(stations.filter { $0.output == .sink }.map(\.name))
    while true {
      let buffers = Set(stations.filter { reached.contains($0.name) }.flatMap { $0.inputs.map(\.buffer) })
      let more = stations.filter { station in
        if case .buffer(let out) = station.output { !reached.contains(station.name) && buffers.contains(out) } else { false }
      }
      if more.isEmpty { return reached }
      reached.formUnion(more.map(\.name))
    }
  }
}
