import Determinism
import Probability
import Simulation

/// Random lines in which every feature of the engine is on now and then, together with any other.
struct RandomLines {
  var dice: RandomStream
  private let skills = ["turn", "mill", "mend"]

  init(seed: UInt64) { dice = RandomStream(seed: seed, "random lines") }

  mutating func chance(_ p: Double) -> Bool { dice.chance(p) }
  mutating func among<T>(_ list: [T]) -> T { list[dice.integer(below: list.count)] }
  mutating func count(_ range: ClosedRange<Int>) -> Int { range.lowerBound + dice.integer(below: range.count) }

  /// A law of a mean; in a third of the cases a round constant, so that much happens at once.
  mutating func law(_ mean: Double) -> Law {
    switch dice.integer(below: 9) {
    case 0, 1, 2: .constant(mean)
    case 3: .exponential(mean: mean)
    case 4: .gamma(mean: mean, cv: 0.4)
    case 5: .lognormal(mean: mean, cv: 0.7)
    case 6: .uniform(low: 0, high: 2 * mean)
    case 7: .triangular(low: 0, mode: mean, high: 2 * mean)
    default: .empirical([0, mean, 2 * mean])
    }
  }

  mutating func spans(_ first: Double) -> ([ClosureSpec], Double?) {
    switch dice.integer(below: 3) {
    case 0: ([ClosureSpec(start: first, end: first + 7), ClosureSpec(start: first + 7, end: first + 9)], nil)
    case 1: ([ClosureSpec(start: 0, end: 2.3), ClosureSpec(start: 15, end: 17.3)], 17.3)
    default: ([ClosureSpec(start: first / 2, end: first / 2 + 3), ClosureSpec(start: first, end: first + 1)], first + 11.1)
    }
  }

  mutating func line() -> LineSpec {
    var line = LineSpec(stations: [], buffers: [], sources: [])
    let stations = count(1...6)
    addProducts(&line)
    addCrews(&line)
    for i in 0..<stations { line.buffers.append(buffer("B\(i)")) }
    let makesFromNothing = chance(0.3)
    for i in 0..<stations {
      var inputs = i == 0 && makesFromNothing ? [] : [InputSpec(buffer: i, count: 1)]
      if i > 1 && chance(0.15) { inputs = [InputSpec(buffer: i - 1, count: 1)] }
      line.stations.append(StationSpec(name: "S\(i)", inputs: inputs, output: nil, cycle: law(1.5)))
    }
    addKits(&line)
    if !makesFromNothing || line.stations.count == 1 { addSource(&line, into: line.stations[0].inputs.first?.buffer) }
    if chance(0.2) { addSource(&line, into: line.stations.last!.inputs.first?.buffer) }
    let taken = Array(Set(line.stations.flatMap { $0.inputs.map(\.buffer) })).sorted()
    for p in line.products.indices where chance(0.6) {
      line.products[p].route = taken.filter { _ in chance(0.7) }.map { StepSpec(buffer: $0, cycle: chance(0.3) ? law(1) : nil) }
    }
    for i in line.stations.indices {
      addOutput(&line, i, taken)
      addStops(&line.stations[i], line.crews.isEmpty)
      addWork(&line.stations[i], line)
    }
    addTransports(&line, taken)
    addCards(&line)
    return line
  }

  private mutating func buffer(_ name: String) -> BufferSpec {
    var buffer = BufferSpec(name: name, capacity: chance(0.15) ? 0 : chance(0.1) ? BufferSpec.unlimited : count(1...6), transit: 0)
    guard buffer.capacity > 0 && chance(0.2) else { return buffer }
    (buffer.transit, buffer.headway, buffer.accumulates) = (among([0, 1, 2.5]), among([0, 0.7, 1]), chance(0.5))
    return buffer
  }

  private mutating func addProducts(_ line: inout LineSpec) {
    for p in 0..<dice.integer(below: 4) { line.products.append(ProductSpec(name: "P\(p)", priority: dice.integer(below: 3))) }
  }

  private mutating func addCrews(_ line: inout LineSpec) {
    guard chance(0.6) else { return }
    // Everybody can do something, and everything can be done by two.
    line.crews = [CrewSpec(name: "All", count: 2, skills: skills)]
    for c in 0..<dice.integer(below: 3) { line.crews.append(CrewSpec(name: "C\(c)", count: count(1...2), skills: [among(skills)])) }
    for c in line.crews.indices where chance(0.3) { (line.crews[c].absences, line.crews[c].absencePeriod) = spans(20) }
  }

