public import Probability

/// A stop that comes with time: `interval` between two, `length` of each.
public struct StoppageSpec: Sendable, Hashable, Codable {
  /// What the interval counts: the station's working seconds, or all seconds from the end of one stop to the next.
  public enum Clock: String, Sendable, Hashable, Codable { case operating, calendar }
  /// What becomes of the work under way: it waits and goes on, begins anew, or its part is scrapped.
  public enum WorkAfter: String, Sendable, Hashable, Codable { case resumes, restarts, scrapped }
  /// What it is booked as.
  public enum Kind: String, Sendable, Hashable, Codable { case failure, microstop }

  public var interval: Law
  public var length: Law
  public var clock = Clock.operating
  public var workAfter = WorkAfter.resumes
  /// Whom it needs before its length begins to run. Nil: nobody.
  public var need: NeedSpec?
  /// For `StationSpec.stoppages`: its name, one for each in the station.
  public var name = ""
  public var kind = Kind.failure
  public init(interval: Law, length: Law) { (self.interval, self.length) = (interval, length) }
}

public struct ClosureSpec: Sendable, Hashable, Codable {
  public var start: Double
  public var end: Double
  public init(start: Double, end: Double) { (self.start, self.end) = (start, end) }
}

/// Planned upkeep: due every so often, done before the next part.
public struct MaintenanceSpec: Sendable, Hashable, Codable {
  public enum Basis: String, Sendable, Hashable, Codable {
    /// Seconds from the end of one to when the next is due.
    case calendar
    /// Working seconds.
    case operating
    /// Parts or batches finished.
    case parts
  }
  public var name: String
  public var basis: Basis
  /// In seconds or parts, as the basis says.
  public var every: Double
  public var length: Law
  public var need: NeedSpec?
  public init(name: String, basis: Basis, every: Double, length: Law, need: NeedSpec? = nil) {
    (self.name, self.basis, self.every, self.length, self.need) = (name, basis, every, length, need)
  }
}

/// A tool or a condition that wears with each part: w += a draw of `perPart`. It spoils parts as it wears, is replaced between two parts once
/// w ≥ `replaceAt` (condition-based maintenance; a tool's life where `perPart` is 1), and breaks under work once w ≥ `breaksAt`.
///
/// Share of parts spoilt += scrapWhenWorn · (w / replaceAt)^scrapExponent.
public struct WearSpec: Sendable, Hashable, Codable {
  public var perPart: Law
  /// Infinite: it is used until it breaks. (JSON: left out.)
  public var replaceAt: Double
  public var replacement: Law
  public var need: NeedSpec?
  /// Infinite: it does not break. (JSON: left out.)
  public var breaksAt: Double
  /// How long a break takes, the new tool included; booked as a failure.
  public var breakage: Law
  public var scrapWhenWorn: Double
  public var scrapExponent: Double
  public init(
    perPart: Law, replaceAt: Double = .infinity, replacement: Law, need: NeedSpec? = nil, breaksAt: Double = .infinity,
    breakage: Law = .constant(0), scrapWhenWorn: Double = 0, scrapExponent: Double = 1
  ) {
    (self.perPart, self.replaceAt, self.replacement, self.need) = (perPart, replaceAt, replacement, need)
    (self.breaksAt, self.breakage, self.scrapWhenWorn, self.scrapExponent) = (breaksAt, breakage, scrapWhenWorn, scrapExponent)
  }

  private enum CodingKeys: CodingKey { case perPart, replaceAt, replacement, need, breaksAt, breakage, scrapWhenWorn, scrapExponent }
  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      perPart: try c.decode(Law.self, forKey: .perPart), replaceAt: try c.decodeIfPresent(Double.self, forKey: .replaceAt) ?? .infinity,
      replacement: try c.decode(Law.self, forKey: .replacement), need: try c.decodeIfPresent(NeedSpec.self, forKey: .need),
      breaksAt: try c.decodeIfPresent(Double.self, forKey: .breaksAt) ?? .infinity, breakage: try c.decode(Law.self, forKey: .breakage),
      scrapWhenWorn: try c.decode(Double.self, forKey: .scrapWhenWorn), scrapExponent: try c.decode(Double.self, forKey: .scrapExponent))
  }
  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: CodingKeys.self)
    try c.encode(perPart, forKey: .perPart)
    if replaceAt.isFinite { try c.encode(replaceAt, forKey: .replaceAt) }
    try c.encode(replacement, forKey: .replacement)
    try c.encodeIfPresent(need, forKey: .need)
    if breaksAt.isFinite { try c.encode(breaksAt, forKey: .breaksAt) }
    try c.encode(breakage, forKey: .breakage)
    try c.encode(scrapWhenWorn, forKey: .scrapWhenWorn)
    try c.encode(scrapExponent, forKey: .scrapExponent)
  }
}

/// Set-up when a part of another product comes: the law in row `from`, column `to`; nil: none. It starts set up for `initial`.
public struct SetupSpec: Sendable, Hashable, Codable {
  public var matrix: [[Law?]]
  /// Index of the product; nil: for the first that comes.
  public var initial: Int?
  public var need: NeedSpec?
  public init(matrix: [[Law?]], initial: Int? = nil, need: NeedSpec? = nil) {
    (self.matrix, self.initial, self.need) = (matrix, initial, need)
  }
}
