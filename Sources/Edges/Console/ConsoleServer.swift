import Hummingbird
public import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// The console: HTTP API and web pages over one backend.
///
/// Routes, formats and status codes stand in docs/http-api.md.
public final class ConsoleServer: Sendable {
  private let configuration: ConsoleConfiguration
  private let backend: any ConsoleBackend
  private let logger: Logger
  private let group = Mutex<ServiceGroup?>(nil)

  /// Longest wait for open requests when stopping.
  private static let shutdownLimit: Swift.Duration = .seconds(5)

  public init(configuration: ConsoleConfiguration, backend: any ConsoleBackend, logger: Logger) {
    (self.configuration, self.backend, self.logger) = (configuration, backend, logger)
  }

  /// Listens and serves until `stop()` or until the task is cancelled. Call it once.
  ///
  /// - Parameter onListening: called with the port once requests are answered.
  /// - Throws: when the address cannot be bound (retrying helps once it is free) or the pages are missing from the installation.
  public func run(onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }) async throws {
    let feed = SnapshotFeed(
      backend: backend, interval: configuration.frameInterval, heartbeat: configuration.heartbeat, logger: logger)
    let application = Application(
      router: try router(feed: feed),
      // Header sizes are limited so that a stranger cannot fill the memory; bodies are limited route by route.
      server: .http1(configuration: .init(idleTimeout: .seconds(75), httpDecoderConfiguration: .init(maxHeaderListSize: 32 * 1024))),
      configuration: ApplicationConfiguration(address: .hostname(configuration.host, port: configuration.port), serverName: "takt"),
      services: [feed],
      onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
      logger: logger)
    var settings = ServiceGroupConfiguration(services: [application], logger: logger)
    settings.maximumGracefulShutdownDuration = Self.shutdownLimit
    let group = ServiceGroup(configuration: settings)
    self.group.withLock { $0 = group }
    try await group.run()
  }

  /// Ends streams and open requests cleanly, then `run` returns.
  public func stop() async {
    await group.withLock({ $0 })?.triggerGracefulShutdown()
  }

  private func router(feed: SnapshotFeed) throws -> Router<ConsoleContext> {
    let sessions = Sessions(idleLimit: configuration.sessionIdleLimit)
    let router = Router(context: ConsoleContext.self)
    router.add(middleware: ResponseHeaders())
    router.add(middleware: SiteCheck(hostNames: configuration.hostNames))
    try PageRoutes().add(to: router)
    IngestRoutes(backend: backend, bodyLimit: configuration.bodyLimit).add(to: router)

    let api = router.group("api/v1")
    api.add(middleware: Identify(sessions: sessions, token: configuration.token, trustsLoopback: configuration.trustsLoopback))
    SessionRoutes(backend: backend, sessions: sessions, configuration: configuration).add(to: api)
    QueryRoutes(backend: backend).add(to: api)
    CommandRoutes(backend: backend).add(to: api)
    StreamRoutes(feed: feed).add(to: api)
    return router
  }
}
