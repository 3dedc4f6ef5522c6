import Console
import Quantities

extension Sample {
  /// A steady tag that is on disk, a new one whose name comes from outside, and one that was never seen.
  static let tags = TagsView(at: now - .seconds(3), from: now - .hours(24), tags: [pressure, fresh, silent])

  private static let pressure: TagView = {
    var tag = TagView(tag: "Filler/FillPressure", unit: "bar")
    (tag.samples, tag.bytes, tag.storedSamples, tag.bytesPerSample) = (86_412, 119_250, 86_400, 119_250 / 86_400)
    (tag.rate, tag.gaps, tag.longestSilence) = (0.2, 3, .minutes(2))
    (tag.lateness, tag.latenessMax) = (.milliseconds(230), .seconds(1.4))
    (tag.good, tag.uncertain, tag.bad, tag.distinct, tag.hasMore) = (0.995, 0.004, 0.001, 1_000, true)
    (tag.value, tag.quality, tag.lastAt) = ("2.46", .good, now - .seconds(5))
    return tag
  }()

  private static let fresh: TagView = {
    var tag = TagView(tag: "Text <i>from outside</i>", unit: "1")
    (tag.samples, tag.rate, tag.value, tag.quality, tag.lastAt) = (50, 1, "A", .uncertain, now - .seconds(8))
    (tag.good, tag.uncertain, tag.bad, tag.distinct) = (0, 1, 0, 2)
    return tag
  }()

  private static let silent = TagView(tag: "Unseen", unit: "1", reason: "never seen")
}
