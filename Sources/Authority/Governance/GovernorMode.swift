/// Who has the plant.
public enum GovernorMode: Hashable, Sendable, Codable {
  case automatic
  /// A person took over: no write until `rearm`.
  case manual(by: Person)
  /// A person stopped Takt: no write and no loop until `resume`.
  case halted(by: Person)

  public var isAutomatic: Bool { self == .automatic }
}

/// What the gateway enforces by itself.
public enum GatewayMode: String, Hashable, Sendable, Codable { case automatic, manual }
