import Determinism
import Estimation
import LineModel
import PlantModel
import Probability
import Simulation

/// What a forecast's replications say besides good parts.
extension Twin {
  /// - Parameters:
  ///   - ahead: replications that began in `start`, as of `record`, and last `horizon` seconds; replication k ran on draw k · draws / count.
  ///   - salt: what their luck was named by.
  func outlook(
    of ahead: [Ahead], from record: LineRecord, in start: LineState, horizon: Double, setpoints: Setpoints, salt: String
  ) -> Outlook {
    let levels = plant.buffers.indices.map { b in ahead.map { Double($0.result.final.levels[b]) } }
    let inner = plant.buffers.indices.filter { record.suppliers[$0].isEmpty }
    return Outlook(
      inProcess: Self.interval(ahead.indices.map { run in inner.reduce(0) { $0 + levels[$1][run] } }),
      buffers: plant.buffers.indices.map { .init(buffer: plant.buffers[$0].name, parts: Self.interval(levels[$0])) },
      failures: nextFailures(ahead, record, horizon, setpoints, salt), runs: runsUnderWay(ahead, record, start, setpoints, salt))
  }

  /// The mean of a sample and its central 90 %; nothing of an empty one.
  static func interval(_ values: [Double]) -> Forecast.Interval {
    let sample = values.sorted()
    guard !sample.isEmpty else { return .init(mean: 0, low: 0, high: 0) }
    return .init(
      mean: sample.reduce(0, +) / Double(sample.count), low: Ensemble.quantile(sample, 0.05), high: Ensemble.quantile(sample, 0.95))
  }

  /// Failures come with operating time: from each draw's law, what is left of the time to the next one, given the operating time since the last;
  /// the replication's own share of time at work says when that is on the clock.
  private func nextFailures(
    _ ahead: [Ahead], _ record: LineRecord, _ horizon: Double, _ setpoints: Setpoints, _ salt: String
  ) -> [Outlook.NextFailure] {
    let stream = luck(salt).split("next failure")
    let draws = calibration.draws
    let lines = draws.map { $0.spec(of: plant, at: setpoints) }
    return plant.stations.indices.compactMap { s -> Outlook.NextFailure? in
      var hours: [Double] = []
      for (run, outcome) in ahead.enumerated() {
        guard let law = lines[run * draws.count / ahead.count % draws.count].stations[s].failure?.interval else { continue }
        var luck = stream.split(run).split(plant.stations[s].name)
        let left = (0..<plant.stations[s].machines).map { _ in law.sampleResidual(after: record.stations[s].sinceFailure, &luck) }.min() ?? .infinity
        let times = outcome.result.stations[s].times
        hours.append(times.working > 0 ? left * times.total / times.working / 3600 : .infinity)
      }
      guard !hours.isEmpty else { return nil }
      hours.sort()
      let median = Ensemble.quantile(hours, 0.5)
      return .init(
        station: plant.stations[s].name, isDown: record.stations[s].activity == .failed,
        probability: Double(hours.count { $0 <= horizon / 3600 }) / Double(hours.count), medianHours: median.isFinite ? median : nil)
    }
  }

  /// A run is over when as many good parts have left as come of the parts in the line and of those still to be released, at the yield of the
  /// replication. Only where each part of the campaign becomes one part: a kit of several is not followed.
  private func runsUnderWay(_ ahead: [Ahead], _ record: LineRecord, _ start: LineState, _ setpoints: Setpoints, _ salt: String) -> [Outlook.Run] {
    let path = record.campaignStations
    guard path.allSatisfy({ s in record.inputs[s].allSatisfy { $0.count == 1 } }) else { return [] }
    let stream = luck(salt).split("campaign")
    let line = plant.line(at: setpoints)
    let held = partsHeld(by: path, start)
    return plant.sources.indices.compactMap { k in
      let source = plant.sources[k]
      let declared = line.sources[k].campaign
      guard !declared.isEmpty, let present = record.campaign(k, declared, 0) else { return nil }
      let inLine = start.levels[record.sourceBuffers[k]] + path.reduce(0) { $0 + (record.outputs[$1].map { start.levels[$0] } ?? 0) } + held
      var hours: [Double] = []
      for (run, outcome) in ahead.enumerated() {
        var place = stream.split(run).split(source.name)
        guard let campaign = record.campaign(k, declared, place.uniform()) else { continue }
        let lost = path.reduce(0) { $0 + outcome.result.stations[$1].rejected - outcome.result.stations[$1].reworked }
        let yield = Double(outcome.result.good) / Double(max(outcome.result.good + lost, 1))
        let wanted = Double(inLine + campaign.runs[0].quantity - campaign.done) * yield
        let end = outcome.curve.firstIndex { Double($0) >= wanted && $0 > 0 }
        hours.append(end.map { outcome.minutes[$0] / 60 } ?? .infinity)
      }
      guard !hours.isEmpty else { return nil }
      hours.sort()
      func quantile(_ p: Double) -> Double? {
        let x = Ensemble.quantile(hours, p)
        return x.isFinite ? x : nil
      }
      return .init(
        source: source.name, product: plant.products[present.runs[0].product].name, quantity: present.runs[0].quantity, released: record.released(k),
        probability: Double(hours.count(where: \.isFinite)) / Double(hours.count), medianHours: quantile(0.5), lowHours: quantile(0.05),
        highHours: quantile(0.95))
    }
  }

  /// Parts in the hands of these stations, finished ones that wait for room included.
  private func partsHeld(by path: Set<Int>, _ state: LineState) -> Int {
    var (machine, held) = (0, 0)
    for s in plant.stations.indices {
      for condition in state.stations[machine..<machine + plant.stations[s].machines].map(\.condition) where path.contains(s) {
        switch condition {
        case .idle: break
        case .failed(_, let holdsPart), .microstopped(_, let holdsPart): held += holdsPart ? 1 : 0
        case .working, .blocked: held += 1
        }
      }
      machine += plant.stations[s].machines
    }
    return held
  }
}
