public import Determinism
import Probability

/// Latin-hypercube samples: one in each of `count` equally probable strata, in random order, so that moments and quantiles of few draws
/// are nearly those of the distribution. Different streams give independent orders.
public enum Stratified {
  /// Uniform in (0, 1).
  public static func uniforms(_ count: Int, _ stream: RandomStream) -> [Double] {
    var stream = stream
    var values = (0..<count).map { (Double($0) + stream.uniform()) / Double(count) }
    stream.shuffle(&values)
    return values
  }

  /// Standard normal.
  public static func normals(_ count: Int, _ stream: RandomStream) -> [Double] { uniforms(count, stream).map(Normal.quantile) }

  /// The p-quantile of a sample, by linear interpolation between order statistics at (i + ½)/n.
  ///
  /// - Precondition: the sample is not empty and sorted in rising order.
  public static func quantile(_ sorted: [Double], _ p: Double) -> Double {
    precondition(!sorted.isEmpty, "a quantile of nothing")
    let position = p * Double(sorted.count) - 0.5
    if position <= 0 { return sorted[0] }
    if position >= Double(sorted.count - 1) { return sorted[sorted.count - 1] }
    let i = Int(position)
    return sorted[i] + (sorted[i + 1] - sorted[i]) * (position - Double(i))
  }
}
