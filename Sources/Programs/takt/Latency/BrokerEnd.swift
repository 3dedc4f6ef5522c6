import Acquisition
import Actuation
import Foundation
import Governance
import MQTT
import PlantModel
import Quantities
import Sparkplug
import Synchronization
import Telemetry

/// The plant at a broker: an edge node with one metric, beside the session and the actuator through which Takt hears it and writes to it.
///
/// A sample and the write that it leads to take the whole way: edge, broker, session, core, gateway, actuator, broker, edge.
final class BrokerEnd: PlantEnd {
  let actuator: any Actuator
  let writes: AsyncStream<(value: Double, at: ContinuousClock.Instant)>
  private let told: AsyncStream<(value: Double, at: ContinuousClock.Instant)>.Continuation
  private let writer: SparkplugActuator
  private let session: SparkplugSession
  private let hand = DeliveryHand()
  private let edge: MQTTClient
  private let node: Mutex<EdgeMetric>
  private let running = Mutex<[Task<Void, Never>]>([])

  /// - Parameter value: where the tag stands. A birth may be heard before anything is shown, and would else tell that it stands at 0.
  /// - Throws: `CommandFailure` where the tag belongs to no device, `MQTTError.refused` where libmosquitto refuses the address.
  init(host: String, port: Int, plant: Plant, tag: Tag, at value: Double, clock: SharedPlantClock) throws {
    let spec = SparkplugSpec(
      host: host, port: port, hostID: "takt-latency", username: nil, password: nil, group: "latency", node: "edge", devices: [:])
    guard let metric = EdgeMetric(EdgeNodeID(group: spec.group, node: spec.node), tag, at: value) else {
      throw CommandFailure("\(tag.path) belongs to no device, so it cannot be written through a broker")
    }
    let hand = hand
    let session = try SparkplugSession(spec, plant: plant, password: nil, clock: clock) { hand.take($0) }
    writer = try SparkplugActuator(
      spec, tags: [tag.path], password: nil, address: { session.address(of: $0) }, plantNow: { clock.now }, wall: { WallClock.now }
    ) { outcome in
      guard case .dropped(_, let reason) = outcome else { return }
      FileHandle.standardError.write(Data("a write did not leave: \(reason.rawValue)\n".utf8))
    }
    (self.session, actuator) = (session, writer)
    edge = try MQTTClient(MQTTOptions(host: host, port: port, clientID: "takt-latency-edge"))
    node = Mutex(metric)
    (writes, told) = AsyncStream.makeStream()
  }

  func open(to core: PlantCore) {
    hand.give(to: core)
    let tasks = [
      Task { [session] in await session.run() }, Task { [writer] in await writer.run() },
      Task { [self] in
        for await batch in edge.events { for event in batch { heard(event) } }
      },
    ]
    running.withLock { $0 = tasks }
  }

  func show(_ value: Double) { publish { $0.show(value, at: WallClock.now) } }

  func close() {
    session.stop()
    writer.stop()
    edge.close()
    for task in running.withLock({ $0 }) { task.cancel() }
  }

  private func heard(_ event: MQTTEvent) {
    switch event {
    case .connected:
      try? edge.subscribe(node.withLock { $0.filters })
      publish { $0.birth(at: WallClock.now) }
    case .message(let message):
      let now = ContinuousClock.now
      guard case .edge(let type, _, _) = SparkplugTopic(message.topic) else { return }
      if type == .nodeCommand { return publish { $0.birth(at: WallClock.now) } }
      let payload = try? SparkplugPayload(decoding: message.payload)
      for case let value?? in payload?.metrics.map({ try? $0.value()?.number }) ?? [] { told.yield((value, now)) }
    case .disconnected, .published, .overflowed: break
    }
  }

  /// What is lost with a session comes again with the next birth.
  private func publish(_ messages: (inout EdgeMetric) -> [MQTTMessage]) {
    for message in node.withLock({ messages(&$0) }) { _ = try? edge.publish(message) }
  }
}

/// One metric of one device of one edge node: its births and data.
struct EdgeMetric: Sendable {
  private let id: EdgeNodeID
  private let device: String
  private let name: String
  private let unit: String
  private var value: Double
  private var isBorn = false
  private var sequence = SparkplugSequence()

  /// Nil for a tag of the line.
  init?(_ id: EdgeNodeID, _ tag: Tag, at value: Double) {
    let parts = tag.path.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    (self.id, device, name, unit, self.value) = (id, parts[0], parts[1], tag.unit, value)
  }

  var filters: [String] { SparkplugTopic.edgeFilters(for: id) }

  mutating func birth(at now: Instant) -> [MQTTMessage] {
    (isBorn, sequence) = (true, SparkplugSequence())
    return [send(.nodeBirth, [SparkplugPayload.birthDeathMetric(0, at: now)], at: now), send(.deviceBirth, [metric(at: now)], at: now)]
  }

  /// Kept for the birth while there was none.
  mutating func show(_ value: Double, at now: Instant) -> [MQTTMessage] {
    self.value = value
    return isBorn ? [send(.deviceData, [metric(at: now)], at: now)] : []
  }

  private func metric(at now: Instant) -> SparkplugMetric {
    guard
      let metric = try? SparkplugMetric(
        name: name, instant: now, datatype: .double, value: .double(value), properties: SparkplugProperties(engUnit: unit))
    else { preconditionFailure("a number does not fit a double") }
    return metric
  }

  private mutating func send(_ type: SparkplugMessageType, _ metrics: [SparkplugMetric], at now: Instant) -> MQTTMessage {
    let payload = SparkplugPayload(instant: now, sequence: sequence.take(), metrics: metrics)
    return MQTTMessage(topic: SparkplugTopic.edge(type, id, device: type.isOfDevice ? device : nil).text, payload: payload.encoded())
  }
}
