internal import PlantModel
public import Quantities
internal import Telemetry
public import TemporalLogic

/// How one property of the envelope stands.
public struct PropertyState: Hashable, Sendable {
  public var name: String
  public var truth: TruthValue
  /// What is certain of its robustness, in the unit of the tags compared; −∞ while nothing is.
  public var robustness: Double
  public var margin: Double
  /// The instant that this is about: before now where the formula looks ahead.
  public var about: Instant

  /// Satisfied, with the margin's room to spare. Nothing else lets a tag move forward.
  public var isMet: Bool { truth == .satisfied && robustness >= margin }

  var words: String {
    switch truth {
    case .violated: "\(name) is violated (robustness \(robustness))"
    case .unknown: "\(name) is not known"
    case .satisfied: "\(name) holds by \(robustness), \(margin) is asked for"
    }
  }
}

/// Monitors every property of an envelope on line.
///
/// A value that is bad, stale, remarked or dated ahead of now is not known; so is one that has been silent for longer than its freshness,
/// from that instant on.
public struct EnvelopeWatch: Sendable {
  private let check: EnvelopeCheck
  private var monitors: [Monitor]
  /// Until when each known value may be believed.
  private var believed: [String: Instant] = [:]
  private var latest = Instant.distantPast
  private let signals: Set<String>

  public init(_ check: EnvelopeCheck) {
    self.check = check
    monitors = check.envelope.properties.map { Monitor($0.formula) }
    signals = Set(monitors.flatMap(\.signals))
  }

  /// Takes in a reading at the instant at which it came.
  public mutating func observe(_ reading: Reading, of tag: String, at now: Instant) {
    guard signals.contains(tag) else { return }
    expire(at: now)
    let freshness = check.freshness(of: tag)
    let isKnown = reading.isFresh(at: now, within: freshness)
    believed[tag] = isKnown ? min(reading.instant, now) + freshness : nil
    for index in monitors.indices { monitors[index].observe(isKnown ? reading.value : nil, of: tag, at: now) }
  }

  /// Forgets a tag: its reading came too long ago by a clock that does not jump.
  public mutating func forget(_ tag: String, at now: Instant) {
    guard believed.removeValue(forKey: tag) != nil else { return }
    for index in monitors.indices { monitors[index].observe(nil, of: tag, at: now) }
  }

  /// How each property stands, in the envelope's order.
  public mutating func advance(to now: Instant) -> [PropertyState] {
    expire(at: now)
    latest = max(latest, now)
    return check.envelope.properties.indices.map { index in
      let property = check.envelope.properties[index]
      let found = monitors[index].advance(to: latest)
      return PropertyState(
        name: property.name, truth: found.truth, robustness: found.robustness, margin: property.margin,
        about: latest - monitors[index].horizon)
    }
  }

  private mutating func expire(at now: Instant) {
    // At nearly every reading nothing has expired; only what has is put in order.
    for (tag, end) in believed.filter({ $0.value < now }).sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }) {
      believed[tag] = nil
      for index in monitors.indices { monitors[index].observe(nil, of: tag, at: end + .nanoseconds(1)) }
    }
  }
}
