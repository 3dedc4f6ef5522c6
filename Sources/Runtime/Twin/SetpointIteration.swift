internal import Determinism
public import LineModel
public import LinearAlgebra
internal import LoopStability
public import PlantModel

/// The feedback of a set-point loop, seen as an iteration u ← T(u): the line runs at u, calibration learns from that, the optimum of what was learnt
/// is the next u. What a certificate needs of it is its slope, (du*/dθ)(dθ/du).
///
/// The plant is not known; each draw of the posterior is taken as one in turn, and again with its curvatures halved and doubled: plants that the twin
/// cannot be. What such a plant shows at u (a station's share of spoilt parts, its rate of failures and of short stops) weights the draws as the
/// counts of the whole memory would, had the line stood at u:
///
///     wⱼ ∝ exp(−(sⱼ(u) − s(u))²/2v),  v the counts' variance + Silverman's bandwidth² of the draws
///
/// and u* follows: for a process variable the least expected scrap, Σwκo/Σwκ; for a speed the best worth per hour of its station alone. The
/// station alone answers at least as strongly as in its line, where buffers and a bottleneck elsewhere take from what its speed is worth.
/// No simulation: milliseconds for 40 draws.
///
/// - Source: for the weighting, M. A. Beaumont, W. Zhang, D. J. Balding 2002, doi:10.1093/genetics/162.4.2025; B. W. Silverman 1986.
public struct SetpointIteration: Sendable {
  /// The tags that move, sorted: the order of u.
  public let tags: [String]
  let plant: Plant
  let draws: [LineParameters]
  let limits: [TagLimit]
  let base: Setpoints
  let scrapHours: Double
  let stopHours: Double
  private let variables: [Variable]
  private let speeds: [Speed]

  /// A process variable that can be set: its place in u, its tag.
  private struct Variable {
    var place: Int
    var tag: String
  }

  /// A station's speed: its place in u, the station, the rated speed.
  private struct Speed {
    var place: Int
    var station: Int
    var rated: Double
  }

  /// A plant that the twin may face: a draw, with its curvatures times a factor.
  public struct Member: Sendable, Hashable {
    var draw: Int
    var curvature: Double
  }

  /// - Parameters:
  ///   - moves: what the loop may move; tags without limits, or that act on nothing, are left out.
  ///   - base: the set-points in force.
  ///   - scrapHours, stopHours: of production that calibration remembers, of scrap and of stops.
  /// - Precondition: at least one draw.
  public init(
    plant: Plant, draws: [LineParameters], moves: [String], limits: [TagLimit], base: Setpoints, scrapHours: Double, stopHours: Double
  ) {
    precondition(!draws.isEmpty, "an ensemble needs a draw")
    (self.plant, self.draws, self.base) = (plant, draws, base)
    (self.scrapHours, self.stopHours) = (scrapHours, stopHours)
    let movable = moves.sorted().filter { tag in limits.contains { $0.tag == tag } }
    var (tags, variables, speeds): ([String], [Variable], [Speed]) = ([], [], [])
    for tag in movable {
      if let s = plant.stations.firstIndex(where: { $0.speed?.setpoint.tag == tag }), let speed = plant.stations[s].speed {
        speeds.append(Speed(place: tags.count, station: s, rated: speed.rated))
        tags.append(tag)
      } else if let v = plant.stations.flatMap(\.processVariables).first(where: { $0.setpoint?.tag == tag }),
        draws[0].stations.contains(where: { $0.scrap.terms.contains { $0.variable == v.tag } })
      {
        variables.append(Variable(place: tags.count, tag: v.tag))
        tags.append(tag)
      }
    }
    (self.tags, self.variables, self.speeds) = (tags, variables, speeds)
    self.limits = tags.map { tag in limits.first { $0.tag == tag }! }
  }

  /// The ensemble that a certificate is issued on: every draw, plain, flatter and steeper.
  public var members: [Member] {
    draws.indices.flatMap { draw in [1, 0.5, 2].map { Member(draw: draw, curvature: $0) } }
  }

  /// The slope of T at the place to which the loop leads this plant: n×n for the n tags.
  public func jacobian(of member: Member) -> Matrix {
    var u = start
    for _ in 0..<12 { u = next(u, member) }
    return iterationJacobian(at: u, steps: steps) { next($0, member) }
  }

  /// Present values, inside the limits.
  var start: [Double] { tags.indices.map { min(max(base[tags[$0]] ?? limits[$0].low, limits[$0].low), limits[$0].high) } }

  /// As far as a move of the loop goes: a slope over less would be that of the optimiser's rounding. A variable's step is a thirtieth of its range or
  /// half of the draws' spread of its optimum, a speed's a twentieth of the rated speed.
  private var steps: [Double] {
    var steps = limits.map { max(($0.high - $0.low) / 30, 1e-9) }
    for v in variables {
      let optima = draws.flatMap { $0.stations.flatMap { $0.scrap.terms.filter { $0.variable == v.tag }.map(\.optimum) } }
      steps[v.place] = max(steps[v.place], 0.5 * Spread(optima).deviation)
    }
    for speed in speeds { steps[speed.place] = max(steps[speed.place], 0.05 * speed.rated) }
    return steps
  }

