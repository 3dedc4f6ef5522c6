public import MQTT
public import Quantities
public import Sparkplug
public import Telemetry

/// A Sparkplug B 3.0 host application as a value: messages and time in, samples and messages out; no socket, no clock.
///
/// It emits a value only under a name or an alias that a birth of the running session gave. After a gap in the sequence, an unknown alias,
/// or data before a birth it drops what it cannot be sure of and asks for a rebirth, at most as often as `RebirthTimer` allows. When a node,
/// a device or the connection goes, the last value of each of its tags is emitted once more as stale.
///
/// `handle` has the shape of `StateMachine`, but two times: `wall` for what is agreed with the broker (STATE, rebirth pauses), and the plant
/// clock, which it feeds with the instants at which payloads were sent and asks for the arrival of samples.
public struct SparkplugHost: Sendable {
  public enum Input: Sendable, Hashable {
    case connected
    case disconnected
    case message(topic: String, payload: [UInt8])
    /// Messages were lost on this side of the broker.
    case overflowed
    /// Time passed; to be given a few times a second.
    case tick
    /// An orderly end: says STATE offline.
    case stop
  }

  public enum Effect: Sendable, Hashable {
    case subscribe([String])
    case publish(MQTTMessage)
    case samples([SampleBlock])
    /// Samples that were stored at the edge while it was cut off: past, not present.
    case backfill([SampleBlock])
  }

  public let hostID: String
  public internal(set) var report = AcquisitionReport()

  let check: SampleCheck
  var nodes: [EdgeNodeID: EdgeNodeSession]
  /// The last sample of each tag.
  var last: [String: Sample] = [:]
  private var sessionStart = Instant(nanoseconds: 0)
  private var isConnected = false
  private var lastState = Instant.distantPast

  /// How long after connecting births are waited for before they are asked for.
  static let birthGrace = Duration.seconds(1)
  /// How long after an NBIRTH a device that was there before may take to be born again.
  static let deviceGrace = Duration.seconds(10)

