public import LineModel
import OutputAnalysis
public import Simulation

extension LineStudy {
  /// One line and its replications.
  public struct Run: Sendable {
    /// What was run.
    public var line: LineSpec
    /// What came of it: at least two.
    public var replications: Replications
    /// Of replication 0 over the same horizon: tells the bottleneck and who starved or blocked it. Nil: told from totals.
    public var trace: LineTrace?
    public init(line: LineSpec, replications: Replications, trace: LineTrace? = nil) {
      (self.line, self.replications, self.trace) = (line, replications, trace)
    }
  }

  /// A variant: what it changes, and what came of it under the seed and the replications of the base.
  public struct Variant: Sendable {
    /// As people call it: the what-if as it was written.
    public var name: String
    /// In words.
    public var changes: [String]
    /// The changed line, and its replications.
    public var run: Run
    public init(name: String, changes: [String], run: Run) { (self.name, self.changes, self.run) = (name, changes, run) }
  }

  /// Works the study out.
  ///
  /// - Parameters:
  ///   - about: `engine` and `events` are filled in.
  ///   - idealCycle: seconds between two parts of the line at its ideal rate; nil where the plant does not say: then there is no line OEE.
  ///   - curveStep: seconds between the instants at which the replications noted their good parts; nil: they noted none.
  /// - Precondition: at least two replications; those of a variant are the base's.
  public init(
    about: About, of base: Run, variants: [Variant] = [], idealCycle: Double? = nil, curveStep: Double? = nil, remarks: [String] = []
  ) {
    let line = base.line
    let results = base.replications.results
    precondition(results.count >= 2, "\(results.count) replications give no interval")
    let level = about.confidence
    func estimate(_ figure: (LineResult) -> Double) -> Estimate { Estimate(of: results.map(figure), confidence: level) }
    let planned = base.plannedSeconds
    let window = (from: about.warmUp, until: about.warmUp + about.span)
    let bottleneck = base.bottleneck(window)
    let c = line.stations.firstIndex { $0.name == bottleneck.station }!
    let flow = LineFlow(line)

    self.init(
      about: about, figures: Self.figures(results, line, constraint: c, idealCycle: idealCycle, level),
      stations: line.stations.indices.map { i in
        let spec = line.stations[i]
        return StationStudy(
          name: spec.name, machines: spec.machines, inputs: spec.inputs.map { line.buffers[$0.buffer].name },
          outputs: flow.outputs[i].map { line.buffers[$0].name },
          shares: StationCondition.allCases.map { state in
            StateShare(state: state, share: estimate { state.seconds(in: $0.stations[i].times) / max($0.stations[i].times.total, 1e-9) })
          },
          figures: StationFigures(results.map { ($0.stations[i], $0.span) }, plannedSeconds: planned[i], confidence: level),
          meanActivePeriod: base.meanActivePeriod(i),
          power: results.allSatisfy { $0.stations[i].energy != nil } ? estimate { $0.stations[i].energy!.total / ($0.span / 3600) } : nil)
      },
      buffers: line.buffers.indices.map { i in
        BufferStudy(
          name: line.buffers[i].name, capacity: line.buffers[i].capacity == BufferSpec.unlimited ? nil : line.buffers[i].capacity,
          meanLevel: estimate { $0.buffers[i].meanLevel }, mostParts: results.map { $0.buffers[i].mostParts }.max() ?? 0,
          meanWait: estimate { $0.buffers[i].meanWait }, carriedTo: line.transports.filter { $0.from == i }.map { line.buffers[$0.to].name })
      },
      sources: line.sources.indices.map { i in
        SourceStudy(
          name: line.sources[i].name, into: line.buffers[line.sources[i].into].name,
          deliveredPerHour: estimate { 3600 * Double($0.sources[i].delivered) / $0.span },
          lostPerHour: estimate { 3600 * Double($0.sources[i].lost) / $0.span })
      },
      losses: LossBook(
        results, of: line, constraint: c, culprits: base.trace.map { Culprits(of: c, in: line, $0, from: window.from, until: window.until) },
        plannedSeconds: planned[c], confidence: level),
      bottleneck: bottleneck, curve: CurveStudy(results.map(\.curve), step: curveStep ?? 0), remarks: remarks)
    addDetails(results, line, level)
    for crew in crews where crew.busy.mean > Self.strained {
      self.remarks.append(
        "\(crew.name) are busy \(Number.fixed(100 * crew.busy.mean, 0)) % of their time: they may hold the line up more than any station does.")
    }
    self.about.engine = results[0].engine.rawValue
    self.about.events = (results + variants.flatMap { $0.run.replications.results }).reduce(0) { $0 + $1.events }
    self.variants = Self.compare(variants, with: base, window, level)
  }

  /// Whoever is busy for longer makes others wait noticeably.
  private static let strained = 0.9

