/// Where parts can go, product by product.
struct FlowMap {
  let plant: Plant
  /// One without a name where none is declared.
  let products: [Product]
  /// Buffers into which somebody gives, and from which somebody takes.
  private(set) var filled: Set<String>
  private(set) var emptied: Set<String>

  init(_ plant: Plant) {
    self.plant = plant
    products = plant.products.isEmpty ? [Product(name: "")] : plant.products
    filled = Set(plant.sources.map(\.into) + plant.transports.map(\.to))
    emptied = Set(plant.stations.flatMap { $0.inputs.map(\.buffer) } + plant.transports.map(\.from))
    for station in plant.stations { filled.formUnion(targets(of: station).compactMap { $0 }) }
  }

  /// Where parts of a station may go next; nil: out of the line.
  private func targets(of station: Station) -> Set<String?> {
    var targets: Set<String?> = []
    switch station.output {
    case .buffer(let name): targets = [name]
    case .sink: targets = [nil]
    case .chance(let branches): targets = Set(branches.filter { $0.share > 0 }.map(\.buffer))
    case .emptiest(let buffers): targets = Set(buffers.map { $0 })
    case .disassembly(let yields): targets = Set(yields.map(\.buffer))
    case .route: for input in station.inputs { for product in products { targets.formUnion(steps(of: product, after: input.buffer)) } }
    }
    if let rework = station.rework { targets.insert(rework.into) }
    return targets
  }

  /// What follows in a route on each of its steps at `buffer`.
  private func steps(of product: Product, after buffer: String) -> [String?] {
    product.route.indices.filter { product.route[$0].buffer == buffer }.map {
      $0 + 1 < product.route.count ? product.route[$0 + 1].buffer : nil
    }
  }

  /// Stations whose parts can get to the sink.
  var stationsThatReachSink: Set<String> {
    var stations: Set<String> = [], buffers: Set<String> = []
    while true {
      let more = plant.stations.filter { station in
        !stations.contains(station.name) && targets(of: station).contains { $0.map(buffers.contains) ?? true }
      }
      let ways = plant.transports.filter { buffers.contains($0.to) && !buffers.contains($0.from) }
      if more.isEmpty && ways.isEmpty { return stations }
      stations.formUnion(more.map(\.name))
      buffers.formUnion(more.flatMap { $0.inputs.map(\.buffer) } + ways.map(\.from))
    }
  }

  /// Stations that get parts from this one over buffers without room.
  func handovers(from name: String) -> Set<String> {
    var reached: Set<String> = [], queue = [name]
    while let next = queue.popLast() {
      guard let station = plant.station(named: next) else { continue }
      let direct = targets(of: station).compactMap { $0 }.filter { plant.buffer(named: $0)?.capacity == 0 }
      for taker in plant.stations where taker.inputs.contains(where: { direct.contains($0.buffer) }) {
        if reached.insert(taker.name).inserted { queue.append(taker.name) }
      }
    }
    return reached
  }

  // MARK: - Visits

  /// Which product comes where.
  struct Visits {
    struct Place: Hashable {
      var product: Int
      var buffer: String
    }
    var places: Set<Place> = []
    /// Products at stations that go on by route, where their own has no step.
    var lost: [(product: String, station: String)] = []

    func contains(_ product: Int, _ buffer: String) -> Bool { places.contains(Place(product: product, buffer: buffer)) }
    var buffers: Set<String> { Set(places.map(\.buffer)) }
    var products: Set<Int> { Set(places.map(\.product)) }
  }

  /// Follows every product from the sources, and from stations that need no parts. A kit goes on as the product of its first input.
  func visits() -> Visits {
    var visits = Visits()
    var queue: [Visits.Place] = []
    func enter(_ product: Int, _ buffer: String?) {
      guard let buffer else { return }
      let place = Visits.Place(product: product, buffer: buffer)
      if visits.places.insert(place).inserted { queue.append(place) }
    }
    func leave(_ station: Station, _ product: Int, from buffer: String?) {
      switch station.output {
      case .route:
        let next = buffer.map { steps(of: products[product], after: $0) } ?? []
        if next.isEmpty, !visits.lost.contains(where: { $0 == (products[product].name, station.name) }) {
          visits.lost.append((products[product].name, station.name))
        }
        for target in next { enter(product, target) }
      case .disassembly(let yields):
        for yield in yields { enter(yield.product.flatMap(index) ?? product, yield.buffer) }
      default: for target in targets(of: station) { enter(product, target) }
      }
      if let rework = station.rework { enter(product, rework.into) }
    }
    for source in plant.sources {
      let orders = source.orders.compactMap { $0.product.flatMap(index) }
      let mix = source.mix.filter { $0.share > 0 }.compactMap { index($0.product) }
      for product in orders.isEmpty ? (mix.isEmpty ? [0] : mix) : orders { enter(product, source.into) }
    }
    for station in plant.stations where station.inputs.isEmpty { leave(station, 0, from: nil) }
    while let place = queue.popLast() {
      for way in plant.transports where way.from == place.buffer { enter(place.product, way.to) }
      for station in plant.stations where station.inputs.first?.buffer == place.buffer { leave(station, place.product, from: place.buffer) }
    }
    return visits
  }

  private func index(_ product: String) -> Int? { products.firstIndex { $0.name == product } }
}
