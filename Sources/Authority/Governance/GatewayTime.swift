public import Quantities

/// The two clocks that a gateway is told: the plant's, which may be set, and its own, which only ever runs forward.
///
/// A reading is dated in plant time. How long something has been known, granted or on its way is measured on the gateway's own clock as
/// well, so that a clock that is set extends nothing.
public struct GatewayTime: Hashable, Sendable {
  public var plant: Instant
  /// Since any fixed moment of this life of the gateway; wall seconds, never set.
  public var monotonic: Duration

  public init(plant: Instant, monotonic: Duration) { (self.plant, self.monotonic) = (plant, monotonic) }

  /// For a plant whose clock cannot be set and runs as fast as the wall's: a simulated one.
  public init(_ plant: Instant) { self.init(plant: plant, monotonic: plant - Instant(nanoseconds: 0)) }
}

/// What a tag does now that the gateway has stopped.
public struct TagHold: Hashable, Sendable, Codable {
  public var tag: String
  /// As the plant folder writes it: `keep`, `last_known_good`, `{fixed: 20 1/min}`, `local`.
  public var state: String
  public init(tag: String, state: String) { (self.tag, self.state) = (tag, state) }
}
