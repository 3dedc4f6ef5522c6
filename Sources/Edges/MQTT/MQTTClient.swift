/// One MQTT 3.1.1 session at a broker, kept open: it reconnects by itself, with back-off, until it is closed.
///
/// Every session is clean: subscribe again on each `.connected`. Publishing without a session throws at once; nothing waits in a queue
/// to be sent later, because a late command is worse than none.
public final class MQTTClient: Sendable {
  private let mosquitto: Mosquitto
  private let loop: NetworkLoop

  /// Starts to connect and returns at once.
  ///
  /// - Parameter will: called before each CONNECT, on the client's own thread; what the broker publishes if that session is cut.
  /// - Throws: `MQTTError.refused` where libmosquitto refuses the options (a certificate that is not there, say).
  public init(_ options: MQTTOptions, will: @escaping @Sendable () -> MQTTMessage? = { nil }) throws(MQTTError) {
    loop = NetworkLoop(options, mailbox: EventMailbox(capacity: options.maxWaitingEvents), will: will)
    mosquitto = try Mosquitto(options, owner: loop)
    loop.start(mosquitto)
  }

  deinit { loop.close(waitSeconds: 0) }

  /// Batches of events, in order; for one reader. It ends after `close`.
  public var events: AsyncStream<[MQTTEvent]> {
    let mailbox = loop.mailbox
    return AsyncStream { await mailbox.next() }
  }

  public var isConnected: Bool { loop.isConnected }

  /// Asks the broker for the topics that match the filters.
  public func subscribe(_ filters: [String], qos: MQTTQualityOfService = .atLeastOnce) throws(MQTTError) {
    try checkOpen()
    for filter in filters { try mosquitto.subscribe(filter, qos) }
  }

  /// Sends a message and returns the number under which `MQTTEvent.published` reports that it left.
  @discardableResult
  public func publish(_ message: MQTTMessage) throws(MQTTError) -> Int32 {
    try checkOpen()
    return try mosquitto.publish(message)
  }

  /// Sends DISCONNECT, so that the broker keeps the will to itself, and ends the client's thread; waits at most two seconds.
  public func close() { loop.close(waitSeconds: 2) }

  private func checkOpen() throws(MQTTError) {
    if loop.isClosed { throw .closed }
    if !loop.isConnected { throw .notConnected }
  }
}
