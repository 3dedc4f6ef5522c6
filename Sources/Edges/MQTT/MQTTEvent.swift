/// What happened on a connection, in the order in which it happened.
public enum MQTTEvent: Sendable, Hashable {
  /// The broker accepted the session. Nothing is subscribed yet: subscriptions do not outlive a session.
  case connected
  /// The session ended or could not be opened; another attempt follows by itself unless the client was closed.
  case disconnected(reason: String)
  case message(MQTTMessage)
  /// The message that `publish` numbered so left: written to the socket (QoS 0) or acknowledged by the broker (QoS 1).
  case published(id: Int32)
  /// The reader was too slow: so many messages were dropped since the last report.
  case overflowed(dropped: Int)
}

/// Why a call failed.
public enum MQTTError: Error, Sendable, Hashable {
  /// No session is open now. A retry helps after `MQTTEvent.connected`.
  case notConnected
  /// The client was closed; no retry helps.
  case closed
  /// libmosquitto refused the arguments or the state; the text is its own. A retry with the same arguments does not help.
  case refused(call: String, reason: String)
}
