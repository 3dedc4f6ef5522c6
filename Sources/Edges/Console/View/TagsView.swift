public import Quantities

/// What the historian holds, tag by tag: the data engineer's table, with totals.
public struct TagsView: Sendable, Hashable, Codable {
  /// The plant's present when it was made.
  public var at: Instant
  /// Rates, gaps, lateness, qualities and distinct values are those of samples from here on; counts and bytes are of all.
  public var from: Instant
  public var totals: TagTotalsView
  /// Sorted by name.
  public var tags: [TagView]

  /// Sums `tags` up.
  public init(at: Instant, from: Instant, tags: [TagView]) {
    (self.at, self.from, self.tags) = (at, from, tags)
    totals = TagTotalsView(tags)
  }
}

/// All tags together.
public struct TagTotalsView: Sendable, Hashable, Codable {
  /// Tags that have a sample.
  public var series: Int
  public var samples: Int
  /// In block files; what is in memory and in the log alone is not counted.
  public var bytes: Int
  /// Over the samples in block files; nil before there is one.
  public var bytesPerSample: Double?

  init(_ tags: [TagView]) {
    series = tags.count { $0.samples > 0 }
    samples = tags.reduce(0) { $0 + $1.samples }
    bytes = tags.reduce(0) { $0 + $1.bytes }
    let stored = tags.reduce(0) { $0 + $1.storedSamples }
    bytesPerSample = stored > 0 ? Double(bytes) / Double(stored) : nil
  }
}

/// One tag as the historian knows it.
public struct TagView: Sendable, Hashable, Codable {
  public var tag: String
  public var unit: String
  /// Samples that are kept, of all time.
  public var samples = 0
  /// What it takes in block files, and how many samples these hold.
  public var bytes = 0
  public var storedSamples = 0
  /// Nil before it has a sample in a block file.
  public var bytesPerSample: Double?
  /// Samples a second between the first and the last since `TagsView.from`; this and the next ones are nil where there is none.
  public var rate: Double?
  /// Silences of more than three times the usual one, and the longest span between neighbours; nil for fewer than three samples.
  public var gaps: Int?
  public var longestSilence: Duration?
  /// Arrival less source instant: median (to 1 in 64) and largest.
  public var lateness: Duration?
  public var latenessMax: Duration?
  /// Shares of samples by quality, together 1; `bad` counts the stale ones too.
  public var good: Double?
  public var uncertain: Double?
  public var bad: Double?
  /// Different values; `hasMore` where counting ended at this number.
  public var distinct: Int?
  public var hasMore = false
  /// The last value as text, its quality and instant; nil before there is one.
  public var value: String?
  public var quality: QualityView?
  public var lastAt: Instant?
  /// Why nothing is known about it.
  public var reason: String?

  public init(tag: String, unit: String, reason: String? = nil) { (self.tag, self.unit, self.reason) = (tag, unit, reason) }
}
