import Determinism
public import PlantModel
import Probability
import Quantities
public import Simulation

/// Values of set-points by tag, in their own units.
public typealias Setpoints = [String: Double]

extension Plant {
  /// The design's set-points.
  public var designSetpoints: Setpoints { Dictionary(uniqueKeysWithValues: setpoints.map { ($0.tag, $0.design) }) }
}

extension LineParameters {
  /// What the plant folder believes before any telemetry.
  public static func design(_ plant: Plant) -> LineParameters {
    LineParameters(
      stations: plant.stations.map { station in
        StationParameters(
          cycle: station.cycle.mean, cycleCV: station.cycle.cv,
          mtbf: station.failure?.timeToFailure.mean ?? .infinity, failureExponent: 0,
          mttr: station.failure?.repair.mean ?? 0, mttrCV: station.failure?.repair.cv ?? 0,
          microstopInterval: station.microstop?.interval.mean ?? .infinity, microstopExponent: station.microstop == nil ? 0 : 2,
          microstopLength: station.microstop?.length.mean ?? 0, microstopLengthCV: station.microstop?.length.cv ?? 0,
          scrap: ScrapResponse(base: station.scrap, speedCoefficient: 0, terms: []))
      })
  }

  /// The line as the simulator runs it, at these set-points: `StationParameters` gives the equations.
  ///
  /// A process variable stands where `variables` says (by its tag), else at its set-point; one with neither contributes nothing to scrap. The
  /// counterfactual gives what was measured, so that the design's and the proposal's lines differ only in what the change has moved.
  /// Defects count where they are seen, so `latentDefect` stays zero.
  ///
  /// - Parameter setpoints: by tag; a missing one stands at its design value.
  /// - Precondition: the parameters have a station for each of the plant's; speeds are positive.
  public func spec(of plant: Plant, at setpoints: Setpoints, variables measured: [String: Double] = [:]) -> LineSpec {
    precondition(stations.count == plant.stations.count, "parameters of \(stations.count) stations for \(plant.stations.count)")
    let bufferIndex = Dictionary(uniqueKeysWithValues: plant.buffers.enumerated().map { ($1.name, $0) })
    let values = plant.processValues(at: setpoints, measured: measured)
    return LineSpec(
      stations: zip(plant.stations, stations).map { station, p in
        p.spec(of: station, speedRatio: station.speedRatio(at: setpoints), processValues: values, bufferIndex: bufferIndex)
      },
      buffers: plant.buffers.map { BufferSpec(name: $0.name, capacity: $0.capacity, transit: $0.transit.seconds) },
      sources: plant.sources.map { SourceSpec(name: $0.name, into: bufferIndex[$0.into]!, lot: $0.lot, interval: $0.interval) })
  }
}

extension Plant {
  /// Where the process variables stand, by tag: measured where given (a measurement that is no number counts as none), else at their set-points.
  public func processValues(at setpoints: Setpoints, measured: [String: Double] = [:]) -> [String: Double] {
    var values: [String: Double] = [:]
    for variable in stations.flatMap(\.processVariables) {
      if let value = measured[variable.tag], value.isFinite {
        values[variable.tag] = value
      } else if let setpoint = variable.setpoint {
        values[variable.tag] = setpoints[setpoint.tag] ?? setpoint.design
      }
    }
    return values
  }
}

extension Station {
  /// r = speed / rated at these set-points; 1 for a station whose speed cannot be set.
  public func speedRatio(at setpoints: Setpoints) -> Double {
    speed.map { (setpoints[$0.setpoint.tag] ?? $0.setpoint.design) / $0.rated } ?? 1
  }
}

extension StationParameters {
  func spec(of station: Station, speedRatio ratio: Double, processValues: [String: Double], bufferIndex: [String: Int]) -> StationSpec {
    precondition(ratio > 0, "\(station.name) runs at \(ratio) of its rated speed")
    let output: Int? = if case .buffer(let name) = station.output { bufferIndex[name] } else { nil }
    return StationSpec(
      name: station.name,
      inputs: station.inputs.map { InputSpec(buffer: bufferIndex[$0.buffer]!, count: $0.count) },
      output: output,
      cycle: .gamma(mean: cycle / ratio, cv: cycleCV),
      failure: mtbf.isFinite
        ? StoppageSpec(interval: .exponential(mean: mtbf / Portable.pow(ratio, failureExponent)), length: .lognormal(mean: mttr, cv: mttrCV)) : nil,
      microstop: microstopInterval.isFinite
        ? StoppageSpec(
          interval: .exponential(mean: microstopInterval / Portable.pow(ratio, microstopExponent)),
          length: .lognormal(mean: microstopLength, cv: microstopLengthCV)) : nil,
      scrap: scrap.probability(at: processValues, speedRatio: ratio))
  }
}
