import Crypto
import Determinism
import Estimation
import Foundation
import LineModel
import PlantModel
import Probability
import Quantities

/// Keeps the posterior of a line and makes draws of it.
struct Calibrator: Sendable {
  let plant: Plant
  let roles: TagRoles
  let configuration: TwinConfiguration
  let stream: RandomStream
  var changes: [ChangeDates]
  private(set) var forgetting: [StopForgetting]
  private(set) var stations: [StationPosterior]
  private(set) var scrap: [ScrapPosterior]
  /// By station: what was inferred of one that tells no state.
  var inferred: [Int: InferredStation] = [:]
  private var moved = false

  init(_ record: LineRecord, at now: Instant, configuration: TwinConfiguration, _ stream: RandomStream) {
    (plant, roles, self.configuration) = (record.plant, record.roles, configuration)
    self.stream = stream.split("calibration")
    changes = record.plant.stations.map { _ in ChangeDates() }
    forgetting = record.plant.stations.map(StopForgetting.init)
    let (all, memories) = (changes, forgetting)
    stations = record.plant.stations.indices.map {
      StationPosterior($0, record, at: now, changes: all[$0], forgetting: memories[$0], configuration: configuration)
    }
    let scrapStream = stream.split("scrap")
    scrap = record.plant.stations.enumerated().map { s, station in
      ScrapPosterior(
        designShare: station.scrap, ranges: record.roles.scrapVariables[s].map { record.roles.variables[$0].range! },
        scrapStream.split(station.name))
    }
  }

  /// From `date` on, what a station's activity was before counts little.
  mutating func forget(_ kind: ResidualKind, of s: Int, before date: Instant) {
    changes[s].dates[kind] = date
    switch kind {
    case .repairs: forgetting[s].repairs.change(at: date)
    case .shortStops: forgetting[s].shortStops.change(at: date)
    case .cycle, .failures, .microstops, .scrap, .throughput: break
    }
  }

  /// What was taken for a change of a station's activity was none: the older evidence counts again.
  mutating func remember(_ kind: ResidualKind, of s: Int, _ record: LineRecord, at now: Instant) {
    changes[s].dates[kind] = nil
    guard kind == .repairs || kind == .shortStops else { return }
    let dates = changes[s].dates
    forgetting[s] = StopForgetting(plant.stations[s])
    forgetting[s].feed(record.stops[s], at: now)
    for other in [ResidualKind.repairs, .shortStops] { if let date = dates[other] { forget(other, of: s, before: date) } }
  }

  /// Takes the record in as it stands. `changed` stations' scrap is sought anew, since their evidence was discounted.
  mutating func update(_ record: LineRecord, at now: Instant, changed: Set<Int>) {
    for s in plant.stations.indices {
      forgetting[s].feed(record.stops[s], at: now)
      stations[s] = StationPosterior(s, record, at: now, changes: changes[s], forgetting: forgetting[s], configuration: configuration)
      let bins = scrapBins(s, record, at: now)
      guard !bins.isEmpty else { continue }
      let generations = !moved ? 120 : changed.contains(s) ? 60 : 8
      scrap[s].move(bins, generations: generations, stream.split("scrap").split(plant.stations[s].name))
    }
    if record.minutes.contains(where: { $0.stations.contains { $0.processed > 0 } }) { moved = true }
  }

  /// Five minutes of production at unchanged speed make a bin; older ones hold more, since their age matters less.
  private func scrapBins(_ s: Int, _ record: LineRecord, at now: Instant) -> [ScrapPosterior.Bin] {
    let variables = roles.scrapVariables[s]
    var bins: [ScrapPosterior.Bin] = []
    var parts = 0.0
    var rejects = 0.0
    var sums = [Double](repeating: 0, count: variables.count)
    var (first, last, ratio) = (Int64(0), Int64(0), 1.0)
    func flush() {
      guard parts > 0 else { return }
      let instant = Instant(seconds: (Double(first) + Double(last) + 1) * 30)
      let age = max(0, (now - instant).hours)
      let weight = Portable.exp(-0.693147 * age / configuration.scrapHalfLife.hours) * changes[s].weight(.scrap, instant)
      bins.append(.init(parts: parts, rejects: min(rejects, parts), age: age, weight: weight, ratio: ratio, values: sums.map { $0 / parts }))
      (parts, rejects) = (0, 0)
      sums = Array(repeating: 0, count: variables.count)
    }
    for minute in record.minutes.suffix(Int(3 * configuration.scrapHalfLife.minutes)) {
      let m = minute.stations[s]
      let values = variables.map { v in
        minute.values[v].isFinite ? minute.values[v] : setpoint(of: v, in: minute) ?? .nan
      }
      guard m.processed > 0, values.allSatisfy(\.isFinite) else { continue }
      let age = (now - Instant(seconds: Double(minute.minute) * 60)).hours
      let most: Int64 = age < 2 ? 5 : age < 4 ? 10 : 20
      if parts > 0 && (minute.minute - first >= most || abs(m.ratio - ratio) > 0.002) { flush() }
      if parts == 0 { (first, ratio) = (minute.minute, m.ratio) }
      last = minute.minute
      parts += Double(m.processed)
      rejects += Double(m.rejected)
      for (k, x) in values.enumerated() { sums[k] += x * Double(m.processed) }
    }
    flush()
    return bins
  }

