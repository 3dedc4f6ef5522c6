import PlantModel
import Probability
import Quantities

/// Stations whose machines tell no state: what is timed of them.
extension LineRecord {
  /// By station; nil where it tells its state, or where nothing counts its parts.
  static func unseenTrackers(_ plant: Plant) -> [UnseenTracker?] {
    let index = Dictionary(uniqueKeysWithValues: plant.buffers.enumerated().map { ($1.name, $0) })
    func isMeasured(_ buffer: String) -> Bool { plant.buffers[index[buffer]!].levelTag != nil }
    // Every other station that fills or empties the buffer must count, or the level tells nothing of this one.
    func isCounted(_ buffer: String, but station: String) -> Bool {
      !plant.sources.contains { $0.into == buffer }
        && plant.stations.allSatisfy { other in
          other.name == station || other.tags.processed != nil
            || !(other.output == .buffer(buffer) || other.inputs.contains { $0.buffer == buffer })
        }
    }
    return plant.stations.map { station in
      guard station.tags.state == nil, station.machines == 1, station.batch == nil, !station.inputs.isEmpty else { return nil }
      if station.tags.processed != nil { return UnseenTracker(.counter) }
      if case .buffer(let name) = station.output, isMeasured(name), isCounted(name, but: station.name) {
        return UnseenTracker(.levelBehind(index[name]!))
      }
      if let input = station.inputs.first(where: { $0.count == 1 && isMeasured($0.buffer) && isCounted($0.buffer, but: station.name) }) {
        return UnseenTracker(.levelBefore(index[input.buffer]!))
      }
      return nil
    }
  }

  /// The station, told by no state, finished parts.
  mutating func time(_ parts: Int, of s: Int, at t: Instant) {
    let isReady = isFed(s) && hasRoom(s) && !isClosed && plannedSpan(s, at: t) == nil && unseenFrom.map { t >= $0 } ?? true
    let ratio = max(stations[s].ratio, 0.1)
    unseen[s]?.count(
      parts, at: t, isReady: isReady, speed: ratio, product: stations[s].product, cycle: plant.stations[s].cycle.mean / ratio)
  }

  /// A level that rose or fell by what no counter explains: parts of the station that has no counter.
  mutating func derive(_ difference: Int, of b: Int, at t: Instant) {
    for s in stations.indices {
      let parts: Int
      switch unseen[s]?.source {
      case .levelBehind(b): parts = unseen[s]!.read(difference, at: t)
      case .levelBefore(b): parts = unseen[s]!.read(-difference, at: t)
      default: continue
      }
      guard parts > 0 else { continue }
      openMinute.stations[s].processed += parts
      for input in inputs[s] where !levels[input.buffer].measured { levels[input.buffer].add(-parts * input.count) }
      if let output = outputs[s], !levels[output].measured { levels[output].add(parts) }
      passProducts(parts, of: s)
      time(parts, of: s, at: t)
    }
  }

  /// Another product comes: for half an hour nobody knows which of these stations is being set up.
  mutating func passOverSetUps(from t: Instant) {
    spoilUnseen()
    unseenFrom = t + .minutes(30)
  }

  /// What is under way at stations without a state is no completion.
  mutating func spoilUnseen() { for s in unseen.indices { unseen[s]?.spoil() } }

  /// Half of the stations that tell their state or more are closed.
  var isClosed: Bool {
    let telling = stations.indices.filter { plant.stations[$0].tags.state != nil }
    return !telling.isEmpty && 2 * telling.count { stations[$0].activity == .closed } >= telling.count
  }
}
