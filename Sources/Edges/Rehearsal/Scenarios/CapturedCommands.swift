import Determinism
import Governance
import PlantModel
import Quantities
import Telemetry

/// Writes that were captured on their way to a gateway, handed in again: in their order, doubled, and shuffled.
struct CapturedCommands {
  private let intents: [WriteIntent]
  private var luck: RandomStream

  init(_ intents: [WriteIntent], seed: UInt64) { (self.intents, luck) = (intents, RandomStream(seed: seed, "captured")) }

  /// - Returns: how many were handed in a second time, and how many of these were refused.
  mutating func handAgain() -> (shown: Int, refused: Int) {
    let folder = RehearsalPlant(.ramp).folder(revision: 0, authority: .closedLoop, steps: [1])
    let outbox = CommandOutbox(tags: folder.envelope.limits.map(\.tag))
    var gateway = Gateway(taking: ActuatorBay([outbox]), check: GovernancePlan(folder).check, fence: FenceState())
    _ = gateway.unseal(stored: gateway.fence)
    var (shown, refused) = (0, 0)
    for (index, captured) in intents.enumerated() {
      var intent = captured
      intent.token.epoch = gateway.epoch
      intent.token.sequence = UInt64(index + 1)
      let now = intent.expires - .minutes(1)
      gateway.stayAlive(until: now)
      for (tag, value) in [(intent.tag, intent.from), (RehearsalPlant.pressure, 2)] {
        _ = gateway.observe(Reading(value: value, quality: .good, instant: now), of: tag, at: GatewayTime(now))
      }
      _ = hand(intent, &gateway, at: now)
      _ = gateway.observe(
        Reading(value: intent.value, quality: .good, instant: now + .seconds(1)), of: intent.tag, at: GatewayTime(now + .seconds(1)))
      // The last one doubled, and any earlier one again.
      for again in [intent, earlier(than: index, epoch: gateway.epoch)] {
        guard let again else { continue }
        shown += 1
        if !hand(again, &gateway, at: now + .seconds(2)) { refused += 1 }
      }
    }
    return (shown, refused)
  }

  private mutating func earlier(than index: Int, epoch: UInt64) -> WriteIntent? {
    guard index > 0 else { return nil }
    let place = luck.integer(below: index)
    var intent = intents[place]
    intent.token = WriteToken(epoch: epoch, sequence: UInt64(place + 1))
    intent.expires = intents[index].expires
    return intent
  }

  /// Whether the gateway let it out.
  private func hand(_ intent: WriteIntent, _ gateway: inout Gateway, at now: Instant) -> Bool {
    let time = GatewayTime(now)
    gateway.stayAlive(until: time)
    switch gateway.prepare(intent, at: time) {
    case .refused: return false
    case .ready(let prepared): return gateway.send(prepared, at: time) == nil
    }
  }
}
