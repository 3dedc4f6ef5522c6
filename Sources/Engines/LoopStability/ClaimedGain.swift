internal import Determinism
internal import Probability

/// Estimates from judged moves by how much the plant answers what a loop claims: ξ = realised / claimed, the plant's gain over the model's.
///
///     ξ̂ = Σ φᵃ·cₖ·rₖ/sₖ² / Σ φᵃ·cₖ²/sₖ²
///
/// c is what a move was claimed to gain, r what the judge measured, s the deviation of that, a how many moves ago it was. Each move is measured
/// against the plant without it, so r needs no intercept, and its error does not depend on why the loop moved. With s given, one move makes an
/// interval. Move k is tested at 6·level/(π·k)², which sums to the level: a healthy loop is accused once with at most that probability, for ever.
public struct ClaimedGain: Hashable, Sendable {
  /// Where ξ may lie.
  public let certified: GainRange
  /// φ, in (0, 1]: the weight of a move falls by this factor with each newer one.
  public let forgetting: Double
  /// Probability of ever accusing a healthy loop.
  public let level: Double
  private var moves = 0
  private var (products, squares, variance) = (0.0, 0.0, 0.0)

  /// - Precondition: forgetting in (0, 1], level in (0, ½).
  public init(certified: GainRange, forgetting: Double = 0.9, level: Double = 1e-3) {
    precondition(forgetting > 0 && forgetting <= 1 && level > 0 && level < 0.5, "a monitor that cannot see")
    (self.certified, self.forgetting, self.level) = (certified, forgetting, level)
  }

  /// Takes a judged move in; true while the whole interval lies outside the certified one. What is not finite, or claims nothing, is left out.
  public mutating func take(claimed: Double, realised: Double, deviation: Double) -> Bool {
    guard claimed.isFinite, realised.isFinite, deviation.isFinite, deviation > 0, claimed != 0 else { return hasLeft }
    let precision = 1 / (deviation * deviation)
    moves += 1
    products = forgetting * products + claimed * realised * precision
    squares = forgetting * squares + claimed * claimed * precision
    variance = forgetting * forgetting * variance + claimed * claimed * precision
    return hasLeft
  }

  /// The interval of ξ; nil before the first judged move.
  public var estimate: GainRange? {
    guard squares > 0 else { return nil }
    let share = 6 * level / (Double.pi * Double.pi * Double(moves) * Double(moves))
    let reach = Normal.quantile(1 - share / 2) * variance.squareRoot() / squares
    return GainRange(products / squares - reach, products / squares + reach)
  }

  /// The whole interval lies outside the certified one.
  public var hasLeft: Bool {
    guard let estimate else { return false }
    return estimate.high < certified.low || estimate.low > certified.high
  }
}
