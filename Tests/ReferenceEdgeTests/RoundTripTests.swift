import Foundation
import MQTT
import Quantities
import ReferenceEdge
import ReferencePlants
import Sparkplug
import Telemetry
import TestBroker
import Testing

/// A host application that keeps what it hears.
private actor Listener {
  private(set) var heard: [(topic: String, payload: SparkplugPayload)] = []
  func add(_ message: MQTTMessage) {
    if let payload = try? SparkplugPayload(decoding: message.payload) { heard.append((message.topic, payload)) }
  }
  func forget() { heard = [] }
}

@Test func aRealBrokerCarriesBirthsDataCommandsAndDeaths() async throws {
  guard let broker = try Broker() else {
    print("skipped: mosquitto is not installed")
    return
  }
  let listener = Listener()
  let host = try MQTTClient(MQTTOptions(host: "127.0.0.1", port: broker.port, clientID: "host", maxBackOffSeconds: 0.3))
  let hearing = Task {
    for await batch in host.events {
      for event in batch {
        switch event {
        case .connected: try? host.subscribe(["spBv1.0/Takt/#"])
        case .message(let message): await listener.add(message)
        default: break
        }
      }
    }
  }
  var plant = ReferencePlant(seed: 1, start: Instant(milliseconds: 1_700_000_000_000))
  var options = MQTTOptions(host: "127.0.0.1", port: broker.port, clientID: "plant", maxBackOffSeconds: 0.3)
  options.minBackOffSeconds = 0.1

  /// Waits until the host has its session, so that it misses no birth.
  for _ in 0..<500 where !host.isConnected { try await Task.sleep(for: .milliseconds(10)) }
  try await Task.sleep(for: .milliseconds(200))
  let edge = try SparkplugPlant(options, plant: plant)

  /// Runs the plant, five plant seconds at a time, until the host has heard this, or ten seconds of the wall clock.
  func run(until isTrue: (String, SparkplugPayload) -> Bool) async throws -> SparkplugPayload? {
    for _ in 0..<500 {
      plant.advance(to: plant.now + 5)
      edge.poll(&plant, publishes: true)
      if let found = await listener.heard.first(where: { isTrue($0.topic, $0.payload) }) { return found.payload }
      try await Task.sleep(for: .milliseconds(20))
    }
    return nil
  }

  let birth = try await run { topic, _ in topic == "spBv1.0/Takt/NBIRTH/Bottling" }
  #expect(birth?.birthDeathSequence == 0)
  #expect(try await run { topic, _ in topic == "spBv1.0/Takt/DBIRTH/Bottling/Labeller" } != nil)
  #expect(try await run { topic, _ in topic == "spBv1.0/Takt/DDATA/Bottling/Filler" } != nil)
  let sequences = await listener.heard.compactMap(\.payload.sequence)
  #expect(sequences == sequences.indices.map { UInt8(truncatingIfNeeded: $0) })  // no gap

  // A command beyond the machine's limit: clamped, shown by telemetry, in the truth log.
  let write = try SparkplugMetric(name: "MachSpeed", instant: nil, datatype: .double, value: .double(99))
  try host.publish(MQTTMessage(topic: "spBv1.0/Takt/DCMD/Bottling/Filler", payload: SparkplugPayload(instant: nil, metrics: [write]).encoded()))
  let alias = EdgeSession.alias(ofTag: plant.tags.firstIndex { $0.name == "Filler/MachSpeed" }!)
  let echo = try await run { topic, payload in
    topic == "spBv1.0/Takt/DDATA/Bottling/Filler" && payload.metrics.contains { $0.alias == alias && $0.wire == .double(30) }
  }
  #expect(echo != nil && plant.setpoints["Filler/MachSpeed"] == 30)
  #expect(plant.takeRecords().contains { $0.line.contains(#""requested":99,"shown":30,"used":30,"via":"dcmd","outcome":"clamped""#) })

  // The broker goes and comes back: a new session with the next bdSeq and new births.
  broker.stop()
  await listener.forget()
  for _ in 0..<30 {
    plant.advance(to: plant.now + 5)
    edge.poll(&plant, publishes: true)
    try await Task.sleep(for: .milliseconds(20))
  }
  #expect(!edge.isBorn)
  try broker.start()
  for _ in 0..<500 where !host.isConnected { try await Task.sleep(for: .milliseconds(10)) }
  let rebirth = SparkplugPayload.rebirthCommand(at: plant.instant)
  let again = try await run { topic, payload in
    // The host may have come back after the births, so it asks for them, as hosts do.
    if !topic.contains("BIRTH") { _ = try? host.publish(MQTTMessage(topic: "spBv1.0/Takt/NCMD/Bottling", payload: rebirth.encoded())) }
    return topic == "spBv1.0/Takt/NBIRTH/Bottling"
  }
  #expect((again?.birthDeathSequence ?? 0) > 0)

  edge.stop(&plant)
  var death: SparkplugPayload?
  for _ in 0..<300 where death == nil {
    death = await listener.heard.last { $0.topic == "spBv1.0/Takt/NDEATH/Bottling" }?.payload
    try await Task.sleep(for: .milliseconds(10))
  }
  #expect(death != nil && death?.birthDeathSequence == again?.birthDeathSequence)
  host.close()
  hearing.cancel()
}
