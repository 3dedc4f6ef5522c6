import Console
import Dispatch
import Historian
import Quantities
import Telemetry

/// A plant's telemetry at one moment, to make the table of tags from: on a thread of its own, while the plant goes on.
struct TagSource: Sendable {
  let snapshot: HistorianSnapshot
  let now: Instant
  /// Of the tags that the plant folder declares.
  let units: [String: String]

  /// Samples of the last day are read; of the older ones their counts and bytes are known without.
  private static let window = Quantities.Duration.hours(24)
  private static let thread = DispatchQueue(label: "takt.tags", qos: .utility)

  func view() async -> TagsView {
    await withCheckedContinuation { continuation in
      Self.thread.async { continuation.resume(returning: made()) }
    }
  }

  private func made() -> TagsView {
    let from = now - Self.window
    let tags = Set(snapshot.tags).union(units.keys).sorted()
    return TagsView(at: now, from: from, tags: tags.map { row(of: $0, in: from ..< .distantFuture) })
  }

  private func row(of tag: String, in range: Range<Instant>) -> TagView {
    let unit = units[tag] ?? "1"
    do {
      guard let figures = try snapshot.figures(of: tag, in: range) else { return TagView(tag: tag, unit: unit, reason: "never seen") }
      return TagView(figures, unit: unit)
    } catch { return TagView(tag: tag, unit: unit, reason: "\(error)") }
  }
}

extension TagView {
  init(_ figures: TagFigures, unit: String) {
    self.init(tag: figures.tag, unit: unit, reason: figures.statistics == nil ? "no sample in the last day" : nil)
    (samples, bytes, storedSamples) = (figures.count, figures.storedBytes, figures.storedSamples)
    bytesPerSample = figures.bytesPerSample
    (value, quality, lastAt) = (figures.last.value.shown, QualityView(figures.last.quality), figures.last.instant)
    guard let recent = figures.statistics else { return }
    (rate, gaps, longestSilence) = (recent.rate, figures.gaps?.count, figures.gaps?.longest)
    (lateness, latenessMax) = (figures.medianLateness, recent.lateness.greatest)
    (good, uncertain) = (recent.share(of: .good), recent.share(of: .uncertain))
    bad = recent.share(of: .bad) + recent.share(of: .stale)
    (distinct, hasMore) = (figures.distinct, figures.distinct >= TagFigures.distinctLimit)
  }
}