  /// Where a variable without a trustworthy sensor is taken to stand.
  func setpoint(of variable: Int, in minute: LineMinute) -> Double? {
    guard let tag = roles.variables[variable].setpoint?.tag, let i = roles.setpoints.firstIndex(where: { $0.tag == tag }) else { return nil }
    return minute.setpoints[i]
  }

  // MARK: - Draws

  /// Joint draws for the present product and the present values of variables that cannot be set. Each parameter is stratified over the
  /// draws, always in the same order, so that two calibrations differ by what was learnt, not by luck.
  func draws(_ record: LineRecord) -> [LineParameters] {
    let n = configuration.draws
    let perStation = plant.stations.indices.map { s in stationDraws(s, n, record) }
    return (0..<n).map { d in LineParameters(stations: perStation.map { $0[d] }) }
  }

  private func stationDraws(_ s: Int, _ n: Int, _ record: LineRecord) -> [StationParameters] {
    let stream = stream.split(plant.stations[s].name)
    func z(_ name: String) -> [Double] { Stratified.normals(n, stream.split(name)) }
    let posterior = stations[s]
    let cycle = posterior.cycle(of: record.stations[s].product)
    let (zc, zf1, zf2, zm1, zm2) = (z("cycle"), z("mtbf"), z("failure exponent"), z("microstops"), z("microstop exponent"))
    let repairs = posterior.repairs.draws(n, stream.split("repairs"))
    let lengths = posterior.lengths.draws(n, stream.split("short stops"))
    let lifetimes = posterior.lifetimes?.draws(n, stream.split("lifetimes"))
    let setups = posterior.setups?.draws(n, stream.split("set-ups"))
    let replacements = posterior.replacements?.draws(n, stream.split("replacements"))
    let scrapDraws = scrap[s].draws(n)
    return (0..<n).map { d in
      let failure = posterior.failures.map { $0.draw(zf1[d], zf2[d]) }
      let microstop = posterior.microstops.map { $0.draw(zm1[d], zm2[d]) }
      let (repair, length) = (Self.held(repairs[d]), Self.held(lengths[d]))
      var parameters = StationParameters(
        cycle: max(cycle.mean + cycle.sd * zc[d], 0.2 * cycle.mean), cycleCV: posterior.cycleCV, mtbf: failure?.interval ?? .infinity,
        failureExponent: failure?.exponent ?? 0, mttr: failure == nil ? 0 : repair.mean, mttrCV: failure == nil ? 0 : repair.cv,
        microstopInterval: microstop?.interval ?? .infinity, microstopExponent: microstop?.exponent ?? 0,
        microstopLength: microstop == nil ? 0 : length.mean, microstopLengthCV: microstop == nil ? 0 : length.cv,
        scrap: response(scrapDraws[d], s, record))
      if plant.products.count > 1 {
        parameters.productCycles = plant.products.map { product in
          let belief = posterior.cycle(of: record.products.firstIndex(of: product.name) ?? .max)
          return max(belief.mean + belief.sd * zc[d], 0.2 * belief.mean)
        }
      }
      if let own = inferred[s]?.draws[d] { parameters.take(own) }
      if failure != nil && inferred[s] == nil { (parameters.timeToFailure, parameters.repair) = (lifetimes?[d], repair) }
      if microstop != nil && inferred[s] == nil { parameters.shortStop = length }
      if let setups { parameters.setupScale = setups[d].mean / plant.stations[s].changeover!.mean }
      if let replacements { parameters.replacementScale = replacements[d].mean / plant.stations[s].wear!.replacement.mean }
      return parameters
    }
  }

