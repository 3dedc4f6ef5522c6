public import Quantities

/// How to reach the calibration in force again from the record, with the same seed.
public struct RerunView: Sendable, Hashable, Codable {
  /// The calibration's name: two runs with one name agree in every bit.
  public var calibration: String
  /// The instant of the calibration.
  public var at: Instant
  /// Of every draw of the posterior.
  public var seed: UInt64
  /// For a shell on the machine that keeps the record.
  public var command: String

  public init(calibration: String, at: Instant, seed: UInt64, command: String) {
    (self.calibration, self.at, self.seed, self.command) = (calibration, at, seed, command)
  }
}

/// What the posterior page shows: the law of each activity, with what is needed to judge it.
public struct PosteriorView: Sendable, Hashable, Codable {
  /// Nil before the first calibration.
  public var rerun: RerunView?
  /// In the plant's order of stations.
  public var activities: [ActivityView]

  public init(rerun: RerunView?, activities: [ActivityView]) { (self.rerun, self.activities) = (rerun, activities) }
}

/// One activity of one station.
public struct ActivityView: Sendable, Hashable, Codable {
  /// The station's name.
  public var station: String
  /// `cycle`, `timeToFailure`, `repair`, `shortStop`, `setUp` or `replacement`.
  public var activity: String
  /// UCUM code of every value here.
  public var unit: String
  /// The most probable law; nil where only a mean is estimated.
  public var family: String?
  /// Its standard deviation divided by its mean.
  public var cv: Double?
  /// Every family that was weighed, the most probable first.
  public var families: [FamilyView]
  /// The law's mean and its 90 % interval.
  public var mean: IntervalView
  /// The mean that the plant folder says; nil where it says none.
  public var design: Double?
  /// Nil with too few observations, and where only a mean is estimated.
  public var fit: FitView?
  /// Observations of known length, and those of which a bound is known.
  public var exact: Int
  public var censored: Int
  /// What the exact ones are worth after forgetting.
  public var effective: Double?
  /// Nil: nothing is forgotten.
  public var halfLife: Duration?
  /// The belief in that half-life where it was chosen by evidence.
  public var halfLifeProbability: Double?
  /// What is older counts little.
  public var changedAt: Instant?
  /// Nil where only a mean is estimated.
  public var picture: PictureView?
  /// `observed`, or `inferred` where the station tells no state.
  public var source: String

  public init(
    station: String, activity: String, unit: String, family: String?, cv: Double?, families: [FamilyView], mean: IntervalView, design: Double?,
    fit: FitView?, exact: Int, censored: Int, effective: Double?, halfLife: Duration?, halfLifeProbability: Double?, changedAt: Instant?,
    picture: PictureView?, source: String = "observed"
  ) {
    self.source = source
    (self.station, self.activity, self.unit, self.family, self.cv) = (station, activity, unit, family, cv)
    (self.families, self.mean, self.design, self.fit) = (families, mean, design, fit)
    (self.exact, self.censored, self.effective) = (exact, censored, effective)
    (self.halfLife, self.halfLifeProbability, self.changedAt, self.picture) = (halfLife, halfLifeProbability, changedAt, picture)
  }
}

/// A family of laws and how probable it is.
public struct FamilyView: Sendable, Hashable, Codable {
  /// `exponential`, `gamma`, `lognormal`, `weibull`, `constant` or `empirical`.
  public var family: String
  /// Given the observations; the families were equally probable before.
  public var probability: Double
  public init(family: String, probability: Double) { (self.family, self.probability) = (family, probability) }
}

/// Whether a family fits: how probable distances as great are, if it is right.
public struct FitView: Sendable, Hashable, Codable {
  /// The likeliest family that has a formula.
  public var family: String
  /// Probabilities, 0 … 1, by Anderson and Darling's distance and by Kolmogorov and Smirnov's.
  public var andersonDarlingP: Double
  public var kolmogorovSmirnovP: Double
  /// Share of the weight that is censored; beyond a twentieth the probabilities are a guide only.
  public var censoredShare: Double
  /// Anderson and Darling's test refuses it at one in a hundred.
  public var refused: Bool
  public init(family: String, andersonDarlingP: Double, kolmogorovSmirnovP: Double, censoredShare: Double, refused: Bool) {
    (self.family, self.andersonDarlingP, self.kolmogorovSmirnovP) = (family, andersonDarlingP, kolmogorovSmirnovP)
    (self.censoredShare, self.refused) = (censoredShare, refused)
  }
}

/// The predictive density and the observed values over one axis, in the activity's unit.
public struct PictureView: Sendable, Hashable, Codable {
  /// The axis, cut into as many equal cells as `density` has, and into fewer for the counts.
  public var low: Double
  public var high: Double
  /// Per unit of the axis.
  public var density: [Double]
  /// P(beyond the axis).
  public var beyond: Double
  /// Observed since the last change, and before it.
  public var counts: [Int]
  public var countsBefore: [Int]
  /// Observed beyond the axis.
  public var countBeyond: Int
  public init(low: Double, high: Double, density: [Double], beyond: Double, counts: [Int], countsBefore: [Int], countBeyond: Int) {
    (self.low, self.high, self.density, self.beyond) = (low, high, density, beyond)
    (self.counts, self.countsBefore, self.countBeyond) = (counts, countsBefore, countBeyond)
  }
}
