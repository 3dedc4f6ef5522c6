import Estimation
import LineModel
import PlantModel
import Probability
import Quantities
import Simulation

/// The twin driven through a recorded stretch by the stops that happened in it: parts by minute.
struct Replay: Sendable {
  var good: [Double]
  var scrap: [Double]
}

/// What was measured in a stretch and takes the place of what the posterior holds: by station, a factor on its work and its share of rejects.
struct Observed: Sendable {
  var work: [Double]
  var shares: [Double]
}

extension Twin {
  /// Replays minutes of the record at other set-points. Breakdowns, breaks, changeovers and gaps in supply happen as they did; short
  /// stops too, but longer or shorter by the ratio of their rates at the two speeds. Only work and scrap are left to chance.
  func replay(_ range: Range<Int>, at setpoints: Setpoints, runs: Int, as observed: Observed) -> [Replay] {
    let minutes = record.minutes
    let draws = calibration.draws
    let state = startState(range.lowerBound)
    // A line's spec holds one product's cycle times: cut where a station changes over.
    var cuts = [range.lowerBound]
    for i in range.dropFirst() where zip(minutes[i].stations, minutes[i - 1].stations).contains(where: { $0.product != $1.product }) {
      cuts.append(i)
    }
    cuts.append(range.upperBound)
    return (0..<runs).map { run in
      let draw = draws[run * draws.count / runs % draws.count]
      var state = state
      var replay = Replay(good: [], scrap: [])
      for (a, b) in zip(cuts, cuts.dropFirst()) {
        let line = line(for: a..<b, draw: draw, at: setpoints, as: observed)
        let horizon = Double(b - a) * 60
        guard
          let outcome = try? simulate(
            line: line, state: fitted(state, to: line), seed: seed &+ UInt64(a - range.lowerBound), replication: run, horizon: horizon,
            recording: .curve(every: 60, to: horizon))
        else {
          replay.good += Array(repeating: 0, count: b - a)
          replay.scrap += Array(repeating: 0, count: b - a)
          continue
        }
        let good = zip(outcome.curve, [0] + outcome.curve.dropLast()).map { Double($0 - $1) }
        replay.good += good
        // Scrap falls where parts are made; only its total is simulated by the minute's share of good parts.
        let total = max(good.reduce(0, +), 1)
        replay.scrap += good.map { Double(outcome.scrapped) * $0 / total }
        state = outcome.final
      }
      return replay
    }
  }

  /// Where the line stood when a recorded minute began. What is left of a stop is in the closures.
  private func startState(_ index: Int) -> LineState {
    let minute = record.minutes[index]
    return LineState(
      levels: minute.levels,
      stations: minute.activities.enumerated().flatMap { s, activity in
        let full = record.outputs[s].map { minute.levels[$0] >= record.levels[$0].capacity } ?? false
        let condition: StationState.Condition =
          switch activity {
          case .waiting: full ? .blocked : .idle
          case .unknown: .idle
          case .running, .failed, .microstopped, .closed: .working(elapsed: calibration.draws[0].stations[s].cycle / 2)
          }
        return record.oneForEachMachine(of: s, StationState(condition: condition))
      })
  }

  private func line(for range: Range<Int>, draw: LineParameters, at setpoints: Setpoints, as observed: Observed) -> LineSpec {
    let minutes = record.minutes
    var line = draw.spec(of: plant, at: setpoints)
    supply(&line, record.supplyIntervals)
    let start = Instant(seconds: Double(minutes[range.lowerBound].minute) * 60)
    let end = Instant(seconds: Double(minutes[range.upperBound - 1].minute + 1) * 60)
    for s in line.stations.indices {
      let p = draw.stations[s]
      // The draws hold the cycle of the product made now.
      let product = minutes[range.lowerBound].stations[s].product
      let now = calibrator.stations[s].cycle(of: record.stations[s].product).mean
      let then = calibrator.stations[s].cycle(of: product).mean
      let speed = roles.speedSetpoint[s].map { setpoints[roles.setpoints[$0].tag] ?? roles.setpoints[$0].design }
      let ratio = speed.map { $0 / plant.stations[s].speed!.rated } ?? 1
      line.stations[s].cycle = .gamma(mean: p.cycle * then / now / ratio * observed.work[s], cv: max(p.cycleCV, 0.01))
      line.stations[s].scrap = observed.shares[s]
      (line.stations[s].failure, line.stations[s].microstop) = (nil, nil)
      var closures: [ClosureSpec] = []
      for stop in record.stops[s] where stop.start < end && (stop.end ?? end) > start {
        var length = min((stop.end ?? end), end).seconds - max(stop.start, start).seconds
        if stop.activity == .microstopped, stop.ratio > 0, ratio > 0 {
          length *= rateRatio(p.microstopExponent, ratio / stop.ratio)
        } else if stop.activity == .failed, stop.ratio > 0, ratio > 0 {
          length *= rateRatio(p.failureExponent, ratio / stop.ratio)
        }
        let begin = max(0, (stop.start - start).seconds)
        closures.append(ClosureSpec(start: begin, end: begin + length))
      }
      (line.stations[s].closures, line.stations[s].closurePeriod) = (Self.merged(closures), nil)
      // What set-ups, tools and products did is in the closures and in the cycle.
      line.stations[s].stoppages = []
      (line.stations[s].setup, line.stations[s].wear, line.stations[s].productCycles) = (nil, nil, [])
    }
    for k in line.sources.indices { line.sources[k].campaign = [] }
    for (k, gaps) in record.supplyGaps(range).enumerated() {
      (line.sources[k].interruption, line.sources[k].outagePeriod) = (nil, nil)
      line.sources[k].outages = gaps.map { ClosureSpec(start: $0.start * 60, end: $0.end * 60) }
    }
    return line
  }

  /// r^e: how much more often a station stops at r times the speed.
  private func rateRatio(_ exponent: Double, _ r: Double) -> Double { r == 1 ? 1 : min(max(power(r, exponent), 0.1), 10) }
}
