/// Departure stamps of all stations of a row, each station's parts in the order in which they left it.
///
/// From them follows what is known of every completion. Part n of a station starts when the station is rid of part n − 1 and part n has
/// arrived from upstream; it leaves when it is done and there is room behind it. So its completion time is seen, unless it left at the very
/// moment at which room appeared: then it was done by that moment, no more is known.
public struct RowStamps: Sendable, Hashable {
  /// By station, in the order of the row; rising, in seconds.
  public var departures: [[Double]]
  /// Parts that find room between station i and i + 1; `Int.max` for as many as come.
  public var capacities: [Int]
  /// Seconds from station i to station i + 1.
  public var transits: [Double]
  /// Parts that were between the departures from station i and i + 1 when the stamps began.
  public var between: [Int]
  /// When the empty line began to work, if it did: then the first parts count too.
  public var origin: Double?
  /// When the record ends: what has not left by then has not.
  public var end: Double?
  /// Stamps closer than this are taken as the same instant.
  public var resolution: Double

  /// - Throws: `InferenceError.unfitData` where the counts do not fit each other or stamps fall.
  public init(
    departures: [[Double]], capacities: [Int], transits: [Double]? = nil, between: [Int]? = nil, origin: Double? = nil, end: Double? = nil,
    resolution: Double = 0
  ) throws(InferenceError) {
    let gaps = departures.count - 1
    guard gaps >= 0, capacities.count == gaps, (transits?.count ?? gaps) == gaps, (between?.count ?? gaps) == gaps else {
      throw .unfitData("\(departures.count) stations need \(max(gaps, 0)) buffers between them, not \(capacities.count)")
    }
    for (i, stamps) in departures.enumerated() {
      if zip(stamps, stamps.dropFirst()).contains(where: { !($0 <= $1) }) { throw .unfitData("the stamps of station \(i) do not rise") }
    }
    self.departures = departures
    self.capacities = capacities
    self.transits = transits ?? [Double](repeating: 0, count: gaps)
    self.between = between ?? [Int](repeating: 0, count: gaps)
    (self.origin, self.end, self.resolution) = (origin, end, resolution)
  }

  /// What is known of the completions at station i.
  public func completions(of i: Int) -> Completions {
    var known = Completions()
    let own = departures[i]
    var previous = origin
    for n in 0...own.count {
      if n == own.count && end == nil { break }
      let left = n < own.count ? own[n] : end!
      defer { previous = left }
      guard let previous, let start = start(of: n, at: i, after: previous) else { continue }
      let room = room(for: n, behind: i)
      if n == own.count {
        // Under way at the end of the record, unless it is done and finds no room.
        if start < left && room.map({ $0 <= left }) ?? false { known.bounded.append(.init(low: left - start, high: .infinity)) }
        break
      }
      guard let room else { continue }
      let time = left - start
      if time <= 0 || room > left + resolution {
        known.contradictory += 1
      } else if room >= left - resolution && room > start {
        known.bounded.append(.init(low: 0, high: time))
      } else {
        known.exact.append(time)
      }
    }
    return known
  }

  /// When part n of station i starts there; nil where its arrival is not on record.
  private func start(of n: Int, at i: Int, after previous: Double) -> Double? {
    guard i > 0 else { return previous }
    let upstream = n - between[i - 1]
    // What was there when the record began has arrived.
    if upstream < 0 { return previous }
    guard upstream < departures[i - 1].count else { return nil }
    return max(previous, departures[i - 1][upstream] + transits[i - 1])
  }

  /// When there is room behind station i for its part n; −∞ where there always was; nil where it is not on record.
  private func room(for n: Int, behind i: Int) -> Double? {
    guard i < departures.count - 1, capacities[i] != Int.max else { return -.infinity }
    // Room appears as the next station takes the part `capacity` ahead: when it is rid of the one before that, and that has come.
    let ahead = n + between[i] - capacities[i] - 1
    if ahead < 0 { return -.infinity }
    guard ahead < departures[i + 1].count else { return nil }
    let rid = departures[i + 1][ahead]
    guard capacities[i] > 0, transits[i] > 0 else { return rid }
    let arrived = ahead + 1 - between[i]
    return arrived < 0 || arrived >= departures[i].count ? rid : max(rid, departures[i][arrived] + transits[i])
  }
}
