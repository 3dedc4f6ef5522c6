public import Ingest

/// Where a historian's server listens, what it promises, and how much it may hold.
public struct HistorianServerConfiguration: Sendable, Hashable {
  /// What an answer to a write promises.
  public enum Durability: String, Sendable, Hashable, CaseIterable {
    /// The samples survive a power cut: they were written and synced.
    case synced
    /// They survive the end of the process, not that of the machine: they were written, and are synced once a second.
    case written
  }

  /// The address to listen on; one that can be reached from outside this machine takes a token.
  public var host = "127.0.0.1"
  /// 0 lets the system choose.
  public var port = 8471
  /// What an answer to a write promises.
  public var durability = Durability.synced
  /// What a client must show; nil lets everybody in, which only a loopback address may do.
  public var token: String?
  /// How a line's labels make a tag.
  public var naming = SeriesNaming.labels
  /// Threads that serve connections and decode.
  public var threads = 2
  /// Threads that answer queries.
  public var queryThreads = 2
  /// The most connections at once; one more is closed.
  public var connectionLimit = 512
  /// The most bytes of one body, expanded.
  public var bodyBytes = 32 << 20
  /// The most bytes of all bodies that are not answered yet; beyond it a write is told to come again (429).
  public var openBytes = 64 << 20
  /// How long a write waits for room in the head before it is told to come again, in seconds.
  public var waitSeconds = 30
  /// The most series; a line of another is refused.
  public var seriesLimit = 2_000_000
  /// How much each thread may remember of series seen.
  public var cacheBytes = 64 << 20
  /// How long a commit waits for writes that are under way, so that one sync serves them too, in seconds.
  public var commitPatience = 0.0015

  /// The defaults: loopback, synced.
  public init() {}

  /// What forbids this configuration; nil where nothing does.
  public var flaw: String? {
    let isLoopback = host == "localhost" || host == "::1" || host.hasPrefix("127.")
    if token == nil && !isLoopback { return "\(host) can be reached from outside this machine: give a token, or listen on 127.0.0.1" }
    if threads < 1 || queryThreads < 1 { return "there must be a thread to serve" }
    return nil
  }
}
