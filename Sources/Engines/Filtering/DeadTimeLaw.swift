import Determinism

/// The posterior of a dead time under a flat prior, on a grid of it, with all other parameters at their best for each place.
struct DeadTimeLaw {
  /// The posterior mean of each parameter.
  let means: [Double]
  /// The best fit on the grid.
  let best: LeastSquares.Solution

  /// Seventeen places over four standard deviations on both sides of the fit, cut at the limits.
  init(_ profile: ProfileLikelihood, within limits: ClosedRange<Double>) throws(FilteringError) {
    typealias Place = DeadTimePredictor.Place
    let centre = profile.fit.parameters[Place.deadTime]
    let deviation = profile.deviation(Place.deadTime)
    let reach = deviation > 0 && deviation.isFinite ? 4 * deviation : limits.upperBound - limits.lowerBound
    let half = 8
    var (total, sums) = (1.0, profile.fit.parameters)
    var best = profile.fit
    for side in [1.0, -1] {
      var start = profile.fit.parameters
      for k in 1...half {
        let place = centre + side * reach * Double(k) / Double(half)
        if !limits.contains(place) { break }
        let (fit, logLikelihood) = try profile.held(Place.deadTime, at: place, from: start)
        start = fit.parameters
        if fit.sumOfSquares < best.sumOfSquares { best = fit }
        let weight = Portable.exp(min(50, logLikelihood))
        total += weight
        for j in sums.indices { sums[j] += weight * fit.parameters[j] }
      }
    }
    means = sums.map { $0 / total }
    self.best = best
  }
}