  private static func figures(
    _ results: [LineResult], _ line: LineSpec, constraint c: Int, idealCycle: Double?, _ level: Double
  ) -> [Figure] {
    var figures: [Figure] = []
    func add(_ key: String, _ name: String, _ unit: String, _ figure: (LineResult) -> Double) {
      figures.append(Figure(key: key, name: name, unit: unit, estimate: Estimate(of: results.map(figure), confidence: level)))
    }
    add("goodPerHour", "Good parts", "/h") { $0.goodRate * 3600 }
    if let idealCycle {
      // Planned time is that of the station that holds the line up.
      add("lineOEE", "Line OEE", "%") { r in
        let open = r.span - r.stations[c].times.closed / Double(line.stations[c].machines)
        return open > 0 ? 100 * Double(r.good) * idealCycle / open : 0
      }
    }
    add("leadTimeMinutes", "Lead time", "min") { $0.leadTime.mean / 60 }
    add("partsInBuffers", "Parts in buffers", "") { $0.meanLevels.reduce(0, +) }
    add("scrapPerHour", "Scrap", "/h") { 3600 * Double($0.scrapped) / $0.span }
    add("scrapShare", "Scrap share", "%") {
      $0.good + $0.escapes + $0.scrapped > 0 ? 100 * Double($0.scrapped) / Double($0.good + $0.escapes + $0.scrapped) : 0
    }
    if results.contains(where: { $0.escapes > 0 }) { add("escapesPerHour", "Unseen defects", "/h") { 3600 * Double($0.escapes) / $0.span } }
    if results.contains(where: { $0.sources.contains { $0.lost > 0 } }) {
      add("lostPerHour", "Lost at the source", "/h") { r in 3600 * Double(r.sources.reduce(0) { $0 + $1.lost }) / r.span }
    }
    func energy(_ result: LineResult) -> Double { result.stations.reduce(0) { $0 + ($1.energy?.total ?? 0) } }
    if results.contains(where: { $0.stations.contains { $0.energy != nil } }) {
      add("meanPower", "Mean power", "kW") { energy($0) / ($0.span / 3600) }
      add("energyPerPart", "Energy per part", "kWh") { $0.good > 0 ? energy($0) / Double($0.good) : 0 }
    }
    return figures
  }

  private mutating func addDetails(_ results: [LineResult], _ line: LineSpec, _ level: Double) {
    func estimate(_ values: [Double]) -> Estimate { Estimate(of: values, confidence: level) }
    leadTimes = [LeadTimeStudy("all parts", results.map(\.leadTime), level)].compactMap { $0 }
    if line.products.count > 1 {
      leadTimes += line.products.indices.compactMap { p in LeadTimeStudy(line.products[p].name, results.map { $0.products[p].leadTime }, level) }
    }
    products = line.products.indices.map { p in
      ProductStudy(
        name: line.products[p].name, goodPerHour: estimate(results.map { 3600 * Double($0.products[p].good) / $0.span }),
        scrappedPerHour: estimate(results.map { 3600 * Double($0.products[p].scrapped) / $0.span }))
    }
    crews = line.crews.indices.map { i in BusyStudy(name: line.crews[i].name, busy: estimate(results.map { $0.crews[i].utilisation })) }
    transports = line.transports.indices.map { i in
      BusyStudy(
        name: line.transports[i].name, busy: estimate(results.map { $0.transports[i].busy / $0.span }),
        tripsPerHour: estimate(results.map { 3600 * Double($0.transports[i].trips) / $0.span }),
        partsPerHour: estimate(results.map { 3600 * Double($0.transports[i].parts) / $0.span }))
    }
    cardLoops = line.cardLoops.indices.map { i in BusyStudy(name: line.cardLoops[i].name, busy: estimate(results.map { $0.cardLoops[i].meanInUse })) }
    orders = (results.first?.orders ?? []).indices.map { i in
      let all = results.map { $0.orders[i] }
      let done = all.compactMap(\.completed)
      return OrderStudy(
        name: all[0].name, product: line.products.indices.contains(all[0].product) ? line.products[all[0].product].name : "",
        quantity: all[0].quantity,
        doneShare: Double(done.count) / Double(all.count),
        inTimeShare: all[0].due.map { due in Double(done.count { $0 <= due }) / Double(all.count) }, completed: done.isEmpty ? nil : estimate(done),
        due: all[0].due, tardiness: all[0].due == nil || done.isEmpty ? nil : estimate(all.compactMap(\.tardiness)))
    }
  }

