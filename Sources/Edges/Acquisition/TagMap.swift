public import PlantModel
public import Sparkplug

/// Which tag of the plant a metric of an edge node is.
///
/// A device's metric is `Station/Metric`, where the station is the device unless `SparkplugSpec.devices` names another; a metric of the
/// node itself (`Line/ProductId`, `Buffer/B1`) keeps its name.
public struct TagMap: Sendable, Hashable {
  public let node: EdgeNodeID
  private let devices: [String: String]

  public init(_ spec: SparkplugSpec) {
    node = EdgeNodeID(group: spec.group, node: spec.node)
    devices = spec.devices
  }

  /// The tag's path, or nil for metrics of the protocol itself (`bdSeq`, `Node Control/…`, `Device Control/…`).
  public func path(device: String?, metric: String) -> String? {
    if metric == SparkplugPayload.birthDeathName || metric.hasPrefix("Node Control/") || metric.hasPrefix("Device Control/") { return nil }
    guard let device else { return metric }
    return "\(devices[device] ?? device)/\(metric)"
  }
}
