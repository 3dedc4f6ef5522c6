/// For each buffer, when last something near it had to be put right that no history explained.
///
/// Then none of those that are followed was the true one, and what was put right may be the wrong thing, or at the wrong place: a reject that was
/// kept and not scrapped, a finish that lost its message together with the next. So for a while levels nearby may be wrong, although only one
/// history is left. How often that is so was measured (`Benchmarks/state`), on runs that are not those of the acceptance.
struct Doubt: Sendable {
  /// Seconds for which it lasts.
  static let lasts = 30.0
  /// The chance that a level nearby is wrong: 3 to 8 % of those that were certain but for this, near a correction.
  static let chance = 0.05

  private(set) var times: [Double]

  init(buffers: Int) { times = Array(repeating: -.infinity, count: buffers) }

  /// Takes a correction in.
  mutating func note(_ correction: Correction.Note, _ flow: Flow) {
    switch correction.law {
    case .sensor, .feasibility, .starvedOrBlocked, .takenBack: break
    case .missedCount, .missedReject, .doubtedSensor, .stateOrder, .counterBridged, .tooLate: return
    }
    let near: [Int]
    switch correction.place {
    case .buffer(let b): near = flow.isUncounted[b] ? [] : flow.nearBuffer[b]
    case .station(let s): near = flow.nearStation[s]
    }
    for b in near { times[b] = max(times[b], correction.to) }
  }

  /// The chance that the level is none of those that the histories have.
  func chance(_ b: Int, at time: Double) -> Double {
    abs(time - times[b]) < Doubt.lasts ? Doubt.chance : 0
  }
}
