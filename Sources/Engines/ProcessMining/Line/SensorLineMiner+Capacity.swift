import Probability

extension SensorLineMiner {
  /// How many items of each class fill a link, where it is seen to hold up the items before it.
  ///
  /// Items before the link are held up when they take longer than their free travel by half and by a usual headway. At those entries the
  /// link must have been near its greatest content, else something else held them.
  func capacity(_ link: SensorLine.Link, _ links: [SensorLine.Link], pauses: [Double]) -> [Double]? {
    guard link.isOrdered, link.gate == nil else { return nil }
    let trips = trips(link.from, link.to)
    guard trips.count >= 50 else { return nil }
    let content = contents(trips)
    let most = content.map(\.total).max() ?? 0
    guard most >= 4 else { return nil }
    // Entries of held-up items: after a long trip on the link before, or after a pause of the source.
    var held = Set(pauses.map(\.bitPattern))
    for before in links where before.to == link.from && before.isOrdered {
      let free = before.travel.law.mean
      let trips = self.trips(before.from, before.to)
      let headway = median(zip(trips, trips.dropFirst()).map { $1.exit - $0.exit })
      for trip in trips where trip.exit - trip.entry > 1.5 * free + headway { held.insert(trip.exit.bitPattern) }
    }
    let shares = zip(trips, content).filter { held.contains($0.0.entry.bitPattern) }.map {
      Double($0.1.total) / Double($0.1.bound(byClassMost(content)))
    }
    guard shares.count >= 5, median(shares) > 0.6 else { return nil }
    return byClassMost(content).map { $0 > 0 ? Double($0) : Double(most) }
  }

  struct Content {
    var total: Int
    var byClass: [Int]
    /// The greatest content that its prevailing class had.
    func bound(_ most: [Int]) -> Int {
      let i = byClass.indices.max { byClass[$0] < byClass[$1] }!
      return max(most[i], 1)
    }
  }

  /// The most items of each class at an entry at which nine tenths of the content were of that class; 0 where that never was.
  private func byClassMost(_ content: [Content]) -> [Int] {
    var most = history.classes.map { _ in 0 }
    for c in content {
      for (i, count) in c.byClass.enumerated() where count * 10 >= c.total * 9 { most[i] = max(most[i], c.total) }
    }
    return most
  }

  /// What the link held just after each entry.
  private func contents(_ trips: [Trip]) -> [Content] {
    let exits = trips.sorted { ($0.exit, $0.item) < ($1.exit, $1.item) }
    var gone = 0
    var held = Content(total: 0, byClass: history.classes.map { _ in 0 })
    return trips.map { trip in
      while gone < exits.count, exits[gone].exit <= trip.entry {
        held.total -= 1
        held.byClass[history.items[exits[gone].item].itemClass] -= 1
        gone += 1
      }
      held.total += 1
      held.byClass[history.items[trip.item].itemClass] += 1
      return held
    }
  }
}
