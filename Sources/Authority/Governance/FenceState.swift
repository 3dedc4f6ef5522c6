public import Quantities

/// What the gateway must remember over a restart. The shell stores it, flushed, before it lets a prepared write go.
public struct FenceState: Hashable, Sendable, Codable {
  /// Counts the gateway's starts.
  public var epoch: UInt64
  /// The last sequence number spent in this epoch.
  public var sequence: UInt64
  public var mode: GatewayMode
  /// Steps of the last hour, oldest first: what the rate limit counts.
  public var spent: [SpentStep]
  /// Writes that may be on their way, in order of their tokens.
  public var issued: [IssuedWrite]

  /// The state of a plant that was never written.
  public init() { (epoch, sequence, mode, spent, issued) = (0, 0, .automatic, [], []) }
}

/// How far one write moved a tag, and when.
public struct SpentStep: Hashable, Sendable, Codable {
  public var tag: String
  public var at: Instant
  /// |new − old|.
  public var amount: Double
  public init(tag: String, at: Instant, amount: Double) { (self.tag, self.at, self.amount) = (tag, at, amount) }

  /// What `tag` has moved in the hour before `now`.
  public static func total(_ steps: [SpentStep], of tag: String, at now: Instant) -> Double {
    steps.reduce(0) { $1.tag == tag && now - $1.at < .hours(1) ? $0 + $1.amount : $0 }
  }
}

/// A write that was let through and is not finished.
public struct IssuedWrite: Hashable, Sendable, Codable {
  public var token: WriteToken
  public var tag: String
  /// What the tag read before.
  public var before: Double
  public var value: Double
  public var at: Instant
  public init(token: WriteToken, tag: String, before: Double, value: Double, at: Instant) {
    (self.token, self.tag, self.before, self.value, self.at) = (token, tag, before, value, at)
  }
}
