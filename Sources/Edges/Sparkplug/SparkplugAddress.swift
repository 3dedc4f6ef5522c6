/// Where a tag is written: what an edge node's birth told about the metric behind it.
public struct SparkplugAddress: Sendable, Hashable {
  public var node: EdgeNodeID
  /// Nil for a metric of the node itself, which is commanded by NCMD.
  public var device: String?
  public var name: String
  public var alias: UInt64?
  public var datatype: SparkplugDataType
  /// What the birth said of the metric's range and rights.
  public var properties: SparkplugProperties

  public init(
    node: EdgeNodeID, device: String?, name: String, alias: UInt64?, datatype: SparkplugDataType,
    properties: SparkplugProperties = SparkplugProperties()
  ) {
    (self.node, self.device, self.name, self.alias) = (node, device, name, alias)
    (self.datatype, self.properties) = (datatype, properties)
  }

  /// The topic of a command to it.
  public var commandTopic: SparkplugTopic { .edge(device == nil ? .nodeCommand : .deviceCommand, node, device: device) }
}
