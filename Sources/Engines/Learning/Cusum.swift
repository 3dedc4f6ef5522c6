/// Page's two-sided cumulative sum of standardised residuals: S⁺ ← max(0, S⁺ + z − k), S⁻ ← max(0, S⁻ − z − k); alarm at S > h.
///
/// A one-sided sum with k = δ/2 is the fastest detector of a shift δ among those with its rate of false alarms.
///
/// - Source: E. S. Page 1954, doi:10.1093/biomet/41.1-2.100; G. V. Moustakides 1986, doi:10.1214/aos/1176350164.
public struct Cusum: Sendable, Hashable, Codable {
  public enum Side: String, Sendable, Hashable, Codable { case high, low }
  /// Reference value and threshold, in standard deviations.
  public let k: Double
  public let h: Double
  /// Where both sums start, and start again: above zero, a shift that is there from the start is found sooner.
  public let headStart: Double
  public private(set) var high: Double
  public private(set) var low: Double
  /// Residuals since each sum last left zero: how long ago the change began, by its own best estimate.
  public private(set) var highRun = 0
  public private(set) var lowRun = 0

  public init(k: Double = 0.5, h: Double = 5, headStart: Double = 0) {
    precondition(k >= 0 && h > 0 && headStart >= 0 && headStart < h, "reference \(k), threshold \(h), head start \(headStart)")
    (self.k, self.h, self.headStart) = (k, h, headStart)
    (high, low) = (headStart, headStart)
  }

  /// Takes a residual in; says which sum stands above the threshold now, if one does.
  public mutating func observe(_ z: Double) -> Side? {
    high = max(0, high + z - k)
    low = max(0, low - z - k)
    highRun = high > 0 ? highRun + 1 : 0
    lowRun = low > 0 ? lowRun + 1 : 0
    return high > h ? .high : low > h ? .low : nil
  }

  public mutating func reset() { (high, low, highRun, lowRun) = (headStart, headStart, 0, 0) }
}