  private static func compare(_ variants: [Variant], with base: Run, _ window: (from: Double, until: Double), _ level: Double) -> [VariantStudy] {
    func rates(_ run: Run) -> [Double] { run.replications.results.map { $0.goodRate * 3600 } }
    func leadTimes(_ run: Run) -> [Double] { run.replications.results.map(\.leadTime.mean) }
    let gains = PairedDifference.of(variants.map { rates($0.run) }, minus: rates(base), confidence: level)
    let delays = PairedDifference.of(variants.map { leadTimes($0.run) }, minus: leadTimes(base), confidence: level)
    return variants.indices.map { i in
      VariantStudy(
        name: variants[i].name, changes: variants[i].changes,
        goodPerHour: Estimate(of: rates(variants[i].run), confidence: level), gain: gains[i].estimate,
        varianceReduction: gains[i].varianceReduction.isFinite ? gains[i].varianceReduction : 0, leadTimeGain: delays[i].estimate,
        bottleneck: variants[i].run.bottleneck(window).station)
    }
  }
}

extension LineStudy.Run {
  /// PRI by station, weighted by what was made.
  var plannedSeconds: [Double] {
    let made = line.products.indices.map { p in replications.results.reduce(0.0) { $0 + Double($1.products[p].good + $1.products[p].scrapped) } }
    return line.stations.indices.map { line.plannedSeconds(at: $0, weights: made) }
  }

  /// Seconds; over all replications.
  func meanActivePeriod(_ station: Int) -> Double {
    let own = replications.results.map { $0.stations[station] }
    let active = own.reduce(0) { $0 + $1.times.total - $1.times.starved - $1.times.blocked - $1.times.closed }
    return active / Double(max(1, own.reduce(0) { $0 + $1.activePeriods }))
  }

  func bottleneck(_ window: (from: Double, until: Double)) -> BottleneckStudy {
    if let trace {
      let shifting = ShiftingBottleneck(trace, stations: line.stations.count, from: window.from, until: window.until)
      let total = line.stations.indices.map { shifting.sole[$0] + shifting.shifting[$0] }
      if let best = total.indices.max(by: { total[$0] < total[$1] || (total[$0] == total[$1] && $0 > $1) }), total[best] > 0 {
        return BottleneckStudy(
          station: line.stations[best].name, rule: "longest active period at each moment (Roser, Nakano, Tanaka 2002), replication 0",
          shares: line.stations.indices.map { .init(station: line.stations[$0].name, sole: shifting.sole[$0], shifting: shifting.shifting[$0]) })
      }
    }
    let means = line.stations.indices.map(meanActivePeriod)
    let best = means.indices.max { means[$0] < means[$1] || (means[$0] == means[$1] && $0 > $1) }!
    return BottleneckStudy(station: line.stations[best].name, rule: "longest mean active period (Roser, Nakano, Tanaka 2001)", shares: [])
  }
}

extension LeadTimeStudy {
  /// Pools the replications; nil where no part left.
  init?(_ name: String, _ spreads: [Spread], _ level: Double) {
    let some = spreads.filter { $0.count > 0 }
    let count = some.reduce(0.0) { $0 + Double($1.count) }
    guard count > 0 else { return nil }
    let mean = some.reduce(0) { $0 + $1.mean * Double($1.count) } / count
    let squares = some.reduce(0) { $0 + $1.deviation * $1.deviation * Double($1.count - 1) + Double($1.count) * ($1.mean - mean) * ($1.mean - mean) }
    self.init(
      name: name, mean: Estimate(of: some.map(\.mean), confidence: level), deviation: count > 1 ? (squares / (count - 1)).squareRoot() : 0,
      least: some.map(\.least).min()!, most: some.map(\.most).max()!)
  }
}

extension CurveStudy {
  /// From the good parts since time 0 that each replication noted every `step` seconds.
  init(_ curves: [[Int]], step: Double) {
    let bins = curves.map(\.count).min() ?? 0
    self.init(step: step, mean: [], low: [], high: [])
    guard step > 0 else { return }
    for k in 0..<bins {
      let rates = curves.map { Double($0[k] - (k > 0 ? $0[k - 1] : 0)) * 3600 / step }
      mean.append(rates.reduce(0, +) / Double(rates.count))
      low.append(Quantile.of(rates, at: 0.05))
      high.append(Quantile.of(rates, at: 0.95))
    }
  }
}

extension WhatIf {
  /// What it changes, in words.
  public var changes: [String] { edits.map(\.words) }
}

extension WhatIf.Edit {
  /// `station.Filler.mtbf from 14400 s to 17280 s`.
  var words: String {
    func text(_ x: Double) -> String {
      switch unit {
      case .seconds: "\(Number.text(x, digits: 4)) s"
      case .share: "\(Number.text(100 * x, digits: 3)) %"
      case .count: x >= Double(BufferSpec.unlimited) ? "no limit" : Number.text(x, digits: 9)
      case .number: Number.text(x, digits: 4)
      }
    }
    return "\(path) from \(text(before)) to \(text(after))"
  }
}
