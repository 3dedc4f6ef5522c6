public import Learning

/// A balance that a healthy plant closes, over several sensors: r = in − out − accumulation, zero but for noise. A sensor that lies, however
/// smoothly, leaves it open, unless all others lie with it.
///
/// The standardised residual z = r/σ runs into a two-sided cumulative sum, by default with k = ½, h = 8: false alarms one in 9,500 samples for
/// independent noise, a steady lie of one deviation found in 16 samples, of three in 4.
///
/// - Source: analytic redundancy, E. Y. Chow, A. S. Willsky 1984, doi:10.1109/TAC.1984.1103593.
public struct MassBalance: Hashable, Sendable {
  /// σ of the residual, in its unit.
  public let deviation: Double
  /// The sums of z so far.
  public private(set) var chart: Cusum

  /// - Parameters:
  ///   - deviation: σ, > 0.
  ///   - reference, threshold: k ≥ 0 and h > 0 of the chart, in deviations.
  public init(deviation: Double, reference: Double = 0.5, threshold: Double = 8) {
    precondition(deviation > 0, "a residual's deviation of \(deviation)")
    self.deviation = deviation
    chart = Cusum(k: reference, h: threshold)
  }

  /// Takes a residual in; true while the balance is open. One that is not finite opens it for good.
  public mutating func take(_ residual: Double) -> Bool {
    _ = chart.observe(residual.isFinite ? residual / deviation : .infinity)
    return isOpen
  }

  /// The greater of the two sums stands above the threshold.
  public var isOpen: Bool { max(chart.high, chart.low) > chart.h }
}

/// What one witness (a sensor, or a balance over other sensors) says of a move.
public enum Witness: String, Hashable, Sendable, Codable {
  /// It sees the need of the move.
  case enables
  /// It sees no need, or does not know.
  case abstains
  /// It sees a reason against it.
  case stops

  /// From a measured error, its deadband, and the direction in which the move would push the output (+1 or −1): a witness enables what reduces an
  /// error that it can tell from none, and stops what enlarges one.
  public init(error: Double, deadband: Double, direction: Double) {
    if !error.isFinite { self = .stops } else if abs(error) <= deadband { self = .abstains } else { self = error * direction < 0 ? .enables : .stops }
  }

  /// Whether a move may be made: two witnesses that share no sensor enable it, and none stops it. So no single sensor may enable a move, and any
  /// one may stop it.
  public static func allow(_ witnesses: [Witness]) -> Bool {
    !witnesses.contains(.stops) && witnesses.count { $0 == .enables } >= 2
  }
}
