public import Probability
public import Quantities

/// The line at one instant, as far as the readings tell.
public struct LineEstimate: Sendable, Hashable {
  /// A count of parts with what it may be instead.
  public struct Level: Sendable, Hashable {
    /// The likeliest, given all that has arrived.
    public var parts: Int
    /// Its probability, given all that has arrived.
    public var probability: Double
    /// From the least to the greatest number that is more probable than 1 in 1,000; of the last seconds, than 1 in 200.
    public var bounds: ClosedRange<Int>
    /// Nothing else is possible, as far as is known.
    public var isCertain: Bool { bounds.lowerBound == bounds.upperBound }
  }

  /// A span that goes on: how long it has lasted, and the law of its whole length. What is left has the law conditioned on being longer:
  /// P(R > r) = S(elapsed + r) / S(elapsed), which `Law.sampleResidual(after:_:)` draws.
  public struct Residual: Sendable, Hashable {
    public var elapsed: Double
    public var law: Law

    /// P(what is left ≤ r seconds).
    public func cdf(_ r: Double) -> Double {
      let alive = law.survival(elapsed)
      return alive > 0 ? max(0, 1 - law.survival(elapsed + max(r, 0)) / alive) : 1
    }

    /// The seconds left with P(R ≤ r) = p, 0 ≤ p < 1.
    public func quantile(_ p: Double) -> Double {
      let alive = law.survival(elapsed)
      return alive > 0 ? max(0, law.upperQuantile(alive * (1 - p)) - elapsed) : 0
    }
  }

  public struct Station: Sendable, Hashable {
    /// Pieces being worked on.
    public var inWork: Int
    /// Finished pieces that find no room.
    public var blocked: Int
    /// Parts taken for a piece that is not complete.
    public var collected: Int
    /// Pieces finished and rejected since the first reading, missing messages made up for.
    public var finished: Int
    public var rejected: Int
    /// Whether the above may be otherwise.
    public var isCertain: Bool
    /// The oldest piece in work: seconds of work done, and their law; nil: none.
    public var work: Residual?
    /// The repair that goes on; nil: none.
    public var repair: Residual?
  }

  public var instant: Instant
  public var buffers: [Level]
  public var stations: [Station]
}
