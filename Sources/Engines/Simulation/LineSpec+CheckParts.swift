import Probability

/// What keeps the less common parts of a line from being simulated.
extension LineSpec {
  func checkWork(_ station: StationSpec, _ owner: String, _ faults: inout [String]) {
    if station.productCycles.count > products.count {
      faults.append("\(owner): cycles for \(station.productCycles.count) products of \(products.count)")
    }
    for case let law? in station.productCycles { check(law, "\(owner): cycle", positive: true, &faults) }
    if let batch = station.batch {
      if batch.least < 1 || batch.most < batch.least { faults.append("\(owner): batches of \(batch.least) to \(batch.most)") }
      if station.inputs.count != 1 || station.inputs[0].count != 1 { faults.append("\(owner): a batch is taken from one buffer, part by part") }
      if let input = station.inputs.first, buffers.indices.contains(input.buffer) {
        let buffer = buffers[input.buffer]
        if buffer.capacity < batch.least {
          faults.append("\(owner): waits for \(batch.least) parts, and buffer \(buffer.name) holds \(buffer.capacity)")
        }
        if buffer.isBelt { faults.append("\(owner): a batch is taken from a buffer, and \(buffer.name) is a conveyor") }
      }
    }
    if station.dispatch != .firstInFirstOut || station.preempts {
      for input in station.inputs where buffers.indices.contains(input.buffer) && buffers[input.buffer].isBelt {
        faults.append("\(owner): takes from conveyor \(buffers[input.buffer].name), which lets out only its first part")
      }
    }
    if station.preempts {
      if station.inputs.count != 1 || station.inputs[0].count != 1 || station.batch != nil || !station.needs.isEmpty || station.setup != nil {
        faults.append("\(owner): work can be interrupted by priority only at a station of one part, without batches, people or set-ups")
      }
      if station.inputs.contains(where: { buffers.indices.contains($0.buffer) && buffers[$0.buffer].capacity == 0 }) {
        faults.append("\(owner): urgent parts need a buffer to come to")
      }
    }
    checkRouting(station, owner, &faults)
    for need in station.needs { check(need, owner, &faults) }
    if Set(station.needs.map(\.skill)).count < station.needs.count { faults.append("\(owner): names one skill twice") }
    if station.needs.count > 1 && !canServe(station.needs) {
      faults.append("\(owner): there are not enough people for \(station.needs.map(\.skill).joined(separator: " and ")) at once")
    }
    if let setup = station.setup {
      if setup.matrix.count != products.count || setup.matrix.contains(where: { $0.count != products.count }) {
        faults.append("\(owner): the set-up matrix must have a row and a column for each of \(products.count) products")
      }
      for case let law? in setup.matrix.flatMap({ $0 }) { check(law, "\(owner): set-up", positive: false, &faults) }
      if let need = setup.need { check(need, "\(owner): set-up", &faults) }
    }
  }

  /// Whether everybody of several needs can be there at once, each person for one skill.
  private func canServe(_ needs: [NeedSpec]) -> Bool {
    var free = crews.map(\.count)
    var given: [(skill: String, crew: Int)] = []
    func place(_ skill: String, _ tried: inout Set<Int>) -> Int? {
      for crew in crews.indices where crews[crew].skills.contains(skill) && tried.insert(crew).inserted {
        if free[crew] > 0 { return crew }
        for g in given.indices where given[g].crew == crew {
          guard let other = place(given[g].skill, &tried) else { continue }
          free[other] -= 1
          free[crew] += 1
          given[g].crew = other
          return crew
        }
      }
      return nil
    }
    // Larger numbers are checked skill by skill alone.
    if needs.contains(where: { !(1...1000).contains($0.count) }) { return true }
    for need in needs {
      for _ in 0..<need.count {
        var tried: Set<Int> = []
        guard let crew = place(need.skill, &tried) else { return false }
        free[crew] -= 1
        given.append((need.skill, crew))
      }
    }
    return true
  }

  private func checkRouting(_ station: StationSpec, _ owner: String, _ faults: inout [String]) {
    func known(_ buffer: Int?) { if let buffer, !buffers.indices.contains(buffer) { faults.append("\(owner): there is no buffer \(buffer)") } }
    switch station.routing {
    case nil: break
    case .chance(let branches):
      for branch in branches { known(branch.buffer) }
      if branches.isEmpty || branches.contains(where: { !($0.share >= 0) }) || !((branches.reduce(0) { $0 + $1.share } - 1).magnitude < 1e-9) {
        faults.append("\(owner): the shares of its routing must add up to 1")
      }
    case .emptiest(let list):
      for buffer in list { known(buffer) }
      if list.isEmpty { faults.append("\(owner): routes to no buffer") }
      for buffer in list where buffers.indices.contains(buffer) && buffers[buffer].capacity == 0 {
        faults.append("\(owner): cannot choose buffer \(buffers[buffer].name) as the emptiest: it has capacity 0")
      }
    case .route: if products.isEmpty { faults.append("\(owner): routes by product, and there are no products") }
    case .disassembly(let yields):
      for yield in yields { known(yield.buffer) }
      if yields.isEmpty || yields.contains(where: { $0.count < 1 }) { faults.append("\(owner): disassembly must yield parts") }
      for case let product? in yields.map(\.product) where !products.indices.contains(product) {
        faults.append("\(owner): there is no product \(product)")
      }
    }
    if let rework = station.rework {
      known(rework.into)
      if !(1...255).contains(rework.attempts) { faults.append("\(owner): \(rework.attempts) attempts of rework") }
    }
  }

