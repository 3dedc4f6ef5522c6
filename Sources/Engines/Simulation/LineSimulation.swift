import EventKernel

/// A line made ready to run: checked, and compiled to flat tables. It never changes; a replication is a pure function of it.
///
/// **The model.** A station collects its parts from its input buffers as they come, works, and hands its part to its output buffer; where
/// that is full it holds the part and is *blocked* (blocking after service). A buffer of capacity 0 is a hand-over: the part stays with the
/// upstream station until the downstream one takes it. Failures and short stops come with operating time and interrupt the work, which
/// resumes afterwards. A closed station does nothing, but its repair or short stop goes on. A source delivers a lot, waits for room for all
/// of it, and only then begins its next interval; what falls into an outage comes at the outage's end.
///
/// At a station a finished part is first rejected with probability `scrap`; then an inspection rejects it with its sensitivity where an
/// earlier station left a defect, and with `falseReject` where not; then it gets a defect with probability `latentDefect`.
///
/// The less common parts (batches, routings, wear, set-ups, people, vehicles, cards …) are told where they are declared, in `LineSpec`.
///
/// **Order.** At one instant: what returns (stations that reopen, supplies, crews); then ends of stops, of conveyors and of drives; then
/// completions, stops, and upkeep that falls due; then deliveries; then what leaves (closures, crews); among equals, first scheduled, first
/// served. Waiting stations are served in the order in which they began to wait.
///
/// **Luck.** Every purpose of every machine draws from its own stream, `RandomStream(seed:).split("replication").split(r).split("station")
/// .split(name).split(purpose)`, where machine k of several is called `name.k`. Purposes: cycle, failure, repair, microstop, microstop length,
/// scrap, inspection, defect, routing, setup, wear, replacement, breakage, and by their names stoppages (and their lengths), maintenance and
/// conditions. A source: split("source"), name, and interval, mix, interruption or its length; a way: split("transport"), name, and approach
/// or haul. One draw of each a part or stop, in order. So two lines with one seed meet the same luck, whatever else differs between them.
public struct LineSimulation: Sendable {
  public let line: LineSpec
  let compiled: CompiledLine
  /// The row of stations, where the line obeys the max-plus recursion; else why it does not.
  let plan: MaxPlusLine?
  let planFaults: [String]

  /// - Throws: `SimulationError.invalidLine` with every fault.
  public init(_ line: LineSpec) throws(SimulationError) {
    let faults = line.faults
    if !faults.isEmpty { throw .invalidLine(faults) }
    self.line = line
    compiled = CompiledLine(line)
    var reasons: [String] = []
    plan = MaxPlusLine(compiled, reasons: &reasons)
    planFaults = plan == nil && reasons.isEmpty ? ["its first station, or its source, does not stand at the beginning of a row"] : reasons
  }

  /// Whether replications from the empty line are computed by the max-plus recursion.
  public var obeysMaxPlus: Bool { plan != nil }

  /// Which way a replication is computed.
  public enum Choice: String, Sendable, Hashable, Codable, CaseIterable {
    /// By the max-plus recursion where the line obeys it and nothing is asked that it cannot tell, else event by event.
    case automatic
    case events
    /// By the max-plus recursion, or not at all.
    case maxPlus
  }

  /// Runs one replication, a pure function of its arguments.
  ///
  /// - Parameters:
  ///   - state: where the line starts; nil: empty and idle. What is left of the works and stops under way is drawn given how long they
  ///     have lasted; what is left of a part that waits in a stopped station, as met at a random moment. Parts in buffers have arrived.
  ///     A stop under way at a station that by its spec has none ends at once.
  ///   - horizon: seconds to simulate, from 0. Events at the horizon itself still happen.
  ///   - parts: ends as soon as so many parts have left after the warm-up; the horizon may then be infinite.
  ///   - warmUp: seconds at the beginning that do not count.
  ///   - sampling: how draws are made; antithetic runs need the inverse.
  ///   - eventBudget: stops a run that would take for ever; the default is about ten seconds of one core.
  /// - Throws: `SimulationError.invalidState`, `.invalidHorizon`, `.tooManyEvents` or `.noMaxPlus`.
  /// - Complexity: O(log stations) an event; memory does not grow with the horizon, what `recording` asks for apart.
  public func replicate(
    from state: LineState? = nil, seed: UInt64, replication: Int = 0, horizon: Double = .infinity, parts: Int? = nil, warmUp: Double = 0,
    recording: Recording = .totals, engine: Choice = .automatic, sampling: Sampling = .direct, eventBudget: Int = 200_000_000
  ) throws(SimulationError) -> LineResult {
    if let faults = state?.faults(for: line), !faults.isEmpty { throw .invalidState(faults) }
    let horizon = try checked(horizon, parts, warmUp, recording)
    let fresh = state.map { $0 == .empty(line) } ?? true
    if engine != .events {
      if let plan, fresh, !recording.trace {
        return try MaxPlusRun.replicate(
          compiled, plan, seed: seed, replication: replication, horizon: horizon, parts: parts, warmUp: warmUp, recording: recording,
          sampling: sampling,
          eventBudget: eventBudget)
      }
      if engine == .maxPlus {
        throw .noMaxPlus(planFaults + (fresh ? [] : ["it starts from a state that is not empty"]) + (recording.trace ? ["a trace is asked for"] : []))
      }
    }
    var run = LineRun(
      compiled, seed: seed, replication: replication, recording: recording, eventBudget: min(eventBudget, Int(Event.orderLimit / 8)),
      sampling: sampling)
    run.start(from: state ?? .empty(line), fresh: fresh)
    if warmUp > 0 {
      try run.advance(to: warmUp)
      run.forget(at: warmUp)
    }
    if let parts { run.target = run.left + parts }
    try run.advance(to: horizon)
    let hasAll = run.left >= run.target
    // A line that has died, or run empty, before the parts came ends with its last event.
    let end = hasAll || horizon == .greatestFiniteMagnitude ? max(run.now, warmUp) : horizon
    return run.finish(at: end, warmUp: warmUp)
  }

  private func checked(_ horizon: Double, _ parts: Int?, _ warmUp: Double, _ recording: Recording) throws(SimulationError) -> Double {
    if let parts, parts < 1 { throw .invalidHorizon("\(parts) parts leave nothing to observe") }
    guard warmUp.isFinite && warmUp >= 0 && warmUp < horizon && (horizon.isFinite || parts != nil && horizon > 0) else {
      throw .invalidHorizon("a horizon of \(horizon) s after a warm-up of \(warmUp) s leaves nothing to observe")
    }
    if zip(recording.instants, recording.instants.dropFirst()).contains(where: { !($0 <= $1) })
      || recording.instants.contains(where: { !($0 >= 0 && $0 <= horizon) })
    {
      throw .invalidHorizon("the instants to record must rise from 0 to the horizon, \(horizon) s")
    }
    return min(horizon, .greatestFiniteMagnitude)
  }
}

/// Runs one replication of a line: `LineSimulation.replicate` for whoever runs it once.
///
/// - Throws: any `SimulationError`.
public func simulate(
  line: LineSpec, state: LineState? = nil, seed: UInt64, replication: Int = 0, horizon: Double, warmUp: Double = 0,
  recording: Recording = .totals
) throws(SimulationError) -> LineResult {
  try LineSimulation(line).replicate(
    from: state, seed: seed, replication: replication, horizon: horizon, warmUp: warmUp, recording: recording)
}
