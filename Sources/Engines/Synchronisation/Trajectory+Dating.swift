import Determinism
import Probability

/// What dates a finish besides its count: a stop, a wait, a neighbour that goes on, a reject.
extension Trajectory {
  /// An instant at which a machine finished the last piece before it waited or stood.
  struct LastPiece {
    var finish: Double
    /// Whether that is known to the millisecond.
    var isDated: Bool
    /// So many pieces were finished after the due one, if more than that one were.
    var after = 0
    /// The chance that it was the due one.
    var alone = 1.0
    /// Logarithm of the chance that nobody told of the others.
    var lost = 0.0

    /// Settles on the due one.
    mutating func settleOnDue() { (after, alone, lost) = (0, 1, 0) }
  }

  /// What the next count tells: so many pieces after the due one, finished by then.
  typealias Next = (after: Int, time: Double)

  /// An orderly stop comes between two pieces: one that finds a piece nearly done has let it be finished. What is told on the beat may have begun
  /// before.
  func orderlyStop(_ s: Int, _ evidence: Evidence, start: Double, before high: Double, next: Next?) -> LastPiece? {
    let (states, cycle) = (evidence.states[s], evidence.cycles[s])
    guard let stop = states.firstOrderlyStop(after: max(start, clock), upTo: evidence.horizon), stop < high else { return nil }
    let work = states.worked(from: start, to: stop)
    func mayBe(_ pieces: Double) -> Bool { abs(work - pieces * cycle.mean) < 3 * cycle.deviation * pieces.squareRoot() }
    guard var last = last(s, evidence, LastPiece(finish: stop, isDated: false), start: start, next: next) else { return nil }
    if last.after > 0, flow.machines[s] > 1 || !mayBe(Double(last.after + 1)) { last.settleOnDue() }
    if mayBe(1) { return last }
    last.alone = 0
    return last.after > 0 ? last : nil
  }

  /// A machine that is told to wait has finished its piece: as long before as it always takes to tell so, if that is known, else some time before.
  func firstWait(_ s: Int, _ evidence: Evidence, start: Double, before high: Double, next: Next?) -> LastPiece? {
    let states = evidence.states[s]
    guard flow.machines[s] == 1, let told = states.firstWait(after: max(start, clock), upTo: high) else { return nil }
    let delay = evidence.hesitations[s].seconds
    // What is told on the beat may be told again, its first message lost.
    let isDated = delay != nil && evidence.states[s].heartbeats.contains(told) == false
    guard var last = last(s, evidence, LastPiece(finish: told - (delay ?? 0), isDated: isDated), start: start, next: next) else { return nil }
    // Where the instant itself is open, only the likelier one is followed.
    if !isDated { if last.alone > 0.5 { last.settleOnDue() } else { last.alone = 0 } }
    return last
  }

  /// It was this piece, or one after it, by the time that they took; each that nobody told has lost its message. Nil: there was no time for it.
  private func last(_ s: Int, _ evidence: Evidence, _ told: LastPiece, start: Double, next: Next?) -> LastPiece? {
    let (cycle, states) = (evidence.cycles[s], evidence.states[s])
    let work = states.worked(from: start, to: told.finish)
    guard work > cycle.least else { return nil }
    func lost(_ after: Int) -> Double {
      guard let next else { return Double(after) * Portable.log(evidence.path.shareLost) }
      // What is counted by then, and was not finished before, was worked on in between.
      let isPossible = states.worked(from: told.finish, to: next.time) >= cycle.least * Double(next.after - after)
      return isPossible ? 0 : Portable.log(Trajectory.leastShare)
    }
    var last = told
    let alone = cycle.logDensity(of: 1, work) + lost(0)
    var best = -Double.infinity
    for more in 1...3 where more <= next?.after ?? 3 {
      let likelihood = cycle.logDensity(of: more + 1, work) + lost(more)
      if likelihood > best { (last.after, last.lost, best) = (more, lost(more), likelihood) }
    }
    if last.after > 0 { last.alone = 1 / (1 + Portable.exp(min(best - alone, 500))) }
    if last.alone > 1 - Trajectory.leastShare { last.settleOnDue() }
    if last.alone < Trajectory.leastShare { last.alone = 0 }
    return last
  }

  /// Explanations of a finish that are less likely than this are not followed.
  private static var leastShare: Double { 1e-4 }

  /// The only one who can bring what a neighbour waits for has finished it when the neighbour was told to go on, less the way there.
  func wokenNeighbour(_ s: Int, _ evidence: Evidence, from low: Double, before high: Double) -> Double? {
    guard let b = flow.output[s], flow.machines[s] == 1, flow.producers[b].count == 1, flow.rejecters[b].isEmpty, flow.consumers[b].count == 1,
      buffers[b].ready == 0, !travels.contains(b), stations[s].held == 0
    else { return nil }
    let c = flow.consumers[b][0]
    guard flow.machines[c] == 1, stations[c].inWork == 0, stations[c].held == 0, missingInput(c) == b, flow.source[b] == nil,
      let told = evidence.states[c].resumption(after: clock, upTo: evidence.horizon), evidence.states[c].heartbeats.contains(told) == false
    else { return nil }
    let time = told - flow.transit[b]
    return time > low && time < high ? time : nil
  }

  /// A reject that was told dates a piece, even where its count was lost.
  func rejectReport(_ s: Int, _ evidence: Evidence, after low: Double, before high: Double) -> Double? {
    let rejects = evidence.rejects[s]
    guard let i = rejects.index(reaching: stations[s].rejected + 1), rejects.time(i) > low, rejects.time(i) < high,
      evidence.isReport(rejects, i, of: s), rejects.time(i) - low < 4 * evidence.cycles[s].mean
    else { return nil }
    return rejects.time(i)
  }
}
