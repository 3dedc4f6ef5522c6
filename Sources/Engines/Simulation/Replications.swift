public import OutputAnalysis

/// Runs many independent pieces of work and returns their results in order.
///
/// Below the edges there are no threads, so the caller brings its own: a program passes one that spreads the indices over its cores. As each
/// piece is a pure function of its index, the results do not depend on how that is done.
public protocol WorkSpreader {
  func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result]
}

/// One after the other, on the caller's own thread.
public struct InTurn: WorkSpreader {
  public init() {}
  public func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] { (0..<count).map(body) }
}

/// Independent replications of one line under one seed.
public struct Replications: Sendable, Hashable, Codable {
  /// By replication, from 0.
  public var results: [LineResult]

  public init(results: [LineResult]) { self.results = results }

  /// Runs replications `first ..< first + count` of a line.
  ///
  /// Replication r of two lines under one seed meets the same luck (common random numbers), so their differences can be paired.
  /// - Throws: any `SimulationError`; that of the lowest replication where several fail.
  public static func run(
    _ simulation: LineSimulation, from state: LineState? = nil, seed: UInt64, count: Int, first: Int = 0, horizon: Double = .infinity,
    parts: Int? = nil, warmUp: Double = 0, recording: Recording = .totals, engine: LineSimulation.Choice = .automatic,
    sampling: Sampling = .direct, spreading spreader: some WorkSpreader = InTurn()
  ) throws(SimulationError) -> Replications {
    precondition(count > 0, "\(count) replications")
    let outcomes = spreader.map(count) { i -> Result<LineResult, SimulationError> in
      Result { () throws(SimulationError) in
        try simulation.replicate(
          from: state, seed: seed, replication: first + i, horizon: horizon, parts: parts, warmUp: warmUp, recording: recording, engine: engine,
          sampling: sampling)
      }
    }
    var results: [LineResult] = []
    for outcome in outcomes { results.append(try outcome.get()) }
    return Replications(results: results)
  }

  /// Compiles a line and runs replications of it.
  public static func run(
    _ line: LineSpec, from state: LineState? = nil, seed: UInt64, count: Int, first: Int = 0, horizon: Double = .infinity, parts: Int? = nil,
    warmUp: Double = 0, recording: Recording = .totals, engine: LineSimulation.Choice = .automatic, sampling: Sampling = .direct,
    spreading spreader: some WorkSpreader = InTurn()
  ) throws(SimulationError) -> Replications {
    try run(
      LineSimulation(line), from: state, seed: seed, count: count, first: first, horizon: horizon, parts: parts, warmUp: warmUp,
      recording: recording, engine: engine, sampling: sampling, spreading: spreader)
  }

  /// The mean of any figure of a replication, with its interval.
  public func estimate(confidence: Double = 0.95, _ figure: (LineResult) -> Double) -> Estimate {
    Estimate(of: results.map(figure), confidence: confidence)
  }

  /// The mean of this set's figure minus the other's, replication by replication: narrow where both ran under one seed.
  ///
  /// - Precondition: both hold the same replications of the same seed.
  public func difference(from other: Replications, confidence: Double = 0.95, _ figure: (LineResult) -> Double) -> Estimate {
    precondition(
      results.count == other.results.count
        && zip(results, other.results).allSatisfy { $0.seed == $1.seed && $0.replication == $1.replication },
      "only the same replications of the same seed can be paired")
    return Estimate(of: zip(results, other.results).map { figure($0) - figure($1) }, confidence: confidence)
  }

  /// The quantile over replications of the number of good parts at each recorded instant: the band of a forecast.
  public func curve(quantile p: Double) -> [Double] {
    precondition(p >= 0 && p <= 1, "a probability of \(p)")
    guard let length = results.first?.curve.count else { return [] }
    return (0..<length).map { k in
      let sorted = results.map { Double($0.curve[k]) }.sorted()
      let place = p * Double(sorted.count - 1)
      let below = Int(place)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    }
  }
}
