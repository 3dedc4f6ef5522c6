import Estimation

extension SensorLineMiner {
  /// A signal of two values, with its times at 1.
  struct Status {
    var name: String
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

  /// The node that stops while a signal is at 1: where (passages then + 2) over those expected by the rate else is least, and below 0.15.
  func stopped(by status: Status) -> Int? {
    let intervals = status.on + (status.onSince.map { [$0...max(now, $0)] } ?? [])
    let time = intervals.reduce(0) { $0 + $1.upperBound - $1.lowerBound }
    guard let start = byNode.compactMap(\.first?.time).min(), now - start > time else { return nil }
    var best: (ratio: Double, node: Int)?
    for node in history.nodes.indices {
      let within = byNode[node].count { passage in intervals.contains { $0.lowerBound < passage.time && passage.time <= $0.upperBound } }
      let expected = Double(byNode[node].count - within) / (now - start - time) * time
      guard expected > 0 else { continue }
      let ratio = (Double(within) + 2) / expected
      if ratio < best?.ratio ?? 0.15 { best = (ratio, node) }
    }
    return best?.node
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
}
