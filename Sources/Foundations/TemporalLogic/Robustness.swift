/// How far a formula is from changing its truth: the quantitative semantics of signal temporal logic.
///
/// Above 0 it holds, below 0 it does not; at 0 exactly `holds` says which (`x <= 4` holds at 4, `x < 4` does not). The order is by degree,
/// then by truth, so that minimum and maximum give degree and truth at once.
///
/// - Source: A. Donzé, O. Maler 2010, doi:10.1007/978-3-642-15297-9_9.
public struct Robustness: Hashable, Comparable, Sendable {
  /// The distance to the bound, in the unit of the predicate's first tag; infinite for what has no distance (a state, a constant). Never NaN.
  public let degree: Double
  public let holds: Bool

  /// - Precondition: `degree` is no NaN, and its sign does not contradict `holds`.
  public init(_ degree: Double, holds: Bool) {
    precondition(degree == 0 || (degree > 0) == holds, "a robustness of \(degree) that \(holds ? "holds" : "does not hold")")
    (self.degree, self.holds) = (degree, holds)
  }

  /// True, whatever the numbers.
  public static let certain = Robustness(.infinity, holds: true)
  /// False, whatever the numbers.
  public static let impossible = Robustness(-.infinity, holds: false)

  public static func < (a: Robustness, b: Robustness) -> Bool { a.degree == b.degree ? !a.holds && b.holds : a.degree < b.degree }

  var negated: Robustness { Robustness(-degree, holds: !holds) }
}

/// What is known of a formula's robustness: an interval, which narrows to a point as samples arrive.
///
/// A bad sample, a time before the first one and a time not yet reached are unknown: they widen the interval and never make a formula hold.
/// - Source: J. V. Deshmukh et al. 2017, doi:10.1007/s10703-017-0286-7 (robust satisfaction interval).
public struct Satisfaction: Hashable, Sendable {
  /// What is certain.
  public let lower: Robustness
  /// What is still possible; not below `lower`.
  public let upper: Robustness

  init(lower: Robustness, upper: Robustness) { (self.lower, self.upper) = (lower, upper) }
  public init(_ known: Robustness) { (lower, upper) = (known, known) }

  /// Nothing is known.
  public static let unknown = Satisfaction(lower: .impossible, upper: .certain)
  public static func truth(_ holds: Bool) -> Satisfaction { Satisfaction(holds ? .certain : .impossible) }

  /// Satisfied or violated where that is certain.
  public var truth: TruthValue { lower.holds ? .satisfied : upper.holds ? .unknown : .violated }

  /// The degree that is certain: -∞ while nothing is known.
  public var robustness: Double { lower.degree }

  public static prefix func ! (a: Satisfaction) -> Satisfaction { Satisfaction(lower: a.upper.negated, upper: a.lower.negated) }
  public static func & (a: Satisfaction, b: Satisfaction) -> Satisfaction {
    Satisfaction(lower: min(a.lower, b.lower), upper: min(a.upper, b.upper))
  }
  public static func | (a: Satisfaction, b: Satisfaction) -> Satisfaction {
    Satisfaction(lower: max(a.lower, b.lower), upper: max(a.upper, b.upper))
  }
}

/// Three values; only `satisfied` ever lets anything pass.
public enum TruthValue: String, Hashable, Sendable, Codable { case violated, unknown, satisfied }
