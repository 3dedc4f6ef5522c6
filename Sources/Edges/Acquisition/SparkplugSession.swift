public import MQTT
public import PlantModel
public import Sparkplug
internal import Synchronization
public import Telemetry

/// What a source delivers, in order.
public enum Delivery: Sendable, Hashable {
  /// The plant's present.
  case samples([SampleBlock])
  /// The past, sent late: for the historian, not for whoever acts on the present.
  case backfill([SampleBlock])
}

/// A `SparkplugHost` on a broker: the thin shell that moves its messages. It publishes STATE and rebirth requests, never a value.
public final class SparkplugSession: Sendable {
  /// Apart from the session, so that the client's will can reach it before the session exists.
  private final class Core: Sendable {
    let host: Mutex<SparkplugHost>
    let clock: SharedPlantClock
    init(_ host: SparkplugHost, _ clock: SharedPlantClock) {
      self.host = Mutex(host)
      self.clock = clock
    }
    func handle(_ input: SparkplugHost.Input) -> [SparkplugHost.Effect] {
      host.withLock { host in clock.withClock { clock, wall in host.handle(input, at: wall, clock: &clock) } }
    }
    func will() -> MQTTMessage { host.withLock { host in clock.withClock { _, wall in host.will(at: wall) } } }
  }
  private let core: Core
  private let client: MQTTClient
  private let deliver: @Sendable (Delivery) -> Void
  private let tell: @Sendable (Connection) -> Void
  private let lastTold = Mutex<Connection?>(nil)

  /// What became of the connection to the broker.
  public enum Connection: Sendable, Hashable {
    case open
    /// Lost or refused; it is tried again for ever.
    case down(reason: String)
  }

  /// Starts to connect at once; `run` then turns the session.
  ///
  /// - Parameters:
  ///   - password: the secret itself, resolved by the program from `spec.password`.
  ///   - tell: told when the connection opens, and once when it is down, not at each attempt.
  ///   - deliver: called in order, one call at a time, off the caller's thread; it should only hand on.
  /// - Throws: `MQTTError.refused` where libmosquitto refuses the options.
  public init(
    _ spec: SparkplugSpec, plant: Plant, password: String?, clock: SharedPlantClock, tls: MQTTTransportSecurity? = nil,
    tell: @escaping @Sendable (Connection) -> Void = { _ in }, deliver: @escaping @Sendable (Delivery) -> Void
  ) throws(MQTTError) {
    let core = Core(SparkplugHost(hostID: spec.hostID, maps: [TagMap(spec)], check: SampleCheck(plant: plant)), clock)
    let options = MQTTOptions(
      host: spec.host, port: spec.port, clientID: "\(spec.hostID)-\(spec.group)-\(spec.node)", username: spec.username, password: password,
      tls: tls)
    client = try MQTTClient(options) { core.will() }
    (self.core, self.deliver, self.tell) = (core, deliver, tell)
  }

  /// Turns the session until `stop` or cancellation. To be called once.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        while !Task.isCancelled {
          try? await Task.sleep(for: .milliseconds(250))
          self.perform(self.core.handle(.tick))
        }
      }
      for await batch in client.events { perform(batch.flatMap(effects)) }
      group.cancelAll()
    }
    client.close()
  }

  /// Says STATE offline, disconnects, and lets `run` return.
  public func stop() {
    perform(core.handle(.stop))
    // The end that was asked for is no news.
    lastTold.withLock { $0 = .down(reason: "stopped") }
    client.close()
  }

  public var isConnected: Bool { client.isConnected }
  public var report: AcquisitionReport { core.host.withLock { $0.report } }
  /// The edge nodes with an open session.
  public var onlineNodes: [EdgeNodeID] { core.host.withLock { $0.onlineNodes } }

  /// Where a tag is written, by the births of the running session; nil while unknown.
  public func address(of tag: String) -> SparkplugAddress? { core.host.withLock { $0.address(of: tag) } }

  private func effects(of event: MQTTEvent) -> [SparkplugHost.Effect] {
    switch event {
    case .connected: noted(.open, core.handle(.connected))
    case .disconnected(let reason): noted(.down(reason: reason), core.handle(.disconnected))
    case .message(let message): core.handle(.message(topic: message.topic, payload: message.payload))
    case .overflowed: core.handle(.overflowed)
    case .published: []
    }
  }

  /// Tells what is news of the connection.
  private func noted(_ connection: Connection, _ effects: [SparkplugHost.Effect]) -> [SparkplugHost.Effect] {
    let isNews = lastTold.withLock { last in
      defer { last = connection }
      if case .down = last, case .down = connection { return false }
      return true
    }
    if isNews { tell(connection) }
    return effects
  }

  /// Performs effects in order; runs of samples go over in one delivery. A publish that fails needs no care: a disconnection follows.
  private func perform(_ effects: [SparkplugHost.Effect]) {
    var waiting: [SampleBlock] = []
    func flush() {
      if !waiting.isEmpty { deliver(.samples(waiting)) }
      waiting = []
    }
    for effect in effects {
      switch effect {
      case .samples(let blocks): waiting += blocks
      case .backfill(let blocks):
        flush()
        deliver(.backfill(blocks))
      case .subscribe(let filters): try? client.subscribe(filters)
      case .publish(let message): _ = try? client.publish(message)
      }
    }
    flush()
  }
}
