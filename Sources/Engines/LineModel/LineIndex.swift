import Determinism
import PlantModel
import Probability
import Quantities
import Simulation

/// A plant's names as a line's indices, and the parts of the line that are made with them.
struct LineIndex {
  let plant: Plant
  let moment: Duration
  let stations: [String: Int]
  let buffers: [String: Int]
  let sources: [String: Int]
  let products: [String: Int]
  let fleets: [String: Int]

  init(_ plant: Plant, startingAt moment: Duration) {
    func index(_ names: [String]) -> [String: Int] { Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) }) }
    (self.plant, self.moment) = (plant, moment)
    stations = index(plant.stations.map(\.name))
    buffers = index(plant.buffers.map(\.name))
    sources = index(plant.sources.map(\.name))
    products = index(plant.products.map(\.name))
    fleets = index(plant.fleets.map(\.name))
  }

  func buffer(_ name: String) -> Int { buffers[name]! }

  /// When a calendar is closed, as seen from time 0.
  func closures(of calendar: String?) -> ([ClosureSpec], Double?) {
    guard let calendar = calendar.flatMap(plant.calendar(named:)), !calendar.closed.isEmpty else { return ([], nil) }
    return (calendar.closed(from: moment).map { ClosureSpec(start: $0.start, end: $0.end) }, calendar.period?.seconds)
  }

  func source(_ source: Source) -> SourceSpec {
    let (outages, period) = closures(of: source.calendar)
    var spec = SourceSpec(name: source.name, into: buffer(source.into), lot: source.lot, interval: source.interval, outages: outages)
    spec.outagePeriod = period
    spec.interruption = source.interruption.map { StoppageSpec(interval: $0.interval, length: $0.length) }
    if !source.mix.isEmpty {
      spec.mix = plant.products.map { product in source.mix.first { $0.product == product.name }?.share ?? 0 }
    }
    spec.campaign = source.campaign.map { CampaignRun(product: products[$0.product]!, quantity: $0.quantity) }
    spec.orders = source.orders.map {
      OrderSpec(
        name: $0.name, product: $0.product.map { products[$0]! } ?? 0, quantity: $0.quantity, release: $0.release.seconds,
        due: $0.due?.seconds ?? .infinity)
    }
    (spec.limit, spec.isLossy) = (source.limit, source.isLossy)
    return spec
  }

  func need(_ need: CrewNeed) -> NeedSpec { NeedSpec(skill: need.skill, count: need.count) }

  // MARK: - Stations

  func station(_ station: Station, at setpoints: Setpoints, values: [String: Double]) -> StationSpec {
    let ratio = station.speedRatio(at: setpoints)
    precondition(ratio > 0, "\(station.name) runs at \(ratio) of its rated speed")
    let (output, routing) = outlet(station.output)
    let moving = station.processVariables.filter { $0.isCondition(of: station) }
    var scrap = plant.designScrap(of: station)
    scrap.terms.removeAll { term in moving.contains { $0.tag == term.variable } }
    let (closures, period) = closures(of: station.calendar)
    var spec = StationSpec(
      name: station.name, inputs: station.inputs.map { InputSpec(buffer: buffer($0.buffer), count: $0.count) }, output: output,
      cycle: station.cycle.scaled(by: 1 / ratio),
      failure: station.failure.map { stoppage($0.timeToFailure, $0.repair, $0.rules, .failure) },
      microstop: station.microstop.map { microstop($0.interval, $0.length, $0.rules, ratio) }, closures: closures,
      scrap: scrap.probability(at: values, speedRatio: ratio), latentDefect: station.latentDefects,
      inspection: station.inspection.map { InspectionLaw(sensitivity: $0.sensitivity, falseReject: $0.falseReject) })
    spec.closurePeriod = period
    spec.machines = station.machines
    if !station.productCycles.isEmpty {
      spec.productCycles = plant.products.map { product in
        station.productCycles.first { $0.product == product.name }?.cycle.scaled(by: 1 / ratio)
      }
    }
    spec.batch = station.batch.map { BatchSpec(least: $0.least, most: $0.most) }
    spec.routing = routing
    spec.rework = station.rework.map { ReworkSpec(into: buffer($0.into), attempts: $0.attempts) }
    spec.stoppages = station.otherStops.map { stop in
      var other =
        stop.kind == .failure ? stoppage(stop.interval, stop.length, stop.rules, .failure) : microstop(stop.interval, stop.length, stop.rules, ratio)
      other.name = stop.name
      return other
    }
    spec.maintenance = station.upkeep.map(maintenance)
    spec.wear = station.wear.map(wear)
    spec.setup = setup(station)
    spec.needs = station.needs.map(need)
    spec.dispatch = station.dispatch.law
    spec.preempts = station.preempts
    spec.power = station.power.map { PowerSpec(working: $0.working, standing: $0.standing, stopped: $0.stopped, closed: $0.closed) }
    spec.conditions = moving.map { condition($0, setpoints) }
    return spec
  }

  private func outlet(_ outlet: Outlet) -> (Int?, RoutingSpec?) {
    switch outlet {
    case .buffer(let name): (buffer(name), nil)
    case .sink: (nil, nil)
    case .chance(let branches): (nil, .chance(branches.map { BranchSpec(buffer: $0.buffer.map(buffer), share: $0.share) }))
    case .emptiest(let names): (nil, .emptiest(names.map(buffer)))
    case .route: (nil, .route)
    case .disassembly(let yields):
      (
        nil,
        .disassembly(yields.map { YieldSpec(buffer: $0.buffer.map(buffer), count: $0.count, product: $0.product.map { products[$0]! }) })
      )
    }
  }

  private func stoppage(_ interval: Law, _ length: Law, _ rules: StopRules, _ kind: StoppageSpec.Kind) -> StoppageSpec {
    var spec = StoppageSpec(interval: interval, length: length)
    spec.kind = kind
    spec.clock = rules.clock == .calendar ? .calendar : .operating
    spec.workAfter =
      switch rules.work {
      case .resumes: .resumes
      case .restarts: .restarts
      case .scrapped: .scrapped
      }
    spec.need = rules.need.map(need)
    return spec
  }

  /// Short stops by operating time come more often at a higher speed; those by the calendar do not.
  private func microstop(_ interval: Law, _ length: Law, _ rules: StopRules, _ ratio: Double) -> StoppageSpec {
    let rate = rules.clock == .operating ? Portable.pow(ratio, Plant.designMicrostopExponent) : 1
    return stoppage(interval.scaled(by: 1 / rate), length, rules, .microstop)
  }

  private func maintenance(_ upkeep: Upkeep) -> MaintenanceSpec {
    let (basis, every): (MaintenanceSpec.Basis, Double) =
      switch upkeep.every {
      case .calendar(let time): (.calendar, time.seconds)
      case .operating(let time): (.operating, time.seconds)
      case .parts(let count): (.parts, Double(count))
      }
    return MaintenanceSpec(name: upkeep.name, basis: basis, every: every, length: upkeep.length, need: upkeep.need.map(need))
  }

  private func wear(_ wear: Wear) -> WearSpec {
    WearSpec(
      perPart: wear.perPart, replaceAt: wear.replaceAt ?? .infinity, replacement: wear.replacement, need: wear.need.map(need),
      breaksAt: wear.breaksAt ?? .infinity, breakage: wear.breakage ?? wear.replacement, scrapWhenWorn: wear.scrapWhenWorn,
      scrapExponent: wear.scrapExponent)
  }

  /// Nil where there is nothing to set up for.
  private func setup(_ station: Station) -> SetupSpec? {
    guard plant.products.count > 1, station.changeover != nil || !(station.setup?.changes ?? []).isEmpty else { return nil }
    let matrix = plant.products.map { from in
      plant.products.map { to -> Law? in
        from.name == to.name
          ? nil : station.setup?.changes.first { $0.from == from.name && $0.to == to.name }?.length ?? station.changeover
      }
    }
    return SetupSpec(matrix: matrix, initial: station.setup?.initial.flatMap { products[$0] }, need: station.setup?.need.map(need))
  }

  private func condition(_ variable: ProcessVariableSpec, _ setpoints: Setpoints) -> ConditionSpec {
    let setpoint = variable.setpoint!, dynamics = variable.dynamics!
    return ConditionSpec(
      name: variable.name, setpoint: setpoints[setpoint.tag] ?? setpoint.design, timeConstant: dynamics.timeConstant.seconds,
      standing: dynamics.standing, standingTimeConstant: dynamics.standingTimeConstant.seconds, noise: dynamics.noise,
      noiseTime: dynamics.noiseTime.seconds, optimum: variable.defects?.optimum ?? 0, curvature: variable.defects?.curvature ?? 0)
  }
}

extension ProcessVariableSpec {
  /// Whether it moves by itself and its defects are seen where it acts.
  func isCondition(of station: Station) -> Bool {
    dynamics != nil && setpoint != nil && defects != nil && defectsSeenAt == [station.name]
  }
}

extension DispatchRule {
  fileprivate var law: DispatchLaw {
    switch self {
    case .fifo: .firstInFirstOut
    case .lifo: .lastInFirstOut
    case .priority: .priority
    case .shortestWork: .shortestWork
    case .earliestDue: .earliestDue
    case .leastSetup: .leastSetup
    }
  }
}
