import Estimation

extension SensorLineMiner {
  /// One item's way over a link.
  struct Trip {
    var item: Int
    var entry: Double
    var exit: Double
  }

  /// The trips over each succession of nodes, in order of entry.
  func trips(_ from: Int, _ to: Int) -> [Trip] {
    var trips: [Trip] = []
    for (i, item) in history.items.enumerated() {
      for (a, b) in zip(item.passages, item.passages.dropFirst()) where a.node == from && b.node == to {
        trips.append(Trip(item: i, entry: a.time, exit: b.time))
      }
    }
    return trips.sorted { ($0.entry, $0.exit, $0.item) < ($1.entry, $1.exit, $1.item) }
  }

  /// The links with their travel, order and gates; capacities come later.
  func links() -> [SensorLine.Link] {
    let intakes = Set(assemblyPairs.map(\.intake))
    return follows.map { pair in
      let trips = trips(pair.from, pair.to)
      let delays = trips.map { $0.exit - $0.entry }
      var overtaken = 0
      var latest = -Double.infinity
      for trip in trips {
        if trip.exit < latest { overtaken += 1 }
        latest = max(latest, trip.exit)
      }
      let isOrdered = overtaken * 20 <= trips.count
      let gate = isOrdered && !isBlockable(pair.to, intakes) ? gate(trips) : nil
      let isSingle = greatestOccupancy(trips) == 1
      let travel: LawBelief
      var service: LawBelief?
      if !isOrdered || (isSingle && !isBlockable(pair.to, intakes)) {
        travel = LawChoice.choose(delays.map { LifetimeFit.Observation(max($0, 0)) }) ?? .constant(median(delays))
      } else {
        // What the quickest tenth takes is travel; the rest is waiting, and work where nothing further on holds items up.
        let free = lowQuantile(delays, 0.1)
        travel = .constant(free)
        if gate == nil, !isBlockable(pair.to, intakes) { service = self.service(trips, free) }
      }
      let exits = trips.map(\.exit).sorted()
      let headways = zip(exits, exits.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }
      return SensorLine.Link(
        from: pair.from, to: pair.to, count: pair.count, travel: travel, isOrdered: isOrdered, service: service,
        headway: isOrdered && service == nil && headways.count > 1 ? lowQuantile(headways, 0.02) : 0, capacity: nil, gate: gate)
    }
  }

  /// Whether what lies behind a node can hold items up: an assembly, or a further link on which they wait.
  private func isBlockable(_ node: Int, _ intakes: Set<Int>) -> Bool {
    if intakes.contains(node) { return true }
    return follows.contains { $0.from == node && reachesIntake($0.to, intakes) }
  }

  func reachesIntake(_ node: Int, _ intakes: Set<Int>) -> Bool { intakes.contains { reaches(node, $0, []) } }

  /// The work on each item after it had travelled and the one before had left; nil where it is nothing but transport.
  private func service(_ trips: [Trip], _ free: Double) -> LawBelief? {
    var before = -Double.infinity
    var work: [Double] = []
    for trip in trips {
      work.append(max(trip.exit - max(trip.entry + free, before), 0))
      before = trip.exit
    }
    guard median(work) > 0.05 * max(free, 1e-9) else { return nil }
    return LawChoice.choose(work.map { LifetimeFit.Observation($0) })
  }

  func greatestOccupancy(_ trips: [Trip]) -> Int {
    var marks = trips.map { ($0.entry, 1) } + trips.map { ($0.exit, -1) }
    marks.sort { $0 < $1 }
    var (held, most) = (0, 0)
    for mark in marks {
      held += mark.1
      most = max(most, held)
    }
    return most
  }

  /// A gate lets items through in bunches although they came singly.
  private func gate(_ trips: [Trip]) -> SensorLine.Gate? {
    let entries = trips.map(\.entry), exits = trips.map(\.exit).sorted()
    guard exits.count >= 10 else { return nil }
    let mean = (exits.last! - exits.first!) / Double(exits.count - 1)
    let closeIn = zip(entries, entries.dropFirst()).count { $1 - $0 < 0.05 * mean }
    let gaps = zip(exits, exits.dropFirst()).map { $1 - $0 }
    let bunched = gaps.filter { $0 < 0.05 * mean }
    guard Double(bunched.count) > 0.25 * Double(gaps.count), closeIn * 3 < bunched.count else { return nil }
    var openings = [exits[0]]
    for (gap, exit) in zip(gaps, exits.dropFirst()) where gap >= 0.05 * mean { openings.append(exit) }
    guard openings.count >= 5, let interval = LawChoice.choose(zip(openings, openings.dropFirst()).map { LifetimeFit.Observation($1 - $0) }) else {
      return nil
    }
    let delays = trips.map { $0.exit - $0.entry }
    guard median(delays) > 3 * median(bunched) else { return nil }
    return SensorLine.Gate(interval: interval, spacing: median(bunched), dwell: delays.min()!)
  }
}
