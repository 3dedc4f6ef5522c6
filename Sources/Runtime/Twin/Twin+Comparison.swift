import Estimation
public import LineModel
import PlantModel
import Probability
public import Quantities
import Simulation

extension Twin {
  /// Compares what happened from `from` until `to` with what would have happened at the baseline set-points.
  ///
  /// For each window w the gain in good parts is ΔG + S, and realised − counterfactual is that gain:
  /// - ΔG: the twin run twice through the stops that were observed, on one posterior draw and one luck, at the set-points in force with the
  ///   cycle times that were measured since `from`, and at the baseline's with those measured before. Only the difference is used, so what
  ///   the twin gets wrong in both cancels.
  /// - S = Σₛ (nₛ·qₛ − kₛ): the rejects that nₛ parts would have had at the share qₛ of the reference period, less those that they had.
  ///
  /// A window's sd is that of S under qₛ (binomial, times the dispersion seen in the reference period) and of the simulation; `commonSD`
  /// that of qₛ and of the posterior, which all windows share. Set-points that `baseline` does not name are those at `from`. Times are rounded
  /// to the record's minutes; what the record no longer reaches, or does not reach yet (the allowed lateness), is left out.
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

    let range = start..<(start + count * window)
    let reference = referenceRange(before: start, baseline: before, window: window)
    let shares = RejectShares(minutes[reference], window: window, expecting: expectedShares(at: before))
    let flow = flowGain(range, reference: reference, baseline: before, shares: shares.mean, runs: runs, window: window)
    let prices = plant.prices
    let hour = 60 / Double(window)
    result.referenceWindows = reference.count / window
    for k in 0..<count {
      let slice = minutes[(start + k * window)..<(start + (k + 1) * window)]
      let closed = slice.reduce(0) { $0 + $1.stations.reduce(0) { $0 + $1.seconds.closed + $1.seconds.unknown } }
      guard closed < 0.5 * 60 * Double(window * plant.stations.count) else { continue }
      let unknown = slice.reduce(0) { $0 + $1.stations.reduce(0) { $0 + $1.seconds.unknown } }
      let spared = shares.spared(slice)
      let good = slice.reduce(0) { $0 + Double($1.good(record.sinks)) }
      let value = good * prices.good - slice.reduce(0) { $0 + Double($1.rejected) } * prices.scrap
      let gain = flow.good[k].mean + spared.mean
      let valueGain = prices.good * gain - prices.scrap * (flow.scrap[k].mean - spared.mean)
      let worth = prices.good + prices.scrap
      result.windows.append(
        Comparison.Window(
          start: Instant(seconds: Double(slice.first!.minute) * 60), end: Instant(seconds: Double(slice.last!.minute + 1) * 60),
          realised: good * hour, counterfactual: (good - gain) * hour, sd: (spared.variance + flow.good[k].variance + 0.25).squareRoot() * hour,
          realisedValue: value * hour, counterfactualValue: (value - valueGain) * hour,
          valueSD: (worth * worth * spared.variance + prices.good * prices.good * flow.good[k].variance + 0.25).squareRoot() * hour,
          missingShare: unknown / (60 * Double(window * plant.stations.count))))
    }
    let shared = shares.sharedVariance(minutes[range], windows: count)
    let worth = prices.good + prices.scrap
    result.commonSD = (shared + flow.sharedVariance).squareRoot() * hour
    result.commonValueSD = (worth * worth * shared + prices.good * prices.good * flow.sharedVariance).squareRoot() * hour
    return result
  }

  /// The newest stretch before `index` in which the baseline set-points were in force: whole windows, three hours at most. What lies between
  /// it and `index` (a change that settles, an earlier step of it) is passed over.
  private func referenceRange(before index: Int, baseline: Setpoints, window: Int) -> Range<Int> {
    var end = index
    while end > 0, !agrees(record.minutes[end - 1], baseline) { end -= 1 }
    var first = end
    while first > 0, end - first < 180, agrees(record.minutes[first - 1], baseline) { first -= 1 }
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

  /// What the posterior expects each station to reject at these set-points.
  private func expectedShares(at setpoints: Setpoints) -> [Double] {
    let lines = calibration.draws.map { $0.spec(of: plant, at: setpoints).stations.map(\.scrap) }
    return plant.stations.indices.map { s in lines.reduce(0) { $0 + $1[s] } / Double(max(lines.count, 1)) }
  }

  /// What speed alone gained, in parts per window.
  private struct FlowGain {
    var good: [(mean: Double, variance: Double)]
    var scrap: [(mean: Double, variance: Double)]
    /// Of the mean over windows, between posterior draws.
    var sharedVariance: Double
  }

  private func flowGain(
    _ range: Range<Int>, reference: Range<Int>, baseline: Setpoints, shares: [Double], runs: Int, window: Int
  ) -> FlowGain {
    let actual = setpoints(in: record.minutes[range.upperBound - 1])
    let with = replay(range, at: actual, runs: runs, as: Observed(work: workFactors(range), shares: shares))
    let without = replay(range, at: baseline, runs: runs, as: Observed(work: workFactors(reference), shares: shares))
    let count = range.count / window
    func gains(_ pick: (Replay) -> [Double]) -> [[Double]] {
      zip(with, without).map { a, b in
        (0..<count).map { k in (k * window..<(k + 1) * window).reduce(0) { $0 + pick(a)[$1] - pick(b)[$1] } }
      }
    }
    func moments(_ gains: [[Double]]) -> [(mean: Double, variance: Double)] {
      (0..<count).map { k in
        let mean = gains.reduce(0) { $0 + $1[k] } / Double(runs)
        let spread = gains.reduce(0) { $0 + ($1[k] - mean) * ($1[k] - mean) } / Double(runs - 1)
        return (mean, spread / Double(runs))
      }
    }
    let good = gains(\.good)
    let totals = good.map { $0.reduce(0, +) / Double(count) }
    let mean = totals.reduce(0, +) / Double(runs)
    let spread = totals.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(runs - 1)
    return FlowGain(good: moments(good), scrap: moments(gains(\.scrap)), sharedVariance: spread)
  }

  /// Measured seconds of work in a stretch over those that the calibration expects of the same products; 1 where too little was seen.
  private func workFactors(_ range: Range<Int>) -> [Double] {
    plant.stations.indices.map { s in
      var (measured, expected, parts) = (0.0, 0.0, 0)
      for minute in record.minutes[range] where minute.stations[s].cycleParts > 0 {
        measured += minute.stations[s].cycleSum
        expected += Double(minute.stations[s].cycleParts) * calibrator.stations[s].cycle(of: minute.stations[s].product).mean
        parts += minute.stations[s].cycleParts
      }
      return parts >= 30 && expected > 0 ? min(max(measured / expected, 0.7), 1.4) : 1
    }
  }
}

