public import Governance
public import MQTT
public import PlantModel
public import Quantities
public import Sparkplug
internal import Synchronization

/// Writes tags of one edge node by DCMD and NCMD: one permit, one message, at most once (QoS 0, not retained).
///
/// It has a connection of its own, so that nothing else in Takt publishes values; where a tag is written it asks of the host session, which
/// knows the births. What cannot be sent now is dropped and said, never kept for later. Whether a write took effect is told by read-back.
public final class SparkplugActuator: Actuator {
  public let tags: [String]
  private let client: MQTTClient
  private let address: @Sendable (String) -> SparkplugAddress?
  private let plantNow: @Sendable () -> Instant?
  private let wall: @Sendable () -> Instant
  private let addressing: CommandAddressing
  private let outcome: @Sendable (PublishOutcome) -> Void
  /// Messages that libmosquitto has and the socket has not, by its number.
  private let pending = Mutex<[Int32: WriteToken]>([:])

  /// Starts to connect at once; `run` then reports what left.
  ///
  /// - Parameters:
  ///   - tags: the tags that it writes, as the plant names them.
  ///   - address: the session's knowledge of births (`SparkplugSession.address(of:)`).
  ///   - plantNow: plant time, by which permits expire; nil while unknown, and then nothing is sent.
  ///   - wall: UTC, for the messages' own timestamps.
  ///   - outcome: called once for each permit, off the caller's thread or on it; it should only hand on.
  /// - Throws: `MQTTError.refused` where libmosquitto refuses the options.
  public init(
    _ spec: SparkplugSpec, tags: [String], password: String?, tls: MQTTTransportSecurity? = nil, addressing: CommandAddressing = .alias,
    address: @escaping @Sendable (String) -> SparkplugAddress?, plantNow: @escaping @Sendable () -> Instant?,
    wall: @escaping @Sendable () -> Instant, outcome: @escaping @Sendable (PublishOutcome) -> Void
  ) throws(MQTTError) {
    client = try MQTTClient(
      MQTTOptions(
        host: spec.host, port: spec.port, clientID: "\(spec.hostID)-\(spec.group)-\(spec.node)-writes", username: spec.username,
        password: password, tls: tls))
    (self.tags, self.address, self.plantNow, self.wall) = (tags, address, plantNow, wall)
    (self.addressing, self.outcome) = (addressing, outcome)
  }

  /// Reports what left, until `stop` or cancellation. To be called once.
  public func run() async {
    for await batch in client.events {
      for event in batch {
        switch event {
        case .published(let id):
          if let token = pending.withLock({ $0.removeValue(forKey: id) }) { outcome(.sent(token)) }
        case .disconnected: lose()
        case .connected, .message, .overflowed: break
        }
      }
    }
    client.close()
    lose()
  }

  public func stop() { client.close() }

  public var isConnected: Bool { client.isConnected }

  public func begin(_ permit: consuming WritePermit) {
    let token = permit.token
    guard let now = plantNow(), now <= permit.expires else { return outcome(.dropped(token, .expired)) }
    guard let address = address(permit.tag) else { return outcome(.dropped(token, .unknownAddress)) }
    if address.properties.readOnly == true { return outcome(.dropped(token, .readOnly)) }
    guard permit.value.isFinite, let message = command(permit.value, to: address) else { return outcome(.dropped(token, .unrepresentable)) }
    // The number is kept before the event that bears it can be looked up.
    let isQueued = pending.withLock { pending in
      guard let id = try? client.publish(message) else { return false }
      pending[id] = token
      return true
    }
    if !isQueued { outcome(.dropped(token, .notConnected)) }
  }

  private func command(_ value: Double, to address: SparkplugAddress) -> MQTTMessage? {
    let instant = wall()
    let alias = addressing == .alias ? address.alias : nil
    guard
      let metric = try? SparkplugMetric(
        name: alias == nil ? address.name : nil, alias: alias, instant: instant, datatype: address.datatype, value: .double(value))
    else { return nil }
    let payload = SparkplugPayload(instant: instant, metrics: [metric])
    return MQTTMessage(topic: address.commandTopic.text, payload: payload.encoded(), qos: .atMostOnce, retain: false)
  }

  /// The connection went: what was not written to the socket is gone, and is not sent again.
  private func lose() {
    let tokens = pending.withLock { pending in
      defer { pending = [:] }
      return pending.values.sorted()
    }
    for token in tokens { outcome(.dropped(token, .connectionLost)) }
  }
}

/// How a command names its metric.
public enum CommandAddressing: Sendable, Hashable {
  /// By alias where the birth gave one, as the specification asks (tck-id-payloads-alias-data-cmd-requirement).
  case alias
  /// By name: for edge nodes that hand out other aliases while commands are on their way.
  case name
}

/// What became of one permit on its way out. It says nothing about the machine.
public enum PublishOutcome: Sendable, Hashable {
  /// Written to the socket.
  case sent(WriteToken)
  /// Not sent, and it will not be; a retry needs a new permit.
  case dropped(WriteToken, Reason)

  public enum Reason: String, Sendable, Hashable {
    /// Past its expiry, or plant time is not known.
    case expired
    /// No birth of a running, whole session offers the tag in the plant folder's unit.
    case unknownAddress
    /// The birth says that the metric cannot be written.
    case readOnly
    /// The metric's data type cannot hold the value (a fraction for an integer).
    case unrepresentable
    case notConnected
    /// The connection went before the message left, or while it did.
    case connectionLost
  }
}
