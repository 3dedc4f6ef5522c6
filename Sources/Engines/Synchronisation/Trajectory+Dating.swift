import Determinism
import Probability

/// What dates a finish besides its count: a stop, a wait, a neighbour that goes on, a reject.
extension Trajectory {
  /// An orderly stop comes between two pieces: one that finds a piece nearly done has let it be finished. What is told on the beat may have begun
  /// before.
  func orderlyStop(_ s: Int, _ evidence: Evidence, start: Double, work: Double, deviation: Double) -> Double? {
    let states = evidence.states[s]
    guard let stop = states.firstOrderlyStop(after: max(start, clock), upTo: evidence.horizon), evidence.states[s].heartbeats.contains(stop) != true
    else { return nil }
    return abs(states.worked(from: start, to: stop) - work) < 3 * deviation ? stop : nil
  }

  /// A machine that is told to wait has finished its piece: as long before as it always takes to tell so, if that is known, else some time before.
  /// It was this piece, or one after it, whichever is likelier by the time that they took; each that nobody told has lost its message.
  func firstWait(
    _ s: Int, _ evidence: Evidence, start: Double, before high: Double, most: Int?
  ) -> (finish: Double, after: Int, isDated: Bool)? {
    let states = evidence.states[s]
    guard flow.machines[s] == 1, let told = states.first(after: max(start, clock), upTo: high, where: \.isWaiting) else { return nil }
    let delay = evidence.hesitations[s].seconds
    let finish = told - (delay ?? 0)
    let work = states.worked(from: start, to: finish)
    guard work > evidence.cycles[s].least else { return nil }
    var (after, best) = (0, evidence.cycles[s].logDensity(of: 1, work))
    for more in 1...3 where more <= most ?? 3 {
      let likelihood = evidence.cycles[s].logDensity(of: more + 1, work) + Double(more) * Portable.log(evidence.path.shareLost)
      if likelihood > best { (after, best) = (more, likelihood) }
    }
    // What is told on the beat may be told again, its first message lost.
    return (finish, after, delay != nil && evidence.states[s].heartbeats.contains(told) == false)
  }

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
