import Determinism
import Estimation
public import LineModel
import PlantModel
import Probability
public import Quantities
import Simulation

extension Twin {
  /// Forecasts the next `horizon` from the present state, at the present set-points or at others.
  ///
  /// Replication k runs on posterior draw k modulo their number, with its own luck and its own closures: these come at the rate and with
  /// the lengths that the plant has shown. Two forecasts under one calibration share their luck, so that their difference is the set-points'.
  /// - Complexity: a replication of an hour of a ten-station line takes about a millisecond.
  public func forecast(horizon: Duration, setpoints: Setpoints? = nil, replications: Int = 64) -> Forecast {
    let record = latest()
    let values = record.readBack.merging(setpoints ?? [:]) { $1 }
    let start = startState(record)
    let runs = simulateAhead(
      from: record, noting: Self.bandInstants(to: max(60, horizon.seconds)), setpoints: values, runs: max(2, replications), salt: "forecast",
      in: start)
    let hours = max(60, horizon.seconds) / 3600
    let points = runs.first?.curve.count ?? 0
    let bands = (0..<points).map { i in
      let sample = runs.map { Double($0.curve[i]) }.sorted()
      return Forecast.Band(
        minute: runs[0].minutes[i], p05: Ensemble.quantile(sample, 0.05), p25: Ensemble.quantile(sample, 0.25),
        p50: Ensemble.quantile(sample, 0.5), p75: Ensemble.quantile(sample, 0.75), p95: Ensemble.quantile(sample, 0.95))
    }
    func interval(_ value: (Ahead) -> Double) -> Forecast.Interval { Self.interval(runs.map { value($0) / hours }) }
    let prices = plant.prices
    return Forecast(
      at: record.clock ?? calibration.at, horizon: horizon, setpoints: values, calibration: calibration.id, replications: runs.count, bands: bands,
      goodPerHour: interval { Double($0.curve.last ?? 0) }, scrapPerHour: interval { Double($0.scrapped) },
      valuePerHour: interval { Double($0.curve.last ?? 0) * prices.good - Double($0.scrapped) * prices.scrap },
      outlook: outlook(
        of: runs, from: record, in: start, horizon: max(60, horizon.seconds), setpoints: values, salt: "forecast"))
  }

  /// One replication of the future.
  struct Ahead {
    var minutes: [Double]
    var curve: [Int]
    var scrapped: Int
    /// All that it gave.
    var result: LineResult
  }

  /// At most about 120 instants up to the horizon (s), every so many whole minutes, and the horizon itself.
  static func bandInstants(to horizon: Double) -> [Double] {
    let step = max(60, (horizon / 120 / 60).rounded(.up) * 60)
    return Array(stride(from: step, to: horizon, by: step)) + [horizon]
  }

  /// Good parts until each of these instants ahead, in rising order, at the present set-points: by the calibrated posterior, and by the plant folder
  /// as it was written.
  func goodAhead(at horizons: [Duration], runs: Int) -> (calibrated: [[Double]], design: [[Double]]) {
    let record = latest()
    let start = startState(record)
    func good(_ draws: [LineParameters]) -> [[Double]] {
      let ahead = simulateAhead(
        from: record, noting: horizons.map(\.seconds), setpoints: record.readBack, runs: runs, salt: "backtest", in: start, draws: draws)
      return horizons.indices.map { h in ahead.map { Double($0.curve[h]) } }
    }
    return (good(calibration.draws), good([LineParameters.design(plant)]))
  }

  /// The luck of the forecasts that `salt` names. It is another with every calibration: what is wrong with so few replications must not be wrong in
  /// the same way for ever.
  func luck(_ salt: String) -> RandomStream {
    RandomStream(seed: seed, "twin", salt).split(Int(truncatingIfNeeded: calibration.at.nanoseconds))
  }

  /// - Parameters:
  ///   - instants: seconds ahead, rising, at which good parts are counted; the last is the horizon.
  ///   - salt: names the luck.
  ///   - state: where every replication begins.
  ///   - given: other draws than the calibration's.
  func simulateAhead(
    from record: LineRecord, noting instants: [Double], setpoints: Setpoints, runs: Int, salt: String, in state: LineState,
    draws given: [LineParameters]? = nil
  ) -> [Ahead] {
    let horizon = instants[instants.count - 1]
    let now = record.clock ?? Instant(seconds: 0)
    let moment = LineRecord.moment(now)
    let interruptions = record.interruptions(at: now)
    let intervals = record.supplyIntervals
    let recording = Recording(instants: instants)
    let draws = given ?? calibration.draws
    let stream = luck(salt)
    var dice = stream.split("line")
    let seed = dice.next()
    let overruns = plant.stations.indices.map(record.overrun(of:))
    let isPlanned = plant.stations.indices.contains { record.calendar(of: $0) != nil }
    // A calendar that counts from a simulation's beginning says nothing of today: what was seen of it stands among the interruptions.
    let planned = plant.stations.indices.map { s in Self.unrolled(record.calendar(of: s), from: moment, to: horizon, longerBy: overruns[s]) }
    let closed = plant.sources.map { source in
      Self.unrolled(source.calendar.flatMap(plant.calendar(named:)).flatMap { $0.followsWeek ? $0 : nil }, from: moment, to: horizon, longerBy: 0)
    }
    var result: [Ahead] = []
    for run in 0..<runs {
      var line = draws[run * draws.count / runs % draws.count].spec(of: plant, at: setpoints, startingAt: moment)
      supply(&line, intervals)
      // Where a calendar says when people are away, only what was seen besides is to be expected besides.
      let closures = Self.closures(
        interruptions.closures, interruptions.observed, horizon: horizon, prior: isPlanned ? nil : 900, stream.split("closures").split(run))
      for s in line.stations.indices {
        var own = closures
        own += Self.closures(
          interruptions.own[s], interruptions.observed, horizon: horizon, prior: nil,
          stream.split("own closures").split(run).split(plant.stations[s].name))
        own += planned[s]
        if record.stations[s].activity == .closed {
          var left = stream.split("open closure").split(run).split(plant.stations[s].name)
          own.insert(ClosureSpec(start: 0, end: residual(of: s, line.stations[s], record, now, interruptions, overruns[s], &left)), at: 0)
        }
        (line.stations[s].closures, line.stations[s].closurePeriod) = (Self.merged(own), nil)
      }
      for k in line.sources.indices where !line.sources[k].campaign.isEmpty {
        var place = stream.split("campaign").split(run).split(line.sources[k].name)
        guard let campaign = record.campaign(k, line.sources[k].campaign, place.uniform()) else { continue }
        (line.sources[k].campaign, line.sources[k].campaignDone) = campaign
      }
      if !interruptions.gaps.isEmpty {
        for k in line.sources.indices {
          let gaps = Self.closures(
            interruptions.gaps, interruptions.observed, horizon: horizon, prior: nil, stream.split("gaps").split(run).split(line.sources[k].name))
          (line.sources[k].outages, line.sources[k].outagePeriod) = (Self.merged(closed[k] + gaps), nil)
        }
      }
      // A failed station that never fails in the design has no repair law to end by: it counts as closed for a while.
      guard
        let outcome = try? simulate(
          line: line, state: fitted(state, to: line), seed: seed, replication: run, horizon: horizon, recording: recording)
      else { continue }
      result.append(Ahead(minutes: recording.instants.map { $0 / 60 }, curve: outcome.curve, scrapped: outcome.scrapped, result: outcome))
    }
    return result
  }

