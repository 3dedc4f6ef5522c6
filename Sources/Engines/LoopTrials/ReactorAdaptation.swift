internal import ContinuousPlants
public import Filtering

/// Scenario 5, second half: modifier adaptation with back-off leads the reactor to its optimum with the same wrong twin, and never across a limit.
///
/// Each iteration moves to the best point of the corrected twin within a trust region, where the corrected mass fractions with `caution` of their
/// own standard deviations stay below the limits; it waits, and takes a mean. Two trials beside the start teach the gradients first; they count
/// as iterations.
public struct ReactorAdaptation: Sendable, Hashable {
  /// Standard deviations of the corrected constraints that are kept from the limits; 0 is no back-off.
  public var caution = 4.0
  /// Scaled units (1 kg/s, 10 °C) that an iteration may move.
  public var radius = 0.1
  public var iterations = 10
  /// Readings in a mean, two minutes apart.
  public var readings = 120
  public init() {}

  public struct Outcome: Sendable, Hashable {
    /// The set-points of each iteration, the start first.
    public var inputs: [[Double]]
    /// Percent of the optimum's profit that the plant's true profit at rest falls short, by iteration; negative beyond a limit.
    public var regretPercent: [Double]
    /// Largest true mass fractions ever less their limits; positive is a violation.
    public var excessA: Double
    public var excessG: Double
    public var isInsideLimits: Bool { excessA <= 0 && excessG <= 0 }
    /// The first iteration from which the regret stays below 1 %; nil where it does not.
    public var settled: Int? {
      guard let last = regretPercent.lastIndex(where: { abs($0) >= 1 }) else { return 0 }
      return last + 1 < regretPercent.count ? last + 1 : nil
    }
  }

  /// What is believed of plant − twin before anything is seen, from the twin alone: the slope may be wrong by as much as the twin's own slope is
  /// large, the curvature by half of the twin's own.
  static func priors(at u: [Double]) throws(FilteringError) -> [ModifierEstimator.Prior] {
    let h = 0.02
    func at(_ a: Double, _ b: Double) throws(FilteringError) -> [Double] {
      try twin([u[0] + a * h * WilliamsOtto.scales[0], u[1] + b * h * WilliamsOtto.scales[1]])
    }
    let (centre, east, west, north, south) = (try at(0, 0), try at(1, 0), try at(-1, 0), try at(0, 1), try at(0, -1))
    let (both, mixed) = (try at(1, 1), try at(1, -1))
    return [60, 0.03, 0.06].enumerated().map { i, bias in
      let slopes = ((east[i] - west[i]) / (2 * h), (north[i] - south[i]) / (2 * h))
      let second = [
        east[i] - 2 * centre[i] + west[i], north[i] - 2 * centre[i] + south[i], both[i] - mixed[i] - north[i] + south[i],
      ]
      let curvature = (second.map(abs).max() ?? 0) / (2 * h * h)
      return ModifierEstimator.Prior(
        bias: bias, gradient: (slopes.0 * slopes.0 + slopes.1 * slopes.1).squareRoot(), curvature: curvature / 2)
    }
  }

  public func run(from start: [Double], seed: UInt64) throws(FilteringError) -> Outcome {
    let estimator = ModifierEstimator(scales: WilliamsOtto.scales, priors: try Self.priors(at: start))
    var reactor = try Self.rethrow { () throws(ContinuousPlantError) in try OperatedReactor(at: start, seed: seed) }
    var observations: [PlantObservation] = []
    var outcome = Outcome(inputs: [], regretPercent: [], excessA: 0, excessG: 0)
    func visit(_ u: [Double]) throws(FilteringError) {
      reactor.move(to: u)
      let mean = reactor.settledMean(of: readings)
      observations.append(PlantObservation(inputs: u, values: mean.values, variances: mean.deviations.map { $0 * $0 }))
      outcome.inputs.append(u)
      let profit = try Self.rethrow { () throws(ContinuousPlantError) in try OperatedReactor.trueProfit(at: u) }
      outcome.regretPercent.append(100 * (1 - profit / OperatedReactor.optimum))
    }
    try visit(start)
    // Beside the start, to the side that leads away from both limits.
    try visit([start[0] + 0.06, start[1]])
    try visit([start[0] + 0.06, start[1] + 0.5])
    while outcome.inputs.count <= iterations {
      let u = observations[observations.count - 1].inputs
      try visit(try next(from: u, modifiers: estimator.modifiers(at: u, observations, model: Self.twin)))
    }
    outcome.excessA = reactor.worstA - WilliamsOtto.limitA
    outcome.excessG = reactor.worstG - WilliamsOtto.limitG
    return outcome
  }

  /// The best point in reach whose bounds hold.
  private func next(from u: [Double], modifiers: [Modifier]) throws(FilteringError) -> [Double] {
    try WilliamsOtto.maximum(from: u, radius: radius, resolution: 1e-4) { (v) throws(FilteringError) in
      let model = try Self.twin(v)
      func bound(_ i: Int) -> Double { model[i] + modifiers[i].correction(at: v) + caution * modifiers[i].variance(at: v).squareRoot() }
      let excess = max(0, bound(1) - WilliamsOtto.limitA) + max(0, bound(2) - WilliamsOtto.limitG)
      return model[0] + modifiers[0].correction(at: v) - 1e5 * excess
    }
  }

  private static func twin(_ u: [Double]) throws(FilteringError) -> [Double] {
    let y = try rethrow { () throws(ContinuousPlantError) in try ReactorTwin.steady(at: u) }
    return [y.profit, y.a, y.g]
  }

  private static func rethrow<Value>(_ body: () throws(ContinuousPlantError) -> Value) throws(FilteringError) -> Value {
    do { return try body() } catch { throw .model("\(error)") }
  }
}
