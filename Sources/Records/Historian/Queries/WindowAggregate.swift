public import Quantities
public import Telemetry

/// How a range is cut into windows, and which samples count.
public struct WindowRule: Sendable, Hashable {
  /// The length of a window, above zero.
  public var length: Duration
  /// A number of at least this quality is usable.
  public var leastQuality: Quality
  /// A value is held for at most so long after its sample; then it is not known. Nil holds it until the next sample.
  public var holdAtMost: Duration?

  public init(length: Duration, leastQuality: Quality = .uncertain, holdAtMost: Duration? = nil) {
    precondition(length > .zero && holdAtMost.map { $0 > .zero } ?? true, "windows and holds last longer than nothing")
    (self.length, self.leastQuality, self.holdAtMost) = (length, leastQuality, holdAtMost)
  }
}

/// What one tag did in one window.
public struct WindowAggregate: Sendable, Hashable {
  /// The window: from the first instant up to, not including, the second.
  public var range: Range<Instant>
  /// Samples in the window, of any kind and quality.
  public var count = 0
  /// Of them, those of quality `good`.
  public var goodCount = 0
  /// Usable ones: finite numbers of at least the rule's quality.
  public var usableCount = 0
  /// Over usable samples; nil where there is none.
  public var minimum: Double?
  public var maximum: Double?
  /// The plain mean over usable samples.
  public var mean: Double?
  /// ∫ x dt / ∫ dt over the time at which the value is known. A usable sample holds until the next sample (the last one
  /// before the window reaches into it); one that is not usable makes the value unknown. Nil where it is never known.
  public var timeWeightedMean: Double?
  /// The share of the window at which the value is known.
  public var knownShare = 0.0
  public var first: Sample?
  public var last: Sample?

  /// The share of samples that are good; nil where there is none.
  public var goodShare: Double? { count == 0 ? nil : Double(goodCount) / Double(count) }
}
