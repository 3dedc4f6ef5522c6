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

/// What a loop says beforehand that its change will do: a gain against leaving the set-points as they are.
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
  public init(objective: Objective, goodPerHour: ClaimInterval, valuePerHour: ClaimInterval, confidence: Double, horizon: Duration) {
    (self.objective, self.goodPerHour, self.valuePerHour) = (objective, goodPerHour, valuePerHour)
    (self.confidence, self.horizon) = (confidence, horizon)
  }

  /// The interval that the change is judged by.
  public var judged: ClaimInterval {
    switch objective {
    case .goodPartsPerHour: goodPerHour
    case .valuePerHour: valuePerHour
    }
  }

  /// Both intervals sound, a confidence inside (0, 1), a positive horizon.
  public var isSound: Bool {
    goodPerHour.isSound && valuePerHour.isSound && confidence > 0 && confidence < 1 && horizon > .zero
  }
}
