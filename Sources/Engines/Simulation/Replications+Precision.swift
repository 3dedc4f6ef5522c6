/// How sure is sure enough.
public enum Precision: Sendable, Hashable, Codable {
  /// Half-width of the interval, in the figure's own unit.
  case absolute(Double)
  /// Half-width as a share of the mean's magnitude.
  case relative(Double)

  func holds(_ estimate: Estimate) -> Bool {
    switch self {
    case .absolute(let h): estimate.halfWidth <= h
    case .relative(let share): estimate.halfWidth <= share * estimate.mean.magnitude
    }
  }
}

extension Replications {
  /// Runs replications until a figure is known precisely enough, or `maximum` have run.
  ///
  /// The interval is looked at after `minimum` replications and then after each further batch of `batch`. Looking often makes the stated
  /// confidence a little optimistic; with a minimum of 10 the loss is small.
  /// - Returns: all replications, and whether the precision was reached.
  /// - Throws: any `SimulationError`.
  /// - Source: A. M. Law, Simulation Modeling and Analysis, 5th ed., section 9.4.1.
  public static func run(
    _ line: LineSpec, until precision: Precision, of figure: (LineResult) -> Double, confidence: Double = 0.95, minimum: Int = 10,
    batch: Int = 10, maximum: Int = 1000, from state: LineState? = nil, seed: UInt64, horizon: Double, warmUp: Double = 0,
    recording: Recording = .totals, spreading spreader: some WorkSpreader = InTurn()
  ) throws(SimulationError) -> (replications: Replications, isPrecise: Bool) {
    precondition(minimum >= 2 && batch >= 1 && maximum >= minimum, "from \(minimum) to \(maximum) replications by \(batch)")
    let simulation = try LineSimulation(line)
    var all = Replications(results: [])
    while true {
      let count = min(all.results.isEmpty ? minimum : batch, maximum - all.results.count)
      all.results += try run(
        simulation, from: state, seed: seed, count: count, first: all.results.count, horizon: horizon, warmUp: warmUp,
        recording: recording, spreading: spreader
      ).results
      if precision.holds(all.estimate(confidence: confidence, figure)) { return (all, true) }
      if all.results.count >= maximum { return (all, false) }
    }
  }
}
