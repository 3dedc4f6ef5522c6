import Foundation
public import LineModel
import PlantModel

/// Proposes the next set-points of a line: response-surface steps for process variables, simulated coordinate search for speeds.
///
/// A process variable goes to where the posterior expects the fewest defects. While little is known that is a step towards the middle of
/// what is possible, and it is the step that teaches: variables that have never moved have told nothing about their optimum. It goes out as
/// a canary first, so a wrong guess costs little and is not repeated. Speeds are scored by `mean − caution · deviation` of their gain over
/// draws of the posterior, each pair simulated with the same random numbers.
///
/// Where the problem says what may be lost, a move is shortened until so few draws lose so much: an optimum that is hardly known is approached in
/// several changes, each of which can be proven.
public struct SetpointOptimizer: Sendable {
  public struct Options: Sendable, Hashable {
    /// Weight of a speed gain's standard deviation over the posterior.
    public var caution = 0.25
    /// Least expected gain worth a change, as a share of today's objective.
    public var leastGain = 0.004
    /// Share of the posterior that must gain.
    public var leastProbability = 0.6
    /// Longest step of a process variable in one change, as a share of its allowed range.
    public var longestVariableStep = 0.25
    /// Shortest step of a process variable, as a share of its allowed range, while its optimum is known to no better than `knownOptimum` of
    /// the range (standard deviation): shorter ones would be lost in the variable's own noise.
    public var shortestProbe = 0.12
    public var knownOptimum = 0.2
    /// Longest step of a speed in one change, as a share of the present speed.
    public var longestSpeedStep = 0.10
    /// Draws simulated while searching, and for the claim.
    public var searchDraws = 10
    public var claimDraws = 40
    /// Simulated hours of one evaluation while searching, and for the claim.
    public var searchHours = 4.0
    public var claimHours = 8.0
    public init() {}
  }

  public var options: Options
  public init(options: Options = Options()) { self.options = options }

  /// The best next move, or why there is none. Deterministic in `problem`.
  public func advise(_ problem: SetpointProblem) -> SetpointAdvice {
    // A step that teaches more is taken where its claim holds; else the one that promises most.
    if case .move(let target, let gain, let reason) = advise(problem, probing: true) { return .move(to: target, gain: gain, reason: reason) }
    return advise(problem, probing: false)
  }

  private func advise(_ problem: SetpointProblem, probing: Bool) -> SetpointAdvice {
    let evaluator = evaluator(problem, draws: options.searchDraws, hours: options.searchHours)
    var target = problem.setpoints
    moveVariables(&target, problem, probing: probing)
    shorten(&target, problem)
    moveSpeeds(&target, problem, evaluator)
    target = target.filter { $0.value != problem.setpoints[$0.key] }
    if target.isEmpty { return .stay(reason: "no set-point promises a gain that outweighs what is not known") }
    guard let gain = claim(of: &target, problem) else { return .stay(reason: "no move is sure enough to lose little") }
    if resembles(target, problem) { return .stay(reason: "the best move resembles one that was taken back lately") }

    let today = max(1, abs(baseline(problem)))
    let expected = problem.objective == .valuePerHour ? gain.value.expected : gain.good.expected
    guard expected >= options.leastGain * today else {
      return .stay(
        reason: "the best move gains \(short(expected)) per hour, less than \(short(100 * options.leastGain)) % of today's \(short(today))")
    }
    guard gain.probability >= options.leastProbability else {
      return .stay(reason: "the best move gains in only \(short(100 * gain.probability)) % of what the twin holds possible")
    }
    return .move(to: target, gain: gain, reason: explain(target, problem))
  }

  /// The gain over the posterior, which the claim states, of the move or of what is left of it once it loses no more than it may: half, then a
  /// quarter. Nil where that is nothing. What may be lost is counted over the whole posterior, for fewer hours: draws differ by far more than luck.
  private func claim(of target: inout Setpoints, _ problem: SetpointProblem) -> PredictedGain? {
    guard let tolerance = problem.tolerance else {
      return replicate(target, problem, evaluator(problem, draws: options.claimDraws, hours: options.claimHours), nil).gain
    }
    for _ in 0..<3 where !target.isEmpty {
      let claim = replicate(target, problem, evaluator(problem, draws: problem.draws.count, hours: options.searchHours), nil)
      if tolerance.allows(claim.shares) { return claim.gain }
      for tag in target.keys { target[tag] = halfway(to: target[tag]!, tag, problem) }
      target = target.filter { $0.value != problem.setpoints[$0.key] }
    }
    return nil
  }

