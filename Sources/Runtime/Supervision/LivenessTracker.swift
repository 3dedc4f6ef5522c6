public import PlantModel
public import Quantities
public import Telemetry

/// Says once that a tag has gone silent: longer than its `staleAfter` without a sample, its last value is emitted as stale.
///
/// Silence is measured by arrival, in plant time, so that it covers every source.
public struct LivenessTracker: Sendable {
  private struct Watched: Sendable {
    var last: Sample
    var isStale: Bool
  }
  private let limits: [String: Duration]
  private var watched: [String: Watched] = [:]

  public init(plant: Plant) {
    limits = Dictionary(plant.tags.map { ($0.path, $0.staleAfter) }, uniquingKeysWith: { first, _ in first })
  }

  /// Takes in what arrived; tags that the plant folder does not know are not watched.
  public mutating func observe(_ blocks: [SampleBlock]) {
    for block in blocks where limits[block.tag] != nil && block.count > 0 {
      let sample = block[block.count - 1]
      watched[block.tag] = Watched(last: sample, isStale: sample.quality == .stale)
    }
  }

  /// The tags that fell silent since the last call, as stale samples at the present, sorted by tag.
  public mutating func expire(at now: Instant) -> [SampleBlock] {
    var blocks: [SampleBlock] = []
    for (tag, entry) in watched.sorted(by: { $0.key < $1.key }) {
      guard !entry.isStale, let limit = limits[tag], now - entry.last.arrival > limit else { continue }
      let sample = Sample(
        instant: max(now, entry.last.instant), arrival: now, value: entry.last.value, quality: min(entry.last.quality, .stale))
      watched[tag] = Watched(last: sample, isStale: true)
      blocks.append(SampleBlock(tag: tag, sample))
    }
    return blocks
  }

  /// The tags that are silent now, sorted.
  public var silentTags: [String] { watched.filter(\.value.isStale).keys.sorted() }
}
