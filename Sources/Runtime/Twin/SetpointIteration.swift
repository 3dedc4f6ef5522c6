internal import Determinism
internal import LineModel
internal import LinearAlgebra
internal import LoopStability
internal import PlantModel

/// The feedback of a set-point loop, seen as an iteration u ← T(u): the line runs at u, calibration learns from that, the optimum of what is believed
/// is the next u. What a certificate needs of it is its slope, (du*/dθ)(dθ/du), where the loop settles.
///
/// The plant is not known; each draw of the posterior is taken as one in turn. What such a plant shows at u (a station's share of spoilt parts, its
/// rates of failures and of short stops) weights the draws as the counts of the whole memory would, had the line stood at u:
///
///     wⱼ ∝ exp(−(sⱼ(u) − s(u))²/2v),  v the counts' variance + Silverman's bandwidth² of the draws
///
/// and u* follows: for a process variable the least expected scrap, Σwκo/Σwκ; for a speed the best worth per hour of its station alone. The
/// station alone answers at least as strongly as in its line, where buffers and a bottleneck elsewhere take from what its speed is worth.
/// Nothing is simulated. A member's slope is taken where the loop settles, and it does not settle where it knows nothing yet (`jacobian(of:)`).
///
/// - Source: for the weighting, M. A. Beaumont, W. Zhang, D. J. Balding 2002, doi:10.1093/genetics/162.4.2025; B. W. Silverman 1986.
struct SetpointIteration: Sendable {
  /// The tags that move, sorted: the order of u.
  let tags: [String]
  let limits: [TagLimit]
  let start: [Double]
  let scrapHours: Double
  let stopHours: Double
  private let prices: (good: Double, scrap: Double)
  /// By place in u: the rated speed and the station, where the tag is a speed.
  private let speeds: [(place: Int, station: Int, rated: Double)]
  private let responses: [Responses]
  /// As far as one change may take a set-point: an eighth of a variable's range, as the optimiser probes, a tenth of a rated speed.
  private let longest: [Double]

  /// - Parameters:
  ///   - moves: what the loop may move; tags without limits, or that act on nothing, are left out.
  ///   - base: the set-points in force.
  ///   - scrapHours, stopHours: of production that calibration remembers, of scrap and of stops.
  /// - Precondition: at least two draws.
  init(
    plant: Plant, draws: [LineParameters], moves: [String], limits: [TagLimit], base: Setpoints, scrapHours: Double, stopHours: Double
  ) {
    precondition(draws.count >= 2, "\(draws.count) draws are no ensemble")
    (self.scrapHours, self.stopHours) = (scrapHours, stopHours)
    prices = (plant.prices.good, plant.prices.scrap)
    var (tags, kept, speeds): ([String], [TagLimit], [(place: Int, station: Int, rated: Double)]) = ([], [], [])
    var variables: [String: Int] = [:]
    for tag in moves.sorted() {
      guard let limit = limits.first(where: { $0.tag == tag }) else { continue }
      if let s = plant.stations.firstIndex(where: { $0.speed?.setpoint.tag == tag }), let speed = plant.stations[s].speed {
        speeds.append((tags.count, s, speed.rated))
      } else if let v = plant.stations.flatMap(\.processVariables).first(where: { $0.setpoint?.tag == tag }),
        draws[0].stations.contains(where: { $0.scrap.terms.contains { $0.variable == v.tag } })
      {
        variables[v.tag] = tags.count
      } else {
        continue
      }
      tags.append(tag)
      kept.append(limit)
    }
    (self.tags, self.limits, self.speeds) = (tags, kept, speeds)
    var longest = kept.map { max(($0.high - $0.low) / 8, 1e-9) }
    for speed in speeds { longest[speed.place] = max(0.1 * speed.rated, 1e-9) }
    self.longest = longest
    start = tags.indices.map { min(max(base[tags[$0]] ?? kept[$0].low, kept[$0].low), kept[$0].high) }
    let values = plant.processValues(at: base)
    responses = plant.stations.indices.map { s in
      let grid = speeds.first { $0.station == s }.map { speed in
        let limit = kept[speed.place]
        return limit.low / speed.rated...max(limit.high, limit.low) / speed.rated
      }
      return Responses(
        draws.map { $0.stations[s] }, ratio: max(plant.stations[s].speedRatio(at: base), 1e-6), values: values, places: variables, grid: grid)
    }
  }