  private mutating func need() -> NeedSpec { NeedSpec(skill: among(skills), count: count(1...2)) }

  /// Assemblies, whose further parts come from sources of their own.
  private mutating func addKits(_ line: inout LineSpec) {
    for i in line.stations.indices where !line.stations[i].inputs.isEmpty && chance(0.2) {
      line.stations[i].inputs[0].count = count(1...3)
      if chance(0.6) {
        line.buffers.append(buffer("Kit\(i)"))
        line.stations[i].inputs.append(InputSpec(buffer: line.buffers.count - 1, count: count(1...2)))
        addSource(&line, into: line.buffers.count - 1)
      }
    }
  }

  private mutating func addSource(_ line: inout LineSpec, into buffer: Int?) {
    guard let buffer else { return }
    var source = SourceSpec(name: "Source \(line.sources.count)", into: buffer, lot: count(1...4), interval: law(3))
    if chance(0.3) { (source.outages, source.outagePeriod) = spans(12) }
    if chance(0.2) { source.interruption = StoppageSpec(interval: law(30), length: law(4)) }
    if chance(0.2) { source.limit = count(0...40) }
    source.isLossy = chance(0.2)
    let products = line.products.count
    if chance(0.4) && products > 0 { source.mix = (0..<products).map { _ in 1 / Double(products) } }
    if chance(0.25) {
      for k in 0..<count(1...6) {
        source.orders.append(
          OrderSpec(
            name: "\(source.name).\(k)", product: products > 0 ? dice.integer(below: products) : 0, quantity: count(1...6), release: Double(k * 7),
            due: chance(0.5) ? Double(k * 9 + 20) : .infinity))
      }
    }
    line.sources.append(source)
  }

  private mutating func addOutput(_ line: inout LineSpec, _ i: Int, _ taken: [Int]) {
    let last = i == line.stations.count - 1
    let next = line.stations.dropFirst(i + 1).first { !$0.inputs.isEmpty }?.inputs[0].buffer
    line.stations[i].output = last ? nil : chance(0.1) ? among(taken + [-1]) : next
    if line.stations[i].output == -1 { line.stations[i].output = nil }
    let choices: [Int?] = taken + [nil]
    guard !taken.isEmpty else { return }
    switch dice.integer(below: 12) {
    case 0: line.stations[i].routing = .chance([BranchSpec(buffer: next, share: 0.7), BranchSpec(buffer: among(choices), share: 0.3)])
    case 1: line.stations[i].routing = .emptiest(taken.filter { _ in chance(0.6) })
    case 2: if !line.products.isEmpty { line.stations[i].routing = .route }
    case 3:
      let product = line.products.isEmpty || chance(0.5) ? nil : dice.integer(below: line.products.count)
      line.stations[i].routing = .disassembly([YieldSpec(buffer: next, count: count(1...2), product: product), YieldSpec(buffer: nil, count: 1)])
    default: break
    }
    if chance(0.2) { line.stations[i].rework = ReworkSpec(into: among(taken), attempts: count(1...3)) }
  }

  private mutating func stop(_ interval: Double, _ length: Double, _ alone: Bool) -> StoppageSpec {
    var stop = StoppageSpec(interval: law(interval), length: law(length))
    stop.clock = chance(0.3) ? .calendar : .operating
    stop.workAfter = among([.resumes, .resumes, .restarts, .scrapped])
    if !alone && chance(0.4) { stop.need = need() }
    return stop
  }

  private mutating func addStops(_ station: inout StationSpec, _ alone: Bool) {
    if chance(0.3) { station.failure = stop(25, 3, alone) }
    if chance(0.2) { station.microstop = stop(9, 0.4, alone) }
    for k in 0..<(chance(0.15) ? count(1...2) : 0) {
      var further = stop(20, 2, alone)
      (further.name, further.kind) = ("Jam \(k)", among([.failure, .microstop]))
      station.stoppages.append(further)
    }
    if chance(0.25) { (station.closures, station.closurePeriod) = spans(18) }
    for (k, basis) in [MaintenanceSpec.Basis.calendar, .operating, .parts].enumerated() where chance(0.1) {
      station.maintenance.append(
        MaintenanceSpec(name: "Upkeep \(k)", basis: basis, every: 12, length: law(1), need: !alone && chance(0.5) ? need() : nil))
    }
    if chance(0.15) {
      station.wear = WearSpec(
        perPart: law(1), replaceAt: chance(0.7) ? 8 : .infinity, replacement: law(0.8), need: !alone && chance(0.5) ? need() : nil,
        breaksAt: chance(0.5) ? 9 : .infinity, breakage: law(3), scrapWhenWorn: chance(0.5) ? 0.3 : 0, scrapExponent: 2)
    }
  }

