import Estimation
public import LineModel
import PlantModel
public import Quantities

extension Twin {
  /// Compares what happened from `from` until `to` with what would have happened at the baseline set-points.
  ///
  /// Set-points that `baseline` does not name are taken as the design's read-back at `from`. Times are rounded to the record's minutes;
  /// what the record no longer reaches, or does not reach yet (the allowed lateness), is left out.
  /// - Parameter runs: replications; each on its own posterior draw.
  public func comparison(from: Instant, to: Instant, baseline: Setpoints, runs: Int = 16) -> Comparison {
    let window = max(1, Int(configuration.comparisonWindow.minutes))
    let minutes = record.minutes
    let first = Int64((from.seconds / 60).rounded(.up))
    let last = Int64((to.seconds / 60).rounded(.down))
    let start = minutes.firstIndex { $0.minute >= first } ?? minutes.count
    let end = minutes.firstIndex { $0.minute >= last } ?? minutes.count
    var before = start > 0 ? setpoints(in: minutes[start - 1]) : record.readBack
    before.merge(baseline) { $1 }
    var result = Comparison(
      from: from, to: to, baseline: before, calibration: calibration.id, windows: [], commonSD: 0, commonValueSD: 0, referenceWindows: 0)
    let count = (end - start) / window
    guard count > 0, runs > 1 else { return result }

    let test = replay(start..<(start + count * window), at: before, runs: runs)
    let reference = referenceRange(before: start, baseline: before, window: window)
    let past = reference.isEmpty ? [] : replayInHours(reference, at: before, runs: runs, window: window)
    let hour = 60 / Double(window)
    for objective in [Objective.goodPartsPerHour, .valuePerHour] {
      let worth = { (good: Double, scrap: Double) in objective == .goodPartsPerHour ? good : good * plant.prices.good - scrap * plant.prices.scrap }
      let judged = Judged(
        test: test.map { windows($0, window, worth) }, realised: realised(start..<(start + count * window), window, worth),
        past: past.map { windows($0, window, worth) }, pastRealised: realised(reference, window, worth),
        open: openWindows(start..<(start + count * window), window), pastOpen: openWindows(reference, window))
      if objective == .goodPartsPerHour {
        result.windows = (0..<count).map { k in
          let a = start + k * window
          let unknown = minutes[a..<(a + window)].reduce(0) { $0 + $1.stations.reduce(0) { $0 + $1.seconds.unknown } }
          return Comparison.Window(
            start: Instant(seconds: Double(minutes[a].minute) * 60), end: Instant(seconds: Double(minutes[a + window - 1].minute + 1) * 60),
            realised: judged.realised[k] * hour, counterfactual: judged.counterfactual[k] * hour, sd: judged.sd[k] * hour, realisedValue: 0,
            counterfactualValue: 0, valueSD: 0, missingShare: unknown / (60 * Double(window * plant.stations.count)))
        }
        result.commonSD = judged.commonSD * hour
        result.referenceWindows = judged.references
      } else {
        for k in 0..<count {
          result.windows[k].realisedValue = judged.realised[k] * hour
          result.windows[k].counterfactualValue = judged.counterfactual[k] * hour
          result.windows[k].valueSD = judged.sd[k] * hour
        }
        result.commonValueSD = judged.commonSD * hour
      }
    }
    let open = openWindows(start..<(start + count * window), window)
    result.windows = zip(result.windows, open).filter(\.1).map(\.0)
    return result
  }

  /// The newest stretch before `index` in which the baseline set-points were in force: whole windows, two hours at most. What lies between
  /// it and `index` (a change that settles, an earlier step of it) is passed over.
  private func referenceRange(before index: Int, baseline: Setpoints, window: Int) -> Range<Int> {
    var end = index
    while end > 0, !agrees(record.minutes[end - 1], baseline) { end -= 1 }
    var first = end
    while first > 0, end - first < 120, agrees(record.minutes[first - 1], baseline) { first -= 1 }
    let whole = (end - first) / window * window
    return (end - whole)..<end
  }

