internal import Determinism

/// log Σ exp xᵢ without overflow; −∞ for none.
public enum LogSum {
  /// The logarithm of a sum of numbers that are known by their logarithms.
  public static func of(_ logs: ArraySlice<Double>) -> Double {
    guard let largest = logs.max(), largest > -.infinity else { return -.infinity }
    var sum = 0.0
    for x in logs { sum += Portable.exp(x - largest) }
    return largest + Portable.log(sum)
  }

  /// The same of a whole array.
  public static func of(_ logs: [Double]) -> Double { of(logs[...]) }
}
