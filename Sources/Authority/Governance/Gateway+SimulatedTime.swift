public import Quantities

/// For a plant whose clock cannot be set and runs as fast as the wall's: tests, rehearsals, conformance kits.
extension Gateway {
  public mutating func heartbeat(at now: Instant) { heartbeat(at: GatewayTime(now)) }
  public mutating func prepare(_ intent: WriteIntent, at now: Instant) -> Preparation { prepare(intent, at: GatewayTime(now)) }
  public mutating func send(_ prepared: consuming PreparedWrite, at now: Instant) -> GatewayReport? { send(prepared, at: GatewayTime(now)) }
  public mutating func observe(_ reading: Reading, of tag: String, at now: Instant) -> [GatewayReport] {
    observe(reading, of: tag, at: GatewayTime(now))
  }
  public mutating func tick(at now: Instant) -> [GatewayReport] { tick(at: GatewayTime(now)) }
}
