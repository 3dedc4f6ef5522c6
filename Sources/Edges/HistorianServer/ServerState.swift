internal import Quantities

/// What all connections of a server share.
final class ServerState: Sendable {
  let configuration: HistorianServerConfiguration
  let store: SharedHistorian
  let committer: Committer
  let maintainer: Maintainer
  let budget: ByteBudget
  let metrics: ServerMetrics
  let index = SeriesIndex()
  let clock: @Sendable () -> Instant

  init(
    _ configuration: HistorianServerConfiguration, store: SharedHistorian, committer: Committer, maintainer: Maintainer, metrics: ServerMetrics,
    clock: @escaping @Sendable () -> Instant
  ) {
    (self.configuration, self.store, self.committer, self.maintainer) = (configuration, store, committer, maintainer)
    (self.metrics, self.clock) = (metrics, clock)
    budget = ByteBudget(limit: configuration.openBytes)
  }

  /// The server's own figures, for Prometheus.
  func metricsText() -> String {
    metrics.text(gauges: [
      ("takt_historian_series", "Series known.", Double(store.seriesCount)),
      ("takt_historian_head_bytes", "Bytes of samples in memory.", Double(store.headBytes)),
      ("takt_historian_open_bytes", "Bytes of writes not answered yet.", Double(budget.inUse)),
      ("takt_historian_open_bytes_most", "The most that ever was.", Double(budget.most)),
    ])
  }
}
