public import Estimation
public import Quantities

/// What the twin believes of one activity of one station, with all that a person needs to judge it: the law, the rivals, the test of fit, what it
/// rests on, and the observed lengths beside the lengths that it foretells.
public struct ActivityReport: Sendable, Hashable, Codable {
  public enum Activity: String, Sendable, Hashable, Codable, CaseIterable {
    /// Seconds per part at the rated speed, of the product now made. An estimate only: minutes are recorded, not single parts, so there is no
    /// family, no test and no picture.
    case cycle
    /// Operating seconds between failures at the rated speed.
    case timeToFailure
    /// Seconds from failure to work.
    case repair
    /// Seconds of a short stop.
    case shortStop
    /// Seconds of a set-up.
    case setUp
    /// Seconds of a tool's replacement.
    case replacement
  }

  /// A law by what a person knows of it.
  public struct Summary: Sendable, Hashable, Codable {
    public var family: LawFamily
    /// Seconds.
    public var mean: Double
    /// Standard deviation divided by mean.
    public var cv: Double
    /// The family's name.
    public var name: String { family.rawValue }
  }

  /// How probable a family is, given the observations; equally probable beforehand.
  public struct Rival: Sendable, Hashable, Codable {
    public var family: LawFamily
    public var probability: Double
    /// The family's name.
    public var name: String { family.rawValue }
  }

  /// Whether the likeliest family with a formula fits: probabilities, if it is right, of distances as great; see `GoodnessOfFit`.
  public struct Fit: Sendable, Hashable, Codable {
    public var family: LawFamily
    public var andersonDarlingP: Double
    public var kolmogorovSmirnovP: Double
    /// Share of the weight that is censored; beyond a twentieth the probabilities are a guide only.
    public var censoredShare: Double
    /// The family's name.
    public var name: String { family.rawValue }
    /// Refused by Anderson and Darling's test at one in a hundred.
    public var isRefused: Bool { andersonDarlingP < 0.01 }
  }

  public var station: String
  public var activity: Activity
  /// The most probable law, at its most probable parameters; nil for an estimate only.
  public var law: Summary?
  /// The most probable first; empty for an estimate only.
  public var families: [Rival]
  /// Nil with fewer than five exact observations, and for an estimate only.
  public var fit: Fit?
  /// Observations of known length, and those of which a bound is known (a repair that still goes on); undiscounted. Parts, for a cycle.
  public var exactCount: Int
  public var censoredCount: Int
  /// What the exact ones are worth after forgetting, (Σw)²/Σw²; nil for an estimate only.
  public var effectiveCount: Double?
  /// In which an observation loses half of its weight; nil: never. For a cycle, minutes of production. Where it was chosen, the likeliest one: the
  /// weights are the geometric means of all candidates' by belief (`ForgettingLaw.halfLife`), so that they do not jump when the likeliest changes.
  public var halfLife: Duration?
  /// The belief in it where it was chosen by how well each foretold what came; nil where it was set.
  public var halfLifeProbability: Double?
  /// Whether it was observed, or inferred where the station tells no state: then the family is the folder's, not found, and there is no test.
  public var source: ParameterEstimate.Source = .observed
  /// What lies before counts little: a change was found then.
  public var changedAt: Instant?
  /// Seconds: the law's mean with its central 90 % interval.
  public var mean: Double
  public var low: Double
  public var high: Double
  /// What the plant folder says; nil where it says nothing.
  public var design: Double?
  /// Nil for an estimate only.
  public var picture: LawPicture?

  /// "lognormal, mean 312 s, cv 0.80".
  public var words: String {
    guard let law else { return "mean \(Self.text(mean)) s" }
    let name =
      switch law.family {
      case .constant: "always the same"
      case .empirical: "as observed, no formula fits"
      default: law.family.rawValue
      }
    return "\(name), mean \(Self.text(law.mean)) s" + (law.family == .constant ? "" : ", cv \(Self.text(law.cv))")
  }

  /// Three significant digits, or all before the point.
  private static func text(_ x: Double) -> String {
    guard x.isFinite, x.magnitude < 1e12 else { return "\(x)" }
    var (scale, decimals) = (1.0, 0)
    while x.magnitude * scale < 99.95 && decimals < 4 { (scale, decimals) = (scale * 10, decimals + 1) }
    let whole = Int64((x * scale).rounded())
    guard decimals > 0 else { return "\(whole)" }
    let digits = String(whole.magnitude)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return (whole < 0 ? "-" : "") + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }
}

/// A predictive law and the observed lengths over one axis, ready to be drawn.
///
/// The law is that of the next one, with parameters and families uncertain; its density in a cell is P(cell)/width, so that laws without a
/// density have one too.
public struct LawPicture: Sendable, Hashable, Codable {
  /// Seconds: the axis, cut into equal cells for the density, and into fewer for the counts.
  public var low: Double
  public var high: Double
  /// Per second, cell by cell.
  public var density: [Double]
  /// P(longer than the axis).
  public var beyond: Double
  /// Observed lengths as far back as the record reaches, unweighted, cell by cell: since the last change, and before it.
  public var counts: [Int]
  public var countsBefore: [Int]
  /// Observed lengths beyond the axis.
  public var countBeyond: Int

  /// Where a density is taken.
  static let cells = 60

  /// - Parameters:
  ///   - cdf: of the predictive law, rising from 0 to 1 over positive numbers.
  ///   - middle: a length of its size, positive: where the search for its quantiles begins.
  ///   - lengths: observed, and whether they came before the last change.
  init(cdf: (Double) -> Double, middle: Double, lengths: [(seconds: Double, isBefore: Bool)]) {
    let values = lengths.map(\.seconds).sorted()
    var high = Self.quantile(0.985, cdf, middle)
    if let most = values.last { high = max(high, min(most, values[Int(0.95 * Double(values.count - 1))] * 1.5)) }
    let least = min(Self.quantile(0.005, cdf, middle), values.first ?? .infinity)
    // An axis from zero, unless that would leave most of it empty.
    let low = least > 0.4 * high ? max(0, least - 0.1 * (high - least)) : 0
    (self.low, self.high) = (low, high > low ? high : low + max(1e-3 * middle, 1e-9))
    let width = (self.high - low) / Double(Self.cells)
    let edges = (0...Self.cells).map { cdf(low + width * Double($0)) }
    density = zip(edges.dropFirst(), edges).map { max(0, $0 - $1) / width }
    beyond = max(0, 1 - edges[Self.cells])
    // As many as the square root of twice the count: finer than is best for estimating a density, but this is for the eye.
    let bins = min(max(Int((2 * Double(values.count)).squareRoot().rounded(.up)), 8), 30)
    counts = Array(repeating: 0, count: bins)
    countsBefore = counts
    countBeyond = 0
    for (seconds, isBefore) in lengths {
      let place = (seconds - low) / (self.high - low) * Double(bins)
      guard place <= Double(bins) else {
        countBeyond += 1
        continue
      }
      let i = min(max(Int(place), 0), bins - 1)
      if isBefore { countsBefore[i] += 1 } else { counts[i] += 1 }
    }
  }

  /// By doubling and bisection.
  private static func quantile(_ p: Double, _ cdf: (Double) -> Double, _ middle: Double) -> Double {
    var (a, b) = (0.0, middle)
    while cdf(b) < p && b < 1e6 * middle { (a, b) = (b, 2 * b) }
    for _ in 0..<20 {
      let x = (a + b) / 2
      if cdf(x) < p { a = x } else { b = x }
    }
    return (a + b) / 2
  }
}
