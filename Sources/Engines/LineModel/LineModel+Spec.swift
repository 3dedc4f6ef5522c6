import Determinism
public import PlantModel
import Probability
public import Quantities
public import Simulation

extension LineParameters {
  /// What the plant folder believes before any telemetry.
  public static func design(_ plant: Plant) -> LineParameters {
    LineParameters(
      stations: plant.stations.map { station in
        StationParameters(
          cycle: station.cycle.mean, cycleCV: station.cycle.cv,
          mtbf: station.failure?.timeToFailure.mean ?? .infinity, failureExponent: 0,
          mttr: station.failure?.repair.mean ?? 0, mttrCV: station.failure?.repair.cv ?? 0,
          microstopInterval: station.microstop?.interval.mean ?? .infinity,
          microstopExponent: station.microstop == nil ? 0 : Plant.designMicrostopExponent,
          microstopLength: station.microstop?.length.mean ?? 0, microstopLengthCV: station.microstop?.length.cv ?? 0,
          scrap: plant.designScrap(of: station))
      })
  }

  /// The line as the simulator runs it, at these set-points: `plant.line(at:)`, with what calibration knows in the place of what the folder
  /// believes. `StationParameters` gives the equations.
  ///
  /// A process variable stands where `variables` says (by its tag), else at its set-point; one with neither contributes nothing to scrap. The
  /// counterfactual gives what was measured, so that the design's and the proposal's lines differ only in what the change has moved. One with
  /// declared dynamics that was not measured moves by itself.
  /// Defects count where they are seen, so `latentDefect` and `inspection` stay out. Work by product or step keeps its ratio to the station's.
  ///
  /// - Parameters:
  ///   - setpoints: by tag; a missing one stands at its design value.
  ///   - moment: where time 0 stands in the week, counted from Monday 00:00; nil: where the folder says.
  /// - Precondition: the parameters have a station for each of the plant's; speeds are positive.
  public func spec(
    of plant: Plant, at setpoints: Setpoints, variables measured: [String: Double] = [:], startingAt moment: Duration? = nil
  ) -> LineSpec {
    precondition(stations.count == plant.stations.count, "parameters of \(stations.count) stations for \(plant.stations.count)")
    let values = plant.processValues(at: setpoints, measured: measured)
    var line = plant.line(at: setpoints, measured: measured, startingAt: moment)
    for (s, station) in plant.stations.enumerated() {
      stations[s].calibrate(
        &line.stations[s], station, ratio: station.speedRatio(at: setpoints), values: values,
        moving: station.processVariables.filter { $0.isCondition(of: station) && measured[$0.tag]?.isFinite != true })
    }
    for p in line.products.indices {
      for (k, step) in plant.products[p].route.enumerated() {
        guard let s = plant.stations.firstIndex(where: { $0.inputs.contains { $0.buffer == step.buffer } }) else { continue }
        line.products[p].route[k].cycle = line.products[p].route[k].cycle?.scaled(by: stations[s].pace(of: plant.stations[s]))
      }
    }
    return line
  }
}

extension StationParameters {
  /// How much longer work takes than the folder believes.
  func pace(of station: Station) -> Double { station.cycle.mean > 0 ? cycle / station.cycle.mean : 1 }

  /// Puts what calibration knows in the place of what the folder believes.
  ///
  /// - Parameter moving: process variables that move by themselves; the others stand at `values`.
  func calibrate(_ spec: inout StationSpec, _ station: Station, ratio: Double, values: [String: Double], moving: [ProcessVariableSpec]) {
    spec.cycle = .gamma(mean: cycle / ratio, cv: cycleCV)
    if productCycles.isEmpty {
      spec.productCycles = spec.productCycles.map { $0?.scaled(by: pace(of: station)) }
    } else {
      spec.productCycles = productCycles.map { .gamma(mean: $0 / ratio, cv: cycleCV) }
    }
    if let setup = spec.setup { spec.setup!.matrix = setup.matrix.map { row in row.map { $0?.scaled(by: setupScale) } } }
    if let wear = spec.wear { spec.wear!.replacement = wear.replacement.scaled(by: replacementScale) }
    spec.failure = stoppage(
      like: spec.failure, .failure, timeToFailure, interval: mtbf / Portable.pow(ratio, failureExponent),
      length: repair ?? .lognormal(mean: mttr, cv: mttrCV))
    spec.microstop = stoppage(
      like: spec.microstop, .microstop, nil, interval: microstopInterval / Portable.pow(ratio, microstopExponent),
      length: shortStop ?? .lognormal(mean: microstopLength, cv: microstopLengthCV))
    (spec.latentDefect, spec.inspection) = (0, nil)
    var still = scrap
    // A term whose variable moves leaves the constant share: the condition brings it, with the curve that was learnt.
    spec.conditions = spec.conditions.compactMap { condition in
      guard let variable = moving.first(where: { $0.name == condition.name }), let term = scrap.terms.first(where: { $0.variable == variable.tag })
      else { return nil }
      still.terms.removeAll { $0.variable == variable.tag }
      var condition = condition
      (condition.optimum, condition.curvature) = (term.optimum, term.curvature)
      return condition
    }
    spec.scrap = still.probability(at: values, speedRatio: ratio)
  }

  private func stoppage(like declared: StoppageSpec?, _ kind: StoppageSpec.Kind, _ law: Law?, interval: Double, length: Law) -> StoppageSpec? {
    guard interval.isFinite else { return nil }
    let between = law.map { $0.scaled(by: interval / $0.mean) } ?? .exponential(mean: interval)
    var spec = declared ?? StoppageSpec(interval: between, length: length)
    (spec.interval, spec.length, spec.kind) = (between, length, kind)
    return spec
  }
}