  private var count: Int { responses.first?.base.count ?? 0 }

  /// The slope of T at the place where the loop settles, n×n for the n tags, for each plant of the ensemble that a certificate is issued on:
  /// every draw. Nil for a plant on which it settles nowhere.
  var jacobians: [Matrix?] { (0..<count).map(jacobian) }

  /// On the plant that draw j describes, where the loop settles.
  ///
  /// A place that repels, a slope above 1, is none where it settles. Such is the start of a loop that has never moved: what is seen at one place
  /// cannot tell an optimum on one side from one on the other, and the first step, to whatever side, teaches which. The governed loop leaves such a
  /// place by a step that is judged, so one that makes this plant better; from there it goes on. What repels after a step of every set-point
  /// is no ignorance any more but a loop that chases its own tail, and its slope stands for the member.
  private func jacobian(of draw: Int) -> Matrix? {
    var place = settled(from: start, draw)
    for _ in tags {
      guard let u = place else { return nil }
      let jacobian = slope(at: u, draw)
      guard jacobian.realParts.upperBound >= 1, let k = tags.indices.max(by: { jacobian[$0, $0] < jacobian[$1, $1] }) else { return jacobian }
      place = settled(from: stepped(u, k, draw), draw)
    }
    return place.map { slope(at: $0, draw) }
  }

  /// Between two places that are one change apart: a slope over less would be that of the optimiser's rounding, and of the luck of the draws.
  private func slope(at u: [Double], _ draw: Int) -> Matrix { iterationJacobian(at: u, steps: longest.map { 0.5 * $0 }) { next($0, draw) } }

  /// Where the loop comes to rest by itself; nil where it has not in 64 moves.
  ///
  /// Each move is no longer than one change may be, and as much shorter as memory makes it: what is believed goes a share of the way to what the
  /// newest period shows, so that an overshoot is worked off. A set-point that turns back goes half as far from then on, one that does not a fifth
  /// farther, to half of the way. Jumping to each target in full, a loop with a slope below −1 would go back and forth for ever, and be looked at
  /// wherever it happened to be. At rest is a set-point that moves by less than a hundredth of a change: also where its target jumps from one side
  /// to the other, as a searched speed's does.
  ///
  /// - Source: for the steps, M. Riedmiller, H. Braun 1993, doi:10.1109/ICNN.1993.298623.
  private func settled(from start: [Double], _ draw: Int) -> [Double]? {
    var u = start
    var share = [Double](repeating: 0.5, count: u.count)
    var last = [Double](repeating: 0, count: u.count)
    for _ in 0..<64 {
      let target = next(u, draw)
      var isAtRest = true
      for k in u.indices {
        let error = target[k] - u[k]
        share[k] = error * last[k] < 0 ? 0.5 * share[k] : min(1.2 * share[k], 0.5)
        let move = min(max(share[k] * error, -longest[k]), longest[k])
        if abs(move) >= 0.01 * longest[k] { isAtRest = false }
        u[k] += move
        last[k] = error
      }
      if isAtRest { return u }
    }
    return nil
  }

  /// One step of a set-point to the side on which this plant makes more: what the judge lets stand.
  private func stepped(_ u: [Double], _ k: Int, _ draw: Int) -> [Double] {
    func at(_ sign: Double) -> [Double] {
      var moved = u
      moved[k] = min(max(u[k] + sign * longest[k], limits[k].low), limits[k].high)
      return moved
    }
    let (up, down) = (at(1), at(-1))
    return worth(of: draw, at: up) >= worth(of: draw, at: down) ? up : down
  }

  /// T(u), inside the limits.
  private func next(_ u: [Double], _ draw: Int) -> [Double] { target(responses.indices.map { belief(of: $0, at: u, draw) }, from: u) }

  // MARK: - What the plant teaches

  /// Weights of the draws, each list summing to 1, by what was seen of a station's scrap, failures and short stops.
  private struct Belief {
    var scrap: [Double]
    var failure: [Double]
    var shortStop: [Double]
  }

