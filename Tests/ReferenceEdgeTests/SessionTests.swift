import MQTT
import Quantities
import ReferenceEdge
import ReferencePlants
import Sparkplug
import Telemetry
import Testing

private let id = EdgeNodeID(group: "Takt", node: "Bottling")

/// What was published: topic and payload.
private func published(_ effects: [EdgeSession.Effect]) throws -> [(topic: String, payload: SparkplugPayload, bytes: [UInt8])] {
  try effects.compactMap {
    guard case .publish(let message) = $0 else { return nil }
    return (message.topic, try SparkplugPayload(decoding: message.payload), message.payload)
  }
}

private func command(_ type: SparkplugMessageType, _ device: String?, _ metrics: SparkplugMetric...) -> EdgeSession.Input {
  .message(
    MQTTMessage(
      topic: SparkplugTopic.edge(type, id, device: device).text, payload: SparkplugPayload(instant: nil, metrics: metrics).encoded()))
}

@Test func birthsCarryEverythingAndDataOnlyAliases() throws {
  var plant = ReferencePlant(seed: 1, start: Instant(milliseconds: 1_700_000_000_000))
  plant.advance(to: 60)
  _ = plant.takeSamples()
  var session = EdgeSession(id, tags: plant.tags)
  let effects = session.handle(.connected(birthDeathSequence: 9), tags: plant.tags, at: plant.instant)
  #expect(effects.first == .subscribe(["spBv1.0/Takt/NCMD/Bottling", "spBv1.0/Takt/DCMD/Bottling/+"]))
  let births = try published(effects)
  let devices = ["Rinser", "Filler", "Capper", "Labeller"].map { "spBv1.0/Takt/DBIRTH/Bottling/\($0)" }
  #expect(births.map(\.topic) == ["spBv1.0/Takt/NBIRTH/Bottling"] + devices)
  #expect(births.map(\.payload.sequence) == [0, 1, 2, 3, 4])
  #expect(births[0].payload.birthDeathSequence == 9)
  let names = births[0].payload.metrics.map(\.name)
  #expect(names == ["bdSeq", "Node Control/Rebirth", "Line/ProductId", "Line/OrderId", "Buffer/B0", "Buffer/B1", "Buffer/B3"])
  let filler = births[2].payload.metrics
  #expect(
    filler.map(\.name) == [
      "StateCurrent", "ProdProcessedCount", "ProdDefectiveCount", "CurMachSpeed", "FillPressure", "MachSpeed", "FillPressureSet",
    ])
  #expect(filler.map(\.datatype) == [.int32, .int32, .int32, .double, .double, .double, .double])
  #expect(filler[5].properties == SparkplugProperties(quality: 192, engUnit: "1/min", engLow: 15, engHigh: 30, readOnly: false))
  #expect(filler[0].properties == SparkplugProperties(quality: 192, readOnly: true))
  let aliases = births.flatMap { $0.payload.metrics.compactMap(\.alias) }
  #expect(Set(aliases).count == plant.tags.count + 1 && births[0].payload.metrics[0].alias == nil)

  // One sample, and the very bytes that the specification asks for: no name, no data type, the alias and the plant's time.
  let state = PlantSample(tag: 5, instant: Instant(milliseconds: 1_700_000_060_000), value: .int32(6), quality: .good)
  #expect(plant.tags[5].name == "Rinser/StateCurrent")
  _ = session.handle(.samples([state]), tags: plant.tags, at: plant.instant)
  let data = try published(session.handle(.publishDue, tags: plant.tags, at: plant.instant))
  #expect(data.map(\.topic) == ["spBv1.0/Takt/DDATA/Bottling/Rinser"])
  let time: [UInt8] = [0xe0, 0xa4, 0x99, 0xff, 0xbc, 0x31]  // 1700000060000 as a varint
  #expect(data[0].bytes == [0x08] + time + [0x12, 0x0b, 0x10, 7, 0x18] + time + [0x50, 6] + [0x18, 5])
  #expect(session.handle(.publishDue, tags: plant.tags, at: plant.instant).isEmpty)
}

