public import MQTT
public import Quantities
public import ReferencePlants
public import Sparkplug
public import Telemetry

/// A Sparkplug B 3.0 edge node that speaks for a reference plant: births, data, deaths, commands. Decides only; `ReferenceEdge`'s
/// `SparkplugPlant` acts.
///
/// Stations are devices, tags of the line are metrics of the node. Births carry names, aliases, data types and properties; data carry
/// aliases alone. With a primary host the node is born only while that host says that it is online (section 5 of the specification).
public struct EdgeSession: Sendable {
  public enum Input: Sendable {
    /// A session with the broker stands; its will carries this bdSeq.
    case connected(birthDeathSequence: UInt8)
    case disconnected
    case message(MQTTMessage)
    /// What the plant said since the last call, oldest first.
    case samples([PlantSample])
    /// Time to publish what has gathered.
    case publishDue
    /// The program ends.
    case stopping
  }

  public enum Effect: Sendable, Hashable {
    case subscribe([String])
    case publish(MQTTMessage)
    /// A command for the plant.
    case write(tag: String, value: SampleValue)
    /// End the session with the broker in order, and open another.
    case reconnect
  }

  public let id: EdgeNodeID
  public let primaryHost: String?
  public private(set) var isBorn = false
  /// Messages published since the start.
  public private(set) var published = 0

  private let devices: [String]
  private var isConnected = false
  private var isHostOnline = false
  private var hostOnlineSince = Instant.distantPast
  private var birthDeathSequence: UInt8 = 0
  private var sequence = SparkplugSequence()
  private var pending: [PlantSample] = []

  public init(_ id: EdgeNodeID, tags: [PlantTag], primaryHost: String? = nil) {
    (self.id, self.primaryHost) = (id, primaryHost)
    var devices: [String] = []
    for tag in tags { if let device = tag.device, !devices.contains(device) { devices.append(device) } }
    self.devices = devices
  }

  /// The alias of the tag at this index; bdSeq has none, 1 is the rebirth command.
  public static func alias(ofTag index: Int) -> UInt64 { UInt64(index + 2) }

  /// - Parameters:
  ///   - tags: the plant's tags as they are now.
  ///   - now: plant time, which every payload carries.
  public mutating func handle(_ input: Input, tags: [PlantTag], at now: Instant) -> [Effect] {
    switch input {
    case .connected(let number):
      (isConnected, isBorn, birthDeathSequence) = (true, false, number)
      isHostOnline = primaryHost == nil
      var filters = SparkplugTopic.edgeFilters(for: id)
      if let primaryHost { filters.append(SparkplugTopic.state(hostID: primaryHost).text) }
      return [.subscribe(filters)] + birthIfReady(tags, at: now)
    case .disconnected:
      (isConnected, isBorn) = (false, false)
      pending = []
      return []
    case .message(let message): return received(message, tags, at: now)
    case .samples(let samples):
      if isBorn { pending += samples }
      return []
    case .publishDue: return flush(tags, at: now)
    case .stopping:
      defer { isBorn = false }
      return isConnected ? flush(tags, at: now) + [.publish(Self.death(id, birthDeathSequence, at: now))] : []
    }
  }

  /// The NDEATH of the session with this number: the broker's will, and an orderly end.
  public static func death(_ id: EdgeNodeID, _ birthDeathSequence: UInt8, at instant: Instant) -> MQTTMessage {
    let payload = SparkplugPayload(instant: instant, metrics: [SparkplugPayload.birthDeathMetric(birthDeathSequence, at: instant)])
    return MQTTMessage(topic: SparkplugTopic.edge(.nodeDeath, id, device: nil).text, payload: payload.encoded(), qos: .atLeastOnce)
  }

  // MARK: Births and data

  private mutating func birthIfReady(_ tags: [PlantTag], at now: Instant) -> [Effect] {
    isConnected && isHostOnline && !isBorn ? birth(tags, at: now) : []
  }

  private mutating func birth(_ tags: [PlantTag], at now: Instant) -> [Effect] {
    isBorn = true
    pending = []
    sequence = SparkplugSequence()
    let own = [
      SparkplugPayload.birthDeathMetric(birthDeathSequence, at: now),
      Self.metric(name: SparkplugPayload.rebirthName, alias: 1, at: now, .boolean, .boolean(false)),
    ]
    var effects = [send(.nodeBirth, nil, own + births(of: nil, tags), at: now)]
    for device in devices { effects.append(send(.deviceBirth, device, births(of: device, tags), at: now)) }
    return effects
  }

  private func births(of device: String?, _ tags: [PlantTag]) -> [SparkplugMetric] {
    tags.indices.filter { tags[$0].device == device }.map { i in
      let tag = tags[i]
      var metric = Self.metric(
        name: tag.metric, alias: Self.alias(ofTag: i), at: tag.instant, tag.datatype, tag.quality == .bad ? nil : tag.value.sparkplug)
      metric.properties = SparkplugProperties(
        quality: Int(tag.quality.rawValue), engUnit: tag.unit.isEmpty ? nil : tag.unit, engLow: tag.low, engHigh: tag.high,
        readOnly: !tag.isWritable)
      return metric
    }
  }

