import Estimation
import Probability

extension SensorLineMiner {
  /// A signal of two values, with its times at 1; or stops that no signal tells.
  struct Status {
    var name: String?
    var on: [ClosedRange<Double>]
    /// Since when it is at 1, if it is.
    var onSince: Double?
    var offSince: Double?
  }

  /// The signals that are 0 or 1 and were at 1 at least three times.
  func statuses() -> [Status] {
    history.signals.compactMap { signal in
      guard signal.changes.allSatisfy({ $0.value == 0 || $0.value == 1 }) else { return nil }
      var status = Status(name: signal.name, on: [], onSince: nil, offSince: nil)
      for change in signal.changes {
        if change.value == 1 {
          (status.onSince, status.offSince) = (change.time, nil)
        } else {
          if let since = status.onSince { status.on.append(since...change.time) }
          (status.onSince, status.offSince) = (nil, change.time)
        }
      }
      return status.on.count >= 3 ? status : nil
    }
  }

  /// The node that stops while a signal is at 1: where (passages then + 2) over those expected by the rate else is least, and
  /// below a half by more than three standard deviations of a Poisson count.
  /// An assembly that stops is held up at its output: what is in it is finished, and nothing new begun.
  func stopped(by status: Status) -> Int? {
    let intervals = status.on + (status.onSince.map { [$0...max(now, $0)] } ?? [])
    let time = intervals.reduce(0) { $0 + $1.upperBound - $1.lowerBound }
    guard let start = byNode.compactMap(\.first?.time).min(), now - start > time else { return nil }
    var ratios: [Double] = []
    for node in history.nodes.indices {
      let within = byNode[node].count { passage in intervals.contains { $0.lowerBound < passage.time && passage.time <= $0.upperBound } }
      let expected = Double(byNode[node].count - within) / (now - start - time) * time
      let isClear = expected - Double(within) > 3 * expected.squareRoot()
      ratios.append(expected > 0 && isClear ? (Double(within) + 2) / expected : .infinity)
    }
    guard let node = ratios.indices.min(by: { ratios[$0] < ratios[$1] }), ratios[node] < 0.5 else { return nil }
    let output = assemblyPairs.first { $0.intake == node }?.output
    return output.flatMap { ratios[$0] < 0.5 ? $0 : nil } ?? node
  }

  /// The pauses of a station from its signal.
  func pause(_ status: Status, _ node: Int) -> SensorLine.Break? {
    var working = zip(status.on, status.on.dropFirst()).map { LifetimeFit.Observation(max($1.lowerBound - $0.upperBound, 1e-3)) }
    var pauses = status.on.map { LifetimeFit.Observation(max($0.upperBound - $0.lowerBound, 1e-3)) }
    if let since = status.onSince {
      if now > since { pauses.append(.init(now - since, complete: false)) }
      if let last = status.on.last { working.append(.init(max(since - last.upperBound, 1e-3))) }
    } else if let since = status.offSince, now > since {
      working.append(.init(now - since, complete: false))
    }
    guard let work = LawChoice.choose(working), let rest = LawChoice.choose(pauses) else { return nil }
    return SensorLine.Break(signal: status.name, node: node, working: work, pause: rest)
  }

  /// Stops without a signal: at a node that nothing further on holds up, the first item waits longer than five usual works there.
  ///
  /// A stop began somewhere between the last passage and the moment from which the item waited: the middle is taken.
  /// - Parameter known: the breaks that signals tell; what they explain is not counted again.
  func hiddenStops(
    _ links: [SensorLine.Link], _ assemblies: [SensorLine.Assembly], known: [(node: Int, on: [ClosedRange<Double>])]
  ) -> [(status: Status, pause: SensorLine.Break)] {
    let intakes = Set(assemblies.map(\.intake))
    return links.compactMap { link in
      guard link.isOrdered, link.gate == nil, link.service == nil else { return nil }
      let work: Double
      if let assembly = assemblies.first(where: { $0.intake == link.to }) {
        guard !reachesIntake(assembly.output, intakes) else { return nil }
        work = 5 * (assembly.process.law.mean + assembly.reopening + assembly.entryHeadway)
      } else {
        let next = links.filter { $0.from == link.to }
        guard !next.isEmpty, next.allSatisfy({ $0.capacity == nil && $0.gate == nil }) else { return nil }
        let times = byNode[link.to].map(\.time)
        work = 5 * median(zip(times, times.dropFirst()).map { $1 - $0 })
      }
      let output = assemblies.first { $0.intake == link.to }?.output
      let told = known.filter { $0.node == link.to || $0.node == output }.flatMap(\.on)
      var status = Status(name: nil, on: [], onSince: nil, offSince: nil)
      var before = byNode[link.to].first?.time ?? now
      let free = link.travel.law.mean
      for trip in trips(link.from, link.to) + waiting(link) {
        let ready = max(trip.entry + free, before)
        if trip.exit - ready > work, !told.contains(where: { $0.overlaps(ready...trip.exit) }) {
          if trip.exit >= now { status.onSince = (before + ready) / 2 } else { status.on.append((before + ready) / 2...trip.exit) }
        }
        before = max(before, trip.exit)
      }
      status.offSince = status.on.last?.upperBound
      guard status.on.count >= 3, let pause = pause(status, link.to) else { return nil }
      return (status, pause)
    }
  }

  /// The first item that entered a link and has not left it, as a trip that ends now.
  private func waiting(_ link: SensorLine.Link) -> [Trip] {
    let done = Set(trips(link.from, link.to).map(\.item))
    let latest = trips(link.from, link.to).last?.entry ?? -.infinity
    let held = byNode[link.from].first { passage in
      passage.time > latest && !done.contains(passage.item) && history.items[passage.item].passages.last?.node == link.from
    }
    return held.map { [Trip(item: $0.item, entry: $0.time, exit: now)] } ?? []
  }
}
