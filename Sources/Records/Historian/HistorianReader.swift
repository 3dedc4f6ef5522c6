public import Quantities
public import Storage
public import Telemetry

/// The historian's questions without its power to change anything: what consoles and commands are given.
public protocol HistorianReader: AnyObject {
  /// Every tag that has a sample, sorted.
  var tags: [String] { get }

  /// The sample with the greatest instant; nil for an unknown tag.
  func last(of tag: String) -> Sample?

  /// The last sample of every tag, sorted by tag.
  func lastOfAll() -> [(tag: String, sample: Sample)]

  /// The samples with instants in `range`, ascending; one for each instant. Empty for an unknown tag.
  ///
  /// - Throws: `storage`, `damaged`.
  func samples(of tag: String, in range: Range<Instant>) throws(HistorianError) -> SampleColumn

  /// The sample with the greatest instant before `instant`.
  ///
  /// - Throws: `storage`, `damaged`.
  func lastSample(of tag: String, before instant: Instant) throws(HistorianError) -> Sample?

  /// One aggregate for each window of `range`, from its beginning on; the last window may be cut short.
  ///
  /// - Throws: `storage`, `damaged`, `tooManyWindows`.
  func aggregate(_ tag: String, over range: Range<Instant>, windows: WindowRule) throws(HistorianError) -> [WindowAggregate]

  /// Count, span, rate, qualities and lateness of every tag, sorted by tag; exact.
  ///
  /// - Throws: `storage`, `damaged`.
  func statistics() throws(HistorianError) -> [TagStatistics]

  /// The same for one tag; nil for an unknown one.
  func statistics(of tag: String) throws(HistorianError) -> TagStatistics?
}

extension Historian {
  /// Reads what another process has made durable in `storage`, as of now; a later reader sees more. It changes nothing.
  public static func reader(of storage: any Storage) throws(HistorianError) -> any HistorianReader {
    for _ in 0..<3 {
      do throws(HistorianError) {
        return try Historian(on: storage, limits: HistorianLimits(), mayChange: false).snapshot()
      } catch .storage(.notFound) {
        // A file was merged or sealed away between listing and reading.
      } catch { throw error }
    }
    return try Historian(on: storage, limits: HistorianLimits(), mayChange: false).snapshot()
  }
}
