internal import Synchronization

/// What a server counts about itself; any thread may add.
final class ServerMetrics: Sendable {
  /// One counter. Its raw value is its place.
  enum Counter: Int, CaseIterable {
    case lineProtocolRequests, remoteWriteRequests, queryRequests, otherRequests
    case samples, refusedLines, bytes, tooBusy, unauthorised, failedWrites, commits, committedRequests, commitMicroseconds, maintenanceFailure
    case connections, refusedConnections

    /// Its name for Prometheus, and what it counts.
    var described: (name: String, help: String) {
      switch self {
      case .lineProtocolRequests: ("takt_historian_requests_total{protocol=\"line\"}", "Requests by protocol.")
      case .remoteWriteRequests: ("takt_historian_requests_total{protocol=\"remote_write\"}", "")
      case .queryRequests: ("takt_historian_requests_total{protocol=\"query\"}", "")
      case .otherRequests: ("takt_historian_requests_total{protocol=\"other\"}", "")
      case .samples: ("takt_historian_samples_total", "Samples acknowledged.")
      case .refusedLines: ("takt_historian_refused_lines_total", "Lines that could not be read.")
      case .bytes: ("takt_historian_body_bytes_total", "Bytes of bodies as sent.")
      case .tooBusy: ("takt_historian_too_busy_total", "Writes answered with 429.")
      case .unauthorised: ("takt_historian_unauthorised_total", "Requests without the token.")
      case .failedWrites: ("takt_historian_failed_writes_total", "Writes that the storage refused.")
      case .commits: ("takt_historian_commits_total", "Group commits.")
      case .committedRequests: ("takt_historian_committed_requests_total", "Writes served by them.")
      case .commitMicroseconds: ("takt_historian_commit_microseconds_total", "Time spent in them.")
      case .maintenanceFailure: ("takt_historian_maintenance_failures_total", "Sealing or merging that failed.")
      case .connections: ("takt_historian_connections_total", "Connections accepted.")
      case .refusedConnections: ("takt_historian_refused_connections_total", "Connections beyond the limit.")
      }
    }
  }

  private let counts = Mutex([Int](repeating: 0, count: Counter.allCases.count))

  func note(_ counter: Counter, _ count: Int = 1) { counts.withLock { $0[counter.rawValue] += count } }

  func noteCommit(seconds: Double, served: Int) {
    counts.withLock {
      $0[Counter.commits.rawValue] += 1
      $0[Counter.committedRequests.rawValue] += served
      $0[Counter.commitMicroseconds.rawValue] += Int(seconds * 1e6)
    }
  }

  subscript(counter: Counter) -> Int { counts.withLock { $0[counter.rawValue] } }

  /// In Prometheus's text format, gauges behind the counters.
  func text(gauges: [(name: String, help: String, value: Double)]) -> String {
    let values = counts.withLock { $0 }
    var lines: [String] = []
    for counter in Counter.allCases {
      let (name, help) = counter.described
      let bare = name.prefix { $0 != "{" }
      if !help.isEmpty { lines += ["# HELP \(bare) \(help)", "# TYPE \(bare) counter"] }
      lines.append("\(name) \(values[counter.rawValue])")
    }
    for gauge in gauges { lines += ["# HELP \(gauge.name) \(gauge.help)", "# TYPE \(gauge.name) gauge", "\(gauge.name) \(gauge.value)"] }
    return lines.joined(separator: "\n") + "\n"
  }
}