  private func belief(of s: Int, at u: [Double], _ draw: Int) -> Belief {
    let response = responses[s]
    let ratio = speeds.first { $0.station == s }.map { max(u[$0.place], 1e-6) / $0.rated } ?? response.ratio
    let said = (0..<count).map { response.share($0, at: u, ratio) }
    let shown = said[draw]
    let parts = max(scrapHours * 3600 * ratio / response.cycle[draw], 1)
    let log = Portable.log(ratio)
    func rates(_ logRates: [Double], _ exponents: [Double]) -> [Double] {
      let logs = (0..<count).map { logRates[$0] + exponents[$0] * log }
      return weights(logs, shown: logs[draw], variance: 1 / max(Portable.exp(logs[draw]) * stopHours * 3600, 1))
    }
    let scrap = weights(said, shown: shown, variance: max(shown, 1 / parts) * (1 - shown) / parts)
    // What stops teach moves speeds alone.
    guard !response.grid.isEmpty else { return Belief(scrap: scrap, failure: [], shortStop: []) }
    return Belief(
      scrap: scrap, failure: rates(response.failureLogRate, response.failureExponent),
      shortStop: rates(response.shortStopLogRate, response.shortStopExponent))
  }

  private func weights(_ said: [Double], shown: Double, variance: Double) -> [Double] {
    let n = Double(said.count)
    let mean = said.reduce(0, +) / n
    let deviation = (said.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n).squareRoot()
    // Silverman's rule for one dimension: 1.06·σ·N^(−1/5).
    let bandwidth = 1.06 * deviation / Portable.pow(n, 0.2)
    let v = max(variance + bandwidth * bandwidth, 1e-18)
    let logs = said.map { -($0 - shown) * ($0 - shown) / (2 * v) }
    let top = logs.max() ?? 0
    let raw = logs.map { Portable.exp($0 - top) }
    let total = raw.reduce(0, +)
    return raw.map { $0 / total }
  }

  // MARK: - Where the loop goes

  private func target(_ beliefs: [Belief], from u: [Double]) -> [Double] {
    var target = u
    var (weighted, total) = ([Double](repeating: 0, count: u.count), [Double](repeating: 0, count: u.count))
    for (s, response) in responses.enumerated() {
      let belief = beliefs[s]
      for j in 0..<count {
        for term in response.terms[j] where term.place >= 0 {
          weighted[term.place] += belief.scrap[j] * term.curvature * term.optimum
          total[term.place] += belief.scrap[j] * term.curvature
        }
      }
      guard let speed = speeds.first(where: { $0.station == s }) else { continue }
      target[speed.place] = speed.rated * bestRatio(response, at: u, belief)
    }
    for k in u.indices where total[k] > 0 { target[k] = weighted[k] / total[k] }
    return u.indices.map { min(max(target[$0], limits[$0].low), limits[$0].high) }
  }

  /// What the plant of draw j is worth at u: over its stations, each alone, the worth per hour at its speed.
  private func worth(of draw: Int, at u: [Double]) -> Double {
    responses.enumerated().reduce(0) { sum, entry in
      let (s, response) = entry
      let ratio = speeds.first { $0.station == s }.map { max(u[$0.place], 1e-6) / $0.rated } ?? response.ratio
      let log = Portable.log(ratio)
      let down =
        response.repair[draw] * Portable.exp(response.failureLogRate[draw] + response.failureExponent[draw] * log)
        + response.shortStopLength[draw] * Portable.exp(response.shortStopLogRate[draw] + response.shortStopExponent[draw] * log)
      let share = response.share(draw, at: u, ratio)
      return sum + ratio / (1 + down) * ((1 - share) * prices.good - share * prices.scrap)
    }
  }

