/// How well a sample from a predictive distribution told what then happened.
public enum EnsembleScore {
  /// The continuous ranked probability score, in the unit of the forecast, 0 at best: E|X − y| − ½·E|X − X′|, with the second term estimated without
  /// bias from different members, so that small and large samples may be compared. A sample of one gives |x − y|.
  ///
  /// - Precondition: the sample is not empty and sorted in rising order.
  /// - Source: T. Gneiting, A. E. Raftery 2007, doi:10.1198/016214506000001437; C. A. T. Ferro 2014, doi:10.1002/qj.2270.
  public static func crps(_ sorted: [Double], observed y: Double) -> Double {
    precondition(!sorted.isEmpty, "a score of nothing")
    let n = Double(sorted.count)
    var distance = 0.0
    var spread = 0.0
    for (i, x) in sorted.enumerated() {
      distance += abs(x - y)
      spread += (2 * Double(i) + 1 - n) * x
    }
    return distance / n - (n > 1 ? spread / (n * (n - 1)) : 0)
  }

  /// The probability integral transform: where the observation falls in the sample, in (0, 1); ties count half.
  ///
  /// - Precondition: the sample is not empty.
  public static func pit(_ sample: [Double], observed y: Double) -> Double {
    precondition(!sample.isEmpty, "a score of nothing")
    let below = Double(sample.count { $0 < y })
    let ties = Double(sample.count { $0 == y })
    return (below + 0.5 * ties + 0.5) / Double(sample.count + 1)
  }
}