  func checkUpkeep(_ station: StationSpec, _ owner: String, _ faults: inout [String]) {
    for maintenance in station.maintenance {
      if !(maintenance.every > 0 && maintenance.every.isFinite) {
        faults.append("\(owner): maintenance \(maintenance.name) every \(maintenance.every)")
      }
      check(maintenance.length, "\(owner): maintenance \(maintenance.name)", positive: false, &faults)
      if let need = maintenance.need { check(need, "\(owner): maintenance \(maintenance.name)", &faults) }
    }
    if Set(station.maintenance.map(\.name)).count < station.maintenance.count { faults.append("\(owner): two kinds of maintenance of one name") }
    if let wear = station.wear {
      check(wear.perPart, "\(owner): wear", positive: false, &faults)
      check(wear.replacement, "\(owner): replacement", positive: false, &faults)
      check(wear.breakage, "\(owner): breakage", positive: false, &faults)
      if !(wear.replaceAt > 0 && wear.breaksAt > 0) { faults.append("\(owner): a tool is replaced and breaks above 0") }
      if !(wear.scrapWhenWorn >= 0 && wear.scrapWhenWorn <= 1 && wear.scrapExponent > 0) {
        faults.append("\(owner): scrap of a worn tool is a share, its exponent above 0")
      }
      if let need = wear.need { check(need, "\(owner): replacement", &faults) }
    }
    for condition in station.conditions {
      let numbers = [
        condition.setpoint, condition.timeConstant, condition.standing ?? 0, condition.standingTimeConstant, condition.noise, condition.noiseTime,
        condition.optimum, condition.curvature,
      ]
      if numbers.contains(where: { !$0.isFinite }) { faults.append("\(owner): condition \(condition.name) has a number that is not finite") }
      if [condition.timeConstant, condition.standingTimeConstant, condition.noise, condition.noiseTime, condition.curvature].contains(where: {
        $0 < 0
      }) {
        faults.append("\(owner): condition \(condition.name): time constants, noise and curvature must not be negative")
      }
    }
    if let power = station.power {
      if [power.working, power.standing, power.stopped, power.closed].contains(where: { !($0 >= 0 && $0.isFinite) }) {
        faults.append("\(owner): power must be finite and not negative")
      }
    }
  }

  func check(_ source: SourceSpec, _ owner: String, _ faults: inout [String]) {
    if let stop = source.interruption {
      check(stop.interval, "\(owner): interruption interval", positive: true, &faults)
      check(stop.length, "\(owner): interruption length", positive: false, &faults)
    }
    if let first = source.campaign.first {
      if !source.mix.isEmpty || !source.orders.isEmpty { faults.append("\(owner): a campaign beside a mix or orders") }
      for run in source.campaign where !products.indices.contains(run.product) { faults.append("\(owner): there is no product \(run.product)") }
      if source.campaign.contains(where: { $0.quantity < 1 }) { faults.append("\(owner): a run of a campaign has at least one part") }
      if !(0..<max(first.quantity, 1)).contains(source.campaignDone) {
        faults.append("\(owner): \(source.campaignDone) parts are done of a first run of \(first.quantity)")
      }
    }
    if !source.mix.isEmpty {
      if source.mix.count != products.count { faults.append("\(owner): a mix of \(source.mix.count) shares for \(products.count) products") }
      if source.mix.contains(where: { !($0 >= 0) }) || !((source.mix.reduce(0, +) - 1).magnitude < 1e-9) {
        faults.append("\(owner): the shares of its mix must add up to 1")
      }
    }
    for (before, order) in zip([nil] + source.orders.map { $0 }, source.orders) {
      if order.quantity < 1 { faults.append("\(owner): order \(order.name) of \(order.quantity) parts") }
      if !products.indices.contains(order.product) && !(products.isEmpty && order.product == 0) {
        faults.append("\(owner): order \(order.name): there is no product \(order.product)")
      }
      if !(order.release >= 0 && order.release.isFinite) || order.due.isNaN { faults.append("\(owner): order \(order.name) has no release date") }
      if let before, before.release > order.release { faults.append("\(owner): order \(order.name) is released before order \(before.name)") }
    }
    if let limit = source.limit, limit < 0 { faults.append("\(owner): a limit of \(limit) parts") }
  }

