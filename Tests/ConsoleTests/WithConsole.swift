import Console
import Logging

/// Runs a console on a port of the system's choosing for as long as `body` runs, then stops it.
func withConsole(
  _ configure: (inout ConsoleConfiguration) -> Void = { _ in }, _ body: @Sendable (RawClient, SampleBackend, ConsoleServer) async throws -> Void
) async throws {
  var configuration = ConsoleConfiguration(port: 0, frameInterval: .milliseconds(20))
  configure(&configuration)
  let backend = SampleBackend()
  var logger = Logger(label: "console-tests")
  logger.logLevel = .error
  let server = ConsoleServer(configuration: configuration, backend: backend, logger: logger)
  let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask {
      defer { continuation.finish() }
      try await server.run { continuation.yield($0) }
    }
    var port = 0
    for await first in ports {
      port = first
      break
    }
    do {
      if port > 0 { try await body(RawClient(port: port), backend, server) }
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
    try await group.waitForAll()
  }
}