@Test func aBadSampleIsNullWithQualityZero() throws {
  let plant = ReferencePlant(seed: 1)
  var session = EdgeSession(id, tags: plant.tags)
  _ = session.handle(.connected(birthDeathSequence: 0), tags: plant.tags, at: plant.instant)
  let sample = PlantSample(tag: 5, instant: plant.instant, value: .int32(6), quality: .bad)
  _ = session.handle(.samples([sample]), tags: plant.tags, at: plant.instant)
  let metric = try published(session.handle(.publishDue, tags: plant.tags, at: plant.instant))[0].payload.metrics[0]
  #expect(metric.isNull && metric.wire == nil && metric.properties.quality == 0)
}

@Test func commandsComeByNameOrAliasAndRubbishIsHarmless() throws {
  let plant = ReferencePlant(seed: 1)
  var session = EdgeSession(id, tags: plant.tags)
  _ = session.handle(.connected(birthDeathSequence: 0), tags: plant.tags, at: plant.instant)
  func handle(_ input: EdgeSession.Input) -> [EdgeSession.Effect] { session.handle(input, tags: plant.tags, at: plant.instant) }
  let speed = plant.tags.firstIndex { $0.name == "Filler/MachSpeed" }!
  let byName = try SparkplugMetric(name: "MachSpeed", instant: nil, datatype: .float, value: .double(26.5))
  let byAlias = try SparkplugMetric(alias: EdgeSession.alias(ofTag: speed), instant: nil, datatype: .int64, value: .signed(27))
  #expect(
    handle(command(.deviceCommand, "Filler", byName, byAlias)) == [
      .write(tag: "Filler/MachSpeed", value: .number(26.5)), .write(tag: "Filler/MachSpeed", value: .number(27)),
    ])
  let text = try SparkplugMetric(name: "MachSpeed", instant: nil, datatype: .string, value: .string("27"))
  let null = try SparkplugMetric(name: "MachSpeed", instant: nil, datatype: .double, value: nil)
  let flag = try SparkplugMetric(alias: 9999, instant: nil, datatype: .boolean, value: .boolean(true))
  #expect(
    handle(command(.deviceCommand, "Filler", text, null, flag)) == [
      .write(tag: "Filler/MachSpeed", value: .text("27")), .write(tag: "Filler/MachSpeed", value: .text("null")),
      .write(tag: "Filler/alias 9999", value: .text("true")),
    ])
  for topic in ["spBv1.0/Takt/DCMD/Bottling/Filler", "spBv1.0/Takt/NCMD/Bottling", "spBv1.0/Other/DCMD/Bottling/Filler", "nonsense"] {
    #expect(handle(.message(MQTTMessage(topic: topic, payload: [0xff, 0x00, 0x12]))).isEmpty)
  }
  // Rebirth: the same session's number again, the sequence from zero.
  let rebirth = SparkplugPayload.rebirthCommand(at: plant.instant).metrics[0]
  let births = try published(handle(command(.nodeCommand, nil, rebirth)))
  #expect(births.count == 5 && births[0].payload.sequence == 0 && births[0].payload.birthDeathSequence == 0)
}

@Test func withAPrimaryHostItLivesOnlyWhileThatHostDoes() throws {
  let plant = ReferencePlant(seed: 1)
  var session = EdgeSession(id, tags: plant.tags, primaryHost: "takt")
  func handle(_ input: EdgeSession.Input) -> [EdgeSession.Effect] { session.handle(input, tags: plant.tags, at: plant.instant) }
  func state(_ isOnline: Bool, _ seconds: Double) -> EdgeSession.Input {
    let state = SparkplugState(isOnline: isOnline, instant: Instant(seconds: seconds))
    return .message(MQTTMessage(topic: "spBv1.0/STATE/takt", payload: state.encoded()))
  }
  let first = handle(.connected(birthDeathSequence: 0))
  #expect(first == [.subscribe(["spBv1.0/Takt/NCMD/Bottling", "spBv1.0/Takt/DCMD/Bottling/+", "spBv1.0/STATE/takt"])])
  #expect(handle(state(false, 10)).isEmpty && !session.isBorn)
  #expect(try published(handle(state(true, 20))).count == 5)
  #expect(handle(state(false, 15)).isEmpty && session.isBorn)  // the will of an earlier session
  let farewell = handle(state(false, 20))
  #expect(farewell.last == .reconnect && !session.isBorn)
  let death = try published(farewell)
  #expect(death.map(\.topic) == ["spBv1.0/Takt/NDEATH/Bottling"] && death[0].payload.birthDeathSequence == 0)
  #expect(handle(.stopping).isEmpty)
}
