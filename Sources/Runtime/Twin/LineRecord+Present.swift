import LineModel
import PlantModel
import Probability
import Quantities
import Simulation

extension LineRecord {
  func present(frozen: FrozenSensors, late: Int, bad: Int, newest: Instant?) -> LinePresent {
    LinePresent(
      at: newest ?? clock ?? Instant(seconds: 0), product: product, order: order,
      stations: plant.stations.enumerated().map { s, station in
        let tracker = stations[s]
        return .init(
          name: station.name, state: tracker.state, since: tracker.since, activity: tracker.activity, processed: tracker.processed.total,
          rejected: tracker.rejected.total, rate: rate(of: s), counterFaults: tracker.processed.faults + tracker.rejected.faults)
      },
      buffers: plant.buffers.enumerated().map { b, buffer in
        .init(
          name: buffer.name, level: levels[b].level, low: levels[b].level, high: levels[b].level, capacity: buffer.capacity,
          measured: levels[b].measured, corrections: levels[b].corrections)
      },
      variables: roles.variables.enumerated().compactMap { v, variable in
        valueInstants[v].map {
          .init(tag: variable.tag, value: values[v].isFinite ? values[v] : nil, instant: $0, frozen: frozen.isFrozen(v))
        }
      },
      setpoints: readBack, good: good,
      goodPerHour: minutes.isEmpty
        ? 0 : 60 * minutes.suffix(10).reduce(0) { $0 + Double($1.good(sinks)) } / Double(min(minutes.count, 10)),
      lateSamples: late, badSamples: bad, corrections: [])
  }

  /// The simulator's view of the present. A station that is closed starts idle; its closure is the simulation's business.
  var lineState: LineState {
    let now = clock ?? Instant(seconds: 0)
    return LineState(
      levels: levels.map(\.level),
      stations: stations.indices.flatMap { s -> [StationState] in
        let tracker = stations[s]
        let elapsed = max(0, (now - (tracker.activitySince ?? now)).seconds)
        let condition: StationState.Condition
        switch tracker.activity {
        case .running:
          let cycle = plant.stations[s].cycle.mean / max(tracker.ratio, 0.1)
          condition = .working(elapsed: min(max(0, (now - (tracker.lastPart ?? now)).seconds), 3 * cycle))
        case .failed: condition = .failed(elapsed: elapsed, holdsPart: true)
        case .microstopped: condition = .microstopped(elapsed: elapsed, holdsPart: true)
        case .waiting: condition = isBlocked(s) ? .blocked : .idle
        case .closed, .unknown: condition = .idle
        }
        var state = StationState(condition: condition, sinceFailure: tracker.sinceFailure, sinceMicrostop: tracker.sinceMicrostop)
        if let wear = plant.stations[s].wear {
          let isReplacing = stops[s].last.map { $0.end == nil && purpose(of: $0, at: s) == .replacement } ?? false
          // Not told and not yet seen to be replaced: half its life.
          state.wear = isReplacing ? 0 : (tracker.toolParts.map { $0 * wear.perPart.mean } ?? 0.5 * (wear.replaceAt ?? 0))
        }
        return oneForEachMachine(of: s, state)
      })
  }

  /// Several machines of a station tell one state, which is taken for each of them.
  func oneForEachMachine(of s: Int, _ state: StationState) -> [StationState] {
    [StationState](repeating: state, count: plant.stations[s].machines)
  }

  func isBlocked(_ s: Int) -> Bool { outputs[s].map { levels[$0].level >= levels[$0].capacity } ?? false }
}
