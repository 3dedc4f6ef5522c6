public import PlantModel
import Probability
public import Quantities
public import Simulation

/// Values of set-points by tag, in their own units.
public typealias Setpoints = [String: Double]

extension Plant {
  /// The design's set-points.
  public var designSetpoints: Setpoints { Dictionary(uniqueKeysWithValues: setpoints.map { ($0.tag, $0.design) }) }

  /// The line as the plant folder declares it, at these set-points: every law as it is written.
  ///
  /// With r = speed / rated, seconds per part are those declared / r, and short stops by operating time come r^`designMicrostopExponent` times
  /// as often. Share of parts spoilt = declared + Σⱼ curvatureⱼ·(xⱼ − optimumⱼ)² over the process variables whose defects are seen here; one with
  /// declared dynamics moves by itself during the simulation, the others stand still (see `processValues`).
  ///
  /// - Parameters:
  ///   - setpoints: by tag; a missing one stands at its design value.
  ///   - measured: where process variables without dynamics stand, by tag.
  ///   - moment: where time 0 stands in the week, counted from Monday 00:00; nil: where the folder says.
  /// - Precondition: speeds are positive.
  public func line(at setpoints: Setpoints, measured: [String: Double] = [:], startingAt moment: Duration? = nil) -> LineSpec {
    let index = LineIndex(self, startingAt: moment ?? starts)
    let values = processValues(at: setpoints, measured: measured)
    return LineSpec(
      stations: stations.map { index.station($0, at: setpoints, values: values) },
      buffers: buffers.map {
        BufferSpec(
          name: $0.name, capacity: $0.capacity, transit: $0.transit.seconds, headway: $0.headway.seconds, accumulates: $0.accumulates)
      },
      sources: sources.map(index.source),
      products: products.map { product in
        ProductSpec(
          name: product.name, priority: product.priority,
          route: product.route.map { step in
            StepSpec(buffer: index.buffer(step.buffer), cycle: step.cycle?.scaled(by: 1 / speedRatio(of: step, at: setpoints)))
          })
      },
      crews: crews.map { crew in
        let (absences, period) = index.closures(of: crew.calendar)
        return CrewSpec(name: crew.name, count: crew.count, skills: crew.skills, absences: absences, absencePeriod: period)
      },
      fleets: fleets.map { FleetSpec(name: $0.name, vehicles: $0.vehicles) },
      transports: transports.map { way in
        TransportSpec(
          name: way.name, fleet: index.fleets[way.fleet]!, from: index.buffer(way.from), to: index.buffer(way.to), load: way.load,
          least: way.least, approach: way.approach ?? .constant(0), haul: way.haul)
      },
      cardLoops: cardLoops.map { loop in
        CardLoopSpec(
          name: loop.name, cards: loop.cards, stations: loop.stations.map { index.stations[$0]! }, sources: loop.sources.map { index.sources[$0]! },
          until: loop.until.map(index.buffer))
      })
  }

  /// How much more often short stops come at r times the rated speed, before calibration knows: r to this power.
  public static let designMicrostopExponent = 2.0

  /// r of the station that does the step's work. Where several share its buffer, none of them has a speed that can be set.
  func speedRatio(of step: RouteStep, at setpoints: Setpoints) -> Double {
    stations.first { $0.inputs.contains { $0.buffer == step.buffer } }?.speedRatio(at: setpoints) ?? 1
  }

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

  /// What the design knows of parts spoilt at a station.
  func designScrap(of station: Station) -> ScrapResponse {
    ScrapResponse(
      base: station.scrap, speedCoefficient: 0,
      terms: stations.flatMap(\.processVariables).filter { $0.defectsSeenAt.contains(station.name) }.compactMap { variable in
        variable.defects.map { .init(variable: variable.tag, optimum: $0.optimum, curvature: $0.curvature) }
      })
  }
}

extension Station {
  /// r = speed / rated at these set-points; 1 for a station whose speed cannot be set.
  public func speedRatio(at setpoints: Setpoints) -> Double {
    speed.map { (setpoints[$0.setpoint.tag] ?? $0.setpoint.design) / $0.rated } ?? 1
  }
}