  /// The same over as many replications as a proof asks for, going round the whole posterior, each with luck of its own.
  public func proveGain(of target: Setpoints, _ problem: SetpointProblem, replications: Int) -> ReplicatedGain {
    replicate(target, problem, evaluator(problem, draws: problem.draws.count, hours: options.claimHours), replications)
  }

  private func replicate(_ target: Setpoints, _ problem: SetpointProblem, _ evaluator: LineEvaluator, _ replications: Int?) -> ReplicatedGain {
    let before = evaluator.rates(at: problem.setpoints, replications: replications)
    let after = evaluator.rates(at: problem.setpoints.merging(target) { $1 }, replications: replications)
    let prices = problem.plant.prices
    let good = zip(before, after).map { ($1.good - $0.good) * problem.openShare }
    let value = zip(before, after).map { ($1.worth(.valuePerHour, prices) - $0.worth(.valuePerHour, prices)) * problem.openShare }
    let objective = problem.objective == .valuePerHour ? value : good
    let today = abs(mean(before.map { $0.worth(problem.objective, prices) }) * problem.openShare)
    let gain = PredictedGain(
      good: interval(good), value: interval(value), probability: Double(objective.filter { $0 > 0 }.count) / Double(objective.count))
    return ReplicatedGain(gain: gain, shares: today > 0 ? objective.map { $0 / today } : objective.map { $0 < 0 ? -1 : 0 })
  }

  // MARK: Process variables

  /// Moves each variable to where the expected share of spoilt parts is least, as far as one change may go; probing, at least so far that
  /// the step can be told from the variable's noise.
  private func moveVariables(_ target: inout Setpoints, _ problem: SetpointProblem, probing: Bool) {
    for station in problem.plant.stations {
      for variable in station.processVariables {
        guard let setpoint = variable.setpoint, let limit = problem.limits.first(where: { $0.tag == setpoint.tag }),
          let here = problem.setpoints[setpoint.tag]
        else { continue }
        let terms = problem.draws.map { draw in draw.stations.flatMap { $0.scrap.terms.filter { $0.variable == variable.tag } } }
        guard terms.contains(where: { !$0.isEmpty }) else { continue }
        let reach = options.longestVariableStep * (limit.high - limit.low)
        let resolution = niceStep((limit.high - limit.low) / 100)
        var best = (score: 0.0, x: here)
        for step in -8...8 where step != 0 {
          let x = snap(min(max(here + reach * Double(step) / 8, limit.low), limit.high), to: resolution)
          let gains = terms.map { list in
            list.reduce(0.0) { $0 + $1.curvature * ((here - $1.optimum) * (here - $1.optimum) - (x - $1.optimum) * (x - $1.optimum)) }
          }
          let score = mean(gains)
          if score > best.score + 2e-4 { best = (score, x) }
        }
        let optima = terms.flatMap { $0.map(\.optimum) }
        if probing, deviation(optima) > options.knownOptimum * (limit.high - limit.low) {
          let step = options.shortestProbe * (limit.high - limit.low)
          if abs(best.x - here) < step {
            let side = mean(optima) >= here ? 1.0 : -1.0
            best.x = snap(min(max(here + side * step, limit.low), limit.high), to: resolution)
          }
        }
        target[setpoint.tag] = best.x
      }
    }
  }

  /// Halves the step of the variable that costs the lost draws most, until no more of them are lost than may be.
  private func shorten(_ target: inout Setpoints, _ problem: SetpointProblem) {
    guard let tolerance = problem.tolerance else { return }
    let gains = ScrapGains(problem)
    while true {
      let now = gains(of: target)
      if tolerance.allows(now) { return }
      let lost = now.indices.filter { now[$0] < -tolerance.loss }
      let costs = target.keys.sorted().filter { target[$0] != problem.setpoints[$0] }.map { tag in
        let without = gains(of: target.merging([tag: problem.setpoints[tag] ?? 0]) { $1 })
        return (tag: tag, cost: lost.reduce(0) { $0 + without[$1] - now[$1] })
      }
      guard let worst = costs.max(by: { $0.cost < $1.cost }), worst.cost > 0 else { return }
      target[worst.tag] = halfway(to: target[worst.tag]!, worst.tag, problem)
    }
  }

