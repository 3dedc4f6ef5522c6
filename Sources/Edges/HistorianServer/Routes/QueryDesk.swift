internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Answers everything that is not a write, on threads of its own, so that a long query holds up no connection.
final class QueryDesk: Sendable {
  private let server: ServerState
  private let pool: NIOThreadPool

  init(_ server: ServerState) {
    self.server = server
    pool = NIOThreadPool(numberOfThreads: server.configuration.queryThreads)
    pool.start()
  }

  func close() { pool.shutdownGracefully { _ in } }

  /// Whether everybody may ask it: what tells only that the server lives.
  func isOpen(_ path: String) -> Bool { path == "/health" || path == "/ping" || path == "/-/healthy" || path == "/-/ready" }

  /// Calls `done` with the answer, on any thread.
  func answer(_ question: HTTPQuestion, _ done: @escaping @Sendable (HTTPAnswer) -> Void) {
    switch question.path {
    case "/health": done(.json("{\"name\":\"takt\",\"status\":\"pass\",\"message\":\"ready for queries and writes\"}\n"))
    case "/ping":
      var answer = HTTPAnswer.noContent
      answer.headers.append(("X-Influxdb-Version", "takt"))
      done(answer)
    case "/-/healthy", "/-/ready": done(.text("ready\n"))
    case "/api/v1/compact" where question.method == .POST:
      server.maintainer.compact { result in
        switch result {
        case .success: done(.noContent)
        case .failure(let error): done(.json("{\"code\":\"internal error\",\"message\":\(jsonString("\(error)"))}", .internalServerError))
        }
      }
    default:
      pool.submit { [self] state in
        guard case .active = state else { return done(.text("shutting down\n", .serviceUnavailable)) }
        done(slowAnswer(question))
      }
    }
  }

  private func slowAnswer(_ question: HTTPQuestion) -> HTTPAnswer {
    if let answer = PrometheusAPI(server: server).answer(question) ?? HistorianAPI(server: server).answer(question) {
      server.metrics.note(.queryRequests)
      return answer
    }
    switch question.path {
    case "/query" where question["q"]?.uppercased().hasPrefix("CREATE DATABASE") == true:
      // Clients of InfluxDB 1 ask for their database before they write; there is only the one.
      return .json("{\"results\":[{\"statement_id\":0}]}\n")
    case "/metrics":
      server.metrics.note(.otherRequests)
      return .text(server.metricsText())
    default:
      server.metrics.note(.otherRequests)
      return .json("{\"code\":\"not found\",\"message\":\(jsonString("there is nothing at \(question.path)"))}", .notFound)
    }
  }
}
