import Probability

/// Interval estimates from one run, cut into batches that are long enough to be nearly independent.
///
/// The two estimators here take the batch size as it is given. `SteadyState` finds it, and corrects for what correlation and skewness remain.
public enum BatchMeans {
  /// The means of adjacent batches of `size` observations; a last batch that is not full is left out.
  ///
  /// - Precondition: size > 0.
  public static func means(of run: [Double], size: Int) -> [Double] {
    precondition(size > 0, "batches of \(size)")
    let share = 1 / Double(size)
    return (0..<run.count / size).map { batch in
      var sum = 0.0
      for i in batch * size..<(batch + 1) * size { sum += run[i] }
      return sum * share
    }
  }

  /// Non-overlapping batch means: Student's t on `batches` means.
  ///
  /// Ten to thirty batches serve; more make the interval no narrower and the batches more dependent. The run's first observations, as many
  /// as do not fill the batches, are left out.
  ///
  /// - Precondition: 2 ≤ batches ≤ the run's length.
  /// - Source: B. Schmeiser 1982, doi:10.1287/opre.30.3.556.
  public static func estimate(of run: [Double], batches: Int = 20, confidence: Double = 0.95) -> Estimate {
    precondition(batches >= 2 && batches <= run.count, "\(batches) batches of \(run.count) observations")
    let size = run.count / batches
    return Estimate(of: PrefixSums(run).means(from: run.count - size * batches, size: size, batches: batches), confidence: confidence)
  }

  /// Overlapping batch means: every stretch of `size` observations is a batch. The variance of its standard error is two thirds of that of
  /// as long batches side by side.
  ///
  ///     V = n·m / ((n − m + 1)(n − m)) · Σ (Ȳ_j − Ȳ)²,   standard error √(V/n),   1.5·(n/m − 1) degrees of freedom
  ///
  /// - Precondition: 1 ≤ size ≤ half the run's length.
  /// - Source: M. S. Meketon, B. Schmeiser 1984, "Overlapping batch means: something for nothing?", Winter Simulation Conference.
  public static func overlapping(_ run: [Double], size: Int, confidence: Double = 0.95) -> Estimate {
    precondition(size >= 1 && 2 * size <= run.count, "batches of \(size) in \(run.count) observations")
    let sums = PrefixSums(run)
    let (n, m) = (Double(run.count), Double(size))
    let mean = sums.mean(from: 0, count: run.count)
    var squares = 0.0
    for j in 0...run.count - size {
      let difference = sums.mean(from: j, count: size) - mean
      squares += difference * difference
    }
    let variance = n * m / ((n - m + 1) * (n - m)) * squares
    return Estimate(
      mean: mean, standardError: (variance / n).squareRoot(), count: run.count / size, degreesOfFreedom: 1.5 * (n / m - 1), confidence: confidence)
  }

  /// Von Neumann's ratio, turned so that independent values give about 0 and positively correlated ones more: about their lag-1 correlation.
  ///
  ///     C = 1 − Σ (x_{i+1} − x_i)² / (2·Σ (x_i − x̄)²)
  ///
  /// - Source: J. von Neumann 1941, doi:10.1214/aoms/1177731677.
  public static func serialDependence(_ values: [Double]) -> Double {
    let moments = RunningMoments(values)
    let squares = moments.variance * Double(values.count - 1)
    var steps = 0.0
    for (a, b) in zip(values, values.dropFirst()) { steps += (b - a) * (b - a) }
    return squares > 0 ? 1 - steps / (2 * squares) : 0
  }

  /// Whether values pass for independent: |C| ≤ z(1 − level/2)·√((k − 2)/(k² − 1)). `level` is the chance that independent values fail.
  public static func seemIndependent(_ values: [Double], level: Double = 0.2) -> Bool {
    let k = Double(values.count)
    guard k > 2 else { return true }
    return serialDependence(values).magnitude <= Normal.quantile(1 - level / 2) * ((k - 2) / (k * k - 1)).squareRoot()
  }
}
