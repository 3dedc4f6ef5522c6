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
  /// Moves of this set-point turn back and forth and do not get smaller.
  case hunting(tag: String)
  /// The error grew by this factor while the loop worked against it.
  case growing(factor: Double)
}

extension StabilityAlarm: CustomStringConvertible {
  /// For people, as what follows "because".
  public var description: String {
    switch self {
    case .expired: "its certificate has run out"
    case .lateLot(let run, let age): "lot \(run) has not been measured after \(age) runs, later than certified"
    case .gainLeft(let estimate, let certified):
      "its gain lies in \(estimate.low)…\(estimate.high), outside the certified \(certified.low)…\(certified.high)"
    case .signFlipped(let evidence): "the plant answers its moves with the wrong sign (log evidence \((evidence * 10).rounded() / 10))"
    case .hunting(let tag): "it moves \(tag) back and forth without coming nearer"
    case .growing(let factor): "its error grows: by \((factor * 10).rounded() / 10) while it works against it"
    }
  }
}
