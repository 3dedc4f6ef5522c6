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
  var campaignStations: Set<Int> {
    var reached: Set<Int> = []
    var queue = sourceBuffers.indices.filter { !plant.sources[$0].campaign.isEmpty }.map { sourceBuffers[$0] }
    while let b = queue.popLast() {
      for s in stations.indices where inputs[s].first?.buffer == b && reached.insert(s).inserted {
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

  /// Puts products into a start: each station has its own, each buffer that of the station that fills it; before the first station the parts of
  /// the present run stand behind the older ones.
  func addProducts(to state: inout LineState) {
    guard plant.products.count > 1, let product, let present = plant.products.firstIndex(where: { $0.name == product }) else { return }
    let reached = campaignStations
    state.products = plant.buffers.map { _ in [] }
    var machine = 0
    for s in stations.indices {
      if reached.contains(s), let own = planned(stations[s].product) {
        for m in 0..<plant.stations[s].machines { state.stations[machine + m].product = inChangeover(s) ? present : own }
        for b in [outputs[s], reworks[s]].compactMap({ $0 }) { state.products[b] = [CampaignRun(product: own, quantity: state.levels[b])] }
      }
      machine += plant.stations[s].machines
    }
    for (k, source) in plant.sources.enumerated() where !source.campaign.isEmpty {
      let b = sourceBuffers[k]
      let fresh = min(released(k) ?? state.levels[b], state.levels[b])
      let older = stations.indices.first { inputs[$0].first?.buffer == b }.flatMap { planned(stations[$0].product) } ?? present
      state.products[b] = [CampaignRun(product: older, quantity: state.levels[b] - fresh), CampaignRun(product: present, quantity: fresh)]
    }
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
