/// What a finite sample of a predictive distribution says of the value that is still to come.
public enum Ensemble {
  /// The value below which what comes falls with probability p, by a sample of n that was drawn as it will be drawn.
  ///
  /// All n + 1 places that the next value can take among n others are equally probable, so the k-th smallest is passed with probability
  /// k/(n + 1): the quantile stands at place p·(n + 1), by linear interpolation. A place outside 1…n is not known from so few; the least or the
  /// greatest value stands for it. (`Stratified.quantile` puts the k-th at (k − ½)/n, as befits values of which each stands for an equal share
  /// of a known distribution. Taken here it would make the central 90 % of 40 replications hold 87.8 %.)
  ///
  /// - Precondition: the sample is not empty and sorted in rising order, and 0 < p < 1.
  /// - Source: S. S. Wilks 1941, doi:10.1214/aoms/1177731788.
  public static func quantile(_ sorted: [Double], _ p: Double) -> Double {
    precondition(!sorted.isEmpty, "a quantile of nothing")
    let place = p * Double(sorted.count + 1)
    if place <= 1 { return sorted[0] }
    if place >= Double(sorted.count) { return sorted[sorted.count - 1] }
    let k = Int(place)
    let share = place - Double(k)
    // Between two infinite values (what never happens) there is no distance.
    return share == 0 || sorted[k - 1] == sorted[k] ? sorted[k - 1] : sorted[k - 1] + (sorted[k] - sorted[k - 1]) * share
  }
}
