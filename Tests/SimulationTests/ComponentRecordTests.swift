import Probability
import Simulation
import Testing

@Test func energyIsPowerTimesTimeByState() throws {
  // Two parts of an hour: 3600; 1800, half an hour's failure, 1800 more to 9000; closed for an hour to 12 600; starved to 14 400.
  let line = LineSpec(
    stations: [
      station("M", from: [0], cycle: 3600) {
        $0.failure = StoppageSpec(interval: .constant(5400), length: .constant(1800))
        $0.closures = [ClosureSpec(start: 9000, end: 12_600)]
        $0.power = PowerSpec(working: 10, standing: 2, stopped: 4, closed: 1)
      }
    ], buffers: [buffer("In")], sources: [stock(2, into: 0)])
  let result = try run(line, to: 14_400)
  #expect(result.departures == [3600, 9000])
  #expect(result.stations[0].energy == Energy(working: 20, standing: 1, stopped: 2, closed: 1))
  #expect(result.stations[0].energy?.total == 24)
}

@Test func setUpsUpkeepAndWaitingHaveTheirPower() throws {
  // A hour of A, an hour's set-up for B, an hour of B, an hour of upkeep after two parts, then half an hour without a part.
  let line = LineSpec(
    stations: [
      station("M", from: [0], cycle: 3600) {
        $0.setup = SetupSpec(matrix: [[nil, .constant(3600)], [nil, nil]])
        $0.maintenance = [MaintenanceSpec(name: "Oil", basis: .parts, every: 2, length: .constant(3600))]
        $0.power = PowerSpec(working: 10, standing: 2, stopped: 4, closed: 1)
      }
    ], buffers: [buffer("In")], sources: [orders(into: 0, [(0, 1, 0), (1, 1, 0)])], products: ["A", "B"].map { ProductSpec(name: $0) })
  #expect(try run(line, to: 16_200).stations[0].energy == Energy(working: 20, standing: 1, stopped: 8, closed: 0))
}

/// A line with one of nearly everything, as material for what must hold of every line.
func richLine() -> LineSpec {
  let products = [
    ProductSpec(name: "A", priority: 1), ProductSpec(name: "B"), ProductSpec(name: "Tray"),
  ]
  var source = SourceSpec(name: "In", into: 0, lot: 2, interval: .exponential(mean: 4))
  (source.mix, source.isLossy) = ([0.6, 0.4, 0], true)
  var breakdown = StoppageSpec(interval: .exponential(mean: 60), length: .gamma(mean: 8, cv: 0.5))
  breakdown.need = NeedSpec(skill: "repair")
  var jam = StoppageSpec(interval: .exponential(mean: 40), length: .constant(2))
  (jam.name, jam.kind, jam.clock, jam.workAfter) = ("jam", .microstop, .calendar, .restarts)
  return LineSpec(
    stations: [
      station("Cut", from: [0], to: 1, cycle: 0) {
        ($0.cycle, $0.machines, $0.failure, $0.needs) = (.gamma(mean: 3, cv: 0.4), 2, breakdown, [NeedSpec(skill: "run")])
        ($0.scrap, $0.latentDefect, $0.rework) = (0.1, 0.1, ReworkSpec(into: 0, attempts: 1))
        $0.setup = SetupSpec(matrix: [[nil, .constant(1), nil], [.constant(2), nil, nil], [nil, nil, nil]])
        ($0.dispatch, $0.power) = (.leastSetup, PowerSpec(working: 5, standing: 1, stopped: 2, closed: 0.5))
      },
      station("Oven", from: [2], to: 3, cycle: 6) {
        ($0.batch, $0.stoppages) = (BatchSpec(least: 2, most: 4), [jam])
        ($0.closures, $0.closurePeriod) = ([ClosureSpec(start: 50, end: 60)], 100)
      },
      station("Finish", from: [3], cycle: 0) {
        ($0.cycle, $0.inspection) = (.uniform(low: 0.5, high: 2), InspectionLaw(sensitivity: 0.8, falseReject: 0.05))
        $0.wear = WearSpec(perPart: .uniform(low: 0, high: 1), replaceAt: 10, replacement: .constant(3), scrapWhenWorn: 0.1)
        $0.routing = .disassembly([YieldSpec(buffer: nil, count: 1), YieldSpec(buffer: 4, count: 1, product: 2)])
      }, station("Trays", from: [4], cycle: 0.5) { $0.preempts = true },
    ],
    buffers: [
      buffer("In", 12), buffer("Cut", 6), buffer("Before", 8), BufferSpec(name: "Belt", capacity: 8, transit: 4, headway: 0.5, accumulates: false),
      buffer("Trays"),
    ], sources: [source], products: products,
    crews: [
      CrewSpec(name: "People", count: 2, skills: ["run"], absences: [ClosureSpec(start: 30, end: 35)], absencePeriod: 120),
      CrewSpec(name: "Technician", count: 1, skills: ["repair", "run"]),
    ], fleets: [FleetSpec(name: "AGV", vehicles: 1)],
    transports: [TransportSpec(name: "Way", fleet: 0, from: 1, to: 2, load: 3, least: 1, approach: .constant(1), haul: .exponential(mean: 3))],
    cardLoops: [CardLoopSpec(name: "Conwip", cards: 30, sources: [0], until: 3)])
}