  /// The speed ratio of most worth per hour for the station alone: the best of 17, refined by a parabola.
  private func bestRatio(_ response: Responses, at u: [Double], _ belief: Belief) -> Double {
    let slow = belief.scrap.indices.reduce(0) { $0 + belief.scrap[$1] * response.share($1, at: u, 1) }
    let coefficient = belief.scrap.indices.reduce(0) { $0 + belief.scrap[$1] * response.speedCoefficient[$1] }
    let grid = response.grid
    let worths = grid.indices.map { k in
      let (failing, stopping) = (response.failureDown[k], response.shortStopDown[k])
      var down = 0.0
      for j in belief.failure.indices { down += belief.failure[j] * failing[j] + belief.shortStop[j] * stopping[j] }
      let share = min(max(slow + coefficient * max(0, grid[k] - 1) * max(0, grid[k] - 1), 0), 0.95)
      return grid[k] / (1 + down) * ((1 - share) * prices.good - share * prices.scrap)
    }
    let best = worths.indices.max { worths[$0] < worths[$1] } ?? 0
    guard best > 0, best + 1 < grid.count else { return grid[best] }
    let bend = worths[best - 1] - 2 * worths[best] + worths[best + 1]
    let shift = bend < 0 ? 0.5 * (worths[best - 1] - worths[best + 1]) / bend : 0
    return grid[best] + shift * (grid[1] - grid[0])
  }
}

/// What the draws say of one station, column by column.
private struct Responses: Sendable {
  struct Term: Sendable {
    /// In u; −1 for a variable that the loop does not move.
    var place: Int
    var value: Double
    var optimum: Double
    var curvature: Double
  }
  /// r at the set-points in force.
  let ratio: Double
  let base: [Double]
  let speedCoefficient: [Double]
  let terms: [[Term]]
  let cycle: [Double]
  /// Logarithms of failures and short stops per second at the rated speed; −40 for never.
  let failureLogRate: [Double]
  let failureExponent: [Double]
  let repair: [Double]
  let shortStopLogRate: [Double]
  let shortStopExponent: [Double]
  let shortStopLength: [Double]
  /// Where the station's speed is moved: the ratios that are tried, evenly spaced.
  let grid: [Double]
  /// By ratio of the grid and draw: seconds of repair, and of short stops, per second of work.
  let failureDown: [[Double]]
  let shortStopDown: [[Double]]

  /// - Parameter grid: in which the station's speed may move, as ratios; nil where it does not.
  init(_ stations: [StationParameters], ratio: Double, values: [String: Double], places: [String: Int], grid range: ClosedRange<Double>?) {
    func logRate(_ mean: Double) -> Double { mean.isFinite && mean > 0 ? -Portable.log(mean) : -40 }
    self.ratio = ratio
    base = stations.map(\.scrap.base)
    speedCoefficient = stations.map(\.scrap.speedCoefficient)
    terms = stations.map { station in
      station.scrap.terms.map {
        Term(place: places[$0.variable] ?? -1, value: values[$0.variable] ?? $0.optimum, optimum: $0.optimum, curvature: $0.curvature)
      }
    }
    cycle = stations.map { max($0.cycle, 1e-6) }
    failureLogRate = stations.map { logRate($0.mtbf) }
    failureExponent = stations.map(\.failureExponent)
    repair = stations.map(\.mttr)
    shortStopLogRate = stations.map { logRate($0.microstopInterval) }
    shortStopExponent = stations.map(\.microstopExponent)
    shortStopLength = stations.map(\.microstopLength)
    let step = range.map { ($0.upperBound - $0.lowerBound) / 16 } ?? 0
    let tried = range.map { range in step > 0 ? (0...16).map { range.lowerBound + Double($0) * step } : [range.lowerBound] } ?? []
    grid = tried
    func down(_ lengths: [Double], _ logRates: [Double], _ exponents: [Double]) -> [[Double]] {
      tried.map { ratio in
        let log = Portable.log(max(ratio, 1e-6))
        return lengths.indices.map { lengths[$0] * Portable.exp(logRates[$0] + exponents[$0] * log) }
      }
    }
    failureDown = down(repair, failureLogRate, failureExponent)
    shortStopDown = down(shortStopLength, shortStopLogRate, shortStopExponent)
  }

  /// The share of parts spoilt as draw j says; `ScrapResponse` has the equation.
  func share(_ j: Int, at u: [Double], _ ratio: Double) -> Double {
    var p = base[j] + speedCoefficient[j] * max(0, ratio - 1) * max(0, ratio - 1)
    for term in terms[j] {
      let distance = (term.place >= 0 ? u[term.place] : term.value) - term.optimum
      p += term.curvature * distance * distance
    }
    return min(max(p, 0), 0.95)
  }
}
