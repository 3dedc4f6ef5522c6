public import PlantModel
public import Simulation
import Probability

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
  /// A process variable is taken to stand at its set-point. Defects count where they are seen, so `latentDefect` stays zero.
  public func spec(of plant: Plant, at setpoints: Setpoints) -> LineSpec {
    let bufferIndex = Dictionary(uniqueKeysWithValues: plant.buffers.enumerated().map { ($1.name, $0) })
    var values: [String: Double] = [:]
    for station in plant.stations {
      for variable in station.processVariables {
        if let setpoint = variable.setpoint { values[variable.tag] = setpoints[setpoint.tag] ?? setpoint.design }
      }
    }
    let specs = zip(plant.stations, stations).map { station, p in
      let ratio = station.speed.map { (setpoints[$0.setpoint.tag] ?? $0.setpoint.design) / $0.rated } ?? 1
      let output: Int? = if case .buffer(let name) = station.output { bufferIndex[name] } else { nil }
      return StationSpec(
        name: station.name,
        inputs: station.inputs.map { InputSpec(buffer: bufferIndex[$0.buffer]!, count: $0.count) },
        output: output,
        cycle: .gamma(mean: p.cycle / ratio, cv: p.cycleCV),
        failure: p.mtbf.isFinite
          ? StoppageSpec(interval: .exponential(mean: p.mtbf / power(ratio, p.failureExponent)), length: .lognormal(mean: p.mttr, cv: p.mttrCV)) : nil,
        microstop: p.microstopInterval.isFinite
          ? StoppageSpec(
            interval: .exponential(mean: p.microstopInterval / power(ratio, p.microstopExponent)),
            length: .lognormal(mean: p.microstopLength, cv: p.microstopLengthCV)) : nil,
        scrap: p.scrap.probability(at: values, speedRatio: ratio))
    }
    return LineSpec(
      stations: specs,
      buffers: plant.buffers.map { BufferSpec(name: $0.name, capacity: $0.capacity, transit: $0.transit.seconds) },
      sources: plant.sources.map { SourceSpec(name: $0.name, into: bufferIndex[$0.into]!, lot: $0.lot, interval: $0.interval) })
  }
}