  private mutating func addWork(_ station: inout StationSpec, _ line: LineSpec) {
    if chance(0.3) { station.machines = count(2...3) }
    if chance(0.3) { station.scrap = 0.15 }
    if chance(0.2) { station.latentDefect = 0.2 }
    if chance(0.2) { station.inspection = InspectionLaw(sensitivity: 0.9, falseReject: 0.05) }
    for _ in line.products where chance(0.3) { station.productCycles.append(chance(0.7) ? law(1.2) : nil) }
    let one = station.inputs.count == 1 && station.inputs[0].count == 1 ? line.buffers[station.inputs[0].buffer] : nil
    let isBelt = station.inputs.contains { line.buffers[$0.buffer].transit > 0 || line.buffers[$0.buffer].headway > 0 }
    if let one, !isBelt, one.capacity > 0, chance(0.2) {
      let least = count(1...min(3, one.capacity))
      station.batch = BatchSpec(least: least, most: least + count(0...2))
    }
    if !isBelt && chance(0.3) { station.dispatch = among(DispatchLaw.allCases) }
    if !line.crews.isEmpty && chance(0.3) { station.needs = [need()] }
    if !line.products.isEmpty && chance(0.25) {
      station.setup = SetupSpec(
        matrix: line.products.map { _ in line.products.map { _ in chance(0.7) ? law(0.5) : nil } }, initial: chance(0.3) ? 0 : nil,
        need: !line.crews.isEmpty && chance(0.4) ? need() : nil)
    }
    if let one, !isBelt, one.capacity > 0, station.batch == nil, station.needs.isEmpty, station.setup == nil { station.preempts = chance(0.3) }
    if chance(0.2) { station.power = PowerSpec(working: 5, standing: 1, stopped: 2, closed: 0.1) }
    if chance(0.15) {
      station.conditions = [
        ConditionSpec(
          name: "Heat", setpoint: 200, timeConstant: 5, standing: chance(0.5) ? 20 : nil, noise: chance(0.5) ? 2 : 0, noiseTime: 3, optimum: 200,
          curvature: 1e-3)
      ]
    }
  }

  /// Some buffers are reached only by vehicles.
  private mutating func addTransports(_ line: inout LineSpec, _ taken: [Int]) {
    guard chance(0.3) else { return }
    line.fleets = [FleetSpec(name: "Fleet", vehicles: count(1...3))]
    for (k, to) in taken.enumerated() where chance(0.6) && line.buffers[to].capacity > 0 && line.buffers[to].transit + line.buffers[to].headway == 0 {
      line.buffers.append(BufferSpec(name: "Dock \(k)", capacity: count(1...5), transit: 0))
      let from = line.buffers.count - 1
      let least = min(count(1...2), min(line.buffers[to].capacity, line.buffers[from].capacity))
      line.transports.append(
        TransportSpec(name: "Way \(k)", fleet: 0, from: from, to: to, load: least + count(0...2), least: least, approach: law(0.5), haul: law(1)))
      for s in line.stations.indices where line.stations[s].output == to { line.stations[s].output = from }
      for s in line.sources.indices where line.sources[s].into == to && chance(0.5) { line.sources[s].into = from }
    }
  }

  private mutating func addCards(_ line: inout LineSpec) {
    for l in 0..<(chance(0.35) ? count(1...2) : 0) {
      let stations = line.stations.indices.filter { _ in chance(0.4) }
      let sources = line.sources.indices.filter { _ in chance(0.3) }
      if stations.isEmpty && sources.isEmpty { continue }
      line.cardLoops.append(
        CardLoopSpec(
          name: "Loop \(l)", cards: count(1...6), stations: stations, sources: sources,
          until: chance(0.5) ? dice.integer(below: line.buffers.count) : nil))
    }
  }
}