  func supply(_ line: inout LineSpec, _ intervals: [Double?]) {
    for (k, mean) in intervals.enumerated() where mean != nil {
      line.sources[k].interval = .gamma(mean: mean!, cv: min(max(plant.sources[k].interval.cv, 0.05), 2))
    }
  }

  /// A start that the line can have: no stop under way where there is no law for it.
  func fitted(_ state: LineState, to line: LineSpec) -> LineState {
    var state = state
    var machine = 0
    for station in line.stations {
      for _ in 0..<station.machines {
        switch state.stations[machine].condition {
        case .failed where station.failure == nil, .microstopped where station.microstop == nil: state.stations[machine].condition = .idle
        case .blocked where station.output == nil: state.stations[machine].condition = .idle
        default: break
        }
        machine += 1
      }
    }
    return state
  }

  /// Interruptions at random: Poisson at the observed rate (plus half an event in three hours where there is a prior length), each as long
  /// as one of those observed or the prior's.
  static func closures(_ lengths: [Double], _ observed: Double, horizon: Double, prior: Double?, _ stream: RandomStream) -> [ClosureSpec] {
    var stream = stream
    let events = Double(lengths.count) + (prior == nil ? 0 : 0.5)
    let rate = events / (observed + 10_800)
    guard rate > 0 else { return [] }
    var closures: [ClosureSpec] = []
    var t = stream.exponential() / rate
    while t < horizon {
      let pick = stream.uniform() * events
      let length = pick < Double(lengths.count) ? lengths[Int(pick)] : stream.exponential() * (prior ?? 600)
      closures.append(ClosureSpec(start: t, end: t + length))
      t += length + stream.exponential() / rate
    }
    return closures
  }

  /// What a calendar closes within a forecast from `moment`, a point of its week, written out; nothing without one.
  static func unrolled(_ calendar: WorkCalendar?, from moment: Duration, to horizon: Double, longerBy late: Double) -> [ClosureSpec] {
    guard let calendar, let period = calendar.period?.seconds else { return [] }
    let spans = calendar.closed(from: moment)
    return stride(from: 0, to: horizon, by: period).flatMap { shift in
      spans.lazy.filter { $0.start + shift < horizon }.map { ClosureSpec(start: $0.start + shift, end: max($0.start, $0.end + late) + shift) }
    }
  }

  /// How long a closure that lasts already will go on: a break to its planned end, a set-up or a new tool by its law, anything else as those did
  /// that lasted longer, or half as long again.
  private func residual(
    of s: Int, _ spec: StationSpec, _ record: LineRecord, _ now: Instant, _ interruptions: Interruptions, _ late: Double,
    _ stream: inout RandomStream
  ) -> Double {
    guard let last = record.stops[s].last, last.end == nil else { return 60 }
    let elapsed = last.length(at: now)
    let law: Law? =
      switch record.purpose(of: last, at: s) {
      case .changeover: spec.setup?.matrix.lazy.flatMap { $0 }.compactMap { $0 }.first
      case .replacement: spec.wear?.replacement
      case .planned, .other: nil
      }
    if let law { return law.sampleResidual(after: elapsed, &stream) }
    if let span = record.plannedSpan(s, at: last.start) { return max(5, span.left + late - elapsed) }
    let own = record.closureLengths(s, record.purpose(of: last, at: s)).map(\.length)
    let longer = (own.isEmpty ? interruptions.closures : own).filter { $0 > elapsed }
    if longer.isEmpty { return elapsed * stream.exponential() * 0.5 + 30 }
    return longer[stream.integer(below: longer.count)] - elapsed
  }

  static func merged(_ closures: [ClosureSpec]) -> [ClosureSpec] {
    var result: [ClosureSpec] = []
    for closure in closures.sorted(by: { $0.start < $1.start }) where closure.end > closure.start {
      if let last = result.last, closure.start <= last.end {
        result[result.count - 1].end = max(last.end, closure.end)
      } else {
        result.append(closure)
      }
    }
    return result
  }
}
