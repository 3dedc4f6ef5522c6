import Determinism
import Probability

/// The cases that are open at an instant, and what is known of each.
public struct CaseState: Sendable, Hashable, Codable {
  public struct OpenCase: Sendable, Hashable, Codable {
    public var name: String
    /// Seconds since 1970 of its first event.
    public var arrived: Double
    public var context: RoutingModel.Context
    /// How often it has done each activity.
    public var visits: [Int]
    /// The last completion, seconds since 1970.
    public var idleSince: Double
    /// What is going on: the activity and when it began.
    public var underway: Int?
    public var underwaySince: Double
    /// Sum and number of the normal scores of its waits so far: a slow case stays slow.
    public var scoreSum: Double
    public var scoreCount: Int
    /// The chance that it has ended already, unseen.
    public var chanceOfEnd: Double
  }
  /// Seconds since 1970.
  public var now: Double
  /// In the order in which they came. Cases that have ended almost surely (below one in a thousand to be open) are left out.
  public var open: [OpenCase]
}

extension CaseMiner {
  func state(_ model: CaseModel) -> CaseState {
    let scores = scores(gaps(), model.waits)
    var open: [CaseState.OpenCase] = []
    for (i, trace) in log.traces.enumerated() {
      let ended = chanceOfEnd(trace, model)
      guard ended < 0.999 else { continue }
      var walk = CaseWalk(log.activities.count)
      var visits = Array(repeating: 0, count: log.activities.count)
      for step in trace.steps {
        walk.do(step.activity)
        visits[step.activity] += 1
      }
      let going = trace.steps.last { $0.complete == nil }
      open.append(
        CaseState.OpenCase(
          name: trace.name, arrived: trace.steps[0].start, context: walk.context, visits: visits,
          idleSince: trace.steps.reduce(trace.steps[0].start) { max($0, $1.complete ?? $0) }, underway: going?.activity,
          underwaySince: going?.start ?? now, scoreSum: scores[i].reduce(0, +), scoreCount: scores[i].count, chanceOfEnd: ended))
    }
    return CaseState(now: now, open: open)
  }
}