  /// Routes that lead somewhere, and no more than the engine can tell apart.
  func checkFlow(_ faults: inout [String]) {
    if products.count > Int(UInt16.max) { faults.append("\(products.count) products; there may be \(UInt16.max)") }
    for product in products {
      for step in product.route {
        if !buffers.indices.contains(step.buffer) {
          faults.append("product \(product.name): there is no buffer \(step.buffer)")
        } else if !isTaken(step.buffer) {
          faults.append("product \(product.name): its route leads to buffer \(buffers[step.buffer].name), from which nobody takes")
        }
        if let law = step.cycle { check(law, "product \(product.name): cycle", positive: true, &faults) }
      }
      if product.route.count > Int(UInt16.max) { faults.append("product \(product.name): a route of \(product.route.count) steps") }
    }
    let ends = stations.flatMap { station in station.destinations(self).map { (station.name, $0) } } + sources.map { ($0.name, $0.into) }
    for (name, buffer) in ends where buffers.indices.contains(buffer) && !isTaken(buffer) {
      faults.append("\(name): its parts go to buffer \(buffers[buffer].name), from which nobody takes")
    }
  }

  private func isTaken(_ buffer: Int) -> Bool {
    stations.contains { $0.inputs.contains { $0.buffer == buffer } } || transports.contains { $0.from == buffer }
  }

  func checkResources(_ faults: inout [String]) {
    for crew in crews {
      if crew.count < 1 { faults.append("crew \(crew.name): \(crew.count) people") }
      if crew.skills.isEmpty { faults.append("crew \(crew.name): has no skill") }
      check(crew.absences, crew.absencePeriod, "crew \(crew.name): absences", &faults)
    }
    if Set(crews.flatMap(\.skills)).count > 64 { faults.append("more than 64 skills") }
    for fleet in fleets where fleet.vehicles < 1 { faults.append("fleet \(fleet.name): \(fleet.vehicles) vehicles") }
    for way in transports {
      let owner = "transport \(way.name)"
      if !fleets.indices.contains(way.fleet) { faults.append("\(owner): there is no fleet \(way.fleet)") }
      for buffer in [way.from, way.to] where !buffers.indices.contains(buffer) { faults.append("\(owner): there is no buffer \(buffer)") }
      if way.least < 1 || way.load < way.least { faults.append("\(owner): loads of \(way.least) to \(way.load)") }
      for (place, buffer) in [("from", way.from), ("to", way.to)] where buffers.indices.contains(buffer) {
        if buffers[buffer].capacity < way.least { faults.append("\(owner): \(place) buffer \(buffers[buffer].name), which holds less than a load") }
        if buffers[buffer].isBelt { faults.append("\(owner): \(place) conveyor \(buffers[buffer].name); vehicles serve buffers") }
      }
      check(way.approach, "\(owner): approach", positive: false, &faults)
      check(way.haul, "\(owner): haul", positive: false, &faults)
    }
    if cardLoops.count > 32 { faults.append("more than 32 card loops") }
    for loop in cardLoops {
      let owner = "card loop \(loop.name)"
      if loop.cards < 1 { faults.append("\(owner): \(loop.cards) cards let nothing through") }
      if loop.stations.isEmpty && loop.sources.isEmpty { faults.append("\(owner): no station and no source takes its cards") }
      for station in loop.stations where !stations.indices.contains(station) { faults.append("\(owner): there is no station \(station)") }
      for station in loop.stations where stations.indices.contains(station) {
        if let batch = stations[station].batch, batch.least > loop.cards {
          faults.append("\(owner): \(loop.cards) cards for batches of at least \(batch.least) at station \(stations[station].name)")
        }
      }
      for source in loop.sources where !sources.indices.contains(source) { faults.append("\(owner): there is no source \(source)") }
      if let until = loop.until, !buffers.indices.contains(until) { faults.append("\(owner): there is no buffer \(until)") }
    }
  }

  /// Stations that hand over to each other in a ring without any room can never begin.
  func checkHandOvers(_ faults: inout [String]) {
    // Along hand-overs alone: from a station to those that take from its buffers of capacity 0.
    let next = stations.map { station -> [Int] in
      let handOvers = station.destinations(self).filter { buffers.indices.contains($0) && buffers[$0].capacity == 0 }
      return stations.indices.filter { taker in stations[taker].inputs.contains { handOvers.contains($0.buffer) } }
    }
    var state = [Int](repeating: 0, count: stations.count)
    func visit(_ i: Int, _ path: [Int]) {
      state[i] = 1
      for j in next[i] {
        if state[j] == 1, let start = (path + [i]).firstIndex(of: j) {
          let ring = (path + [i])[start...].map { stations[$0].name }
          faults.append(
            ring.count == 1
              ? "station \(ring[0]): feeds itself through a buffer of capacity 0"
              : "stations \(ring.joined(separator: ", ")) hand over to each other in a ring without any room")
        } else if state[j] == 0 {
          visit(j, path + [i])
        }
      }
      state[i] = 2
    }
    for i in stations.indices where state[i] == 0 && !next[i].isEmpty { visit(i, []) }
  }
}
