public import OutputAnalysis

extension Replications {
  /// Runs replications until a figure is known precisely enough, or `maximum` have run.
  ///
  /// `SequentialStop` says when to look, so that looking often does not spoil the confidence.
  /// - Parameter progress: told after each batch how many have run and how many are thought to be needed.
  /// - Returns: all replications, whether the precision was reached, and the figure's estimate by the stopping rule, which is the one to
  ///   quote: the replications' own, taken at a moment when the spread looked small, claims too much.
  /// - Throws: any `SimulationError`.
  public static func run(
    _ line: LineSpec, until precision: Precision, of figure: (LineResult) -> Double, confidence: Double = 0.95, minimum: Int = 20,
    maximum: Int = 1000, from state: LineState? = nil, seed: UInt64, horizon: Double = .infinity, parts: Int? = nil, warmUp: Double = 0,
    recording: Recording = .totals, spreading spreader: some WorkSpreader = InTurn(), progress: (_ done: Int, _ needed: Int) -> Void = { _, _ in }
  ) throws(SimulationError) -> (replications: Replications, isPrecise: Bool, estimate: Estimate) {
    precondition(minimum >= 2 && maximum >= minimum, "from \(minimum) to \(maximum) replications")
    let simulation = try LineSimulation(line)
    var stop = SequentialStop(at: precision, confidence: confidence, firstStage: minimum)
    var all = Replications(results: [])
    while !stop.isDone && stop.count < maximum {
      let count = max(1, min(stop.nextLook, maximum) - stop.count)
      let batch = try run(
        simulation, from: state, seed: seed, count: count, first: stop.count, horizon: horizon, parts: parts, warmUp: warmUp, recording: recording,
        spreading: spreader)
      for result in batch.results { _ = stop.add(figure(result)) }
      all.results += batch.results
      progress(stop.count, min(stop.needed, maximum))
    }
    return (all, stop.isDone, stop.estimate)
  }
}
