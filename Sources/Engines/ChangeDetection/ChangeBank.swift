public import Quantities

/// Watches all activities of all stations of a line, and says which one changed.
///
/// Each stream is tested on its own clock, so that what a change elsewhere does to waiting never enters. The alarm budget is split over the
/// streams: rates of false alarms add up exactly, whatever the streams have in common.
public struct ChangeBank: Sendable, Hashable, Codable {
  /// In ascending order of their keys.
  private var entries: [Entry] = []
  struct Entry: Sendable, Hashable, Codable {
    let key: StreamKey
    var stream: ChangeStream
    /// Unanswered changes only are suspects of a line's alarm.
    var isOpen = false
  }

  public init() {}

  /// The keys that are watched, in ascending order.
  public var keys: [StreamKey] { entries.map(\.key) }

  /// Starts to watch a stream; one that is watched already starts again from nothing.
  ///
  /// - Parameter learnt: moments of an earlier learning sample, if there is one.
  public mutating func watch(
    _ key: StreamKey, as law: StreamLaw, _ settings: DetectorSettings = DetectorSettings(), learnt: Moments = Moments()
  ) {
    let entry = Entry(key: key, stream: ChangeStream(law, settings, learnt: learnt))
    let place = lowerBound(key)
    if place < entries.count, entries[place].key == key { entries[place] = entry } else { entries.insert(entry, at: place) }
  }

  public subscript(_ key: StreamKey) -> ChangeStream? { place(of: key).map { entries[$0].stream } }

  /// The first place whose key is not before this one.
  private func lowerBound(_ key: StreamKey) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func place(of key: StreamKey) -> Int? {
    let place = lowerBound(key)
    return place < entries.count && entries[place].key == key ? place : nil
  }

  /// Takes one observation in. Returns the change where it raises an alarm, or where it withdraws the last one (`isWithdrawn`): the
  /// old data count again.
  ///
  /// A line's alarm names the stations' changes that account for it: those that are open and may have begun before it.
  /// - Throws: `ChangeDetectionError`: the observation was not taken.
  public mutating func observe(
    _ value: Double, of key: StreamKey, exposure: Double = 1, from start: Instant? = nil, at end: Instant, weight: Double = 1
  ) throws(ChangeDetectionError) -> Change? {
    guard let place = place(of: key) else { throw .unknownStream(key) }
    let finding = try entries[place].stream.observe(value, exposure: exposure, from: start, at: end, weight: weight)
    guard let finding else { return nil }
    entries[place].isOpen = finding == .alarm || entries[place].isOpen && !entries[place].stream.changes(key).isEmpty
    return change(of: key)
  }

  /// The last change of a stream as known now: its date and size sharpen with each observation after the alarm.
  public func change(of key: StreamKey) -> Change? {
    guard let place = place(of: key), var change = entries[place].stream.change(key) else { return nil }
    if key.station == nil { change.explainedBy = causes(of: change) }
    return change
  }

  /// The changes that nobody has answered yet, the best supported first; a stream may have two, of which the later is on probation.
  public var openChanges: [Change] {
    entries.filter(\.isOpen).flatMap { entry in
      var changes = entry.stream.changes(entry.key)
      if entry.key.station == nil { for i in changes.indices { changes[i].explainedBy = causes(of: changes[i]) } }
      return changes
    }
    .sorted { ($1.evidence, $0.key) < ($0.evidence, $1.key) }
  }

  /// Says that a change has been dealt with: the belief that it overturned has been renewed.
  public mutating func answer(_ key: StreamKey) {
    if let place = place(of: key) { entries[place].isOpen = false }
  }

  /// The stations' open changes that may have begun before the line's did; where there are none, the streams that e-BH suspects.
  private func causes(of change: Change) -> [StreamKey] {
    let known = entries.filter { entry in
      guard entry.isOpen, entry.key.station != nil, let posterior = entry.stream.posterior else { return false }
      return posterior.date().earliest <= change.latest
    }
    if known.isEmpty { return suspects(level: 0.1).filter { $0.station != nil } }
    return known.map { ($0.stream.evidence, $0.key) }.sorted { ($1.0, $0.1) < ($0.0, $1.1) }.map(\.1)
  }

  /// Streams that look changed at present, before any has reached its own threshold: e-BH over the tests' sums.
  ///
  /// - Parameter level: share of false ones among them, in the mean, per observation of patience.
  /// - Source: S. Dandapanthula, A. Ramdas 2025, arXiv:2501.04130 (e-detectors of many streams).
  public func suspects(level: Double) -> [StreamKey] {
    // Σw·R grows by one an observation while nothing changes; by its patience it becomes an e-value.
    let values = entries.map { $0.stream.eValue * $0.stream.settings.falseAlarmRate }
    return EBenjaminiHochberg.select(values, level: level).map { entries[$0].key }
  }
}
