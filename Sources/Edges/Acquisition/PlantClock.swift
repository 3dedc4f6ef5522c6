public import PlantModel
public import Quantities
internal import Sparkplug

/// Maps wall instants to plant instants.
///
/// `.system`: plant time is wall time. `.telemetry(speed)`: plant time = speed·wall + offset, where the offset is the upper envelope of
/// (source − speed·wall) over the last ten to twenty wall seconds: the message that travelled fastest tells best. An instant too far ahead
/// of the estimate is a lying clock and is passed over, until only such instants have come for a while and agree (the plant did step).
/// Whatever happens, `now` never runs backwards.
public struct PlantClock: Sendable, Hashable {
  public let spec: PlantClockSpec
  /// How far ahead of the estimate a source may be before it counts as lying.
  public let maxAhead: Duration
  /// Sources that were passed over as lying.
  public private(set) var rejected = 0

  private var anchor: Anchor?
  private var warmUp: [Observation] = []
  /// The envelope, in two buckets of wall time: the running one and the one before.
  private var running: Int64 = 0
  private var before: Int64?
  private var bucketStart = Instant(nanoseconds: 0)
  private var liars: Liars?
  private var latest = Instant.distantPast

  private struct Anchor: Sendable, Hashable {
    var source: Instant
    var wall: Instant
  }
  private struct Observation: Sendable, Hashable {
    var source: Instant
    var wall: Instant
  }

  /// Instants too far ahead, in a row, that agree with the first of them to within `maxAhead`.
  private struct Liars: Sendable, Hashable {
    var first: Observation
    var count = 1
    var low = Duration.zero
    var high = Duration.zero
  }

  private static let bucket = Duration.seconds(10)
  private static let warmUpCount = 3
  /// So many lying instants in a row, over so long a time, are a step of the plant's clock.
  private static let stepCount = 10
  private static let stepTime = Duration.seconds(5)
  private static let earliest = Instant(milliseconds: 946_684_800_000)  // 2000-01-01

  /// - Parameter maxAhead: by default five wall seconds' worth of plant time, and five seconds more.
  public init(_ spec: PlantClockSpec, maxAhead: Duration? = nil) {
    self.spec = spec
    let speed = if case .telemetry(let speed) = spec { speed } else { 1.0 }
    self.maxAhead = maxAhead ?? .seconds(5 + 5 * speed)
  }

  /// The plant's present; nil until telemetry has told it. Never less than at the call before.
  public mutating func now(wall: Instant) -> Instant? {
    guard let estimate = estimate(wall: wall) else { return nil }
    latest = max(latest, estimate)
    return latest
  }

  /// Takes in the instant at which a source says that it sent a message.
  ///
  /// - Returns: false where it was passed over as lying.
  @discardableResult
  public mutating func observe(source: Instant, wall: Instant) -> Bool {
    guard case .telemetry = spec else { return true }
    guard source >= Self.earliest, source <= .latestFromOutside else {
      rejected += 1
      return false
    }
    let observation = Observation(source: source, wall: wall)
    guard anchor != nil else {
      warmUp.append(observation)
      if warmUp.count >= Self.warmUpCount { start(at: warmUp.sorted { $0.source < $1.source }[warmUp.count / 2]) }
      return true
    }
    if let estimate = estimate(wall: wall), source - estimate > maxAhead {
      rejected += 1
      return believe(liar: observation)
    }
    liars = nil
    raise(observation)
    return true
  }

  // MARK: - The envelope

  private func estimate(wall: Instant) -> Instant? {
    guard case .telemetry = spec else { return wall }
    guard let anchor else { return nil }
    return line(from: anchor, at: wall) + Duration(nanoseconds: max(running, before ?? running))
  }

  /// Plant time by the nominal speed alone.
  private func line(from anchor: Anchor, at wall: Instant) -> Instant {
    guard case .telemetry(let speed) = spec else { return wall }
    return anchor.source + (wall - anchor.wall) * speed
  }

  private mutating func start(at observation: Observation) {
    anchor = Anchor(source: observation.source, wall: observation.wall)
    (running, before, bucketStart, liars) = (0, nil, observation.wall, nil)
  }

  private mutating func raise(_ observation: Observation) {
    guard let anchor else { return }
    let offset = (observation.source - line(from: anchor, at: observation.wall)).nanoseconds
    if observation.wall - bucketStart >= Self.bucket {
      (before, running, bucketStart) = (running, offset, observation.wall)
    } else {
      running = max(running, offset)
    }
  }

  private mutating func believe(liar: Observation) -> Bool {
    guard var run = liars else {
      liars = Liars(first: liar)
      return false
    }
    let offset = liar.source - line(from: Anchor(source: run.first.source, wall: run.first.wall), at: liar.wall)
    (run.count, run.low, run.high) = (run.count + 1, min(run.low, offset), max(run.high, offset))
    liars = run.high - run.low <= maxAhead ? run : Liars(first: liar)
    guard let liars, liars.count >= Self.stepCount, liar.wall - liars.first.wall >= Self.stepTime else { return false }
    start(at: liar)
    return true
  }
}