@Test func aTraceAddsUpToTheTotals() throws {
  let line = richLine()
  let horizon = 1500.0
  let middle = try run(line, seed: 4, to: 700).final
  for state in [LineState?.none, middle] {
    let result = try run(line, from: state, seed: 5, to: horizon, trace: true)
    let trace = try #require(result.trace)
    #expect(!trace.isCut && trace.stations == [0, 0, 1, 2, 3])
    #expect(zip(trace.entries, trace.entries.dropFirst()).allSatisfy { $0.time <= $1.time })
    // Machines are starved and buffers empty until an entry says otherwise.
    var (accounts, since) = ([Int](repeating: 1, count: 5), [Double](repeating: 0, count: 5))
    var times = [[Double]](repeating: [Double](repeating: 0, count: 9), count: 5)
    var (levels, levelSince, areas, most) = ([Int](repeating: 0, count: 5), [Double](repeating: 0, count: 5), [Double](repeating: 0, count: 5), 0)
    var (produced, rejected, left) = ([Int](repeating: 0, count: 5), [Int](repeating: 0, count: 5), 0)
    for entry in trace.entries {
      let (i, value) = (Int(entry.index), Int(entry.value))
      switch entry.kind {
      case .state:
        times[i][accounts[i]] += entry.time - since[i]
        (accounts[i], since[i]) = (value, entry.time)
      case .level:
        areas[i] += Double(levels[i]) * (entry.time - levelSince[i])
        (levels[i], levelSince[i]) = (value, entry.time)
        if i == 0 { most = max(most, value) }
      case .produced: produced[i] = value
      case .rejected: rejected[i] = value
      case .left: left = value
      }
    }
    for i in 0..<5 {
      times[i][accounts[i]] += horizon - since[i]
      areas[i] += Double(levels[i]) * (horizon - levelSince[i])
    }
    for (s, station) in result.stations.enumerated() {
      let own = trace.stations.indices.filter { trace.stations[$0] == s }
      let sum = { (a: Int) in own.reduce(0) { $0 + times[$1][a] } }
      let t = station.times
      let booked = [t.working, t.starved, t.blocked, t.failed, t.microstopped, t.closed, t.setup, t.maintenance, t.waiting]
      for (a, seconds) in booked.enumerated() {
        #expect((sum(a) - seconds).magnitude < 1e-6, "\(station.name), \(LineTrace.State(rawValue: a)!): \(sum(a)), booked \(seconds)")
      }
      #expect(own.reduce(0) { $0 + produced[$1] } == station.produced && own.reduce(0) { $0 + rejected[$1] } == station.rejected, "\(station.name)")
      #expect((t.total - horizon * Double(own.count)).magnitude < 1e-6)
    }
    for (b, buffer) in result.buffers.enumerated() {
      #expect((areas[b] / horizon - buffer.meanLevel).magnitude < 1e-9, "\(buffer.name): \(areas[b] / horizon), booked \(buffer.meanLevel)")
      #expect(levels[b] == result.final.levels[b], "\(buffer.name)")
    }
    #expect(left == result.good + result.escapes && most == result.buffers[0].mostParts)
    // Something of everything has happened.
    let total = result.stations.map(\.times)
    #expect(total[0].failed > 0 && total[0].setup > 0 && total[0].waiting > 0 && total[1].microstopped > 0 && total[1].closed > 0)
    #expect(total[2].maintenance > 0 && total.contains { $0.blocked > 0 })
  }
}

