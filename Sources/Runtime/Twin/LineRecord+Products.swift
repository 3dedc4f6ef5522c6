import PlantModel
import Quantities
import Simulation

/// How many parts of the product now released a source has let in.
struct RunProgress: Sendable, Hashable {
  /// Parts before the first station when the run began; nil: it began before the twin watched.
  var levelAtStart: Int?
  /// Parts that stations have taken from there since.
  var taken = 0
}

extension LineRecord {
  /// Parts in the buffer that source `k` fills.
  func level(before k: Int) -> Int { levels[sourceBuffers[k]].level }

  /// Parts of the present run that source `k` has let in: what was taken since, and what the level has grown by. Nil: not known.
  func released(_ k: Int) -> Int? {
    runs[k].levelAtStart.map { max(0, runs[k].taken + level(before: k) - $0) }
  }

  /// The plant's index of a product that telemetry names.
  func planned(_ product: Int) -> Int? {
    guard product < products.count else { return nil }
    return plant.products.firstIndex { $0.name == products[product] }
  }

  /// Stations that parts of a campaign reach by their first inputs: where products differ.
  var campaignStations: Set<Int> { reachedStations(from: sourceBuffers.indices.filter { !plant.sources[$0].campaign.isEmpty }) }

  /// Stations that parts of these sources reach by their first inputs.
  func reachedStations(from sources: [Int]) -> Set<Int> {
    var reached: Set<Int> = []
    var queue = sources.map { sourceBuffers[$0] }
    while let b = queue.popLast() {
      for s in takers[b] where reached.insert(s).inserted {
        queue += [outputs[s], reworks[s]].compactMap { $0 }
      }
    }
    return reached
  }

  /// Where a simulation begins by what the closed record alone has counted: the synchroniser also uses what came a little later, which a test of the
  /// twin by its forecasts must not.
  var countedState: LineState {
    var state = lineState
    addProducts(to: &state)
    return state
  }

  /// Puts products into a start: each station has its own, and before it stand the parts of that product, then those of the coming ones.
  func addProducts(to state: inout LineState) {
    guard plant.products.count > 1, let product, let present = plant.products.firstIndex(where: { $0.name == product }) else { return }
    let reached = campaignStations
    state.products = plant.buffers.map { _ in [] }
    var machine = 0
    for s in stations.indices {
      var coming = stations[s].coming[...]
      let product = inChangeover(s) ? coming.popFirst()?.product : nil
      if reached.contains(s), let own = planned(product ?? stations[s].product) {
        for m in 0..<plant.stations[s].machines { state.stations[machine + m].product = own }
        if let b = inputs[s].first?.buffer, state.products[b].isEmpty {
          let then = coming.map { (product: planned($0.product) ?? present, ahead: $0.ahead) }
          state.products[b] = Self.queue(state.levels[b], of: own, then, inHand: levels[b].inHand)
        }
      }
      machine += plant.stations[s].machines
    }
  }

  /// So many parts as they stand in a buffer, product after product; those in hand are the first of those ahead.
  private static func queue(_ level: Int, of own: Int, _ coming: [(product: Int, ahead: Int?)], inHand: Int) -> [CampaignRun] {
    var (product, left, inHand) = (own, level, inHand)
    var runs: [CampaignRun] = []
    for next in coming {
      guard let ahead = next.ahead else { break }
      let quantity = min(max(ahead - inHand, 0), left)
      runs.append(CampaignRun(product: product, quantity: quantity))
      (product, left, inHand) = (next.product, left - quantity, 0)
    }
    return runs + [CampaignRun(product: product, quantity: left)]
  }

  private func inChangeover(_ s: Int) -> Bool { stops[s].last.map { $0.end == nil && $0.isChangeover } ?? false }

  /// The campaign of source `k` from now on: the run under way first, with what of it is done; nil where the present product is in none.
  ///
  /// - Parameter u: uniform in (0, 1), which places a run whose beginning was not seen: anywhere from what has been taken of it before our eyes to
  ///   its end.
  func campaign(_ k: Int, _ declared: [CampaignRun], _ u: Double) -> (runs: [CampaignRun], done: Int)? {
    guard let product, let present = plant.products.firstIndex(where: { $0.name == product }),
      let first = declared.firstIndex(where: { $0.product == present })
    else { return nil }
    let runs = Array(declared[first...] + declared[..<first])
    let seen = Double(min(self.runs[k].taken, runs[0].quantity))
    let least = released(k) ?? Int(seen + (Double(runs[0].quantity) - seen) * u)
    return (runs, min(least, runs[0].quantity - 1))
  }
}