  private func agrees(_ minute: LineMinute, _ setpoints: Setpoints) -> Bool {
    zip(roles.setpoints, minute.setpoints).allSatisfy { spec, value in
      abs(value - (setpoints[spec.tag] ?? value)) <= 0.002 * max(spec.high - spec.low, 1e-9)
    }
  }

  func setpoints(in minute: LineMinute) -> Setpoints {
    Dictionary(uniqueKeysWithValues: zip(roles.setpoints, minute.setpoints).map { ($0.tag, $1) })
  }

  /// Windows in which the line was not closed for most of the time.
  private func openWindows(_ range: Range<Int>, _ window: Int) -> [Bool] {
    stride(from: range.lowerBound, to: range.upperBound, by: window).map { a in
      let closed = record.minutes[a..<(a + window)].reduce(0) { $0 + $1.stations.reduce(0) { $0 + $1.seconds.closed + $1.seconds.unknown } }
      return closed < 0.5 * 60 * Double(window * plant.stations.count)
    }
  }

  private func realised(_ range: Range<Int>, _ window: Int, _ worth: (Double, Double) -> Double) -> [Double] {
    stride(from: range.lowerBound, to: range.upperBound, by: window).map { a in
      let slice = record.minutes[a..<(a + window)]
      return worth(
        slice.reduce(0) { $0 + Double($1.good(record.sinks)) }, slice.reduce(0) { $0 + Double($1.rejected) })
    }
  }

  private func windows(_ run: Replay, _ window: Int, _ worth: (Double, Double) -> Double) -> [Double] {
    stride(from: 0, to: run.good.count, by: window).map { a in
      worth(run.good[a..<(a + window)].reduce(0, +), run.scrap[a..<(a + window)].reduce(0, +))
    }
  }
}

/// Reality against replays, window by window, after the twin's mean error has been taken out.
private struct Judged {
  var realised: [Double]
  var counterfactual: [Double]
  var sd: [Double]
  var commonSD: Double
  var references: Int

  /// Each run's own mean error over the reference windows is taken from its own counterfactual, so that what a draw gets wrong at the
  /// baseline set-points cancels; the mean is shrunk as if two windows without error had been
  /// seen, and weighs less in a window in which less is made. The spread of a window is that of the
  /// errors in the reference period, with a prior of 4 % of the mean worth four windows, plus the simulation's own.
  init(test: [[Double]], realised: [Double], past: [[Double]], pastRealised: [Double], open: [Bool], pastOpen: [Bool]) {
    self.realised = realised
    let runs = Double(test.count)
    let used = pastOpen.indices.filter { pastOpen[$0] }
    let n = Double(used.count)
    references = used.count
    let corrected = test.indices.map { r -> [Double] in
      guard n > 0 else { return test[r] }
      let error = used.reduce(0) { $0 + pastRealised[$1] - past[r][$1] } / (n + 2)
      let level = used.reduce(0) { $0 + past[r][$1] } / n
      guard level > 0 else { return test[r] }
      return test[r].map { $0 + error * min(max($0 / level, 0), 2) }
    }
    counterfactual = realised.indices.map { k in corrected.reduce(0) { $0 + $1[k] } / runs }
    let errors = used.map { k in pastRealised[k] - past.reduce(0) { $0 + $1[k] } / Double(past.count) }
    let mean = n > 0 ? errors.reduce(0, +) / n : 0
    let level = abs(counterfactual.reduce(0, +)) / Double(max(counterfactual.count, 1))
    let prior = 0.04 * level + 1
    let variance = (4 * prior * prior + errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }) / (4 + max(n - 1, 0))
    // The spread between runs in one window holds their luck; the spread of their means over all windows is shared.
    let totals = corrected.map { run in run.reduce(0, +) / Double(max(run.count, 1)) }
    let totalMean = totals.reduce(0, +) / runs
    let shared = totals.reduce(0) { $0 + ($1 - totalMean) * ($1 - totalMean) } / (runs - 1)
    let counterfactual = counterfactual
    sd = realised.indices.map { k in
      let luck = corrected.reduce(0) { $0 + ($1[k] - counterfactual[k]) * ($1[k] - counterfactual[k]) } / (runs - 1) / runs
      return (variance + luck).squareRoot()
    }
    commonSD = (shared + variance / (n + 2)).squareRoot()
  }
}
