public import Quantities
public import Telemetry

/// All that a data engineer asks of one tag: what it holds, and how it came over a range of instants.
public struct TagFigures: Sendable, Hashable {
  /// Counting distinct values ends here.
  public static let distinctLimit = 1_000

  public let tag: String
  /// Samples that are kept, of all instants: one for each.
  public let count: Int
  /// The sample with the greatest instant.
  public let last: Sample
  /// Rate, qualities and lateness over the range; nil where it holds no sample.
  public let statistics: TagStatistics?
  /// Nil for fewer than three samples in the range.
  public let gaps: TagGaps?
  /// The median of arrival − instant over the range, to 1 in 64; nil where it holds no sample.
  ///
  /// Merged chunks hold lateness in whole seconds, rounded up, so that of older samples is no finer than that.
  public let medianLateness: Duration?
  /// Different finite numbers and texts in the range, whatever their quality; `distinctLimit` stands for as many or more.
  public let distinct: Int
  /// What the tag takes in block files, and how many samples these hold; what is in memory and in the log alone is not counted.
  public let storedBytes: Int
  public let storedSamples: Int

  /// Bytes a sample in block files; nil before there is one.
  public var bytesPerSample: Double? { storedSamples > 0 ? Double(storedBytes) / Double(storedSamples) : nil }
}
