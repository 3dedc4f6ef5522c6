import Actuation
import Dispatch
import Foundation
import Governance
import MQTT
import PlantModel
import Quantities
import Sparkplug
import Synchronization
import Telemetry
import TestBroker
import Testing

@Suite(.timeLimit(.minutes(2))) struct ActuatorTests {
  /// What arrives at the far end, and what the actuator said.
  private final class Far: Sendable {
    let commands = Mutex<[(topic: String, metric: SparkplugMetric)]>([])
    let outcomes = Mutex<[PublishOutcome]>([])
  }
  private let tag = "Filler/MachSpeed"
  private let address = SparkplugAddress(
    node: EdgeNodeID(group: "G", node: "N"), device: "Filler", name: "MachSpeed", alias: 30, datatype: .double)

  private func spec(_ broker: Broker) -> SparkplugSpec {
    SparkplugSpec(
      host: "127.0.0.1", port: broker.port, hostID: "takt", username: nil, password: nil, group: "G", node: "N", devices: [:])
  }

  /// A reader of the node's commands; returns once it is subscribed.
  private func listen(_ broker: Broker, _ far: Far) async throws -> MQTTClient {
    let reader = try MQTTClient(MQTTOptions(host: "127.0.0.1", port: broker.port, clientID: "edge"))
    for await batch in reader.events where batch.contains(.connected) { break }
    try reader.subscribe(SparkplugTopic.edgeFilters(for: address.node) + ["ready"])
    // A message to itself shows that the subscription stands.
    try reader.publish(MQTTMessage(topic: "ready", payload: []))
    for await batch in reader.events where batch.contains(where: { if case .message = $0 { true } else { false } }) { break }
    Task {
      for await batch in reader.events {
        for case .message(let message) in batch {
          guard let payload = try? SparkplugPayload(decoding: message.payload) else { continue }
          far.commands.withLock { $0 += payload.metrics.map { (message.topic, $0) } }
        }
      }
    }
    return reader
  }

  private func wait(until holds: () -> Bool) { for _ in 0..<500 where !holds() { usleep(10_000) } }

  /// Blocking work off the cooperative threads.
  private func aside<T: Sendable>(_ work: @escaping @Sendable () -> T) async -> T {
    await withCheckedContinuation { continuation in DispatchQueue.global().async { continuation.resume(returning: work()) } }
  }

  @Test func itKeepsWhatAnActuatorPromises() async throws {
    guard let broker = try Broker() else { return print("skipped: mosquitto is not installed") }
    for addressing in [CommandAddressing.alias, .name] {
      let far = Far()
      let reader = try await listen(broker, far)
      let actuator = try SparkplugActuator(
        spec(broker), tags: [tag], password: nil, addressing: addressing, address: { [address] _ in address },
        plantNow: { Instant(seconds: 1_000_000) }, wall: { Instant(seconds: 1_767_592_800) },
        outcome: { said in far.outcomes.withLock { $0.append(said) } })
      let running = Task { await actuator.run() }
      let broken = await aside {
        self.wait { actuator.isConnected }
        return checkActuator(actuator) {
          self.wait { far.commands.withLock { $0.count } >= 5 }
          return far.commands.withLock { $0 }.map { DeliveredWrite(tag: self.tag, value: (try? $0.metric.value())??.number ?? .nan) }
        }
      }
      #expect(broken == [])
      await aside { self.wait { far.outcomes.withLock { $0.count } >= 5 } }
      #expect(far.outcomes.withLock { $0 } == (1...5).map { .sent(WriteToken(epoch: 1, sequence: UInt64($0))) })
      let (topic, metric) = far.commands.withLock { $0[0] }
      #expect(topic == "spBv1.0/G/DCMD/N/Filler")
      #expect(metric.alias == (addressing == .alias ? 30 : nil) && metric.name == (addressing == .alias ? nil : "MachSpeed"))
      actuator.stop()
      reader.close()
      await running.value
    }
  }

  @Test func whatCannotBeSentNowIsDroppedAndSaid() async throws {
    guard let broker = try Broker() else { return print("skipped: mosquitto is not installed") }
    let far = Far()
    let reader = try await listen(broker, far)
    let start = Instant(seconds: 1_000_000)
    var whole = address
    whole.datatype = .int32
    var fixed = address
    fixed.properties.readOnly = true
    let cases: [(SparkplugAddress?, Instant?, PublishOutcome.Reason)] = [
      (nil, start, .unknownAddress), (fixed, start, .readOnly), (whole, start, .unrepresentable), (address, nil, .expired),
      (address, start + .hours(1), .expired),
    ]
    for (place, now, reason) in cases {
      far.outcomes.withLock { $0 = [] }
      let actuator = try SparkplugActuator(
        spec(broker), tags: [tag], password: nil, address: { _ in place }, plantNow: { now }, wall: { start },
        outcome: { outcome in far.outcomes.withLock { $0.append(outcome) } })
      await aside {
        self.wait { actuator.isConnected }
        self.send(22.5, by: actuator, at: start)
      }
      #expect(far.outcomes.withLock { $0 } == [.dropped(WriteToken(epoch: 1, sequence: 1), reason)])
      actuator.stop()
    }
    // Without a broker nothing waits for one.
    broker.stop()
    far.outcomes.withLock { $0 = [] }
    let actuator = try SparkplugActuator(
      spec(broker), tags: [tag], password: nil, address: { [address] _ in address }, plantNow: { start }, wall: { start },
      outcome: { outcome in far.outcomes.withLock { $0.append(outcome) } })
    await aside { self.send(22.5, by: actuator, at: start) }
    #expect(far.outcomes.withLock { $0 } == [.dropped(WriteToken(epoch: 1, sequence: 1), .notConnected)])
    #expect(far.commands.withLock { $0.isEmpty })
    actuator.stop()
    reader.close()
  }

  /// One write through a real gateway: there is no other way to a permit.
  private func send(_ value: Double, by actuator: SparkplugActuator, at now: Instant) {
    let limit = TagLimit(tag: tag, unit: "1/min", low: 0, high: 100, maxStep: 100, maxPerHour: 1e6, hold: .keep)
    let check = EnvelopeCheck(envelope: EnvelopeSpec(limits: [limit], interlocks: [], authorityCeiling: .closedLoop), rules: GovernorRules())
    var gateway = Gateway(taking: ActuatorBay([actuator]), check: check, fence: FenceState())
    _ = gateway.unseal(stored: gateway.fence)
    _ = gateway.observe(Reading(value: 20, quality: .good, instant: now), of: tag, at: now)
    let intent = WriteIntent(
      token: WriteToken(epoch: gateway.epoch, sequence: 1), change: ChangeID("test"), tag: tag, from: 20, value: value, purpose: .advance,
      expires: now + .minutes(1), unit: limit.unit)
    gateway.heartbeat(at: now)
    switch gateway.prepare(intent, at: now) {
    case .refused(let refusal): Issue.record("refused: \(refusal.detail)")
    case .ready(let prepared): if gateway.send(prepared, at: now) != nil { Issue.record("withheld") }
    }
  }
}