  /// Half of a step, in round numbers; where none lies between, no step.
  private func halfway(to x: Double, _ tag: String, _ problem: SetpointProblem) -> Double {
    guard let here = problem.setpoints[tag], let limit = problem.limits.first(where: { $0.tag == tag }) else { return x }
    let half = snap(here + 0.5 * (x - here), to: niceStep((limit.high - limit.low) / 100))
    return abs(half - here) < abs(x - here) && (half - here) * (x - here) > 0 ? half : here
  }

  // MARK: Speeds

  /// Coordinate search over station speeds, two sweeps, each trial simulated on the same draws and random numbers.
  private func moveSpeeds(_ target: inout Setpoints, _ problem: SetpointProblem, _ evaluator: LineEvaluator) {
    let speeds = problem.plant.stations.compactMap(\.speed?.setpoint).filter { spec in problem.limits.contains { $0.tag == spec.tag } }
    guard !speeds.isEmpty else { return }
    let prices = problem.plant.prices
    func worth(_ setpoints: Setpoints) -> [Double] { evaluator.rates(at: setpoints).map { $0.worth(problem.objective, prices) } }
    let start = worth(target)
    var best = (score: 0.0, at: target)
    func consider(_ trial: Setpoints) {
      let gains = zip(start, worth(trial)).map { $1 - $0 }
      // Half a thousandth of today's worth per move keeps noise from shuffling speeds that do not matter.
      let score = mean(gains) - options.caution * deviation(gains)
      if score > best.score + 0.0005 * abs(mean(start)) { best = (score, trial) }
    }
    for sweep in [1.0, 0.5] {
      for spec in speeds {
        let limit = problem.limits.first { $0.tag == spec.tag }!
        guard let now = problem.setpoints[spec.tag], let here = best.at[spec.tag] else { continue }
        for share in [-0.5, 0.5, 1.0] {
          let x = snap(here * (1 + options.longestSpeedStep * share * sweep), to: 0.1)
          let bounded = min(max(x, limit.low, now * (1 - options.longestSpeedStep)), limit.high, now * (1 + options.longestSpeedStep))
          if bounded != here { consider(best.at.merging([spec.tag: bounded]) { $1 }) }
        }
      }
      // All speeds together: where no single station is the bottleneck, moving one gains nothing.
      for share in [0.5, 1.0] {
        var trial = best.at
        for spec in speeds {
          let limit = problem.limits.first { $0.tag == spec.tag }!
          guard let now = problem.setpoints[spec.tag], let here = best.at[spec.tag] else { continue }
          trial[spec.tag] = min(
            snap(here * (1 + options.longestSpeedStep * share * sweep), to: 0.1), limit.high, now * (1 + options.longestSpeedStep))
        }
        if trial != best.at { consider(trial) }
      }
    }
    target = best.at
  }

  // MARK: Small parts

  private func evaluator(_ problem: SetpointProblem, draws: Int, hours: Double) -> LineEvaluator {
    LineEvaluator(
      plant: problem.plant, draws: Array(problem.draws.prefix(draws)), seed: problem.seed, horizon: hours * 3600, warmUp: 1800)
  }

  private func baseline(_ problem: SetpointProblem) -> Double {
    let rates = evaluator(problem, draws: options.searchDraws, hours: options.searchHours).rates(at: problem.setpoints)
    return mean(rates.map { $0.worth(problem.objective, problem.plant.prices) }) * problem.openShare
  }

  /// True where a move that was taken back points the same way: every tag of it moves again, to at least 70 % of the old step.
  private func resembles(_ target: Setpoints, _ problem: SetpointProblem) -> Bool {
    problem.takenBack.contains { old in
      !old.isEmpty
        && old.allSatisfy { tag, change in
          guard let to = target[tag], let from = problem.setpoints[tag] else { return false }
          return (to - from) / change >= 0.7
        }
    }
  }

  private func explain(_ target: Setpoints, _ problem: SetpointProblem) -> String {
    target.keys.sorted().map { tag in
      let from = problem.setpoints[tag] ?? .nan
      return "\(tag) \(short(from)) → \(short(target[tag]!))"
    }.joined(separator: ", ")
  }
}
