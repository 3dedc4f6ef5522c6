public import Determinism
import LinearAlgebra
import Probability

/// The posterior of one station's mean work, mean working time between failures and mean repair, from its completions alone.
///
/// The likelihood is exact. The mode is found by Newton's method; draws come from a Student law about it with the curvature there, and are
/// weighted by posterior / proposal, so they stand for the posterior itself and not for its normal approximation.
public enum StampPosterior {
  /// The parameters, in this order.
  public static let names = ["work", "failureInterval", "repair"]

  /// - Parameters:
  ///   - prior: of the three means, in seconds.
  ///   - draws: how many; each costs one pass over the completions.
  /// - Throws: `InferenceError.unfitData` without completions; `.impossibleData` where no parameters explain them.
  public static func station(
    _ completions: Completions, prior: [LognormalPrior], draws count: Int = 500, _ stream: RandomStream
  ) throws(InferenceError) -> Posterior {
    precondition(prior.count == 3 && count > 1, "\(prior.count) priors for a station")
    guard !completions.exact.isEmpty || !completions.bounded.isEmpty else { throw .unfitData("no part's completion is known") }
    let mode = try mode(completions, prior)
    guard let covariance = mode.curvature.inverse, let proposal = try? StudentProposal(mean: mode.x, scale: covariance) else {
      throw .impossibleData
    }
    var stream = stream
    var draws: [[Double]] = []
    var logs: [Double] = []
    for _ in 0..<count {
      let x = proposal.sample(&stream)
      var value = completions.logLikelihood(law(x)) - proposal.logDensity(x)
      for j in 0..<3 { value += prior[j].logDensity(x[j]) }
      draws.append(x)
      logs.append(value.isNaN ? -.infinity : value)
    }
    let weights = LogWeights(logs)
    guard weights.best > -.infinity else { throw .impossibleData }
    let posterior = Posterior(names: names, draws: draws, weights: weights.normalised, logEvidence: weights.logMean)
    if posterior.effectiveSampleSize >= 0.2 * Double(count) { return posterior }
    // Few failures, so far from normal: go by the long way round, from the prior.
    var sampler = TemperedImportance(names: names, prior: prior)
    sampler.final = 2 * count
    return try sampler.run(stream.split("tempered")) { x, _ in completions.logLikelihood(law(x)) }
  }

  static func law(_ x: [Double]) -> ExponentialCompletion {
    ExponentialCompletion(work: Portable.exp(x[0]), failureInterval: Portable.exp(x[1]), repair: Portable.exp(x[2]))
  }

  // MARK: - The mode

  /// The greatest log posterior density, where it lies, and minus the second derivatives there.
  static func mode(_ completions: Completions, _ prior: [LognormalPrior]) throws(InferenceError) -> (x: [Double], curvature: Matrix) {
    func slope(_ x: [Double]) -> (value: Double, slope: [Double]) {
      var (value, slope) = completions.gradient(x)
      for j in 0..<3 {
        value += prior[j].logDensity(x[j])
        slope[j] -= (x[j] - prior[j].center) / (prior[j].spread * prior[j].spread)
      }
      return (value, slope)
    }
    var x = prior.map(\.center)
    // Half of all parts that meet no stop are done within 0.69 of the mean work.
    let sorted = completions.exact.sorted()
    if !sorted.isEmpty { x[0] = Portable.log(max(sorted[sorted.count / 2], 1e-12) / 0.6931) }
    var here = slope(x)
    var curvature = Matrix.identity(3)
    for _ in 0..<60 {
      curvature = minusSecondDerivatives(x) { slope($0).slope }
      var ridge = 0.0
      var step = [0.0, 0, 0]
      // Where the surface is not concave, lean on the diagonal until it is.
      while true {
        let leaned = curvature + Matrix.identity(3) * ridge
        if (try? leaned.cholesky()) != nil, let solved = try? leaned.solve(here.slope) {
          step = solved
          break
        }
        ridge = ridge == 0 ? 1 : 4 * ridge
        if ridge > 1e12 { throw .impossibleData }
      }
      let longest = step.map { abs($0) }.max()!
      var scale = min(1, 1 / longest)
      var moved = false
      while scale * longest > 1e-9 {
        let next = x.indices.map { x[$0] + scale * step[$0] }
        let there = slope(next)
        if there.value > here.value {
          (x, here, moved) = (next, there, true)
          break
        }
        scale /= 2
      }
      if !moved || longest < 1e-7 { break }
    }
    guard here.value.isFinite else { throw .impossibleData }
    return (x, minusSecondDerivatives(x) { slope($0).slope })
  }

  /// By central differences of the gradient.
  private static func minusSecondDerivatives(_ x: [Double], _ slope: ([Double]) -> [Double]) -> Matrix {
    let d = x.count
    let h = 1e-4
    var matrix = Matrix(rows: d, columns: d)
    for j in 0..<d {
      var (up, down) = (x, x)
      up[j] += h
      down[j] -= h
      let (a, b) = (slope(up), slope(down))
      for i in 0..<d { matrix[i, j] = -(a[i] - b[i]) / (2 * h) }
    }
    return (matrix + matrix.transposed) * 0.5
  }
}

extension Matrix {
  /// A⁻¹ of a small square matrix, or nil where it has none.
  var inverse: Matrix? {
    var result = Matrix(rows: rows, columns: columns)
    for j in 0..<columns {
      var unit = [Double](repeating: 0, count: rows)
      unit[j] = 1
      guard let column = try? solve(unit) else { return nil }
      for i in 0..<rows { result[i, j] = column[i] }
    }
    return (result + result.transposed) * 0.5
  }
}
