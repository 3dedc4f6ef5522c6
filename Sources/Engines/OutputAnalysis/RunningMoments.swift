/// Count, mean, variance, skewness, least and greatest of values that come one at a time; nothing is kept of the values themselves.
///
/// Two of them merge to what one would have seen, up to rounding. The mean is updated by differences, so values that are large against
/// their spread lose no digits.
///
/// - Source: B. P. Welford 1962, doi:10.1080/00401706.1962.10490022; third moment and merging by P. Pébay 2008, doi:10.2172/1028931.
public struct RunningMoments: Sendable, Hashable, Codable {
  public private(set) var count = 0
  /// 0 before the first value.
  public private(set) var mean = 0.0
  /// Σ (x − mean)² and Σ (x − mean)³.
  private var squares = 0.0
  private var cubes = 0.0
  private var least = 0.0
  private var greatest = 0.0

  public init() {}

  public init(_ values: some Sequence<Double>) {
    for value in values { add(value) }
  }

  /// Counts one value in.
  public mutating func add(_ value: Double) {
    if count == 0 { (least, greatest) = (value, value) }
    if value < least { least = value }
    if value > greatest { greatest = value }
    let before = Double(count)
    count += 1
    let n = Double(count)
    let delta = value - mean
    let step = delta / n
    let term = delta * step * before
    mean += step
    cubes += term * step * (n - 2) - 3 * step * squares
    squares += term
  }

  /// Counts in what another has seen.
  public mutating func merge(_ other: RunningMoments) {
    if other.count == 0 { return }
    if count == 0 {
      self = other
      return
    }
    let (a, b) = (Double(count), Double(other.count))
    let n = a + b
    let delta = other.mean - mean
    let square = delta * delta * a * b / n
    cubes += other.cubes + square * delta * (a - b) / n + 3 * delta * (a * other.squares - b * squares) / n
    squares += other.squares + square
    mean += delta * b / n
    count += other.count
    least = min(least, other.least)
    greatest = max(greatest, other.greatest)
  }

  /// s² = Σ (x − mean)² / (n − 1); not a number below two values.
  public var variance: Double { count > 1 ? squares / Double(count - 1) : .nan }
  public var standardDeviation: Double { variance.squareRoot() }
  /// s/√n; infinite below two values.
  public var standardError: Double { count > 1 ? (variance / Double(count)).squareRoot() : .infinity }

  /// n/((n − 1)(n − 2)) · Σ (x − mean)³ / s³; 0 where all values are equal, not a number below three.
  public var skewness: Double {
    if count < 3 { return .nan }
    let s = standardDeviation
    if s == 0 { return 0 }
    let n = Double(count)
    return n / ((n - 1) * (n - 2)) * cubes / (s * s * s)
  }

  /// Not a number before the first value.
  public var minimum: Double { count == 0 ? .nan : least }
  /// Not a number before the first value.
  public var maximum: Double { count == 0 ? .nan : greatest }
}
