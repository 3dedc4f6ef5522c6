import Console
import Learning
import LineModel
import PlantModel
import Quantities
import Supervision
import Telemetry
import Twin

extension LineView {
  init(_ kernel: PlantKernel) {
    let plant = kernel.folder.plant
    let present = kernel.twin.present
    let started = present.stations.contains { $0.activity != .unknown }
    let hour = kernel.twin.recentHour
    let made = hour.map { Double($0.good + $0.stations.reduce(0) { $0 + $1.rejected }) }
    self.init(
      stations: plant.stations.indices.map { StationView(plant.stations[$0], present.stations[$0], hour?.stations[$0], present, kernel) },
      buffers: zip(plant.buffers, present.buffers).map {
        BufferView(name: $0.name, level: started ? Double($1.level) : nil, capacity: $0.isUnlimited ? nil : $0.capacity, measured: $1.measured)
      },
      sources: plant.sources.map { SourceView(name: $0.name, into: $0.into) }, product: present.product, order: present.order,
      kpis: LineKPIView(
        goodPerHour: hour.map { Double($0.good) }, scrapShare: hour.flatMap { hour in made.flatMap { $0 > 0 ? 1 - Double(hour.good) / $0 : nil } },
        workInProgress: started ? Double(present.buffers.reduce(0) { $0 + $1.level }) : nil, oee: hour?.oee, valuePerHour: hour?.value,
        currency: plant.prices.currency, bottleneck: hour?.bottleneck, reason: hour == nil ? "an hour is not recorded yet" : nil))
  }
}

extension StationView {
  fileprivate init(
    _ station: Station, _ present: LinePresent.StationPresent, _ hour: RecentHour.StationHour?, _ line: LinePresent, _ kernel: PlantKernel
  ) {
    let setpoints = line.setpoints
    let set = station.speed.flatMap { setpoints[$0.setpoint.tag] }
    let known = present.activity != .unknown
    let cycle = kernel.twin.calibration.estimate(station.name, .cycle)?.mean
    let ratio = station.speed.flatMap { spec in set.map { $0 / spec.rated } } ?? 1
    let values = Dictionary(line.variables.map { ($0.tag, $0) }, uniquingKeysWith: { first, _ in first })
    let limits = Dictionary(kernel.folder.envelope.limits.map { ($0.tag, $0) }, uniquingKeysWith: { first, _ in first })
    self.init(
      name: station.name, inputs: station.inputs.map(\.buffer),
      output: { if case .buffer(let name) = station.output { name } else { nil } }(),
      state: present.state.map { "\($0)" }, stateSince: present.since, stateQuality: known ? .good : .stale, speedSet: set,
      speedActual: known ? present.rate : nil, speedExpected: cycle.map { 60 / $0 * ratio },
      rejectShareExpected: kernel.twin.calibration.estimate(station.name, .scrap)?.mean,
      good: known ? present.processed - present.rejected : nil, rejected: known ? present.rejected : nil,
      rejectShare: hour.flatMap { $0.processed > 0 ? Double($0.rejected) / Double($0.processed) : nil },
      time: hour.map { TimeShareView(running: $0.running, waiting: $0.waiting, held: $0.microstopped, down: $0.failed, other: $0.other) },
      processVariables: station.processVariables.map { variable in
        let value = values[variable.tag]
        let limit = variable.setpoint.flatMap { limits[$0.tag] }
        return ProcessVariableView(
          tag: variable.tag, name: variable.name, unit: variable.unit, value: value?.value,
          quality: value.map { $0.frozen ? .bad : .good } ?? .stale, setpoint: variable.setpoint.flatMap { setpoints[$0.tag] },
          setpointTag: variable.setpoint?.tag, low: limit?.low, high: limit?.high)
      })
  }
}

extension TwinView {
  init(_ kernel: PlantKernel) {
    let validity = kernel.twin.validity
    let calibration = kernel.twin.calibration
    let design = LineParameters.design(kernel.folder.plant)
    self.init(
      valid: validity.valid, score: validity.score, reason: validity.reason, validUntil: validity.validUntil,
      calibratedAt: calibration.at > Instant(nanoseconds: 0) ? calibration.at : nil,
      estimates: calibration.estimates.map { estimate in
        let index = kernel.folder.plant.stations.firstIndex { $0.name == estimate.station }
        return EstimateView(
          station: estimate.station, parameter: estimate.parameter.rawValue, unit: estimate.unit, mean: estimate.mean, low: estimate.low,
          high: estimate.high, design: index.flatMap { design.stations[$0].value(of: estimate.parameter) })
      } + kernel.optimumViews,
      residuals: kernel.twin.residuals.grouped().map { last, recent in
        ResidualView(
          station: last.station, quantity: last.kind.rawValue, observed: last.observed, expected: last.expected, z: last.z, recent: recent)
      },
      references: kernel.twin.referenceReports.map { report in
        let stands = report.since != nil
        return ReferenceView(
          station: report.station, quantity: report.kind.rawValue, since: report.since, samples: report.samples, commissioning: report.commissioning,
          distance: stands ? report.distance : nil, strain: stands ? report.strain : nil, drift: report.drift)
      }, referenceInterval: kernel.twin.reference.interval)
  }
}

extension PlantKernel {
  /// Where the posterior holds the value of fewest defects of each process variable that can be set.
  fileprivate var optimumViews: [EstimateView] {
    folder.plant.stations.flatMap(\.processVariables).filter { $0.setpoint != nil }.flatMap { variable in
      folder.plant.stations.enumerated().compactMap { index, station -> EstimateView? in
        let optima = twin.calibration.draws.flatMap { $0.stations[index].scrap.terms.filter { $0.variable == variable.tag }.map(\.optimum) }.sorted()
        guard optima.count >= 20 else { return nil }
        return EstimateView(
          station: station.name, parameter: "optimum of \(variable.tag)", unit: variable.unit, mean: optima.reduce(0, +) / Double(optima.count),
          low: optima[optima.count / 20], high: optima[optima.count - 1 - optima.count / 20], design: nil)
      }
    }
  }
}

extension StationParameters {
  /// The design's belief beside a calibrated parameter; nil where it has none.
  fileprivate func value(of parameter: ParameterEstimate.Parameter) -> Double? {
    let value =
      switch parameter {
      case .cycle: cycle
      case .mtbf: mtbf
      case .mttr: mttr
      case .microstopInterval: microstopInterval
      case .microstopLength: microstopLength
      case .scrap: scrap.base
      }
    return value.isFinite ? value : nil
  }
}

extension [Residual] {
  /// The newest residual of each station and kind, with the standardised ones before it, in order of first appearance.
  fileprivate func grouped() -> [(last: Residual, recent: [Double])] {
    var order: [String] = []
    var groups: [String: (last: Residual, recent: [Double])] = [:]
    for residual in self {
      let key = "\(residual.station)/\(residual.kind.rawValue)"
      if groups[key] == nil { order.append(key) }
      groups[key] = (residual, (groups[key]?.recent ?? []) + [residual.z])
    }
    return order.map { (groups[$0]!.last, groups[$0]!.recent.suffix(40)) }
  }
}

extension ForecastView {
  init(_ forecast: Forecast, actual: [Double: Double]) {
    self.init(
      at: forecast.at, quantity: "good parts", coverage: 0.9,
      points: forecast.bands.map { ForecastPoint(minutes: $0.minute, low: $0.p05, median: $0.p50, high: $0.p95, actual: actual[$0.minute]) })
  }
}
