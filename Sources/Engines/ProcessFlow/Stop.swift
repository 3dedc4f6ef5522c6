/// When a run ends, or its warm-up.
public enum Stop: Sendable, Hashable, Codable {
  /// At a time of the model's clock.
  case time(Double)
  /// When so many processes have left since the warm-up: of one kind, or of any.
  case departures(Int, of: FlowProcess? = nil)
  /// When the counter of `Count` has risen so far since the warm-up.
  case count(String, Double)
  /// When nothing can happen any more: for models whose arrivals end. Processes that still wait for items or signals are then no deadlock.
  case quiet
}

extension FlowProcess: Codable {
  public init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(String.self)) }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}

/// How random numbers are drawn.
public enum Draws: String, Sendable, Hashable, Codable, CaseIterable {
  /// By the fastest method of each law.
  case direct
  /// By inversion: the u-quantile of the law, one uniform number u a draw.
  case inverted
  /// By inversion of 1 − u. With `inverted` of the same seed and replication it makes an antithetic pair.
  case antithetic
}
