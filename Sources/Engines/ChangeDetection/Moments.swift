/// Weighted sums of a stretch of one stream: all that its laws need to know of the past.
public struct Moments: Sendable, Hashable, Codable {
  /// Σw: how many observations.
  public var count: Double
  /// Σw·y, with y the observation in its law's own scale (`StreamLaw.score`).
  public var sum: Double
  /// Σw·y².
  public var squares: Double
  /// Σw·exposure: operating time, parts or trials for counts; equal to `count` for what is measured.
  public var exposure: Double

  public init(count: Double = 0, sum: Double = 0, squares: Double = 0, exposure: Double = 0) {
    (self.count, self.sum, self.squares, self.exposure) = (count, sum, squares, exposure)
  }

  public mutating func add(_ y: Double, exposure e: Double = 1, weight w: Double = 1) {
    count += w
    sum += w * y
    squares += w * y * y
    exposure += w * e
  }

  /// The mean of y; 0 of nothing.
  public var mean: Double { count > 0 ? sum / count : 0 }
  /// Σw·(y − mean)².
  public var deviance: Double { count > 0 ? max(squares - sum * sum / count, 0) : 0 }

  public static func + (a: Moments, b: Moments) -> Moments {
    Moments(count: a.count + b.count, sum: a.sum + b.sum, squares: a.squares + b.squares, exposure: a.exposure + b.exposure)
  }

  public static func * (a: Moments, k: Double) -> Moments {
    Moments(count: a.count * k, sum: a.sum * k, squares: a.squares * k, exposure: a.exposure * k)
  }
}
