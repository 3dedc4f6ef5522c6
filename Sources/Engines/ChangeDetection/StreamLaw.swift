import Determinism

/// What the observations of one stream follow, and what a change in it is.
///
/// The first six learn their own parameter from the stream; a detector then needs no other belief. The last three are for streams that
/// are judged against a belief held elsewhere, by the probability integral transform (`IntegralTransform`).
public enum StreamLaw: Sendable, Hashable, Codable {
  /// Durations of known shape a = 1/cv² and unknown mean; a change multiplies them. The exponential has shape 1.
  case gamma(shape: Double)
  /// Durations of known Weibull shape and unknown mean; a change multiplies them.
  case weibull(shape: Double)
  /// Durations whose logarithm is normal, both parameters unknown; a change multiplies them.
  case lognormal
  /// Measurements or residuals, normal with unknown mean and variance; a change adds to them.
  case normal
  /// Counts of unknown rate per unit of exposure; a change multiplies the rate.
  case poisson
  /// Rejects among `exposure` parts, of unknown share; a change multiplies the odds.
  case binomial
  /// Residuals −log S(x) of a believed law: Exp(1) while the belief holds; a change multiplies them.
  case exponentialScore
  /// Residuals Φ⁻¹(F(x)) of a believed law: N(0, 1) while the belief holds; a change adds to them.
  case normalScore
  /// Counts whose exposure is the number that the belief expects; a change multiplies the rate.
  case countScore

  public static let exponential = StreamLaw.gamma(shape: 1)

  /// True where the stream learns what is normal by itself.
  public var learns: Bool {
    switch self {
    case .exponentialScore, .normalScore, .countScore: false
    default: true
    }
  }

  /// True where a change is a ratio, false where it is a difference.
  public var isMultiplicative: Bool {
    switch self {
    case .normal, .normalScore: false
    default: true
    }
  }

  /// True where a rate or a share can be told at all: five events have been seen, and for a share five of the other kind.
  func isLearnt(_ past: Moments) -> Bool {
    switch self {
    case .poisson: past.sum >= 5
    case .binomial: past.sum >= 5 && past.exposure - past.sum >= 5
    default: true
    }
  }

  /// The observation in the scale in which its moments are kept: x, x^shape (Weibull) or log x (lognormal).
  ///
  /// - Throws: `ChangeDetectionError.outsideSupport` for what the law cannot produce; the same value will never do.
  func score(_ x: Double, exposure: Double) throws(ChangeDetectionError) -> Double {
    guard x.isFinite, exposure.isFinite, exposure > 0 else { throw .outsideSupport(x) }
    switch self {
    case .normal, .normalScore: return x
    case .gamma, .exponentialScore, .poisson, .countScore:
      guard x >= 0 else { throw .outsideSupport(x) }
      return x
    case .weibull(let shape):
      guard x >= 0 else { throw .outsideSupport(x) }
      return Portable.pow(x, shape)
    case .lognormal:
      guard x > 0 else { throw .outsideSupport(x) }
      return Portable.log(x)
    case .binomial:
      guard x >= 0, x <= exposure else { throw .outsideSupport(x) }
      return x
    }
  }
}

/// Why an observation was not taken.
public enum ChangeDetectionError: Error, Hashable, Sendable {
  /// The law of the stream cannot give this value (not finite, negative, more rejects than parts). Retrying cannot help.
  case outsideSupport(Double)
  /// No stream of this name is watched. Register it first.
  case unknownStream(StreamKey)
}
