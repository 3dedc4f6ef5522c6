public import Quantities

/// A simulation model mined from a log, with the state of the shop at the instant up to which the log was read.
public struct MinedModel: Sendable, Hashable, Codable {
  public enum Content: Sendable, Hashable, Codable {
    /// Cases that pass through activities.
    case cases(CaseModel, CaseState)
    /// Items that pass sensors of a line.
    case line(SensorLine, SensorLineState)
  }
  /// Up to when the log was read.
  public var now: Instant
  /// How long before that the log begins, in seconds.
  public var history: Double
  public var content: Content

  /// Simulates forward from `now`.
  ///
  /// Each replication draws the uncertain numbers of the model once, then the luck of every case; its streams follow from the seed alone.
  /// - Parameters: end: until when; period: the length in seconds of the periods that are counted by.
  public func forecast(until end: Instant, period: Double, replications: Int, seed: UInt64) -> LogForecast {
    precondition(end > now && period > 0 && replications > 0, "a forecast from \(now) to \(end) by \(period) s, \(replications) replications")
    switch content {
    case .cases(let model, let state):
      // Cases that are open at the end go on until they end, but no longer than twice the history.
      let limit = end.seconds + max(2 * history, end.seconds - now.seconds)
      return model.forecast(from: state, until: end.seconds, limit: limit, period: period, replications: replications, seed: seed)
    case .line(let line, let state):
      return line.forecast(from: state, until: end.seconds, period: period, replications: replications, seed: seed)
    }
  }
}
