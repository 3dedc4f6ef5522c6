public import Historian
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
public import Quantities
public import Storage

/// A historian behind HTTP: takes line protocol and remote write, answers queries, and acknowledges what is durable.
///
/// Threads: event loops read, decode and append; one commits for all (`Committer`); a few answer queries from snapshots.
public final class HistorianServer: Sendable {
  /// Why a server did not start.
  public enum Failure: Error, Sendable, Hashable {
    /// The configuration forbids itself; a retry does not help.
    case configuration(String)
    /// The address cannot be listened on; the system's reason.
    case address(String)
  }

  private let state: ServerState
  private let queries: QueryDesk
  private let group: MultiThreadedEventLoopGroup
  private let channel: any Channel

  /// Starts to serve.
  ///
  /// - Parameters:
  ///   - storage: where the historian lives; commits write to it beside other calls.
  ///   - seed: for the hash of series; a new one for each start.
  ///   - clock: the wall's present.
  public init(
    _ configuration: HistorianServerConfiguration, historian: sending Historian, storage: any Storage & Sendable, seed: UInt64,
    clock: @escaping @Sendable () -> Instant
  ) async throws(Failure) {
    if let flaw = configuration.flaw { throw .configuration(flaw) }
    let metrics = ServerMetrics()
    let store = SharedHistorian(historian, storage: storage, seriesLimit: configuration.seriesLimit)
    let maintainer = Maintainer(store, metrics: metrics)
    let committer = Committer(
      store, maintainer: maintainer, metrics: metrics, durability: configuration.durability, patience: configuration.commitPatience)
    let state = ServerState(configuration, store: store, committer: committer, maintainer: maintainer, metrics: metrics, clock: clock)
    let queries = QueryDesk(state)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.threads)
    (self.state, self.queries, self.group) = (state, queries, group)
    maintainer.start()
    committer.start()
    do {
      var workers: [ObjectIdentifier: NIOLoopBound<IngestWorker>] = [:]
      for loop in group.makeIterator() {
        workers[ObjectIdentifier(loop)] = try await loop.submit { NIOLoopBound(IngestWorker(state, seed: seed), eventLoop: loop) }.get()
      }
      channel = try await Self.bootstrap(group, state, queries, workers).bind(host: configuration.host, port: configuration.port).get()
    } catch {
      committer.close()
      maintainer.close()
      queries.close()
      try? await group.shutdownGracefully()
      throw .address("\(configuration.host):\(configuration.port): \(error)")
    }
  }

  /// The port that is listened on.
  public var port: Int { channel.localAddress?.port ?? state.configuration.port }

  /// Stops listening, closes the connections, and commits what was appended.
  public func close() async {
    try? await channel.close().get()
    try? await group.shutdownGracefully()
    state.committer.close()
    state.maintainer.close()
    queries.close()
  }

  /// Returns when the server no longer listens.
  public func wait() async { try? await channel.closeFuture.get() }

  private static func bootstrap(
    _ group: MultiThreadedEventLoopGroup, _ state: ServerState, _ queries: QueryDesk, _ workers: [ObjectIdentifier: NIOLoopBound<IngestWorker>]
  ) -> ServerBootstrap {
    let door = ConnectionDoor(limit: state.configuration.connectionLimit, metrics: state.metrics)
    return ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 65_536, maximum: 524_288))
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard door.enter(channel) else { return }
          let pipeline = channel.pipeline.syncOperations
          try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
          guard let worker = workers[ObjectIdentifier(channel.eventLoop)]?.value else { return }
          try pipeline.addHandler(RequestHandler(state, worker: worker, queries: queries))
        }
      }
  }
}
