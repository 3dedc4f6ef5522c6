internal import PlantModel
public import Quantities

/// For a plant whose clock cannot be set and runs as fast as the wall's: tests, rehearsals, conformance kits.
extension Gateway {
  public mutating func heartbeat(at now: Instant) { heartbeat(at: GatewayTime(now)) }

  /// The signs of life of a governor that was well all the way to `time`, however far the simulated step there is. It comes before anything else
  /// that happens at `time`.
  public mutating func stayAlive(until time: GatewayTime) {
    while let beat = lastBeat, time.monotonic - beat > check.envelope.heartbeatTimeout {
      heartbeat(at: GatewayTime(plant: latest.plant, monotonic: beat + check.envelope.heartbeatTimeout))
      // It was silent for too long already.
      if lastBeat == beat { return }
    }
    heartbeat(at: time)
  }

  public mutating func stayAlive(until now: Instant) { stayAlive(until: GatewayTime(now)) }

  public mutating func prepare(_ intent: WriteIntent, at now: Instant) -> Preparation { prepare(intent, at: GatewayTime(now)) }
  public mutating func send(_ prepared: consuming PreparedWrite, at now: Instant) -> GatewayReport? { send(prepared, at: GatewayTime(now)) }
  public mutating func observe(_ reading: Reading, of tag: String, at now: Instant) -> [GatewayReport] {
    observe(reading, of: tag, at: GatewayTime(now))
  }
  public mutating func tick(at now: Instant) -> [GatewayReport] { tick(at: GatewayTime(now)) }
}
