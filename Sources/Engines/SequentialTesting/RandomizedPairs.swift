import Determinism
import Probability

/// Differences between two arms whose order within each pair was decided by a fair coin, and what they say at every look.
///
/// **Model.** In pair i the candidate and the baseline run one after the other; a coin cᵢ = ±1 says which comes second. With gain g and
/// any noise at all (autocorrelated, drifting, heavy-tailed) the difference candidate − baseline is dᵢ = g + cᵢ·nᵢ, where nᵢ, what the
/// second period brought more than the first, knows nothing of the coin. So dᵢ − g is as likely to be +|nᵢ| as −|nᵢ|, whatever came before.
///
/// **Test.** Against "the gain is at most b" one bets on the sign:
///
///     E(b) = Σₖ wₖ ∏ᵢ 2 / (1 + exp(−2·θₖ·(dᵢ − b)/sᵢ))
///
/// with sᵢ the standard deviation that the pairs before i showed. Each factor rises with dᵢ and has mean 1 over the coin at gain b, so
/// E(b) is a supermartingale wherever no pair gains more than b, and P(E(b) ever ≥ 1/α) ≤ α however often one looks: no assumption on
/// the noise is left, autocorrelation included. The factor is the likelihood ratio of N(θs, s²) given |d|, so little is lost where the
/// noise is normal. E falls with b: turned round, it bounds the gain (a confidence sequence).
///
/// What the coin does not answer for: an effect that outlasts the washout (it draws the difference towards 0), and pairs left out for a
/// reason that depends on the arm.
///
/// - Source: A. Ramdas, J. Ruf, M. Larsson, W. M. Koolen 2020, arXiv:2009.03167 (betting on symmetry); I. Waudby-Smith, A. Ramdas 2024,
///   doi:10.1093/jrsssb/qkad009 (betting); J. Ville 1939; R. A. Fisher 1935, The Design of Experiments, § 21 (randomisation).
public struct RandomizedPairs: Hashable, Sendable, Codable {
  /// Candidate − baseline, one a pair, oldest first.
  public private(set) var differences: [Double] = []
  /// The standard deviation of a difference that was expected before the first pair.
  public let expectedSD: Double
  /// What each difference is measured by: a function of the pairs before it.
  private var scales: [Double] = []
  private var mean = 0.0
  private var squares = 0.0

  /// - Parameter expectedSD: of one difference; a wrong one costs power in the first pairs, never validity.
  public init(expectedSD: Double) {
    precondition(expectedSD > 0 && expectedSD.isFinite, "a standard deviation of \(expectedSD)")
    self.expectedSD = expectedSD
  }

  /// Effects that are looked for, in standard deviations of a difference.
  private static let effects = [0.3, 0.8, 2]
  /// Pairs that the expected standard deviation counts for.
  private static let prior = 3.0

  /// Pairs taken in.
  public var count: Int { differences.count }
  /// Mean difference; 0 where there is none.
  public var estimate: Double { mean }

  /// Takes in a pair's difference candidate − baseline.
  public mutating func add(_ difference: Double) {
    precondition(difference.isFinite, "a difference of \(difference)")
    let n = Double(differences.count)
    scales.append(((Self.prior * expectedSD * expectedSD + squares) / (Self.prior + max(n - 1, 0))).squareRoot())
    differences.append(difference)
    let off = difference - mean
    mean += off / (n + 1)
    squares += off * (difference - mean)
  }

  /// log of the e-value against "the gain is at most `bound`".
  public func logEvidence(above bound: Double) -> Double { logEvidence(1, bound) }

  /// log of the e-value against "the gain is at least `bound`".
  public func logEvidence(below bound: Double) -> Double { logEvidence(-1, bound) }

  private func logEvidence(_ side: Double, _ bound: Double) -> Double {
    let logs = Self.effects.map { effect in
      zip(differences, scales).reduce(-Portable.log(Double(Self.effects.count))) { sum, pair in
        sum + Self.logFactor(2 * effect * side * (pair.0 - bound) / pair.1)
      }
    }
    return LogSum.of(logs)
  }

  /// log(2/(1 + e⁻ˣ)).
  private static func logFactor(_ x: Double) -> Double {
    0.69314718055994530942 + (x > 0 ? -Portable.log1p(Portable.exp(-x)) : x - Portable.log1p(Portable.exp(x)))
  }

  /// What the gain exceeds with confidence 1 − `alpha`, at every look together; −∞ before ⌈log₂(1/α)⌉ pairs.
  public func lowerBound(alpha: Double) -> Double { -bound(1, alpha) }

  /// What the gain stays below with confidence 1 − `alpha`, at every look together; ∞ before ⌈log₂(1/α)⌉ pairs.
  public func upperBound(alpha: Double) -> Double { bound(-1, alpha) }

  /// The smallest of those side·b that are not refused, with its sign turned.
  private func bound(_ side: Double, _ alpha: Double) -> Double {
    precondition(alpha > 0 && alpha < 1, "a level of \(alpha)")
    let needed = -Portable.log(alpha)
    func isRefused(_ b: Double) -> Bool { logEvidence(side, b) >= needed }
    // Even at a bound far out each factor is below 2.
    let spread = max(expectedSD, differences.reduce(0) { max($0, ($1 - mean).magnitude) })
    guard (mean.magnitude + 1e10 * spread).isFinite else { return .infinity }
    var step = spread
    while !isRefused(mean - side * step) {
      step *= 4
      if step > 1e9 * spread { return .infinity }
    }
    var (near, far) = (mean + side * spread, mean - side * step)
    for _ in 0..<60 {
      let middle = (near + far) / 2
      if isRefused(middle) { far = middle } else { near = middle }
    }
    return -side * far
  }
}
