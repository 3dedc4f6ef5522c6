import LineModel
import PlantModel
import Quantities
import Telemetry

extension LineRecord {
  /// A machine told its state; nil: it told nothing that can be trusted.
  mutating func fold(state: MachineState?, of s: Int, at t: Instant) {
    accrue(s, to: t)
    let previous = stations[s].state
    if state != previous { (stations[s].state, stations[s].since) = (state, t) }
    let before = stations[s].activity
    let after = state.map { StationTracker.activity(in: $0, after: before) } ?? .unknown
    let isAnother =
      before == .closed && after == .closed
      && StationTracker.beginsAnotherClosure(state!, after: previous, inChangeover: stops[s].last.map { $0.end == nil && $0.isChangeover } ?? false)
    guard after != before || isAnother else { return }
    stations[s].unbroken = false
    endStop(of: s, at: t)
    switch after {
    case .failed, .microstopped, .closed:
      let failed = after == .failed
      var stop = Stop(
        activity: after, start: t, end: nil, operated: failed ? stations[s].sinceFailure : stations[s].sinceMicrostop, ratio: stations[s].ratio)
      stop.isChangeover = state == .completing || state == .complete
      stop.isSeenFromStart = before != .unknown
      stops[s].append(stop)
      if failed {
        openMinute.stations[s].failures += 1
        stations[s].sinceFailure = 0
      } else if after == .microstopped {
        openMinute.stations[s].microstops += 1
        stations[s].sinceMicrostop = 0
      }
    case .running, .waiting, .unknown: break
    }
    (stations[s].activity, stations[s].activitySince) = (after, t)
    if after == .closed && isClosed { spoilUnseen() }
    let holds = after != .waiting && after != .unknown
    for input in inputs[s] {
      let others = stations.indices.filter { other in
        other != s && inputs[other].contains { $0.buffer == input.buffer } && stations[other].activity != .waiting
          && stations[other].activity != .unknown
      }
      levels[input.buffer].inHand = ((holds ? 1 : 0) + others.count) * input.count
    }
  }

  private mutating func endStop(of s: Int, at t: Instant) {
    guard let last = stops[s].indices.last, stops[s][last].end == nil else { return }
    stops[s][last].end = t
    if stops[s][last].isChangeover { endChangeover(of: s) }
    // Where its beginning was not seen, nobody knows whether the tool is new.
    if stops[s][last].isSeenFromStart, purpose(of: stops[s][last], at: s) == .replacement { stations[s].toolParts = 0 }
  }

  mutating func index(of name: String) -> Int {
    if let i = products.firstIndex(of: name) { return i }
    products.append(name)
    return products.count - 1
  }

  /// Mean parts a minute over the last ten closed minutes.
  func rate(of s: Int) -> Double {
    let recent = minutes.suffix(10)
    return recent.isEmpty ? 0 : recent.reduce(0) { $0 + Double($1.stations[s].processed) } / Double(recent.count)
  }

  var good: Int { sinks.reduce(0) { $0 + stations[$1].processed.total - stations[$1].rejected.total } }

  /// Set-points by tag, as read back.
  var readBack: Setpoints {
    Dictionary(uniqueKeysWithValues: zip(roles.setpoints, setpoints).map { ($0.tag, $1) })
  }
}
