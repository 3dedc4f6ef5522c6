/// A solution on a grid of instants, with the events met on the way.
public struct Trajectory: Sendable {
  /// One event: which switching function, and when.
  public struct Event: Sendable, Hashable {
    public let index: Int
    public let time: Double
  }
  /// The grid.
  public let times: [Double]
  public let stateCount: Int
  /// State i at grid instant k at place k·stateCount + i.
  public let values: [Double]
  public let events: [Event]
  public let effort: SolverContext.Effort

  /// State i at grid instant k.
  public subscript(k: Int, i: Int) -> Double { values[k * stateCount + i] }
}

extension StiffSolver {
  /// The solution from state x at t on a grid, through all events; each makes the jump of the equation's `reset`.
  ///
  /// Steps are chosen by the tolerance alone and the grid is read from the dense output, so a fine grid costs next to nothing. Where an event falls
  /// on a grid instant, the value is that before the jump.
  ///
  /// - Parameter grid: rising instants, none before t.
  /// - Throws: `invalid` for a grid out of order, and what `advance` throws; after `tooManySteps` only a higher `stepLimit` helps, as no context
  ///   is left to go on from.
  public func trajectory(_ x: [Double], from t: Double, at grid: [Double]) throws(ContinuousError) -> Trajectory {
    for (a, b) in zip([t] + grid, grid) where !(a <= b) || !b.isFinite { throw .invalid(["the grid goes from \(a) to \(b)"]) }
    var context = try start(x, at: t)
    let n = x.count
    var values = [Double](repeating: 0, count: n * grid.count)
    var events: [Trajectory.Event] = []
    var next = 0
    while next < grid.count {
      while next < grid.count && grid[next] <= context.time {
        let row = context.state(at: grid[next])
        for i in 0..<n { values[next * n + i] = row[i] }
        next += 1
      }
      if next == grid.count { break }
      let fired = try step(&context, until: grid[grid.count - 1])
      if context.effort.acceptedSteps + context.effort.rejectedSteps > stepLimit { throw .tooManySteps(limit: stepLimit, at: context.time) }
      if fired.isEmpty { continue }
      while next < grid.count && grid[next] <= context.time {
        let row = context.state(at: grid[next])
        for i in 0..<n { values[next * n + i] = row[i] }
        next += 1
      }
      events += fired.map { Trajectory.Event(index: $0, time: context.time) }
      var isChanged = false
      for event in fired { if reset(event, at: context.time, &context.state) { isChanged = true } }
      if isChanged { try restart(&context) }
    }
    return Trajectory(times: grid, stateCount: n, values: values, events: events, effort: context.effort)
  }
}
