import Probability
public import Simulation

/// One figure of a line that a what-if may change, by a name that a person can type: `station.Filler.mtbf`, `buffer.B1.capacity`.
///
/// A knob of a law is its mean; the law keeps its shape when it is turned.
public struct LineKnob: Sendable {
  /// What its numbers count.
  public enum Unit: String, Sendable, Hashable, Codable {
    case seconds
    /// 0 … 1.
    case share
    /// Whole, not negative.
    case count
    /// Positive, of no unit that the line knows.
    case number
  }

  /// `station`, `buffer`, `source`, `crew`, `fleet`, `transport` or `cards`.
  public let kind: String
  /// Of the station, buffer …, as the line spells it.
  public let owner: String
  /// `mtbf`, `capacity` …
  public let property: String
  public let unit: Unit
  /// The least value that makes sense: 1 machine, 0 places.
  public let least: Double
  private let read: @Sendable (LineSpec) -> Double
  private let write: @Sendable (inout LineSpec, Double) -> Void

  /// `kind.owner.property`.
  public var path: String { "\(kind).\(owner).\(property)" }
  /// Where it stands.
  public func value(in line: LineSpec) -> Double { read(line) }
  /// Turns it.
  ///
  /// - Precondition: the value is finite and at least `least`; a share is at most 1.
  public func set(_ value: Double, in line: inout LineSpec) {
    precondition(value.isFinite && value >= least && (unit != .share || value <= 1), "\(path) = \(value)")
    write(&line, unit == .count ? value.rounded() : value)
  }

  init(
    _ kind: String, _ owner: String, _ property: String, _ unit: Unit, least: Double = 0, read: @escaping @Sendable (LineSpec) -> Double,
    write: @escaping @Sendable (inout LineSpec, Double) -> Void
  ) {
    (self.kind, self.owner, self.property, self.unit, self.least, self.read, self.write) = (kind, owner, property, unit, least, read, write)
  }

  /// A law's mean, where it has one above 0.
  init?(_ kind: String, _ owner: String, _ property: String, of line: LineSpec, law: any WritableKeyPath<LineSpec, Law> & Sendable) {
    guard line[keyPath: law].mean > 0 else { return nil }
    self.init(kind, owner, property, .seconds) {
      $0[keyPath: law].mean
    } write: {
      $0[keyPath: law] = $0[keyPath: law].scaled(by: $1 / $0[keyPath: law].mean)
    }
  }

  /// A whole number.
  init(_ kind: String, _ owner: String, _ property: String, least: Double, count: any WritableKeyPath<LineSpec, Int> & Sendable) {
    self.init(kind, owner, property, .count, least: least) {
      Double($0[keyPath: count])
    } write: {
      $0[keyPath: count] = Int($1)
    }
  }

  init(_ kind: String, _ owner: String, _ property: String, _ unit: Unit, number: any WritableKeyPath<LineSpec, Double> & Sendable) {
    self.init(kind, owner, property, unit) {
      $0[keyPath: number]
    } write: {
      $0[keyPath: number] = $1
    }
  }
}

extension LineSpec {
  /// Every figure that this line has to turn: stations, buffers, sources, crews, fleets, transports and card loops, in the line's order.
  public var knobs: [LineKnob] {
    stations.indices.flatMap(stationKnobs) + buffers.indices.flatMap(bufferKnobs) + sources.indices.flatMap(sourceKnobs)
      + crews.indices.map { LineKnob("crew", crews[$0].name, "count", least: 0, count: \.crews[$0].count) }
      + fleets.indices.map { LineKnob("fleet", fleets[$0].name, "vehicles", least: 1, count: \.fleets[$0].vehicles) }
      + transports.indices.flatMap(transportKnobs)
      + cardLoops.indices.map { LineKnob("cards", cardLoops[$0].name, "cards", least: 1, count: \.cardLoops[$0].cards) }
  }

  private func stationKnobs(_ i: Int) -> [LineKnob] {
    let station = stations[i]
    let (kind, name) = ("station", station.name)
    var knobs = [
      LineKnob(kind, name, "cycle", .seconds) {
        $0.stations[i].cycle.mean
      } write: {
        $0.scaleWork(of: i, by: $1 / $0.stations[i].cycle.mean)
      },
      LineKnob(kind, name, "machines", least: 1, count: \.stations[i].machines),
      LineKnob(kind, name, "scrap", .share, number: \.stations[i].scrap),
      LineKnob(kind, name, "latentDefect", .share, number: \.stations[i].latentDefect),
    ]
    func law(_ property: String, _ path: any WritableKeyPath<LineSpec, Law> & Sendable) {
      if let knob = LineKnob(kind, name, property, of: self, law: path) { knobs.append(knob) }
    }
    if station.failure != nil {
      law("mtbf", \.stations[i].failure!.interval)
      law("mttr", \.stations[i].failure!.length)
    }
    if station.microstop != nil {
      law("microstop.interval", \.stations[i].microstop!.interval)
      law("microstop.length", \.stations[i].microstop!.length)
    }
    for (k, stop) in station.stoppages.enumerated() {
      law("\(stop.name).interval", \.stations[i].stoppages[k].interval)
      law("\(stop.name).length", \.stations[i].stoppages[k].length)
    }
    for (k, upkeep) in station.maintenance.enumerated() {
      knobs.append(
        LineKnob(kind, name, "\(upkeep.name).every", upkeep.basis == .parts ? .number : .seconds, number: \.stations[i].maintenance[k].every))
      law("\(upkeep.name).length", \.stations[i].maintenance[k].length)
    }
    if let setup = station.setup, setup.meanLength > 0 {
      knobs.append(
        LineKnob(kind, name, "setup", .seconds) {
          $0.stations[i].setup?.meanLength ?? 0
        } write: {
          $0.stations[i].setup?.turn(to: $1)
        })
    }
    if let wear = station.wear, wear.replaceAt.isFinite {
      knobs.append(LineKnob(kind, name, "replaceAt", .number, number: \.stations[i].wear!.replaceAt))
    }
    if station.inspection != nil {
      knobs.append(LineKnob(kind, name, "sensitivity", .share, number: \.stations[i].inspection!.sensitivity))
      knobs.append(LineKnob(kind, name, "falseReject", .share, number: \.stations[i].inspection!.falseReject))
    }
    if station.batch != nil {
      knobs.append(LineKnob(kind, name, "batch.least", least: 1, count: \.stations[i].batch!.least))
      knobs.append(LineKnob(kind, name, "batch.most", least: 1, count: \.stations[i].batch!.most))
    }
    return knobs
  }

