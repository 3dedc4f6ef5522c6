import Determinism
import Estimation
import LineModel
import Quantities

extension ValidityMonitor {
  /// Forms the residuals of what has been recorded since the last review, against the belief that the calibrator held beforehand.
  mutating func review(_ record: LineRecord, _ calibrator: Calibrator, at now: Instant) -> [Finding] {
    defer { reviewed = now }
    guard let from = reviewed else { return [] }
    var changes: [Finding] = []
    let first = Int64((from.seconds / 60).rounded())
    let minutes = record.minutes.suffix(while: { $0.minute >= first })
    let draws = calibrator.draws(record)
    if let latest = minutes.last?.setpoints {
      if let setpointsSeen, setpointsSeen != latest { setpointsMoved = now }
      setpointsSeen = latest
    }
    for s in stationNames.indices {
      if !record.isRunningIn(s, at: now), let change = cycle(s, minutes, calibrator, at: now) { changes.append(change) }
      if let change = scrap(s, minutes, calibrator, at: now) { changes.append(change) }
      changes += stops(s, record, calibrator, draws, from, now)
    }
    return changes
  }

  private mutating func cycle(_ s: Int, _ minutes: ArraySlice<LineMinute>, _ calibrator: Calibrator, at now: Instant) -> Finding? {
    let posterior = calibrator.stations[s]
    guard let product = minutes.last?.stations[s].product, minutes.allSatisfy({ $0.stations[s].product == product }),
      product < posterior.cycles.count, let belief = posterior.cycles[product]
    else { return nil }
    var (parts, sum, readings, told) = (0, 0.0, 0, 0.0)
    for minute in minutes {
      let m = minute.stations[s]
      parts += m.cycleParts
      sum += m.cycleSum
      readings += m.speedReadings
      told += m.speedSum
    }
    let observed: Double
    let error: Double
    if parts >= 20 {
      observed = sum / Double(parts)
      error = posterior.cycleCV * belief.mean / Double(parts).squareRoot()
    } else if readings >= 2 {
      observed = told / Double(readings)
      error = 0.01 * belief.mean / Double(readings).squareRoot()
    } else {
      return nil
    }
    // One and a half per cent is what products, wear, clocks and short starving may do without anybody calling it a change.
    let sd = (belief.sd * belief.sd + error * error + 0.015 * 0.015 * belief.mean * belief.mean).squareRoot()
    return take((observed - belief.mean) / sd * trust(at: now), s, .cycle, at: now, expected: belief.mean, observed: observed)
  }

  private mutating func scrap(_ s: Int, _ minutes: ArraySlice<LineMinute>, _ calibrator: Calibrator, at now: Instant) -> Finding? {
    let draws = calibrator.scrap[s].draws(32)
    var expected = [Double](repeating: 0, count: draws.count)
    var (parts, rejects) = (0, 0)
    for minute in minutes where minute.stations[s].processed > 0 {
      let n = minute.stations[s].processed
      guard calibrator.share(draws[0], s, minute) != nil else { continue }
      parts += n
      rejects += minute.stations[s].rejected
      for d in draws.indices { expected[d] += Double(n) * (calibrator.share(draws[d], s, minute) ?? 0) }
    }
    guard parts >= 50 else { return nil }
    let mean = expected.reduce(0, +) / Double(draws.count)
    let variance = expected.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws.count - 1)
    // The square root of a count is the more nearly normal; shares drift by a sixth within a quarter of an hour on real lines.
    let spread = variance + mean + 0.025 * mean * mean + 0.25
    let z = 2 * ((Double(rejects) + 0.375).squareRoot() - (mean + 0.375).squareRoot()) * (mean / spread).squareRoot()
    return take(z * trust(at: now), s, .scrap, at: now, expected: mean / Double(parts), observed: Double(rejects) / Double(parts))
  }

  /// How much a residual of work or scrap weighs: half for an hour after set-points have moved, because what was believed of the new ones
  /// was extrapolated. A move is judged by its evidence, not taken for a drift of the plant.
  private func trust(at now: Instant) -> Double { setpointsMoved.map { (now - $0).hours < 1 ? 0.5 : 1 } ?? 1 }

  private mutating func stops(
    _ s: Int, _ record: LineRecord, _ calibrator: Calibrator, _ draws: [LineParameters], _ from: Instant, _ now: Instant
  ) -> [Finding] {
    var changes: [Finding] = []
    let posterior = calibrator.stations[s]
    for stop in record.stops[s] {
      if stop.start > from, stop.start <= now, stop.operated > 0 {
        let kind: ResidualKind? = stop.activity == .failed ? .failures : stop.activity == .microstopped ? .microstops : nil
        if let kind {
          let intervals = draws.map { draw in
            let p = draw.stations[s]
            return kind == .failures
              ? p.mtbf / Portable.pow(stop.ratio, p.failureExponent) : p.microstopInterval / Portable.pow(stop.ratio, p.microstopExponent)
          }
          let known = intervals.filter { $0.isFinite && $0 > 0 }
          if !known.isEmpty {
            let survival = known.reduce(0) { $0 + Portable.exp(-stop.operated / $1) } / Double(known.count)
            let mean = known.reduce(0, +) / Double(known.count)
            let exponent = (kind == .failures ? posterior.failures : posterior.microstops)?.exponent ?? 0
            // Its own test takes operating time at the rated speed.
            if let change = take(
              StandardScore.of(1 - survival), s, kind, at: stop.start, expected: mean, observed: stop.operated,
              value: stop.operated * Portable.pow(max(stop.ratio, 0.1), exponent))
            {
              changes.append(change)
            }
          }
        }
      }
      let lengths: (kind: ResidualKind, law: ActivityPosterior)? =
        stop.activity == .failed ? (.repairs, posterior.repairs) : stop.activity == .microstopped ? (.shortStops, posterior.lengths) : nil
      if let lengths, let end = stop.end, end > from, end <= now, stop.length(at: now) > 0 {
        let length = stop.length(at: now)
        if let change = take(
          StandardScore.of(lengths.law.predictiveCDF(length)), s, lengths.kind, at: end, expected: lengths.law.mean, observed: length, value: length,
          from: stop.start)
        {
          changes.append(change)
        }
      }
    }
    return changes
  }
}

extension Array {
  /// The longest tail whose elements all satisfy the condition.
  func suffix(while condition: (Element) -> Bool) -> ArraySlice<Element> {
    var start = endIndex
    while start > startIndex, condition(self[start - 1]) { start -= 1 }
    return self[start...]
  }
}
