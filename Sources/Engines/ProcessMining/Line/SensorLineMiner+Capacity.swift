import Probability

extension SensorLineMiner {
  /// How many items of each class fill a link, where it is seen to hold up the items before it.
  ///
  /// Items before the link are held up when they take longer than their free travel by half and by a usual headway. Where the link is what
  /// holds them, it is full, or filling again after a stop, each time that it takes one: it holds about the most that it ever held of that
  /// class. Where it held far more at other times, something else had held the items up.
  ///
  /// Or nothing at all enters for a while each time that the link holds that most: seven times in ten longer than three usual headways, three
  /// times at least. So betrays itself a link behind a station that does not begin what it could not let go.
  /// - Parameter held: when a source that had paused made its next item.
  func capacity(_ link: SensorLine.Link, _ links: [SensorLine.Link], held: [Double]) -> [Double]? {
    guard link.isOrdered, link.gate == nil else { return nil }
    let trips = trips(link.from, link.to)
    guard trips.count >= 50 else { return nil }
    var entries = Set(held.map(\.bitPattern))
    for before in links where before.to == link.from && before.isOrdered {
      let free = before.travel.law.mean
      let earlier = self.trips(before.from, before.to)
      let headway = median(zip(earlier, earlier.dropFirst()).map { $1.exit - $0.exit })
      for trip in earlier where trip.exit - trip.entry > 1.5 * free + headway { entries.insert(trip.exit.bitPattern) }
    }
    let contents = contents(trips)
    var most = history.classes.map { _ in 0 }
    for content in contents { if let c = content.pure { most[c] = max(most[c], content.total) } }
    let shares = zip(trips, contents).compactMap { trip, content in
      entries.contains(trip.entry.bitPattern) ? content.pure.map { Double(content.total) / Double(most[$0]) } : nil
    }
    guard let greatest = most.max(), greatest >= 4 else { return nil }
    let usual = median(zip(trips, trips.dropFirst()).map { $1.entry - $0.entry })
    let waits = zip(zip(trips, trips.dropFirst()), contents).compactMap { pair, content in
      content.pure.map { content.total == most[$0] && content.total >= 4 } == true ? pair.1.entry - pair.0.entry : nil
    }
    let isSaturated = waits.count >= 3 && waits.count { $0 > 3 * usual } * 10 >= waits.count * 7
    let holdsUp = shares.count >= 5 && lowQuantile(shares, 0.9) > 0.9 && median(shares) > 0.6
    guard isSaturated || holdsUp else { return nil }
    return most.map { Double($0 > 0 ? $0 : greatest) }
  }

  struct Content {
    var total: Int
    var byClass: [Int]
    /// The class of nine tenths of it.
    var pure: Int? { byClass.firstIndex { $0 * 10 >= total * 9 } }
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
