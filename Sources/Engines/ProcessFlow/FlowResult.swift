/// What one replication showed, from the end of its warm-up to its end. The same model, seed and replication give the same bytes.
public struct FlowResult: Sendable, Hashable, Codable {
  /// Which model, seed and replication it was.
  public var model: String
  public var seed: UInt64
  public var replication: Int
  /// When the warm-up ended, and when the run did.
  public var start: Double
  public var end: Double
  /// Times that the clock was moved for: ends of delays, arrivals, lost patience, shifts.
  public var events: Int
  /// By declaration; tallies and counts by first mention.
  public var resources: [ResourceStatistics]
  public var stores: [StoreStatistics]
  public var levels: [LevelStatistics]
  public var processes: [ProcessStatistics]
  public var tallies: [NamedTally]
  public var counts: [CountStatistics]
  /// Processes that still wait, where the run ended because nothing could happen any more.
  public var waiting: [WaitingProcess]

  /// - Precondition: there is one of this name; so for the others.
  public func resource(_ resource: Resource) -> ResourceStatistics { one(of: resources, resource.name, \.name) }
  public func store(_ store: Store) -> StoreStatistics { one(of: stores, store.name, \.name) }
  public func level(_ level: Level) -> LevelStatistics { one(of: levels, level.name, \.name) }
  public func process(_ process: FlowProcess) -> ProcessStatistics { one(of: processes, process.name, \.name) }
  public func tally(_ name: String) -> TallyStatistics { one(of: tallies, name, \.name).tally }
  public func count(_ name: String) -> CountStatistics { one(of: counts, name, \.name) }

  private func one<Element>(of elements: [Element], _ name: String, _ path: KeyPath<Element, String>) -> Element {
    guard let found = elements.first(where: { $0[keyPath: path] == name }) else {
      preconditionFailure("the model '\(model)' has no '\(name)'; there are \(elements.map { $0[keyPath: path] })")
    }
    return found
  }
}

/// Observations. All figures are 0 where there is none.
public struct TallyStatistics: Sendable, Hashable, Codable {
  /// How many observations there are.
  public var count: Int
  public var mean: Double
  /// With n − 1; 0 for fewer than two.
  public var variance: Double
  public var lowest: Double
  public var highest: Double

  /// √variance.
  public var standardDeviation: Double { variance.squareRoot() }

  init(_ m: FlatMoments) {
    let n = Double(m.count)
    count = m.count
    mean = m.count > 0 ? m.origin + m.sum / n : 0
    variance = m.count > 1 ? max(m.squares - m.sum * m.sum / n, 0) / (n - 1) : 0
    (lowest, highest) = m.count > 0 ? (m.lowest, m.highest) : (0, 0)
  }
}

/// The tally of a name.
public struct NamedTally: Sendable, Hashable, Codable {
  public var name: String
  public var tally: TallyStatistics
}

/// A value that steps over time, such as a queue's length: its mean over time.
public struct TimeStatistics: Sendable, Hashable, Codable {
  /// ∫ value dt / time.
  public var mean: Double
  public var lowest: Double
  public var highest: Double
  /// Its value at the end.
  public var final: Double

  init(_ t: StepIntegral, over span: Double) {
    (mean, lowest, highest, final) = (span > 0 ? t.area / span : t.value, t.lowest, t.highest, t.value)
  }
}

/// How long processes waited at one place. Those that went straight through count with 0; those that gave up do not count.
public struct WaitStatistics: Sendable, Hashable, Codable {
  /// All that got what they wanted, and those of them that had to wait.
  public var count: Int
  public var waited: Int
  /// Those that lost patience.
  public var reneged: Int
  /// Over all that got what they wanted; 0 where there are none.
  public var mean: Double
  public var variance: Double
  /// The longest wait.
  public var longest: Double

  /// The share of those that had to wait.
  public var shareWaited: Double { count > 0 ? Double(waited) / Double(count) : 0 }
  /// Over those that had to wait.
  public var meanOfWaited: Double { waited > 0 ? mean * Double(count) / Double(waited) : 0 }

  init(_ w: Waits) {
    let n = Double(w.count)
    (count, waited, reneged, longest) = (w.count, w.waited, w.reneged, w.longest)
    mean = w.count > 0 ? w.sum / n : 0
    variance = w.count > 1 ? max(w.squares - w.sum * w.sum / n, 0) / (n - 1) : 0
  }
}

/// A resource over the time that was noted.
public struct ResourceStatistics: Sendable, Hashable, Codable {
  public var name: String
  /// Units in use over units that there were, both over time; 0 where there were none.
  public var utilisation: Double
  public var inUse: TimeStatistics
  public var capacity: TimeStatistics
  /// How many waited, with those that were preempted.
  public var queue: TimeStatistics
  public var wait: WaitStatistics
  /// How often units were taken from a process at work.
  public var preemptions: Int
}

/// A store over the time that was noted.
public struct StoreStatistics: Sendable, Hashable, Codable {
  public var name: String
  /// Items in it.
  public var level: TimeStatistics
  public var put: WaitStatistics
  public var take: WaitStatistics
  /// How long items lay in it.
  public var stay: TallyStatistics
}

/// A level over the time that was noted.
public struct LevelStatistics: Sendable, Hashable, Codable {
  public var name: String
  public var level: TimeStatistics
  public var put: WaitStatistics
  public var take: WaitStatistics
}

/// A kind of process over the time that was noted.
public struct ProcessStatistics: Sendable, Hashable, Codable {
  public var name: String
  /// Arrivals, populations and spawns.
  public var started: Int
  public var departed: Int
  /// How many were in the model.
  public var population: TimeStatistics
  /// From start to departure, of those that departed.
  public var stay: TallyStatistics
}

/// A counter over the time that was noted.
public struct CountStatistics: Sendable, Hashable, Codable {
  public var name: String
  public var count: Double
  /// Per unit of time; 0 where no time passed.
  public var rate: Double
}
