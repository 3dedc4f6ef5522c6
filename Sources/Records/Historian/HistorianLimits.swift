public import Quantities

/// How much the historian keeps in memory, and when it writes blocks.
public struct HistorianLimits: Sendable, Hashable {
  /// The head never holds more than this, in bytes of samples (a number counts 25); an append beyond it seals first.
  public var headBytes: Int
  /// `maintain` seals a head of at least this size.
  public var sealBytes: Int
  /// `maintain` seals a head whose arrivals span at least this much plant time.
  public var sealAge: Duration
  /// The log goes on in a new segment after this many bytes.
  public var segmentBytes: Int
  /// The most samples in one compressed chunk: the least that a query decodes.
  public var chunkSamples: Int
  /// `maintain` merges so many neighbouring block files of one size into one.
  public var mergeCount: Int
  /// It never makes a merged file from more bytes than this.
  public var mergeBytes: Int
  /// Whether arrivals stay exact for ever. If not, merging rounds each sample's lateness up to whole seconds, so that nothing seems known earlier
  /// than it was and every class of lateness keeps its count; the log and blocks that were not merged yet are exact in any case.
  public var keepsExactArrivals: Bool

  public init(
    headBytes: Int = 32 << 20, sealBytes: Int = 16 << 20, sealAge: Duration = .hours(2), segmentBytes: Int = 32 << 20,
    chunkSamples: Int = 16_384, mergeCount: Int = 8, mergeBytes: Int = 1 << 30, keepsExactArrivals: Bool = false
  ) {
    precondition(headBytes > 0 && sealBytes > 0 && segmentBytes > 0 && chunkSamples > 0 && mergeCount > 1, "limits must be positive")
    (self.headBytes, self.sealBytes, self.sealAge) = (headBytes, sealBytes, sealAge)
    (self.segmentBytes, self.chunkSamples) = (segmentBytes, chunkSamples)
    precondition(chunkSamples <= 1 << 20, "a chunk of \(chunkSamples) samples")
    (self.mergeCount, self.mergeBytes, self.keepsExactArrivals) = (mergeCount, mergeBytes, keepsExactArrivals)
  }
}
