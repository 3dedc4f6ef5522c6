public import Quantities
public import Telemetry

/// `historian.yaml`: how long samples stay, and what stays of them when they go.
///
/// The file may be left out; then every sample is kept for ever. So is that of a tag in no class.
public struct HistorianSpec: Sendable, Hashable, Codable {
  /// The least that samples may be kept: the twin's memory, from which it is caught up after a restart (`TwinConfiguration.memory`).
  public static let leastKeep = Duration.hours(72)

  /// Sorted by name. No tag of the plant is in two, but in one and in `*`, which is then not its.
  public var classes: [TagClass]

  public init(classes: [TagClass] = []) { self.classes = classes.sorted { $0.name < $1.name } }

  /// The class that holds for a tag, or nil. One whose tags are `*` is for those that no other takes.
  public func tagClass(of tag: String) -> TagClass? {
    let inIt = classes.filter { $0.contains(tag) }
    return inIt.first { !$0.isRest } ?? inIt.first
  }
}

/// Tags whose samples are kept alike.
public struct TagClass: Sendable, Hashable, Codable {
  public var name: String
  public var tags: [TagPattern]
  /// Samples older than this may go; nil keeps them for ever. At least `HistorianSpec.leastKeep`.
  public var keep: Duration?
  /// What is computed from the samples before they go. No two of one window.
  public var rollups: [RollupSpec]

  public init(name: String, tags: [TagPattern], keep: Duration? = nil, rollups: [RollupSpec] = []) {
    (self.name, self.tags, self.keep, self.rollups) = (name, tags, keep, rollups)
  }

  public func contains(_ tag: String) -> Bool { tags.contains { $0.matches(tag) } }

  /// Whether it is for all tags that no other class takes.
  public var isRest: Bool { tags == [TagPattern("*")] }
}

/// What is kept of each window of a tag: count, minimum, maximum, mean, first, last and time-weighted mean.
public struct RollupSpec: Sendable, Hashable, Codable {
  /// Whole seconds, at most 31 d.
  public var window: Duration
  /// Nil keeps it for ever. Not shorter than the window.
  public var keep: Duration?

  public init(window: Duration, keep: Duration? = nil) { (self.window, self.keep) = (window, keep) }
}
