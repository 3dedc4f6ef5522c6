import Acquisition
import Foundation
import MQTT
import PlantModel
import Quantities
import Sparkplug
import Synchronization
import Telemetry
import TestBroker
import Testing

@Suite(.serialized, .timeLimit(.minutes(2))) struct SessionTests {
  /// What a session delivered, and the machine's clock.
  private final class Inbox: Sendable {
    let deliveries = Mutex<[Delivery]>([])
    var blocks: [SampleBlock] {
      deliveries.withLock { all in all.flatMap { (d) -> [SampleBlock] in if case .samples(let blocks) = d { blocks } else { [] } } }
    }
    func last(_ tag: String) -> Sample? { blocks.last { $0.tag == tag }.map { $0[$0.count - 1] } }
    func take(_ delivery: Delivery) { deliveries.withLock { $0.append(delivery) } }
  }
  private static func wall() -> Instant { Instant(seconds: Date().timeIntervalSince1970) }

  /// Waits for a condition; gives up after twenty seconds, and the expectation that follows fails.
  private func wait(until holds: () -> Bool) async {
    for _ in 0..<1000 where !holds() { try? await Task.sleep(for: .milliseconds(20)) }
  }

  /// An edge node on a real broker: births when asked to, and at each connection after the first.
  private final class Edge: Sendable {
    struct State {
      var node = TestNode()
      var isMute = true
      var asked = 0
    }
    final class Shared: Sendable { let box = Mutex(State()) }
    let shared: Shared
    let client: MQTTClient

    init(port: Int) throws {
      let shared = Shared()
      self.shared = shared
      client = try MQTTClient(
        MQTTOptions(host: "127.0.0.1", port: port, clientID: "edge", minBackOffSeconds: 0.05, maxBackOffSeconds: 0.2)
      ) {
        shared.box.withLock { state in
          state.node.birthDeath &+= 1
          return MQTTMessage(topic: "spBv1.0/G/NDEATH/N", payload: state.node.death(at: SessionTests.wall()).payload, qos: .atLeastOnce)
        }
      }
    }

    func run() async {
      for await batch in client.events {
        for event in batch {
          switch event {
          case .connected:
            try? client.subscribe(SparkplugTopic.edgeFilters(for: EdgeNodeID(group: "G", node: "N")))
            if !shared.box.withLock({ $0.isMute }) { birth() }
          case .message(let message):
            let payload = try? SparkplugPayload(decoding: message.payload)
            if payload?.metrics.first?.name == SparkplugPayload.rebirthName {
              shared.box.withLock { ($0.asked, $0.isMute) = ($0.asked + 1, false) }
              birth()
            }
          default: break
          }
        }
      }
    }

    func birth() { for message in shared.box.withLock({ $0.node.births(at: SessionTests.wall()) }) { send(message) } }
    func send(_ message: TestNode.Message) { _ = try? client.publish(MQTTMessage(topic: message.topic, payload: message.payload)) }
    func data(_ value: Double, isLost: Bool = false) {
      let message = shared.box.withLock { $0.node.data("FillerPLC", [(10, .double, .double(value))], at: SessionTests.wall()) }
      if !isLost { send(message) }
    }
    var asked: Int { shared.box.withLock { $0.asked } }
  }

  @Test func aRealBrokerCarriesBirthsDataGapsDeathsAndReturns() async throws {
    guard let broker = try Broker() else { return print("skipped: mosquitto is not installed") }
    let inbox = Inbox()
    var spec = testSpec
    spec.port = broker.port
    let session = try SparkplugSession(
      spec, plant: testPlant(), password: nil, clock: SharedPlantClock(.system, wall: Self.wall), deliver: inbox.take)
    let running = Task { await session.run() }
    let edge = try Edge(port: broker.port)
    let living = Task { await edge.run() }

    // It gives no birth by itself: the host must ask.
    await wait { inbox.last("Capper/Torque") != nil }
    #expect(edge.asked >= 1 && inbox.last("Capper/Torque")?.quality == .good)
    edge.data(3)
    await wait { inbox.last("Filler/Pressure")?.value == .number(3) }
    #expect(inbox.last("Filler/Pressure")?.quality == .good)

    // A lost message: the host asks for a rebirth, and data by alias go on.
    let asked = edge.asked
    edge.data(3.1, isLost: true)
    edge.data(3.2)
    await wait { edge.asked > asked }
    await wait { session.address(of: "Filler/Pressure") != nil }
    edge.data(3.3)
    await wait { inbox.last("Filler/Pressure")?.value == .number(3.3) }
    #expect(inbox.last("Filler/Pressure")?.value == .number(3.3) && session.report.sequenceGaps == 1)

    // The node is cut (another client takes its name): its will makes everything stale. It returns by itself, with a new bdSeq.
    let usurper = try MQTTClient(MQTTOptions(host: "127.0.0.1", port: broker.port, clientID: "edge", minBackOffSeconds: 30))
    await wait { session.report.deaths == 1 }
    #expect(inbox.blocks.contains { $0.tag == "Filler/Pressure" && $0.qualities.contains(.stale) })
    await wait { inbox.last("Filler/Pressure")?.quality == .good }
    #expect(inbox.last("Filler/Pressure")?.quality == .good)
    usurper.close()

    // The broker goes and comes back: stale, then good again, in a second session of the host.
    broker.stop()
    await wait { inbox.last("Filler/Pressure")?.quality == .stale }
    #expect(inbox.last("Filler/Pressure")?.quality == .stale && !session.isConnected)
    try broker.start()
    await wait { inbox.last("Filler/Pressure")?.quality == .good }
    #expect(inbox.last("Filler/Pressure")?.quality == .good && session.report.connections == 2)

    // STATE stands retained: online while it runs, offline after.
    let reader = try MQTTClient(MQTTOptions(host: "127.0.0.1", port: broker.port, clientID: "reader"))
    let states = Mutex<[Bool]>([])
    let reading = Task {
      for await batch in reader.events {
        for event in batch {
          if case .connected = event { try? reader.subscribe(["spBv1.0/STATE/takt"]) }
          if case .message(let m) = event, let state = try? SparkplugState(decoding: m.payload) { states.withLock { $0.append(state.isOnline) } }
        }
      }
    }
    await wait { states.withLock { $0 } == [true] }
    session.stop()
    await wait { states.withLock { $0 } == [true, false] }
    #expect(states.withLock { $0 } == [true, false])
    await running.value
    edge.client.close()
    reader.close()
    await living.value
    await reading.value
  }

  /// The plant beside the repository, which none of us wrote; absent elsewhere.
  @Test func theForeignPlantIsReadWithoutAComplaint() async throws {
    // By text: a standardised URL follows the link behind which a virtual environment's Python hides.
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let beside = root.deletingLastPathComponent()
    let plantFolder = beside.appending(path: "shared/extplant")
    let python = beside.path + "/xp/bin/python"
    guard FileManager.default.isExecutableFile(atPath: python),
      FileManager.default.fileExists(atPath: plantFolder.appending(path: "extplant.py").path), let broker = try Broker()
    else { return print("skipped: the foreign plant or mosquitto is not here") }
    let example = root.appending(path: "examples/bottling-4")
    var files: [String: String] = [:]
    for path in ["plant.yaml", "envelope.yaml", "connections.yaml", "loops/setpoints.yaml"] {
      files[path] = try? String(contentsOf: example.appending(path: path), encoding: .utf8)
    }
    guard let folder = PlantFolder.check(files: files).folder, var spec = folder.connections.sparkplug.first else {
      return print("skipped: examples/bottling-4 does not read")
    }
    spec.port = broker.port

    let plant = Process()
    plant.executableURL = URL(filePath: python)
    plant.currentDirectoryURL = FileManager.default.temporaryDirectory
    plant.arguments = [
      plantFolder.appending(path: "extplant.py").path, plantFolder.appending(path: "bottling-4.yaml").path, "--mqtt", "127.0.0.1:\(broker.port)",
      "--speed", "60", "--seed", "7", "--truth-log", "/dev/null",
    ]
    plant.environment = ProcessInfo.processInfo.environment.merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
    plant.standardOutput = FileHandle.nullDevice
    plant.standardError = FileHandle.nullDevice
    try plant.run()
    defer { kill(plant.processIdentifier, SIGKILL) }

    let inbox = Inbox()
    let clock = SharedPlantClock(folder.connections.clock, wall: Self.wall)
    let session = try SparkplugSession(spec, plant: folder.plant, password: nil, clock: clock, deliver: inbox.take)
    let running = Task { await session.run() }
    let expected = Set(folder.plant.tags.map(\.path))
    await wait { Set(inbox.blocks.map(\.tag)).isSuperset(of: expected) }
    try await Task.sleep(for: .seconds(4))
    let report = session.report
    #expect(expected.subtracting(inbox.blocks.map(\.tag)) == [], "every tag of the plant folder arrives")
    #expect(report.malformedPayloads == 0 && report.sequenceGaps == 0 && report.samples > 500)
    let complaints = report.issues.filter { $0.kind != .unknownTag }.map { "\($0.tag) \($0.kind) \($0.detail)" }
    #expect(complaints == [])
    let lateness = inbox.blocks.flatMap { b in (0..<b.count).map { b[$0].lateness } }.filter { $0 > .minutes(3) }
    #expect(lateness.count < report.samples / 20, "plant time follows the telemetry")
    for setpoint in folder.plant.setpoints {
      #expect(session.address(of: setpoint.tag)?.properties.readOnly == false, "\(setpoint.tag) can be written")
    }
    session.stop()
    await running.value
  }
}
