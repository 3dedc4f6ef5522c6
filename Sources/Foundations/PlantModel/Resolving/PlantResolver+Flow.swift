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
    let flow = FlowMap(plant)
    var isSound = true
    for station in plant.stations where station.output == .route && flow.products.allSatisfy({ $0.route.isEmpty }) {
      issues.error(
        place(of: station.name, "out"), "stations.\(station.name).out", "`\(station.name)` goes on by route, and no product has one",
        "give the `products` a `route`, or name the buffer")
      isSound = false
    }
    guard isSound else { return }
    for entry in root.entries("buffers") {
      let path = "buffers.\(entry.key)"
      if !flow.filled.contains(entry.key) {
        issues.error(entry.place, path, "nobody fills the buffer `\(entry.key)`", "let a source go `into` it or a station `out` to it, or remove it")
        isSound = false
      }
      if !flow.emptied.contains(entry.key) {
        issues.error(entry.place, path, "nobody empties the buffer `\(entry.key)`", "let a station take `in` from it, or remove it")
        isSound = false
      }
    }
    checkHandovers(plant, flow)
    guard isSound else { return }
    let leaving = flow.stationsThatReachSink
    for station in plant.stations where !leaving.contains(station.name) {
      issues.error(
        place(of: station.name, "out"), "stations.\(station.name).out", "parts of `\(station.name)` never leave the line",
        "let their route end at `sink`")
      isSound = false
    }
    guard isSound else { return }
    checkVisits(plant, flow)
  }

  /// Stations that hand over to each other round in a circle wait for each other for ever.
  private mutating func checkHandovers(_ plant: Plant, _ flow: FlowMap) {
    var told: Set<String> = []
    for (s, station) in plant.stations.enumerated() where !told.contains(station.name) {
      let round = flow.handovers(from: s)
      guard round.contains(station.name) else { continue }
      told.formUnion(round)
      issues.error(
        place(of: station.name, "out"), "stations.\(station.name).out", "`\(station.name)` hands over to itself, round in a circle without any room",
        "give a buffer on the way room")
    }
  }

  /// Follows every product from its sources.
  private mutating func checkVisits(_ plant: Plant, _ flow: FlowMap) {
    let visits = flow.visits()
    for lost in visits.lost {
      issues.error(
        routePlace(lost.product), "products.\(lost.product).route",
        "`\(lost.product)` comes to `\(lost.station)`, which goes on by route, and has no step there",
        "add `\(lost.station)` to its route, or lead it elsewhere")
    }
    guard visits.lost.isEmpty else { return }
    let visited = visits.buffers
    for station in plant.stations where !station.inputs.allSatisfy({ visited.contains($0.buffer) }) {
      issues.error(
        place(of: station.name, "in"), "stations.\(station.name).in", "no part ever comes to `\(station.name)`", "let a source or a route lead there")
    }
    for (p, product) in plant.products.enumerated() {
      guard visits.products.contains(p) else {
        if !plant.sources.isEmpty {
          issues.warning(
            routePlace(product.name), "products.\(product.name)", "no source delivers `\(product.name)`",
            "add it to a `mix` or a `campaign`, or order it")
        }
        continue
      }
      guard let step = product.route.firstIndex(where: { !visits.contains(p, $0.buffer) }) else { continue }
      issues.error(
        routePlace(product.name), "products.\(product.name).route",
        "`\(product.name)` never comes to step \(step + 1) of its route, `\(product.route[step].buffer)`",
        step == 0 ? "let its source go `into` the first step" : "let the stations before it say `out: route`")
    }
  }

  private func routePlace(_ product: String) -> Place {
    let entry = root.entries("products").first { $0.key == product }
    return entry?.object?.keys["route"] ?? entry?.place ?? root.place
  }

  private func place(of station: String, _ key: String) -> Place {
    let entry = root.entries("stations").first { $0.key == station }
    return entry?.object?.place(of: key) ?? entry?.place ?? root.place
  }
}
