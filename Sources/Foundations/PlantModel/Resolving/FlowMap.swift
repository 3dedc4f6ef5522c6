/// Where parts can go, product by product.
struct FlowMap {
  let plant: Plant
  /// One without a name where none is declared.
  let products: [Product]
  /// Buffers into which somebody gives, and from which somebody takes.
  private(set) var filled: Set<String>
  private(set) var emptied: Set<String>

  /// By station, where its parts may go next; nil: out of the line.
  private var targets: [Set<String?>] = []
  /// By buffer: the stations that take from it, those for which it is the first input, and those that give into it.
  private var takers: [String: [Int]] = [:]
  private var mainTakers: [String: [Int]] = [:]
  private var givers: [String: [Int]] = [:]
  private let handoverBuffers: Set<String>

  init(_ plant: Plant) {
    self.plant = plant
    products = plant.products.isEmpty ? [Product(name: "")] : plant.products
    filled = Set(plant.sources.map(\.into) + plant.transports.map(\.to))
    emptied = Set(plant.stations.flatMap { $0.inputs.map(\.buffer) } + plant.transports.map(\.from))
    handoverBuffers = Set(plant.buffers.filter { $0.capacity == 0 }.map(\.name))
    for (s, station) in plant.stations.enumerated() {
      targets.append(findTargets(of: station))
      for case let buffer? in targets[s] { givers[buffer, default: []].append(s) }
      for input in station.inputs { takers[input.buffer, default: []].append(s) }
      if let main = station.inputs.first { mainTakers[main.buffer, default: []].append(s) }
    }
    filled.formUnion(givers.keys)
  }

  private func findTargets(of station: Station) -> Set<String?> {
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

  /// Stations whose parts can get to the sink: those that let them out, then backwards whoever gives to them.
  var stationsThatReachSink: Set<String> {
    var reached = Set(plant.stations.indices.filter { targets[$0].contains(nil) })
    var queue = reached.sorted().flatMap { plant.stations[$0].inputs.map(\.buffer) }
    var seen = Set(queue)
    while let buffer = queue.popLast() {
      for giver in givers[buffer] ?? [] where reached.insert(giver).inserted {
        for input in plant.stations[giver].inputs where seen.insert(input.buffer).inserted { queue.append(input.buffer) }
      }
      for way in plant.transports where way.to == buffer && seen.insert(way.from).inserted { queue.append(way.from) }
    }
    return Set(reached.map { plant.stations[$0].name })
  }

  /// Stations that get parts from this one over buffers without room.
  func handovers(from start: Int) -> Set<String> {
    var reached: Set<Int> = [], queue = [start]
    while let next = queue.popLast() {
      for case let buffer? in targets[next] where handoverBuffers.contains(buffer) {
        for taker in takers[buffer] ?? [] where reached.insert(taker).inserted { queue.append(taker) }
      }
    }
    return Set(reached.map { plant.stations[$0].name })
  }

  /// Stations that parts of this one may come to, itself only where they come back; rejected parts that are reworked and vehicles included.
  func downstream(of name: String) -> Set<String> {
    guard let start = plant.stations.firstIndex(where: { $0.name == name }) else { return [] }
    var reached: Set<Int> = [], seen: Set<String> = []
    var queue = targets[start].compactMap { $0 }
    while let buffer = queue.popLast() {
      guard seen.insert(buffer).inserted else { continue }
      queue += plant.transports.filter { $0.from == buffer }.map(\.to)
      for taker in takers[buffer] ?? [] where reached.insert(taker).inserted { queue += targets[taker].compactMap { $0 } }
    }
    return Set(reached.map { plant.stations[$0].name })
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
    func leave(_ s: Int, _ product: Int, from buffer: String?) {
      let station = plant.stations[s]
      switch station.output {
      case .route:
        let next = buffer.map { steps(of: products[product], after: $0) } ?? []
        if next.isEmpty, !visits.lost.contains(where: { $0 == (products[product].name, station.name) }) {
          visits.lost.append((products[product].name, station.name))
        }
        for target in next { enter(product, target) }
      case .disassembly(let yields):
        for yield in yields { enter(yield.product.flatMap(index) ?? product, yield.buffer) }
      default: for target in targets[s] { enter(product, target) }
      }
      if let rework = station.rework { enter(product, rework.into) }
    }
    for source in plant.sources {
      let orders = source.orders.compactMap { $0.product.flatMap(index) }
      let mix = source.mix.filter { $0.share > 0 }.compactMap { index($0.product) }
      let runs = source.campaign.compactMap { index($0.product) }
      for product in [orders, runs, mix].first(where: { !$0.isEmpty }) ?? [0] { enter(product, source.into) }
    }
    for s in plant.stations.indices where plant.stations[s].inputs.isEmpty { leave(s, 0, from: nil) }
    while let place = queue.popLast() {
      for way in plant.transports where way.from == place.buffer { enter(place.product, way.to) }
      for s in mainTakers[place.buffer] ?? [] { leave(s, place.product, from: place.buffer) }
    }
    return visits
  }

  private func index(_ product: String) -> Int? { products.firstIndex { $0.name == product } }
}
