public import Quantities
public import Telemetry

/// How long the samples of a class of tags stay, and what stays of them.
public struct RetentionRule: Sendable, Hashable {
  /// The class: tags that one of these fits. The first rule that fits a tag holds for it; a tag that none fits keeps everything.
  public var tags: [TagPattern]
  /// Samples older than this may go; nil keeps them for ever.
  public var samples: Duration?
  /// What is computed from them, for as long as it is kept.
  public var rollups: [RollupRule]
  /// A window is rolled up when it ended so long ago. A sample that comes later is stored, but is not in the roll-up.
  public var delay: Duration

  public init(tags: [TagPattern] = ["*"], samples: Duration?, rollups: [RollupRule] = [], delay: Duration = .hours(1)) {
    precondition(samples.map { $0 > .zero } ?? true && delay >= .zero, "samples stay for some time")
    (self.tags, self.samples, self.rollups, self.delay) = (tags, samples, rollups, delay)
  }

  func holds(for tag: String) -> Bool { tags.contains { $0.matches(tag) } }
}

/// Windows of one length, whole seconds and at most 31 days, aligned to 1970.
public struct RollupRule: Sendable, Hashable {
  public var length: Duration
  /// Nil keeps them for ever.
  public var keep: Duration?

  public init(length: Duration, keep: Duration? = nil) {
    precondition(length >= .seconds(1) && length <= .hours(31 * 24) && length.nanoseconds % 1_000_000_000 == 0, "roll-ups are of whole seconds")
    (self.length, self.keep) = (length, keep)
  }
}

/// What a tag did in one window, of what was kept when its samples went.
public struct Rollup: Sendable, Hashable {
  public var start: Instant
  /// Samples of any kind and quality.
  public var count: Int
  /// Over usable samples (finite, at least uncertain); nil where there is none.
  public var minimum: Double?
  public var maximum: Double?
  public var mean: Double?
  /// The first and the last sample's number; nil for a text.
  public var first: Double?
  public var last: Double?
  /// As `WindowAggregate.timeWeightedMean`.
  public var timeWeightedMean: Double?
}

/// What one call of `Historian.retain` did.
public struct RetentionReport: Sendable, Hashable {
  /// Windows that were rolled up.
  public var windows = 0
  /// Block files that were removed or written anew with less.
  public var files = 0
  /// Samples that went with them, roll-ups included.
  public var samples = 0
}