  /// A law whose spread no shop floor has is held at three times its mean.
  private static func held(_ law: Law) -> Law {
    if case .lognormal(let mean, let cv) = law, cv > 3 { return .lognormal(mean: mean, cv: 3) }
    return law
  }

  private func response(_ draw: ScrapPosterior.Draw, _ s: Int, _ record: LineRecord) -> ScrapResponse {
    var response = ScrapResponse(base: draw.base, speedCoefficient: draw.speedCoefficient, terms: [])
    for (k, v) in roles.scrapVariables[s].enumerated() {
      let variable = roles.variables[v]
      if variable.setpoint != nil {
        response.terms.append(.init(variable: variable.tag, optimum: draw.optima[k], curvature: draw.curvatures[k]))
      } else if record.values[v].isFinite {
        // Nobody can set it: what it spoils now is part of what is always spoilt.
        response.base += draw.curvatures[k] * (record.values[v] - draw.optima[k]) * (record.values[v] - draw.optima[k])
      }
    }
    response.base = min(response.base, 0.95)
    return response
  }

  /// The share that draw gives at the values and speed of a minute.
  func share(_ draw: ScrapPosterior.Draw, _ s: Int, _ minute: LineMinute) -> Double? {
    var values: [Double] = []
    for v in roles.scrapVariables[s] {
      let x = minute.values[v].isFinite ? minute.values[v] : setpoint(of: v, in: minute) ?? .nan
      guard x.isFinite else { return nil }
      values.append(x)
    }
    return draw.share(ratio: minute.stations[s].ratio, values: values)
  }

  // MARK: - Summary

  func calibration(_ record: LineRecord, at now: Instant) -> Calibration {
    let draws = draws(record)
    var estimates: [ParameterEstimate] = []
    var values: [String: Double] = [:]
    for variable in roles.variables {
      if let tag = variable.setpoint?.tag, let i = roles.setpoints.firstIndex(where: { $0.tag == tag }) { values[variable.tag] = record.setpoints[i] }
    }
    for (s, station) in plant.stations.enumerated() {
      let (posterior, inferred) = (stations[s], self.inferred[s])
      func add(_ parameter: ParameterEstimate.Parameter, _ unit: String, _ count: Int, _ value: (StationParameters) -> Double) {
        let sample = draws.map { value($0.stations[s]) }.sorted()
        guard sample.allSatisfy(\.isFinite) else { return }
        estimates.append(
          ParameterEstimate(
            station: station.name, parameter: parameter, unit: unit, mean: sample.reduce(0, +) / Double(sample.count),
            low: Stratified.quantile(sample, 0.05), high: Stratified.quantile(sample, 0.95), count: count,
            source: inferred != nil && parameter != .scrap ? .inferred : count > 0 ? .observed : .design))
      }
      add(.cycle, "s", inferred?.parts ?? posterior.parts) { $0.cycle }
      if posterior.failures != nil || inferred?.draws[0].failure != nil {
        add(.mtbf, "s", inferred?.failures ?? posterior.failureCount) { $0.mtbf }
        add(.mttr, "s", inferred?.failures ?? posterior.repairCount) { $0.mttr }
      }
      if posterior.microstops != nil {
        add(.microstopInterval, "s", inferred?.shortStops ?? posterior.microstopCount) { $0.microstopInterval }
        add(.microstopLength, "s", inferred?.shortStops ?? posterior.microstopCount) { $0.microstopLength }
      }
      let ratio = record.stations[s].ratio
      let here = values
      add(.scrap, "1", posterior.parts) { $0.scrap.probability(at: here, speedRatio: ratio) }
    }
    return Calibration(id: Self.name(draws, now), at: now, estimates: estimates, draws: draws)
  }

  private static func name(_ draws: [LineParameters], _ now: Instant) -> String {
    var bytes: [UInt8] = []
    func append(_ bits: UInt64) { for k in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * UInt64(k)))) } }
    append(UInt64(bitPattern: now.nanoseconds))
    for draw in draws {
      for p in draw.stations {
        let numbers =
          [
            p.cycle, p.cycleCV, p.mtbf, p.failureExponent, p.mttr, p.mttrCV, p.microstopInterval, p.microstopExponent, p.microstopLength,
            p.microstopLengthCV, p.scrap.base, p.scrap.speedCoefficient, p.setupScale, p.replacementScale,
          ] + p.productCycles + p.scrap.terms.flatMap { [$0.optimum, $0.curvature] }
        for x in numbers { append(x.bitPattern) }
      }
    }
    return Hex.text(of: SHA256.hash(data: bytes).prefix(8))
  }
}
