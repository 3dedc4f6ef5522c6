import MQTT
import Synchronization
import TestBroker
import Testing

@Suite(.timeLimit(.minutes(2))) struct ClientTests {
  /// Reads until the condition holds over all events so far; the suite's time limit ends a wait in vain.
  private func events(_ stream: AsyncStream<[MQTTEvent]>, until holds: ([MQTTEvent]) -> Bool) async -> [MQTTEvent] {
    var all: [MQTTEvent] = []
    for await batch in stream {
      all += batch
      if holds(all) { break }
    }
    return all
  }

  @Test func messagesArriveInOrderAndTheWillOnlyAfterACut() async throws {
    guard let broker = try Broker() else { return print("skipped: mosquitto is not installed") }
    let reader = try MQTTClient(MQTTOptions(host: "127.0.0.1", port: broker.port, clientID: "reader"))
    _ = await events(reader.events) { $0.contains(.connected) }
    try reader.subscribe(["t/#"])
    // What one client sends is taken in order: once its own word comes back, its subscription holds.
    try reader.publish(MQTTMessage(topic: "t/ready", payload: []))
    _ = await events(reader.events) { $0.contains { if case .message = $0 { true } else { false } } }
    let writer = try MQTTClient(MQTTOptions(host: "127.0.0.1", port: broker.port, clientID: "writer")) {
      MQTTMessage(topic: "t/will", payload: [9], qos: .atLeastOnce)
    }
    _ = await events(writer.events) { $0.contains(.connected) }
    var numbers: [Int32] = []
    for i in 0..<1000 {
      numbers.append(try writer.publish(MQTTMessage(topic: "t/x", payload: [UInt8(i % 256)], qos: i % 2 == 0 ? .atMostOnce : .atLeastOnce)))
    }
    let got = await events(reader.events) { all in all.count { if case .message = $0 { true } else { false } } >= 1000 }
    // MQTT keeps the order within one quality of service.
    for qos in [MQTTQualityOfService.atMostOnce, .atLeastOnce] {
      let payloads = got.compactMap { if case .message(let m) = $0, m.qos == qos { m.payload } else { nil } }
      let isWhole = payloads == (0..<500).map { [UInt8(($0 * 2 + Int(qos.rawValue)) % 256)] }
      #expect(isWhole, "\(qos): \(payloads.count) messages")
    }
    let left = await events(writer.events) { all in all.count { if case .published = $0 { true } else { false } } >= 1000 }
    #expect(Set(left.compactMap { if case .published(let id) = $0 { id } else { nil } }) == Set(numbers))

    // A second client of the same name makes the broker cut the first: its will is published.
    let usurper = try MQTTClient(MQTTOptions(host: "127.0.0.1", port: broker.port, clientID: "writer", minBackOffSeconds: 5))
    let will = await events(reader.events) { all in all.contains { if case .message(let m) = $0 { m.topic == "t/will" } else { false } } }
    #expect(will.count == 1)
    usurper.close()
    writer.close()
    #expect(throws: MQTTError.closed) { try writer.publish(MQTTMessage(topic: "t/x", payload: [])) }
    reader.close()
    // The stream of a closed client ends.
    let rest = await events(reader.events) { _ in false }
    #expect(rest.last == .disconnected(reason: "closed"))
  }

  @Test func clientComesBackWithANewWillForEachSession() async throws {
    guard let broker = try Broker() else { return print("skipped: mosquitto is not installed") }
    let wills = Mutex<UInt8>(0)
    let client = try MQTTClient(
      MQTTOptions(host: "127.0.0.1", port: broker.port, clientID: "returner", minBackOffSeconds: 0.05, maxBackOffSeconds: 0.2)
    ) {
      wills.withLock {
        $0 += 1
        return MQTTMessage(topic: "w", payload: [$0])
      }
    }
    _ = await events(client.events) { $0.contains(.connected) }
    broker.stop()
    let lost = await events(client.events) { $0.contains { if case .disconnected = $0 { true } else { false } } }
    #expect(!lost.contains(.connected))
    #expect(throws: MQTTError.notConnected) { try client.publish(MQTTMessage(topic: "x", payload: [])) }
    try broker.start()
    _ = await events(client.events) { $0.contains(.connected) }
    #expect(wills.withLock { $0 } >= 2)
    try client.publish(MQTTMessage(topic: "x", payload: [1]))
    client.close()
  }

  @Test func refusedOptionsThrow() {
    #expect(throws: MQTTError.self) {
      try MQTTClient(MQTTOptions(host: "127.0.0.1", clientID: "x", tls: MQTTTransportSecurity(authorityFile: "/nonexistent/ca.pem")))
    }
  }
}