  private func bufferKnobs(_ i: Int) -> [LineKnob] {
    let (kind, name) = ("buffer", buffers[i].name)
    return [
      LineKnob(kind, name, "capacity", least: 0, count: \.buffers[i].capacity),
      LineKnob(kind, name, "transit", .seconds, number: \.buffers[i].transit),
      LineKnob(kind, name, "headway", .seconds, number: \.buffers[i].headway),
    ]
  }

  private func sourceKnobs(_ i: Int) -> [LineKnob] {
    let (kind, name) = ("source", sources[i].name)
    var knobs = sources[i].orders.isEmpty ? [LineKnob(kind, name, "interval", of: self, law: \.sources[i].interval)].compactMap { $0 } : []
    if sources[i].orders.isEmpty { knobs.append(LineKnob(kind, name, "lot", least: 1, count: \.sources[i].lot)) }
    if sources[i].interruption != nil {
      knobs += [
        LineKnob(kind, name, "interruption.interval", of: self, law: \.sources[i].interruption!.interval),
        LineKnob(kind, name, "interruption.length", of: self, law: \.sources[i].interruption!.length),
      ].compactMap { $0 }
    }
    return knobs
  }

  private func transportKnobs(_ i: Int) -> [LineKnob] {
    let (kind, name) = ("transport", transports[i].name)
    return [
      LineKnob(kind, name, "haul", of: self, law: \.transports[i].haul), LineKnob(kind, name, "approach", of: self, law: \.transports[i].approach),
      LineKnob(kind, name, "load", least: 1, count: \.transports[i].load), LineKnob(kind, name, "least", least: 1, count: \.transports[i].least),
    ].compactMap { $0 }
  }

  /// All work at a station, whatever the product: its own law, those by product, and the steps of routes that lead to it.
  private mutating func scaleWork(of i: Int, by ratio: Double) {
    stations[i].cycle = stations[i].cycle.scaled(by: ratio)
    stations[i].productCycles = stations[i].productCycles.map { $0?.scaled(by: ratio) }
    let inputs = Set(stations[i].inputs.map(\.buffer))
    for p in products.indices {
      for s in products[p].route.indices where inputs.contains(products[p].route[s].buffer) {
        products[p].route[s].cycle = products[p].route[s].cycle?.scaled(by: ratio)
      }
    }
  }

  /// Planned seconds of a machine for one part at a station: its mean work, weighted by how often each product comes, over the parts of a full
  /// batch.
  ///
  /// - Parameter weights: how many of each product, in the line's order; empty or all 0: the station's own law.
  public func plannedSeconds(at station: Int, weights: [Double] = []) -> Double {
    let spec = stations[station]
    let inputs = Set(spec.inputs.map(\.buffer))
    let batch = Double(spec.batch?.most ?? 1)
    var (work, visits) = (0.0, 0.0)
    for (p, product) in products.enumerated() where p < weights.count {
      let own = p < spec.productCycles.count ? spec.productCycles[p] ?? spec.cycle : spec.cycle
      // A product with a route comes as often as that says, one without it once.
      let laws = product.route.isEmpty ? [own] : product.route.filter { inputs.contains($0.buffer) }.map { $0.cycle ?? own }
      work += weights[p] * laws.reduce(0) { $0 + $1.mean }
      visits += weights[p] * Double(laws.count)
    }
    return (visits > 0 ? work / visits : spec.cycle.mean) / batch
  }
}

extension SetupSpec {
  /// The mean over all changes of product that take time; 0 where none does.
  fileprivate var meanLength: Double {
    let means = matrix.joined().compactMap { $0?.mean }
    return means.isEmpty ? 0 : means.reduce(0, +) / Double(means.count)
  }

  fileprivate mutating func turn(to length: Double) {
    let ratio = length / meanLength
    matrix = matrix.map { row in row.map { $0?.scaled(by: ratio) } }
  }
}
