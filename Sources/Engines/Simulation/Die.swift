import Determinism
import EventKernel
import Probability

/// A law with the stream of random numbers that belongs to one purpose of one station, source or way.
struct Die: BitwiseCopyable {
  var stream: RandomStream
  var sampler: LawSampler
  /// Where the values of an empirical law begin.
  var values: Int

  /// Where a die stands in a line, and its law.
  struct Spec: Sendable {
    var branch: String
    var owner: String
    var purpose: String
    var law: Law
  }
}

/// How draws are made of random words.
public enum Sampling: Sendable, Hashable, Codable {
  /// Each law by its fastest exact method.
  case direct
  /// By the inverse of the distribution: a draw rises with its random number u. Antithetic runs take 1 − u instead, so that a pair of them
  /// scatters less than two independent runs.
  ///
  /// - Source: J. M. Hammersley, K. W. Morton 1956, doi:10.1017/S0305004100031455.
  case inverse(antithetic: Bool)
}

extension LineRun {
  /// Draws by a die's own law.
  @inline(__always)
  mutating func draw(_ die: Int) -> Double {
    if inverts { return drawInverse(compiled.dice[die].law, die) }
    if dice[die].sampler.valueCount > 0 { return drawValue(die) }
    return dice[die].sampler.sample(&dice[die].stream, ziggurat)
  }

  @inline(never)
  private mutating func drawValue(_ die: Int) -> Double {
    values[dice[die].values + dice[die].stream.integer(below: dice[die].sampler.valueCount)]
  }

  /// Draws by another law from a die's stream.
  mutating func draw(_ law: Law, _ die: Int) -> Double {
    if inverts { return drawInverse(law, die) }
    return law.sample(&dice[die].stream)
  }

  private mutating func drawInverse(_ law: Law, _ die: Int) -> Double { law.upperQuantile(uniform(die)) }

  /// Uniform in (0, 1); 1 − u in an antithetic run.
  @inline(__always)
  mutating func uniform(_ die: Int) -> Double {
    let u = dice[die].stream.uniform()
    return isAntithetic ? 1 - u : u
  }

  /// True with the probability given; draws once for it in any case.
  @inline(__always)
  mutating func chance(_ die: Int, _ probability: Double) -> Bool { uniform(die) < probability }

  /// One of several by their shares, which add up to 1.
  mutating func choice(_ die: Int, _ count: Int, _ share: (Int) -> Double) -> Int {
    var u = uniform(die)
    for i in 0..<count - 1 {
      u -= share(i)
      if u < 0 { return i }
    }
    return count - 1
  }
}
