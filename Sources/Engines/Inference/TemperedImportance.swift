public import Determinism
import Estimation

/// Importance sampling of a posterior whose likelihood is known, or estimated without bias: the way in is tempered, the last draws are fair.
///
/// 1. Draws from the prior; then, round by round, from a cover fitted to prior·likelihood^β, β as great as the draws so far bear (adaptive
///    multiple importance sampling with deterministic mixture weights), until β = 1 and the cover has settled. The cover is a mixture of
///    Student kernels about draws, each with the spread of its neighbours, so it follows posteriors that are bent or have two humps, as
///    those of weakly seen lines have (a slow first station and a slow second one look alike from the end).
/// 2. All of these are set aside. Fresh draws come in batches, each from a cover that was fitted before it, and are weighted by posterior /
///    cover; what the batches so far found improves the cover of the next. They end when the draws asked for are made, or the posterior is known
///    as well as wanted (`MonteCarloError`).
///
/// An unbiased estimate of the likelihood in place of the likelihood leaves every expectation what it is, and costs effective draws: about
/// e^(−σ²) of them for an estimate of log-variance σ².
///
/// - Source: J.-M. Cornuet et al. 2012, doi:10.1111/j.1467-9469.2011.00756.x; kernels: O. Cappé et al. 2004,
///   doi:10.1198/106186004X12803; estimates: M.-N. Tran et al., "Importance sampling squared", 2013, arXiv:1309.3339.
public struct TemperedImportance: Sendable {
  public let names: [String]
  public let prior: [LognormalPrior]
  /// Draws of each round of the way in: a hundred for each parameter.
  public var perRound: Int
  /// Rounds at β = 1 before the last draws.
  public var settledRounds = 5
  /// The most rounds of the way in.
  public var rounds = 16
  /// The most fresh draws at the end.
  public var final = 1000
  /// Draws of a batch of the end, at least; a tenth of `final` if that is more.
  public var batch = 1000
  /// No more draws are made once no mean and no deviation of a parameter is off by more than this by chance, in posterior deviations (a standard
  /// error). 0: all of `final` are made.
  public var wantedError = 0.0

  public init(names: [String], prior: [LognormalPrior]) {
    precondition(names.count == prior.count && !names.isEmpty, "\(names.count) names for \(prior.count) priors")
    (self.names, self.prior, perRound) = (names, prior, max(200, 100 * prior.count))
  }

  /// - Parameter logLikelihood: of the logarithms of the parameters; its stream is for an estimate's own luck, another for each call.
  /// - Throws: `InferenceError.impossibleData` where every draw has likelihood 0.
  public func run(
    _ stream: RandomStream, _ logLikelihood: (_ x: [Double], _ luck: RandomStream) -> Double
  ) throws(InferenceError) -> Posterior {
    let cover = try approach(stream.split("approach"), logLikelihood)
    return try conclude(cover, stream.split("final"), logLikelihood)
  }

  // MARK: - The way in

  func approach(_ stream: RandomStream, _ logLikelihood: ([Double], RandomStream) -> Double) throws(InferenceError) -> KernelCover {
    let columns = prior.indices.map { j in
      Stratified.normals(perRound, stream.split("prior").split(j)).map { prior[j].center + prior[j].spread * $0 }
    }
    var pool = (0..<perRound).map { i in columns.map { $0[i] } }
    var likelihoods = pool.indices.map { sane(logLikelihood(pool[$0], stream.split("luck").split($0))) }
    var covers = [KernelCover(prior: prior)]
    // By draw: Σ over the covers so far of (their draws)·density, as a logarithm.
    var densities = pool.map { Portable.log(Double(perRound)) + logPrior($0) }
    var settled = 0
    var round = 1
    while true {
      guard likelihoods.contains(where: { $0 > -.infinity }) else { throw .impossibleData }
      let base = pool.indices.map { logPrior(pool[$0]) - densities[$0] }
      let beta = greatestBeta(base, likelihoods)
      if beta == 1 { settled += 1 }
      let weights = LogWeights(pool.indices.map { base[$0] + beta * likelihoods[$0] }).normalised
      let tempered = LogWeights(pool.indices.map { base[$0] + 0.4 * beta * likelihoods[$0] }).normalised
      let cover = KernelCover(prior: prior, pool, weights, tempered: tempered, stream.split("cover").split(round))
      if settled > settledRounds || round >= rounds { return cover }
      covers.append(cover)
      var luck = stream.split("round").split(round)
      let fresh = (0..<perRound).map { _ in cover.sample(&luck) }
      let count = Portable.log(Double(perRound))
      for i in pool.indices { densities[i] = KernelCover.logSum(densities[i], count + cover.logDensity(pool[i])) }
      for x in fresh {
        densities.append(covers.reduce(-.infinity) { KernelCover.logSum($0, count + $1.logDensity(x)) })
        likelihoods.append(sane(logLikelihood(x, stream.split("luck").split(pool.count))))
        pool.append(x)
      }
      round += 1
    }
  }

  /// The greatest β ≤ 1 at which the draws are still worth enough to fit a cover to.
  private func greatestBeta(_ base: [Double], _ likelihoods: [Double]) -> Double {
    let enough = max(8 * Double(prior.count), 0.2 * Double(perRound))
    func worth(_ beta: Double) -> Double { LogWeights(base.indices.map { base[$0] + beta * likelihoods[$0] }).effectiveSampleSize }
    if worth(1) >= enough { return 1 }
    var (low, high) = (0.0, 1.0)
    for _ in 0..<30 {
      let middle = (low + high) / 2
      if worth(middle) >= enough { low = middle } else { high = middle }
    }
    return low
  }

  // MARK: - The last draws

  func conclude(
    _ cover: KernelCover, _ stream: RandomStream, _ logLikelihood: ([Double], RandomStream) -> Double
  ) throws(InferenceError) -> Posterior {
    var cover = cover
    var luck = stream.split("draws")
    var draws: [[Double]] = []
    var logs: [Double] = []
    let size = max(batch, final / 10)
    while draws.count < final {
      for _ in 0..<min(size, final - draws.count) {
        let x = cover.sample(&luck)
        logs.append(logPrior(x) + sane(logLikelihood(x, stream.split("luck").split(draws.count))) - cover.logDensity(x))
        draws.append(x)
      }
      let weights = LogWeights(logs)
      guard weights.best > -.infinity, draws.count < final else { continue }
      if wantedError > 0, MonteCarloError(draws, weights.normalised).worst <= wantedError { break }
      // A cover fitted to fewer would be worse than the one that is there.
      guard weights.effectiveSampleSize >= Double(50 * prior.count) else { continue }
      let base = draws.indices.map { logs[$0] }
      let tempered = LogWeights(base.map { 0.4 * $0 }).normalised
      cover = KernelCover(prior: prior, draws, weights.normalised, tempered: tempered, stream.split("cover").split(draws.count))
    }
    let weights = LogWeights(logs)
    guard weights.best > -.infinity else { throw .impossibleData }
    return Posterior(names: names, draws: draws, weights: weights.normalised, logEvidence: weights.logMean)
  }

  func logPrior(_ x: [Double]) -> Double { prior.indices.reduce(0) { $0 + prior[$1].logDensity(x[$1]) } }

  private func sane(_ value: Double) -> Double { value.isNaN ? -.infinity : value }
}
