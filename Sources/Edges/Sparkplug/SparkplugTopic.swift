/// What a message on an edge node's topic is.
public enum SparkplugMessageType: String, Sendable, Hashable, CaseIterable {
  case nodeBirth = "NBIRTH"
  case nodeDeath = "NDEATH"
  case nodeData = "NDATA"
  case nodeCommand = "NCMD"
  case deviceBirth = "DBIRTH"
  case deviceDeath = "DDEATH"
  case deviceData = "DDATA"
  case deviceCommand = "DCMD"

  /// Whether the topic names a device.
  public var isOfDevice: Bool { rawValue.hasPrefix("D") }
}

/// Group and edge node: what a session belongs to.
public struct EdgeNodeID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  public var group: String
  public var node: String
  public init(group: String, node: String) { (self.group, self.node) = (group, node) }
  public var description: String { "\(group)/\(node)" }
  public static func < (a: EdgeNodeID, b: EdgeNodeID) -> Bool { (a.group, a.node) < (b.group, b.node) }
}

/// A topic in the `spBv1.0` namespace (specification 3.0, section 4).
public enum SparkplugTopic: Sendable, Hashable {
  case edge(SparkplugMessageType, EdgeNodeID, device: String?)
  /// Birth and death of a host application.
  case state(hostID: String)

  /// Reads a topic; nil for one of another namespace or form.
  public init?(_ topic: String) {
    let levels = topic.split(separator: "/", omittingEmptySubsequences: false)
    guard levels.first == "spBv1.0", levels.allSatisfy({ !$0.isEmpty && !$0.contains("+") && !$0.contains("#") }) else { return nil }
    if levels.count == 3, levels[1] == "STATE" {
      self = .state(hostID: String(levels[2]))
    } else {
      guard levels.count >= 4, let type = SparkplugMessageType(rawValue: String(levels[2])), levels.count == (type.isOfDevice ? 5 : 4)
      else { return nil }
      self = .edge(
        type, EdgeNodeID(group: String(levels[1]), node: String(levels[3])), device: type.isOfDevice ? String(levels[4]) : nil)
    }
  }

  /// The topic's text.
  public var text: String {
    switch self {
    case .edge(let type, let id, let device):
      "spBv1.0/\(id.group)/\(type.rawValue)/\(id.node)" + (device.map { "/\($0)" } ?? "")
    case .state(let hostID): "spBv1.0/STATE/\(hostID)"
    }
  }

  /// The filters that a host application subscribes to for one edge node and its devices; narrower than the group's `#`, so that it does
  /// not hear its own commands. The node's birth comes last: who hears it hears the births of its devices, which follow it; any of the others
  /// heard without it is a reason to ask for it.
  public static func hostFilters(for id: EdgeNodeID) -> [String] {
    let devices = ["DDATA", "DDEATH", "DBIRTH"].map { "spBv1.0/\(id.group)/\($0)/\(id.node)/+" }
    let node = ["NDATA", "NDEATH", "NBIRTH"].map { "spBv1.0/\(id.group)/\($0)/\(id.node)" }
    return devices + node
  }

  /// The filters that an edge node subscribes to: its commands and its devices'.
  public static func edgeFilters(for id: EdgeNodeID) -> [String] {
    ["spBv1.0/\(id.group)/NCMD/\(id.node)", "spBv1.0/\(id.group)/DCMD/\(id.node)/+"]
  }
}
