import Acquisition
import MQTT
import PlantModel
import Quantities
import Sparkplug
import Telemetry

/// A small generator, so that a failure is named by its seed.
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

let wallStart = Instant(milliseconds: 1_767_592_800_000)

/// Two devices, Filler and Capper, with a number, a state and a count each, and a text of the line.
func testPlant() -> Plant {
  func tag(_ path: String, _ kind: Tag.Kind, _ unit: String = "1", _ low: Double? = nil, _ high: Double? = nil) -> Tag {
    Tag(path: path, kind: kind, unit: unit, low: low, high: high, staleAfter: .minutes(3))
  }
  return Plant(
    name: "test", path: "acme/test/line", stations: [], buffers: [], sources: [],
    tags: [
      tag("Line/ProductId", .text), tag("Buffer/B1", .count, "1", 0, 100), tag("Filler/Pressure", .number, "bar", 0, 5),
      tag("Filler/StateCurrent", .state), tag("Filler/Count", .count), tag("Capper/Torque", .number, "N.m", 0, 5), tag("Capper/Count", .count),
    ],
    prices: Prices(currency: "EUR", good: 1, scrap: 0, escape: 0), idealCycle: nil)
}

let testSpec = SparkplugSpec(
  host: "127.0.0.1", port: 1883, hostID: "takt", username: nil, password: nil, group: "G", node: "N", devices: ["FillerPLC": "Filler"])

/// An edge node as a value: makes the messages that a well-behaved one publishes.
struct TestNode {
  struct Metric {
    var name: String
    var type: SparkplugDataType
    var alias: UInt64
    var value: SparkplugValue?
    var properties = SparkplugProperties()
  }
  struct Message {
    var topic: String
    var payload: [UInt8]
    var type: SparkplugMessageType
  }
  let id = EdgeNodeID(group: "G", node: "N")
  var sequence = SparkplugSequence()
  var birthDeath: UInt8 = 0
  var node: [Metric] = [
    Metric(name: "Line/ProductId", type: .string, alias: 1, value: .string("A")),
    Metric(name: "Buffer/B1", type: .int32, alias: 2, value: .signed(10)),
  ]
  var devices: [String: [Metric]] = [
    "FillerPLC": [
      Metric(name: "Pressure", type: .double, alias: 10, value: .double(2.5), properties: SparkplugProperties(quality: 192, engUnit: "bar")),
      Metric(name: "StateCurrent", type: .int32, alias: 11, value: .signed(6)),
      Metric(name: "Count", type: .int32, alias: 12, value: .signed(100)),
    ],
    "Capper": [
      Metric(name: "Torque", type: .double, alias: 20, value: .double(1.5), properties: SparkplugProperties(engUnit: "Nm")),
      Metric(name: "Count", type: .int32, alias: 21, value: .signed(7)),
    ],
  ]

  mutating func births(at instant: Instant) -> [Message] {
    sequence = SparkplugSequence()
    let own = [SparkplugPayload.birthDeathMetric(birthDeath, at: instant)] + node.map { metric($0, at: instant, birth: true) }
    return [message(.nodeBirth, nil, own, at: instant)] + devices.keys.sorted().map { deviceBirth($0, at: instant) }
  }

  mutating func deviceBirth(_ device: String, at instant: Instant) -> Message {
    message(.deviceBirth, device, devices[device]!.map { metric($0, at: instant, birth: true) }, at: instant)
  }

  func death(at instant: Instant) -> Message {
    let payload = SparkplugPayload(instant: instant, metrics: [SparkplugPayload.birthDeathMetric(birthDeath, at: instant)])
    return Message(topic: SparkplugTopic.edge(.nodeDeath, id, device: nil).text, payload: payload.encoded(), type: .nodeDeath)
  }

  /// Data by alias alone.
  mutating func data(_ device: String?, _ values: [(UInt64, SparkplugDataType, SparkplugValue?)], at instant: Instant, historical: Bool = false)
    -> Message
  {
    let metrics = values.map { alias, type, value in
      var m = try! SparkplugMetric(alias: alias, instant: instant, datatype: type, value: value, isHistorical: historical)
      m.datatypeCode = nil
      return m
    }
    return message(device == nil ? .nodeData : .deviceData, device, metrics, at: instant)
  }

  mutating func message(_ type: SparkplugMessageType, _ device: String?, _ metrics: [SparkplugMetric], at instant: Instant) -> Message {
    let payload = SparkplugPayload(instant: instant, sequence: sequence.take(), metrics: metrics)
    return Message(topic: SparkplugTopic.edge(type, id, device: device).text, payload: payload.encoded(), type: type)
  }

  private func metric(_ m: Metric, at instant: Instant, birth: Bool) -> SparkplugMetric {
    try! SparkplugMetric(name: m.name, alias: m.alias, instant: instant, datatype: m.type, value: m.value, properties: m.properties)
  }
}

/// A host with its clock, and what came out of it.
struct TestHost {
  var host = SparkplugHost(hostID: "takt", maps: [TagMap(testSpec)], check: SampleCheck(plant: testPlant()))
  var clock = PlantClock(.system)
  var wall = wallStart

  mutating func feed(_ input: SparkplugHost.Input, after: Duration = .milliseconds(10)) -> [SparkplugHost.Effect] {
    wall += after
    return host.handle(input, at: wall, clock: &clock)
  }

  mutating func feed(_ messages: [TestNode.Message]) -> [SparkplugHost.Effect] {
    messages.flatMap { feed(.message(topic: $0.topic, payload: $0.payload)) }
  }
}

extension [SparkplugHost.Effect] {
  var blocks: [SampleBlock] { flatMap { (effect) -> [SampleBlock] in if case .samples(let blocks) = effect { blocks } else { [] } } }
  var past: [SampleBlock] { flatMap { (effect) -> [SampleBlock] in if case .backfill(let blocks) = effect { blocks } else { [] } } }
  var published: [MQTTMessage] { compactMap { if case .publish(let message) = $0 { message } else { nil } } }
  var rebirths: Int { published.count { $0.topic == "spBv1.0/G/NCMD/N" } }
  func last(_ tag: String) -> Sample? { blocks.last { $0.tag == tag }.map { $0[$0.count - 1] } }
}