  public init(hostID: String, maps: [TagMap], check: SampleCheck) {
    (self.hostID, self.check) = (hostID, check)
    nodes = Dictionary(maps.map { ($0.node, EdgeNodeSession(map: $0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// Begins a session: the will for the CONNECT that follows. The birth repeats its instant, as the specification asks.
  public mutating func will(at wall: Instant) -> MQTTMessage {
    sessionStart = wall
    return state(isOnline: false)
  }

  public mutating func handle(_ input: Input, at wall: Instant, clock: inout PlantClock) -> [Effect] {
    switch input {
    case .connected: return connected(at: wall)
    case .disconnected: return disconnected(at: wall, clock: &clock)
    case .overflowed:
      for id in nodes.keys { distrust(id, at: wall) }
      return tick(at: wall, clock: &clock)
    case .tick: return tick(at: wall, clock: &clock)
    case .stop:
      isConnected = false
      return [.publish(state(isOnline: false))]
    case .message(let topic, let payload):
      report.messages += 1
      switch SparkplugTopic(topic) {
      case .state(hostID): return stateArrived(payload, at: wall)
      case .edge(let type, let id, let device) where nodes[id] != nil:
        return received(type, of: id, device: device, payload, at: wall, clock: &clock) + rebirthRequests(at: wall)
      default:
        report.foreignTopics += 1
        return []
      }
    }
  }

  /// Where a tag is written, by the births of the running sessions; nil while it is unknown or its session is not whole.
  public func address(of tag: String) -> SparkplugAddress? {
    for id in nodes.keys.sorted() {
      guard let online = nodes[id]?.online, online.isWhole else { continue }
      let devices = online.devices.filter { online.awaited[$0.key] == nil }.sorted { $0.key < $1.key }
      for (device, table) in [(nil, online.node)] + devices.map({ (Optional($0.key), $0.value) }) {
        guard let entry = table.entries.first(where: { $0.path == tag }), let datatype = entry.datatype, entry.ceiling == .good else { continue }
        return SparkplugAddress(
          node: id, device: device, name: entry.name, alias: entry.alias, datatype: datatype, properties: entry.properties)
      }
    }
    return nil
  }

  /// The nodes with an open session, sorted.
  public var onlineNodes: [EdgeNodeID] { nodes.filter { $0.value.online != nil }.keys.sorted() }

  // MARK: - The host's own session

  private func state(isOnline: Bool) -> MQTTMessage {
    MQTTMessage(
      topic: SparkplugTopic.state(hostID: hostID).text, payload: SparkplugState(isOnline: isOnline, instant: sessionStart).encoded(),
      qos: .atLeastOnce, retain: true)
  }

  private mutating func connected(at wall: Instant) -> [Effect] {
    isConnected = true
    report.connections += 1
    lastState = wall
    for id in nodes.keys {
      nodes[id]?.status = .unknown
      nodes[id]?.rebirth.want(notBefore: wall + Self.birthGrace)
    }
    let filters = nodes.keys.sorted().flatMap(SparkplugTopic.hostFilters(for:)) + [SparkplugTopic.state(hostID: hostID).text]
    return [.subscribe(filters), .publish(state(isOnline: true))]
  }

  private mutating func disconnected(at wall: Instant, clock: inout PlantClock) -> [Effect] {
    isConnected = false
    var paths: [String] = []
    for id in nodes.keys.sorted() {
      paths += nodes[id]?.online.map { $0.node.paths + $0.devices.sorted { $0.key < $1.key }.flatMap(\.value.paths) } ?? []
      nodes[id]?.status = .unknown
    }
    return stale(paths, at: wall, clock: &clock)
  }

  /// An earlier session's will may come late and say offline over our birth: say it again, but not in a quarrel with a namesake.
  private mutating func stateArrived(_ payload: [UInt8], at wall: Instant) -> [Effect] {
    guard let said = try? SparkplugState(decoding: payload) else {
      report.malformedPayloads += 1
      return []
    }
    guard isConnected, !said.isOnline, wall - max(lastState, Instant(nanoseconds: 0)) >= .seconds(1) else { return [] }
    lastState = wall
    return [.publish(state(isOnline: true))]
  }

  private mutating func tick(at wall: Instant, clock: inout PlantClock) -> [Effect] {
    guard isConnected else { return [] }
    var effects: [Effect] = []
    for id in nodes.keys.sorted() {
      guard var online = nodes[id]?.online else { continue }
      let overdue = online.awaited.filter { $0.value <= wall }.keys.sorted()
      guard !overdue.isEmpty else { continue }
      let paths = overdue.flatMap { online.devices.removeValue(forKey: $0)?.paths ?? [] }
      for device in overdue { online.awaited[device] = nil }
      nodes[id]?.status = .online(online)
      effects += stale(paths, at: wall, clock: &clock)
    }
    return effects + rebirthRequests(at: wall)
  }

  // MARK: - Rebirth

  /// A message of the node was or may have been lost: nothing it says by alias can be believed before its next birth.
  mutating func distrust(_ id: EdgeNodeID, at wall: Instant) {
    if var online = nodes[id]?.online {
      online.isWhole = false
      nodes[id]?.status = .online(online)
    }
    nodes[id]?.rebirth.want(notBefore: wall)
  }

  private mutating func rebirthRequests(at wall: Instant) -> [Effect] {
    guard isConnected else { return [] }
    var effects: [Effect] = []
    for id in nodes.keys.sorted() where nodes[id]?.rebirth.take(at: wall) == true {
      report.rebirthRequests += 1
      effects.append(
        .publish(
          MQTTMessage(
            topic: SparkplugTopic.edge(.nodeCommand, id, device: nil).text,
            payload: SparkplugPayload.rebirthCommand(at: wall).encoded())))
    }
    return effects
  }

  // MARK: - Stale

  /// The last value of each tag once more, as stale, at the present; nothing for a tag that is stale already or was never known.
  mutating func stale(_ paths: [String], at wall: Instant, clock: inout PlantClock) -> [Effect] {
    guard let now = clock.now(wall: wall) ?? paths.compactMap({ last[$0]?.arrival }).max() else { return [] }
    var builder = BlockBuilder()
    for path in paths {
      guard var sample = last[path], sample.quality != .stale else { continue }
      sample = Sample(instant: max(now, sample.instant), arrival: now, value: sample.value, quality: min(sample.quality, .stale))
      // A bad last value stays bad, but is said once more so that its silence shows; it counts as stale from here on.
      builder.add(sample, to: path)
      last[path] = Sample(instant: sample.instant, arrival: now, value: sample.value, quality: .stale)
    }
    return builder.isEmpty ? [] : [.samples(builder.blocks())]
  }
}
