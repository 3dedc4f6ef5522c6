public import PlantModel
public import Quantities

/// An interval with its expectation; lower ≤ expected ≤ upper.
public struct ClaimInterval: Hashable, Sendable, Codable {
  public var lower: Double
  public var expected: Double
  public var upper: Double
  public init(lower: Double, expected: Double, upper: Double) { (self.lower, self.expected, self.upper) = (lower, expected, upper) }

  /// Finite and in order. Anything else never enters the ledger.
  public var isSound: Bool { lower.isFinite && expected.isFinite && upper.isFinite && lower <= expected && expected <= upper }

  /// The part of the interval that a share of the move is held to: each bound times `share`.
  public func scaled(by share: Double) -> ClaimInterval {
    ClaimInterval(lower: lower * share, expected: expected * share, upper: upper * share)
  }
}

/// What is said beforehand that a change will do: a gain against leaving the set-points as they are, or (`mayLose`) nothing but that it does no harm.
///
/// A loop always claims a gain. A person may propose a change that is not for gain: a customer's wish, a worn tool, a trial. Then nobody has
/// promised anything that could be held against it, and what is left to show is that it costs no more than a margin (non-inferiority).
public struct Claim: Hashable, Sendable, Codable {
  /// Which of the two intervals the change is judged by.
  public var objective: Objective
  /// Gain in good parts per hour.
  public var goodPerHour: ClaimInterval
  /// Gain in the plant's currency per hour.
  public var valuePerHour: ClaimInterval
  /// Probability that the realised gain lies in the interval, 0…1, e.g. 0.9.
  public var confidence: Double
  /// How long the claim holds after the change is settled; until then it is on probation.
  public var horizon: Duration
  /// Where no gain is claimed: the share of what the line would make without the change that the whole of it may lose, above 0 and below 1. The
  /// intervals are 0 then. Nil: a gain is claimed.
  public var mayLose: Double?

  /// Takes everything as it is; `isSound` says whether it makes sense.
  public init(
    objective: Objective, goodPerHour: ClaimInterval, valuePerHour: ClaimInterval, confidence: Double, horizon: Duration, mayLose: Double? = nil
  ) {
    (self.objective, self.goodPerHour, self.valuePerHour) = (objective, goodPerHour, valuePerHour)
    (self.confidence, self.horizon, self.mayLose) = (confidence, horizon, mayLose)
  }

  /// No gain is claimed: only that it loses no more than a share of what the line would make without it.
  public static func noHarm(_ objective: Objective, mayLose: Double, horizon: Duration) -> Claim {
    let nothing = ClaimInterval(lower: 0, expected: 0, upper: 0)
    return Claim(objective: objective, goodPerHour: nothing, valuePerHour: nothing, confidence: 0.9, horizon: horizon, mayLose: mayLose)
  }

  /// The interval that the change is judged by.
  public var judged: ClaimInterval {
    switch objective {
    case .goodPartsPerHour: goodPerHour
    case .valuePerHour: valuePerHour
    }
  }

  /// Both intervals sound, a confidence and a margin inside (0, 1), a positive horizon.
  public var isSound: Bool {
    goodPerHour.isSound && valuePerHour.isSound && confidence > 0 && confidence < 1 && horizon > .zero && (mayLose.map { $0 > 0 && $0 < 1 } ?? true)
  }
}
