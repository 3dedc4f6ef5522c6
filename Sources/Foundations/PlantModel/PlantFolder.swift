/// A plant folder, read and checked: everything that `takt` knows before the first sample arrives.
public struct PlantFolder: Sendable, Hashable, Codable {
  public var plant: Plant
  public var envelope: EnvelopeSpec
  /// Sorted by name.
  public var loops: [LoopSpec]
  public var connections: ConnectionSpec
  /// From governance.yaml; the defaults where there is none.
  public var governance: GovernanceSpec
  /// From historian.yaml; where there is none, everything is kept for ever.
  public var historian: HistorianSpec
  /// SHA-256 of the folder's files (sorted by path, path and content), lower-case hex: the revision's name.
  public var revision: String
  public init(
    plant: Plant, envelope: EnvelopeSpec, loops: [LoopSpec], connections: ConnectionSpec, governance: GovernanceSpec = GovernanceSpec(),
    historian: HistorianSpec = HistorianSpec(), revision: String
  ) {
    (self.plant, self.envelope, self.loops) = (plant, envelope, loops)
    (self.connections, self.governance, self.historian, self.revision) = (connections, governance, historian, revision)
  }
}
