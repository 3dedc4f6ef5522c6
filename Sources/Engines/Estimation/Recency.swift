import Determinism
public import Quantities

/// What an observation counts for by its date: it fades with age, and what lies before a change counts little from then on.
///
/// w(t) = 2^(−age/half-life) · Π over changes after t of what they keep.
public struct Recency: Sendable, Hashable, Codable {
  /// A date at which the law changed. Observations before it keep `kept` of their weight; later ones all of it.
  public struct Change: Sendable, Hashable, Codable {
    public var date: Instant
    public var kept: Double
    public init(date: Instant, kept: Double = 0.02) { (self.date, self.kept) = (date, kept) }
  }

  /// Nil never forgets.
  public var halfLife: Duration?
  public var changes: [Change]

  public init(halfLife: Duration? = nil, changes: [Change] = []) { (self.halfLife, self.changes) = (halfLife, changes) }

  /// The weight at `now` of an observation of `date`, between 0 and 1. One from the future counts as one of now.
  public func weight(of date: Instant, at now: Instant) -> Double {
    var weight = Self.faded(max(0, (now - date).seconds), halfLife)
    for change in changes where date < change.date { weight *= change.kept }
    return weight
  }

  /// 2^(−age/half-life).
  static func faded(_ age: Double, _ halfLife: Duration?) -> Double {
    guard let halfLife else { return 1 }
    return Portable.exp(-0.69314718055994530942 * age / halfLife.seconds)
  }
}
