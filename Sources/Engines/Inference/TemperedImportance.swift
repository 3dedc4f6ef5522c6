public import Determinism
import Estimation
import LinearAlgebra

/// Importance sampling of a posterior whose likelihood is known, or estimated without bias: the way in is tempered, the last draws are fair.
///
/// 1. Draws from the prior; then, round by round, from Student laws fitted to prior·likelihood^β, β as great as the draws so far bear
///    (adaptive multiple importance sampling with deterministic mixture weights), until β = 1 and the fit has settled.
/// 2. All of these are set aside. Fresh draws from the mixture of the last fit and the prior are weighted by posterior / mixture.
///
/// An unbiased estimate of the likelihood in place of the likelihood leaves every expectation what it is, and costs effective draws: about
/// e^(−σ²) of them for an estimate of log-variance σ².
///
/// - Source: J.-M. Cornuet et al. 2012, doi:10.1111/j.1467-9469.2011.00756.x; M.-N. Tran et al., "Importance sampling squared", 2013,
///   arXiv:1309.3339.
public struct TemperedImportance: Sendable {
  public let names: [String]
  public let prior: [LognormalPrior]
  /// Draws of each round of the way in.
  public var perRound = 200
  /// Rounds at β = 1 before the last draws.
  public var settledRounds = 2
  /// The most rounds of the way in.
  public var rounds = 12
  /// Fresh draws at the end.
  public var final = 1000

  public init(names: [String], prior: [LognormalPrior]) {
    precondition(names.count == prior.count && !names.isEmpty, "\(names.count) names for \(prior.count) priors")
    (self.names, self.prior) = (names, prior)
  }

  /// - Parameter logLikelihood: of the logarithms of the parameters; its stream is for an estimate's own luck, another for each call.
  /// - Throws: `InferenceError.impossibleData` where every draw has likelihood 0.
  public func run(
    _ stream: RandomStream, _ logLikelihood: (_ x: [Double], _ luck: RandomStream) -> Double
  ) throws(InferenceError) -> Posterior {
    let fit = try approach(stream.split("approach"), logLikelihood)
    return try conclude(fit, stream.split("final"), logLikelihood)
  }

  // MARK: - The way in

  /// The mixture that the posterior is covered by.
  struct Cover {
    var parts: [(share: Double, law: StudentProposal)]
    /// Share of draws from the prior itself: no weight can then exceed likelihood / this.
    var priorShare: Double
  }

  func approach(_ stream: RandomStream, _ logLikelihood: ([Double], RandomStream) -> Double) throws(InferenceError) -> Cover {
    let columns = prior.indices.map { j in
      Stratified.normals(perRound, stream.split("prior").split(j)).map { prior[j].center + prior[j].spread * $0 }
    }
    var pool = (0..<perRound).map { i in columns.map { $0[i] } }
    var likelihoods = pool.indices.map { sane(logLikelihood(pool[$0], stream.split("luck").split($0))) }
    // By draw: Σ over the laws so far of (their draws)·density, as a logarithm.
    var covers = pool.map { Portable.log(Double(perRound)) + logPrior($0) }
    var laws: [StudentProposal] = []
    var settled = 0
    var round = 1
    while true {
      guard likelihoods.contains(where: { $0 > -.infinity }) else { throw .impossibleData }
      let base = pool.indices.map { logPrior(pool[$0]) - covers[$0] }
      let beta = greatestBeta(base, likelihoods)
      if beta == 1 { settled += 1 }
      let weights = LogWeights(pool.indices.map { base[$0] + beta * likelihoods[$0] }).normalised
      if settled > settledRounds || round >= rounds { return cover(pool, weights, stream.split("mixture")) }
      let law = try fit(pool, weights)
      laws.append(law)
      var luck = stream.split("round").split(round)
      let fresh = (0..<perRound).map { _ in law.sample(&luck) }
      let count = Portable.log(Double(perRound))
      for i in pool.indices { covers[i] = logSum(covers[i], count + law.logDensity(pool[i])) }
      for x in fresh {
        covers.append(laws.reduce(count + logPrior(x)) { logSum($0, count + $1.logDensity(x)) })
        likelihoods.append(sane(logLikelihood(x, stream.split("luck").split(pool.count))))
        pool.append(x)
      }
      round += 1
    }
  }

  /// The greatest β ≤ 1 at which the draws are still worth enough to fit a law to.
  private func greatestBeta(_ base: [Double], _ likelihoods: [Double]) -> Double {
    let enough = max(6 * Double(prior.count), 0.2 * Double(perRound))
    func worth(_ beta: Double) -> Double { LogWeights(base.indices.map { base[$0] + beta * likelihoods[$0] }).effectiveSampleSize }
    if worth(1) >= enough { return 1 }
    var (low, high) = (0.0, 1.0)
    for _ in 0..<30 {
      let middle = (low + high) / 2
      if worth(middle) >= enough { low = middle } else { high = middle }
    }
    return low
  }

  private func fit(_ pool: [[Double]], _ weights: [Double]) throws(InferenceError) -> StudentProposal {
    var (mean, covariance) = WeightedMoments.of(pool, weights)
    // A little of the prior's spread keeps the law from collapsing onto few draws.
    for j in prior.indices { covariance[j, j] += 1e-4 * prior[j].spread * prior[j].spread }
    guard let law = try? StudentProposal(mean: mean, scale: covariance) else { throw .impossibleData }
    mean = []
    return law
  }

  // MARK: - The last draws

  func conclude(
    _ cover: Cover, _ stream: RandomStream, _ logLikelihood: ([Double], RandomStream) -> Double
  ) throws(InferenceError) -> Posterior {
    var luck = stream.split("draws")
    var draws: [[Double]] = []
    var logs: [Double] = []
    for k in 0..<final {
      let x = sample(cover, &luck)
      let value = sane(logLikelihood(x, stream.split("luck").split(k)))
      draws.append(x)
      logs.append(logPrior(x) + value - logDensity(cover, x))
    }
    let weights = LogWeights(logs)
    guard weights.best > -.infinity else { throw .impossibleData }
    return Posterior(names: names, draws: draws, weights: weights.normalised, logEvidence: weights.logMean)
  }

  func sample(_ cover: Cover, _ luck: inout RandomStream) -> [Double] {
    var u = luck.uniform() - cover.priorShare
    if u < 0 { return prior.map { $0.center + $0.spread * luck.normal() } }
    for part in cover.parts {
      u -= part.share
      if u < 0 { return part.law.sample(&luck) }
    }
    return cover.parts[cover.parts.count - 1].law.sample(&luck)
  }

  func logDensity(_ cover: Cover, _ x: [Double]) -> Double {
    cover.parts.reduce(Portable.log(cover.priorShare) + logPrior(x)) { logSum($0, Portable.log($1.share) + $1.law.logDensity(x)) }
  }

  func logPrior(_ x: [Double]) -> Double { prior.indices.reduce(0) { $0 + prior[$1].logDensity(x[$1]) } }

  private func sane(_ value: Double) -> Double { value.isNaN ? -.infinity : value }

  func logSum(_ a: Double, _ b: Double) -> Double {
    let (great, small) = a > b ? (a, b) : (b, a)
    return small == -.infinity ? great : great + Portable.log1p(Portable.exp(small - great))
  }
}
