import Determinism
import Simulation

/// Simulates the line with given parameters on the event engine and looks at it as the record does.
struct RecordSimulator {
  let line: UnknownLine
  let record: LineObservation

  /// The record that the line would have given, and the timed events simulated; nil where the simulation stops (a deadlock has its record).
  func simulate(_ x: [Double], seed: UInt64) -> (record: LineObservation, events: Int)? {
    guard let simulation = try? LineSimulation(line.line(at: x)) else { return nil }
    let last = record.sights.allSatisfy { sight in
      if case .stamps(let station, _) = sight {
        line.base.stations[station].output == nil && line.base.stations[station].routing == nil
      } else {
        false
      }
    }
    let recording = last && record.sights.count == 1 ? Recording(departures: true) : Recording(trace: true)
    guard let run = try? simulation.replicate(seed: seed, horizon: record.span, recording: recording) else { return nil }
    let sights = record.sights.map { look($0, run) }
    return (LineObservation(sights, span: record.span), run.events)
  }

  private func look(_ sight: LineObservation.Sight, _ run: LineResult) -> LineObservation.Sight {
    guard let trace = run.trace else { return .stamps(station: 0, run.departures) }
    switch sight {
    case .stamps(let station, _):
      return .stamps(station: station, departures(station, trace))
    case .counts(let station, let step, let seen):
      var counts = [Int](repeating: 0, count: seen.count)
      for entry in trace.entries where entry.kind == .produced && trace.stations[Int(entry.index)] == station {
        let k = Int((entry.time / step).rounded(.up)) - 1
        if k < counts.count { counts[max(k, 0)] += 1 }
      }
      return .counts(station: station, step: step, counts)
    case .levels(let buffer, let step, let seen):
      var levels = [Int](repeating: 0, count: seen.count)
      var level = 0
      var k = 0
      for entry in trace.entries where entry.kind == .level && Int(entry.index) == buffer {
        while k < levels.count && Double(k + 1) * step < entry.time {
          levels[k] = level
          k += 1
        }
        level = Int(entry.value)
      }
      while k < levels.count {
        levels[k] = level
        k += 1
      }
      return .levels(buffer: buffer, step: step, levels)
    }
  }

  /// When parts left a station: when they were done, or, blocked, when the machine next went to another state.
  private func departures(_ station: Int, _ trace: LineTrace) -> [Double] {
    var times: [Double] = []
    // By machine: the place in `times` of a part that may yet turn out to be blocked, and whether it did.
    var held: [Int32: (place: Int, isBlocked: Bool)] = [:]
    for entry in trace.entries where entry.kind == .state || entry.kind == .produced {
      guard trace.stations[Int(entry.index)] == station else { continue }
      if entry.kind == .produced {
        held[entry.index] = (times.count, false)
        times.append(entry.time)
      } else if let part = held[entry.index] {
        if Int(entry.value) == LineTrace.State.blocked.rawValue {
          held[entry.index] = (part.place, true)
        } else {
          if part.isBlocked { times[part.place] = entry.time }
          held[entry.index] = nil
        }
      }
    }
    // What is held at the end has not left.
    let kept = Set(held.values.filter(\.isBlocked).map(\.place))
    return times.indices.filter { !kept.contains($0) }.map { times[$0] }.sorted()
  }
}
