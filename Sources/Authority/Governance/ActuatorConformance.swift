internal import PlantModel
internal import Quantities
internal import Telemetry

/// Checks what `Actuator` promises, with real permits from a real gateway. For every conformer, the doubles included.
///
/// - Parameters:
///   - actuator: sends to something that the caller can look at.
///   - delivered: what has arrived since the start, oldest first; may wait a while for it.
/// - Returns: the promises that were broken, in words; empty when all were kept.
public func checkActuator(_ actuator: any Actuator, delivered: () -> [DeliveredWrite]) -> [String] {
  var broken: [String] = []
  guard let tag = actuator.tags.first else { return ["it writes no tag"] }
  if Set(actuator.tags).count != actuator.tags.count { broken.append("a tag stands twice") }

  let start = Instant(seconds: 1_000_000)
  let limit = TagLimit(tag: tag, unit: "1", low: 0, high: 1000, maxStep: 1000, maxPerHour: 1e9, hold: .keep)
  let check = EnvelopeCheck(envelope: EnvelopeSpec(limits: [limit], interlocks: [], authorityCeiling: .closedLoop), rules: GovernorRules())
  var gateway = Gateway(taking: ActuatorBay([actuator]), check: check, fence: FenceState())
  _ = gateway.unseal(stored: gateway.fence)

  var expected: [DeliveredWrite] = []
  // Values whose text forms differ in length and sign of exponent; each is confirmed before the next, as in life.
  for (index, value) in [500.0, 0.1, 999.5, 1.0 / 3, 250].enumerated() {
    let now = start + .seconds(Double(index) * 10)
    gateway.stayAlive(until: now)
    _ = gateway.observe(Reading(value: expected.last?.value ?? 0, quality: .good, instant: now), of: tag, at: now)
    let intent = WriteIntent(
      token: WriteToken(epoch: gateway.epoch, sequence: UInt64(index + 1)), change: ChangeID("conformance"), tag: tag,
      from: expected.last?.value ?? 0, value: value, purpose: .advance, expires: now + .minutes(1),
      unit: limit.unit)
    switch gateway.prepare(intent, at: now) {
    case .refused(let refusal): return broken + ["the gateway refused: \(refusal.detail)"]
    case .ready(let prepared):
      if gateway.send(prepared, at: now) != nil { return broken + ["the gateway withheld a write"] }
    }
    expected.append(DeliveredWrite(tag: tag, value: value))
  }
  let arrived = delivered()
  if arrived.count > expected.count { broken.append("it sent \(arrived.count) writes for \(expected.count) permits") }
  if arrived.count < expected.count { broken.append("it lost \(expected.count - arrived.count) of \(expected.count) writes") }
  if arrived != expected { broken.append("it sent \(arrived) instead of \(expected)") }
  return broken
}

/// A write as it arrived behind an actuator.
public struct DeliveredWrite: Hashable, Sendable {
  public var tag: String
  public var value: Double
  public init(tag: String, value: Double) { (self.tag, self.value) = (tag, value) }
}
