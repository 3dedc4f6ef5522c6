/// How to reach a broker, as whom, and what the broker says when the session ends without a word.
public struct MQTTOptions: Sendable, Hashable {
  public var host: String
  public var port: Int
  public var clientID: String
  public var username: String?
  public var password: String?
  /// Seconds between signs of life; the broker drops a client that is silent for one and a half of them.
  public var keepAliveSeconds: Int
  public var tls: MQTTTransportSecurity?
  /// QoS 1 messages that may wait for their acknowledgement at once; 0 lifts the limit.
  public var maxInflight: Int
  /// Waiting before the first new attempt, in seconds; it doubles after each failure up to `maxBackOffSeconds`.
  public var minBackOffSeconds: Double
  public var maxBackOffSeconds: Double
  /// Events that wait for the reader; beyond that the newest messages are dropped and counted (`MQTTEvent.overflowed`).
  public var maxWaitingEvents: Int

  public init(
    host: String, port: Int = 1883, clientID: String, username: String? = nil, password: String? = nil, keepAliveSeconds: Int = 20,
    tls: MQTTTransportSecurity? = nil, maxInflight: Int = 100, minBackOffSeconds: Double = 0.25, maxBackOffSeconds: Double = 10,
    maxWaitingEvents: Int = 200_000
  ) {
    (self.host, self.port, self.clientID, self.username, self.password) = (host, port, clientID, username, password)
    (self.keepAliveSeconds, self.tls, self.maxInflight) = (keepAliveSeconds, tls, maxInflight)
    (self.minBackOffSeconds, self.maxBackOffSeconds, self.maxWaitingEvents) = (minBackOffSeconds, maxBackOffSeconds, maxWaitingEvents)
  }
}

/// TLS by files in PEM form.
public struct MQTTTransportSecurity: Sendable, Hashable {
  /// Certificates of the authorities to trust: a file or a directory, at least one of them.
  public var authorityFile: String?
  public var authorityDirectory: String?
  /// The client's own certificate and key, where the broker asks for one.
  public var certificateFile: String?
  public var keyFile: String?
  /// False accepts a certificate issued to another host name: for trials only.
  public var verifiesHostName: Bool

  public init(
    authorityFile: String? = nil, authorityDirectory: String? = nil, certificateFile: String? = nil, keyFile: String? = nil,
    verifiesHostName: Bool = true
  ) {
    (self.authorityFile, self.authorityDirectory) = (authorityFile, authorityDirectory)
    (self.certificateFile, self.keyFile, self.verifiesHostName) = (certificateFile, keyFile, verifiesHostName)
  }
}

/// Delivery guarantees that Takt uses.
public enum MQTTQualityOfService: Int32, Sendable, Hashable {
  case atMostOnce = 0
  case atLeastOnce = 1
}

/// One message, in or out.
public struct MQTTMessage: Sendable, Hashable {
  public var topic: String
  public var payload: [UInt8]
  public var qos: MQTTQualityOfService
  public var retain: Bool

  public init(topic: String, payload: [UInt8], qos: MQTTQualityOfService = .atMostOnce, retain: Bool = false) {
    (self.topic, self.payload, self.qos, self.retain) = (topic, payload, qos, retain)
  }
}
