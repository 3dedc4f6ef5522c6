/// A model of processes that share resources: declared once, compiled to flat tables, run as often as wanted.
///
///     let queue = try FlowModel("M/M/1") { m in
///       let server = m.resource("server", capacity: 1)
///       m.process("customer", arrivals: .exponential(mean: 1 / 0.9)) {
///         Seize(server)
///         Delay("service", .exponential(mean: 1))
///         Release(server)
///         Tally("time in system", of: .age)
///       }
///     }
///     let result = try queue.replicate(seed: 1, until: .departures(1_000_000))
///
/// **Order.** Events come by time; at one instant shifts first, then ends of delays, arrivals, lost patience; then first scheduled, first
/// served. A process goes on until it waits; those that it woke go on after it, in the order in which it woke them, before the next event.
///
/// **Luck.** Each law of each statement draws from a stream of its own, `RandomStream(seed:)` split by "replication", the replication's number,
/// the process's name and the statement's name. Statements without a name are called by their sort and place, "Delay 2". So two models
/// under one seed meet the same luck wherever their names are the same.
public struct FlowModel: Sendable {
  let program: Program

  /// What the model is called.
  public var name: String { program.name }

  /// Declares and compiles a model.
  ///
  /// - Throws: `FlowError.invalidModel` with all faults found.
  public init(_ name: String, _ declare: (FlowDraft) -> Void) throws(FlowError) {
    let draft = FlowDraft()
    declare(draft)
    let compiler = ProgramCompiler(name, draft)
    if !compiler.faults.isEmpty { throw .invalidModel(name: name, faults: compiler.faults) }
    program = compiler.program
  }

  /// Runs one replication: a pure function of its arguments, so any number of them may run side by side.
  ///
  /// - Parameters:
  ///   - replication: which; each has streams of its own.
  ///   - stop: when it ends.
  ///   - warmUp: until when nothing is noted.
  ///   - eventBudget: after how many events the run is given up.
  /// - Throws: any `FlowError` but `invalidModel`.
  public func replicate(
    seed: UInt64, replication: Int = 0, until stop: Stop, warmUp: Stop = .time(0), draws: Draws = .direct, eventBudget: Int = 2_000_000_000
  ) throws(FlowError) -> FlowResult {
    var run = FlowRun(program, seed: seed, replication: replication, draws: draws)
    if warmUp != .time(0) {
      try run.advance(to: warmUp, eventBudget: eventBudget)
      run.restart()
    }
    try run.advance(to: stop, eventBudget: eventBudget)
    return run.result(seed: seed, replication: replication, isQuiet: stop == .quiet)
  }

  /// Runs replications `first ..< first + count`, one after the other.
  public func run(
    count: Int, seed: UInt64, first: Int = 0, until stop: Stop, warmUp: Stop = .time(0), draws: Draws = .direct
  ) throws(FlowError) -> [FlowResult] {
    var results: [FlowResult] = []
    for r in first..<first + count { results.append(try replicate(seed: seed, replication: r, until: stop, warmUp: warmUp, draws: draws)) }
    return results
  }

  /// Runs antithetic pairs: each replication by inversion of u and of 1 − u. The mean of a pair varies less than that of two replications
  /// wherever the figure rises or falls with every draw.
  ///
  /// - Source: J. M. Hammersley, K. W. Morton 1956, doi:10.1017/S0305004100031455.
  public func antitheticPairs(
    count: Int, seed: UInt64, first: Int = 0, until stop: Stop, warmUp: Stop = .time(0)
  ) throws(FlowError) -> [(FlowResult, FlowResult)] {
    var pairs: [(FlowResult, FlowResult)] = []
    for r in first..<first + count {
      pairs.append(
        (
          try replicate(seed: seed, replication: r, until: stop, warmUp: warmUp, draws: .inverted),
          try replicate(seed: seed, replication: r, until: stop, warmUp: warmUp, draws: .antithetic)
        ))
    }
    return pairs
  }
}
