/// `connections.yaml`: where the plant's data come from and where writes go. Secrets stand by reference (`env:NAME`, `file:PATH`).
public struct ConnectionSpec: Sendable, Hashable, Codable {
  public var clock: PlantClockSpec
  public var sparkplug: [SparkplugSpec]
  /// Accept InfluxDB line protocol on the console's HTTP port.
  public var lineProtocol: LineProtocolSpec?
  public init(clock: PlantClockSpec, sparkplug: [SparkplugSpec], lineProtocol: LineProtocolSpec?) {
    (self.clock, self.sparkplug, self.lineProtocol) = (clock, sparkplug, lineProtocol)
  }
}

/// Whose time the core runs on.
public enum PlantClockSpec: Sendable, Hashable, Codable {
  /// The machine's own clock.
  case system
  /// Derived from the source instants of telemetry, for a plant that runs `speed` times as fast as the wall (a simulated one).
  case telemetry(speed: Double)
}

/// One Sparkplug B host session at a broker.
public struct SparkplugSpec: Sendable, Hashable, Codable {
  public var host: String
  public var port: Int
  /// Sparkplug host application id, announced on `spBv1.0/STATE/ID`.
  public var hostID: String
  public var username: String?
  /// A reference such as `env:TAKT_MQTT_PASSWORD`.
  public var password: String?
  public var group: String
  public var node: String
  /// Device of the edge node → station of the plant, where the names differ.
  public var devices: [String: String]
  public init(
    host: String, port: Int, hostID: String, username: String?, password: String?, group: String, node: String, devices: [String: String]
  ) {
    (self.host, self.port, self.hostID, self.username) = (host, port, hostID, username)
    (self.password, self.group, self.node, self.devices) = (password, group, node, devices)
  }
}

/// How line protocol maps to tags: `tag` path = value of the tag key `stationKey` + "/" + measurement, its field `value`.
public struct LineProtocolSpec: Sendable, Hashable, Codable {
  public var stationKey: String
  /// A reference to the token that writers must send.
  public var token: String?
  public init(stationKey: String, token: String?) { (self.stationKey, self.token) = (stationKey, token) }
}