  /// T(u), inside the limits.
  func next(_ u: [Double], _ member: Member) -> [Double] {
    var setpoints = base
    for (k, tag) in tags.enumerated() { setpoints[tag] = u[k] }
    let values = plant.processValues(at: setpoints)
    let beliefs = plant.stations.indices.map { belief(of: $0, values, ratio(of: $0, setpoints), member) }
    var target = u
    for v in variables {
      var (weighted, total) = (0.0, 0.0)
      for (s, belief) in beliefs.enumerated() {
        for (j, draw) in draws.enumerated() {
          for term in draw.stations[s].scrap.terms where term.variable == v.tag {
            weighted += belief.scrap[j] * term.curvature * term.optimum
            total += belief.scrap[j] * term.curvature
          }
        }
      }
      if total > 0 { target[v.place] = weighted / total }
    }
    for speed in speeds {
      let limit = limits[speed.place]
      target[speed.place] = bestSpeed(speed, beliefs[speed.station], values, limit.low / speed.rated...max(limit.high, limit.low) / speed.rated)
    }
    return tags.indices.map { min(max(target[$0], limits[$0].low), limits[$0].high) }
  }

  private func ratio(of station: Int, _ setpoints: Setpoints) -> Double {
    guard let speed = plant.stations[station].speed else { return 1 }
    return max(setpoints[speed.setpoint.tag] ?? speed.setpoint.design, 1e-6) / speed.rated
  }

  // MARK: - What the plant teaches

  /// Weights of the draws, each list summing to 1, by what was seen of scrap, failures and short stops.
  private struct Belief {
    var scrap: [Double]
    var failure: [Double]
    var shortStop: [Double]
  }

  private func belief(of s: Int, _ values: [String: Double], _ ratio: Double, _ member: Member) -> Belief {
    let stations = draws.map { $0.stations[s] }
    var truth = stations[member.draw]
    truth.scrap.terms = truth.scrap.terms.map { .init(variable: $0.variable, optimum: $0.optimum, curvature: member.curvature * $0.curvature) }
    let share = truth.scrap.probability(at: values, speedRatio: ratio)
    let parts = max(scrapHours * 3600 * ratio / truth.cycle, 1)
    func logRate(_ mean: Double, _ exponent: Double) -> Double {
      mean.isFinite && mean > 0 ? exponent * Portable.log(ratio) - Portable.log(mean) : -30
    }
    func weights(_ seen: Double, _ said: [Double], variance: Double) -> [Double] {
      // Silverman's rule for one dimension: 1.06·σ·N^(−1/5).
      let bandwidth = 1.06 * Spread(said).deviation / Portable.pow(Double(said.count), 0.2)
      let v = max(variance + bandwidth * bandwidth, 1e-18)
      let logs = said.map { -($0 - seen) * ($0 - seen) / (2 * v) }
      let top = logs.max() ?? 0
      let raw = logs.map { Portable.exp($0 - top) }
      let total = raw.reduce(0, +)
      return raw.map { $0 / total }
    }
    let seconds = stopHours * 3600
    let failures = logRate(truth.mtbf, truth.failureExponent)
    let shortStops = logRate(truth.microstopInterval, truth.microstopExponent)
    return Belief(
      scrap: weights(
        share, stations.map { $0.scrap.probability(at: values, speedRatio: ratio) }, variance: max(share, 1 / parts) * (1 - share) / parts),
      failure: weights(
        failures, stations.map { logRate($0.mtbf, $0.failureExponent) }, variance: 1 / max(Portable.exp(failures) * seconds, 1)),
      shortStop: weights(
        shortStops, stations.map { logRate($0.microstopInterval, $0.microstopExponent) },
        variance: 1 / max(Portable.exp(shortStops) * seconds, 1)))
  }

  /// The speed of most worth per hour for the station alone: the best of 25, refined by a parabola.
  private func bestSpeed(_ speed: Speed, _ belief: Belief, _ values: [String: Double], _ range: ClosedRange<Double>) -> Double {
    let stations = draws.map { $0.stations[speed.station] }
    func worth(_ r: Double) -> Double {
      let log = Portable.log(max(r, 1e-6))
      var (down, share) = (0.0, 0.0)
      for (j, station) in stations.enumerated() {
        if station.mtbf.isFinite { down += belief.failure[j] * station.mttr / station.mtbf * Portable.exp(station.failureExponent * log) }
        if station.microstopInterval.isFinite {
          down += belief.shortStop[j] * station.microstopLength / station.microstopInterval * Portable.exp(station.microstopExponent * log)
        }
        share += belief.scrap[j] * station.scrap.probability(at: values, speedRatio: r)
      }
      return r / (1 + down) * ((1 - share) * plant.prices.good - share * plant.prices.scrap)
    }
    let count = 24
    let step = (range.upperBound - range.lowerBound) / Double(count)
    guard step > 0 else { return range.lowerBound * speed.rated }
    let worths = (0...count).map { worth(range.lowerBound + Double($0) * step) }
    let best = worths.indices.max { worths[$0] < worths[$1] } ?? 0
    guard best > 0, best < count else { return (range.lowerBound + Double(best) * step) * speed.rated }
    let (a, b, c) = (worths[best - 1], worths[best], worths[best + 1])
    let bend = a - 2 * b + c
    let shift = bend < 0 ? 0.5 * (a - c) / bend : 0
    return (range.lowerBound + (Double(best) + shift) * step) * speed.rated
  }
}

/// Mean and standard deviation of a list.
private struct Spread {
  var mean = 0.0
  var deviation = 0.0
  init(_ xs: [Double]) {
    let finite = xs.filter { $0.isFinite }
    guard !finite.isEmpty else { return }
    let centre = finite.reduce(0, +) / Double(finite.count)
    mean = centre
    deviation = (finite.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(finite.count)).squareRoot()
  }
}