  private mutating func flush(_ tags: [PlantTag], at now: Instant) -> [Effect] {
    guard isBorn, !pending.isEmpty else { return [] }
    defer { pending = [] }
    var effects: [Effect] = []
    for device in [nil] + devices.map(Optional.some) {
      let metrics = pending.filter { tags[$0.tag].device == device }.map { sample in
        var metric = Self.metric(
          name: nil, alias: Self.alias(ofTag: sample.tag), at: sample.instant, tags[sample.tag].datatype,
          sample.quality == .bad ? nil : sample.value.sparkplug)
        metric.datatypeCode = nil  // known from the birth; the specification asks to leave it out
        if sample.quality != .good { metric.properties = SparkplugProperties(quality: Int(sample.quality.rawValue)) }
        return metric
      }
      if !metrics.isEmpty { effects.append(send(device == nil ? .nodeData : .deviceData, device, metrics, at: now)) }
    }
    return effects
  }

  private mutating func send(_ type: SparkplugMessageType, _ device: String?, _ metrics: [SparkplugMetric], at now: Instant) -> Effect {
    published += 1
    let payload = SparkplugPayload(instant: now, sequence: sequence.take(), metrics: metrics)
    return .publish(MQTTMessage(topic: SparkplugTopic.edge(type, id, device: device).text, payload: payload.encoded()))
  }

  private static func metric(
    name: String?, alias: UInt64?, at instant: Instant, _ type: SparkplugDataType, _ value: SparkplugValue?
  ) -> SparkplugMetric {
    do {
      return try SparkplugMetric(name: name, alias: alias, instant: instant, datatype: type, value: value)
    } catch {
      preconditionFailure("a plant's value does not fit its own type: \(error)")
    }
  }

  // MARK: What comes in

  private mutating func received(_ message: MQTTMessage, _ tags: [PlantTag], at now: Instant) -> [Effect] {
    switch SparkplugTopic(message.topic) {
    case .state(let host) where host == primaryHost:
      guard let state = try? SparkplugState(decoding: message.payload) else { return [] }
      return hostChanged(state, tags, at: now)
    case .edge(.nodeCommand, id, device: nil):
      guard let payload = try? SparkplugPayload(decoding: message.payload), isBorn else { return [] }
      let asksRebirth = payload.metrics.contains {
        ($0.name == SparkplugPayload.rebirthName || $0.alias == 1) && $0.wire == .boolean(true)
      }
      return asksRebirth ? flush(tags, at: now) + birth(tags, at: now) : []
    case .edge(.deviceCommand, id, device: let device?):
      guard let payload = try? SparkplugPayload(decoding: message.payload) else { return [] }
      return payload.metrics.map { command($0, device, tags) }
    default: return []
    }
  }

  /// The host came or went. An offline message older than the last online one is the will of an earlier session and means nothing.
  private mutating func hostChanged(_ state: SparkplugState, _ tags: [PlantTag], at now: Instant) -> [Effect] {
    if state.isOnline {
      (isHostOnline, hostOnlineSince) = (true, max(hostOnlineSince, state.instant))
      return birthIfReady(tags, at: now)
    }
    guard isHostOnline, state.instant >= hostOnlineSince else { return [] }
    isHostOnline = false
    // There is no store to forward from, so the node leaves until the host is back.
    let farewell = flush(tags, at: now) + [.publish(Self.death(id, birthDeathSequence, at: now)), .reconnect]
    (isBorn, isConnected) = (false, false)
    return farewell
  }

  private func command(_ metric: SparkplugMetric, _ device: String, _ tags: [PlantTag]) -> Effect {
    var name = "\(device)/\(metric.name ?? "alias \(metric.alias.map(String.init) ?? "missing")")"
    if let alias = metric.alias, alias >= 2, let index = Int(exactly: alias - 2), index < tags.count { name = tags[index].name }
    let value: SampleValue =
      switch try? metric.value() {
      case .boolean(let b)?: .text(b ? "true" : "false")
      case .string(let s)?: .text(s)
      case let value?: value.number.map(SampleValue.number) ?? .text("bytes")
      case nil: .text("null")
      }
    return .write(tag: name, value: value)
  }
}

extension PlantTag {
  var datatype: SparkplugDataType {
    switch kind {
    case .int32: .int32
    case .double: .double
    case .string: .string
    }
  }
}

extension PlantValue {
  var sparkplug: SparkplugValue {
    switch self {
    case .int32(let x): .signed(Int64(x))
    case .double(let x): .double(x)
    case .string(let s): .string(s)
    }
  }
}