/// How many of a station's parts were rejected in the reference period: the counterfactual's share, and how far it may be trusted.
private struct RejectShares {
  let mean: [Double]
  /// Of the share itself.
  let variance: [Double]
  /// Variance of rejects over the binomial's: shares wander with their process.
  let dispersion: Double

  /// Weight of what the posterior expects, in parts.
  private static let prior = 60.0

  init(_ minutes: ArraySlice<LineMinute>, window: Int, expecting expected: [Double]) {
    var mean: [Double] = []
    var variance: [Double] = []
    var squares = 4 * 1.3
    var weight = 4.0
    let windows = stride(from: minutes.startIndex, to: minutes.endIndex, by: window).map { minutes[$0..<min($0 + window, minutes.endIndex)] }
    for s in expected.indices {
      let counts = windows.map { w in
        (n: w.reduce(0) { $0 + Double($1.stations[s].processed) }, k: w.reduce(0) { $0 + Double($1.stations[s].rejected) })
      }
      let n = counts.reduce(0) { $0 + $1.n }
      let q = (counts.reduce(0) { $0 + $1.k } + Self.prior * expected[s]) / (n + Self.prior)
      mean.append(q)
      variance.append(q * (1 - q) / (n + Self.prior))
      for (n, k) in counts where n * q > 1 {
        squares += (k - n * q) * (k - n * q) / (n * q * (1 - q))
        weight += 1
      }
    }
    (self.mean, self.variance) = (mean, variance)
    dispersion = max(1, squares / weight)
  }

  /// Rejects spared in a window against the reference's share, and their variance if nothing had changed.
  func spared(_ minutes: ArraySlice<LineMinute>) -> (mean: Double, variance: Double) {
    mean.indices.reduce((mean: 0, variance: 0)) { sum, s in
      let n = minutes.reduce(0) { $0 + Double($1.stations[s].processed) }
      let k = minutes.reduce(0) { $0 + Double($1.stations[s].rejected) }
      return (sum.mean + n * mean[s] - k, sum.variance + dispersion * n * mean[s] * (1 - mean[s]))
    }
  }

  /// Of the mean spared rejects per window, for want of knowing the shares better.
  func sharedVariance(_ minutes: ArraySlice<LineMinute>, windows: Int) -> Double {
    mean.indices.reduce(0) { sum, s in
      let n = minutes.reduce(0) { $0 + Double($1.stations[s].processed) } / Double(max(windows, 1))
      return sum + dispersion * n * n * variance[s]
    }
  }
}