@Test func theWarmUpResetsEveryFigure() throws {
  let line = richLine()
  let (cut, end) = (417.3, 1200.0)
  for seed in 1...4 as ClosedRange<UInt64> {
    let before = try run(line, seed: seed, to: cut)
    let after = try run(line, seed: seed, to: end, warmUp: cut)
    let whole = try run(line, seed: seed, to: end)
    // What is counted or integrated adds up.
    func figures(_ r: LineResult) -> [(String, Double)] {
      var list: [(String, Double)] = [("good", Double(r.good)), ("scrapped", Double(r.scrapped)), ("escapes", Double(r.escapes))]
      for s in r.stations {
        let t = s.times
        list += [("produced", s.produced), ("rejected", s.rejected), ("reworked", s.reworked), ("setups", s.setups)].map {
          ("\(s.name) \($0.0)", Double($0.1))
        }
        list += [t.working, t.starved, t.blocked, t.failed, t.microstopped, t.closed, t.setup, t.maintenance, t.waiting].map {
          ("\(s.name) time", $0)
        }
        if let e = s.energy { list += [("energy", e.working), ("energy", e.standing), ("energy", e.stopped), ("energy", e.closed)] }
      }
      for b in r.buffers {
        list += [
          ("\(b.name) area", b.meanLevel * r.span), ("\(b.name) taken", Double(b.taken)), ("\(b.name) waited", Double(b.waited)),
          ("\(b.name) wait", b.meanWait * Double(b.taken)),
        ]
      }
      for s in r.sources { list += [("delivered", Double(s.delivered)), ("lost", Double(s.lost))] }
      for p in r.products {
        list += [
          ("\(p.name) good", Double(p.good)), ("\(p.name) scrapped", Double(p.scrapped)), ("lead", p.leadTime.mean * Double(p.leadTime.count)),
        ]
      }
      list.append(("lead time", r.leadTime.mean * Double(r.leadTime.count)))
      for w in r.transports { list += [("trips", Double(w.trips)), ("parts", Double(w.parts)), ("busy", w.busy)] }
      for l in r.cardLoops { list.append(("cards", l.meanInUse * r.span)) }
      return list
    }
    let sums = zip(figures(before), figures(after)).map { ($0.0, $0.1 + $1.1) }
    for ((what, sum), (_, all)) in zip(sums, figures(whole)) { #expect((sum - all).magnitude < 1e-6 * max(1, all), "\(what): \(sum), whole \(all)") }
    #expect(after.departures == whole.departures && before.departures == Array(whole.departures.prefix(before.departures.count)))
    // Utilisation: busy person seconds add up where presence does; both parts lie around the whole.
    for c in 0..<2 {
      let shares = [before.crews[c].utilisation, after.crews[c].utilisation]
      #expect(shares.min()! <= whole.crews[c].utilisation && whole.crews[c].utilisation <= shares.max()!)
    }
    // The highest level of the whole is the higher of the two.
    for b in 0..<5 { #expect(max(before.buffers[b].mostParts, after.buffers[b].mostParts) == whole.buffers[b].mostParts) }
  }
}

@Test func productsAndTheLineAddUp() throws {
  let result = try run(richLine(), seed: 9, to: 2000)
  #expect(result.products.reduce(0) { $0 + $1.scrapped } == result.scrapped)
  #expect(result.products.reduce(0) { $0 + $1.good } == result.good)
  #expect(
    result.products.reduce(0) { $0 + $1.leadTime.count } == result.good + result.escapes && result.leadTime.count == result.good + result.escapes)
  #expect(result.products[2].good + result.escapes > 300 && result.products[0].good > result.products[1].good)
  #expect(result.sources[0].lost > 0)
}

@Test func aRunEndsWithThePartThatIsWaitedFor() throws {
  // A part every 2 s from 2 on. After a warm-up of 5 the third part is that of 10.
  let line = LineSpec(
    stations: [station("M", cycle: 2) { $0.wear = WearSpec(perPart: .constant(1), replacement: .constant(1)) }], buffers: [], sources: [])
  let result = try run(line, to: .infinity, warmUp: 5, parts: 3)
  #expect(result.span == 5 && result.good == 3 && result.departures.last == 10)
  // One that runs empty before ends with its last event.
  let short = LineSpec(stations: [station("M", from: [0], cycle: 2)], buffers: [buffer("In")], sources: [stock(3, into: 0)])
  let ended = try run(short, to: .infinity, parts: 10)
  #expect(ended.good == 3 && ended.span == 6)
  // A finite horizon comes first.
  #expect(try run(short, to: 5, parts: 10).span == 5)
}
