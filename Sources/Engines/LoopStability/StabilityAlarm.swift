public import Quantities

/// What a running loop has shown, for which it must stop at once: it keeps its last input until a person, or a new certificate, lets it go on.
public enum StabilityAlarm: Hashable, Sendable, Codable {
  /// The certificate has run out.
  case expired(at: Instant)
  /// A lot came later than certified, or has not come by then.
  case lateLot(run: Int, age: Int)
  /// The interval of the estimated gain ratio lies outside the certified one.
  case gainLeft(estimate: GainRange, certified: GainRange)
  /// Outputs answer moves with the wrong sign, by so large a log-likelihood ratio.
  case signFlipped(evidence: Double)
  /// The error grew by this factor while the loop worked against it.
  case growing(factor: Double)
}
