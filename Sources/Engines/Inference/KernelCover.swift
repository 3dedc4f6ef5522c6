import Determinism
import LinearAlgebra

/// A mixture that covers a posterior known by weighted draws: Student kernels about some of the draws, each with the covariance of its
/// neighbours. About half stand about draws of the posterior itself; a third about those that say most of the deviations, which lie in long
/// thin tails, where the posterior alone would send hardly a draw; the rest about draws of a tempered posterior, which reach further out. A share
/// of draws comes from the prior, so that no weight exceeds likelihood / that share.
///
/// - Source: kernels with local covariance: G. H. Givens, A. E. Raftery 1996, doi:10.1080/01621459.1996.10476676; draws placed by what is to be
///   estimated: H. Kahn, A. W. Marshall 1953, doi:10.1287/opre.1.5.263.
struct KernelCover {
  /// Kernels of equal weight within a group.
  private var groups: [(share: Double, kernels: [StudentProposal])] = []
  private var density: KernelSum
  private var prior: [LognormalPrior]
  private var priorShare = 1.0
  /// Kernels of a group: as many as the dimension asks for.
  static func mostKernels(_ dimensions: Int) -> Int { 50 * dimensions }

  /// The prior alone.
  init(prior: [LognormalPrior]) {
    self.prior = prior
    density = KernelSum(dimensions: prior.count)
  }

  /// - Parameters:
  ///   - weights, tempered: of the pool's draws, for the posterior and for the tempered one; each adds up to 1.
  init(prior: [LognormalPrior], _ pool: [[Double]], _ weights: [Double], tempered: [Double], _ stream: RandomStream) {
    self.init(prior: prior)
    let close = kernels(pool, weights, around: weights, stream.split("close"))
    let tails = kernels(pool, weights, around: KernelCover.influence(pool, weights), stream.split("tails"))
    let wide = kernels(pool, tempered, around: tempered, stream.split("wide"))
    guard !close.isEmpty && !tails.isEmpty && !wide.isEmpty else { return }
    groups = [(0.45, close), (0.35, tails), (0.15, wide)]
    priorShare = 0.05
    for group in groups { for kernel in group.kernels { density.add(kernel, share: group.share / Double(group.kernels.count)) } }
  }

  /// Places where kernels stand: half of them in the middle of the posterior, half in its tails, evenly chosen.
  func places(_ count: Int) -> [[Double]] {
    guard groups.count > 1 else { return [prior.map(\.center)] }
    return (0..<count).map { k in
      let kernels = groups[k % 2].kernels
      return kernels[(2 * (k / 2) + 1) * kernels.count / (2 * ((count + 1) / 2))].mean
    }
  }

  func sample(_ luck: inout RandomStream) -> [Double] {
    var u = luck.uniform()
    for group in groups {
      if u < group.share { return group.kernels[luck.integer(below: group.kernels.count)].sample(&luck) }
      u -= group.share
    }
    return prior.map { $0.center + $0.spread * luck.normal() }
  }

  func logDensity(_ x: [Double]) -> Double {
    let own = prior.indices.reduce(Portable.log(priorShare)) { $0 + prior[$1].logDensity(x[$1]) }
    return KernelCover.logSum(own, Portable.log(density.value(x)))
  }

  static func logSum(_ a: Double, _ b: Double) -> Double {
    let (great, small) = a > b ? (a, b) : (b, a)
    return small == -.infinity ? great : great + Portable.log1p(Portable.exp(small - great))
  }

  // MARK: - Kernels

  /// How much each draw says of the parameters' deviations: its weight times |z² − 1|, z the draw's standardised parameter. A draw far out in a long
  /// tail weighs little and says much. Parameters share by the variance of z², kurtosis − 1: that of the longest tail takes the most.
  private static func influence(_ pool: [[Double]], _ weights: [Double]) -> [Double] {
    let moments = WeightedMoments.of(pool, weights)
    var influence = [Double](repeating: 0, count: pool.count)
    for j in moments.mean.indices {
      let (mean, variance) = (moments.mean[j], moments.covariance[j, j])
      guard variance > 0 else { continue }
      let surplus = pool.map { ($0[j] - mean) * ($0[j] - mean) / variance - 1 }
      let (sum, share) = zip(weights, surplus).reduce((0, 0)) { ($0.0 + $1.0 * abs($1.1), $0.1 + $1.0 * $1.1 * $1.1) }
      if sum > 0 { for i in surplus.indices { influence[i] += share * weights[i] * abs(surplus[i]) / sum } }
    }
    let sum = influence.reduce(0, +)
    return sum > 0 ? influence.map { $0 / sum } : weights
  }

  /// - Parameters:
  ///   - weights: of the law whose local spread the kernels take.
  ///   - around: of the draws to stand about; adds up to 1.
  private func kernels(_ pool: [[Double]], _ weights: [Double], around: [Double], _ stream: RandomStream) -> [StudentProposal] {
    let d = prior.count
    var (mean, whole) = WeightedMoments.of(pool, weights)
    // A little of the prior's spread keeps kernels from collapsing onto few draws.
    for j in 0..<d { whole[j, j] += 1e-4 * prior[j].spread * prior[j].spread }
    guard let factor = try? whole.cholesky() else { return [] }
    let worth = 1 / weights.reduce(0) { $0 + $1 * $1 }
    var luck = stream
    let count = min(KernelCover.mostKernels(d), max(8, Int(worth)))
    let chosen = Resampling.systematic(around, count: count, luck.uniform())
    let white = pool.map { KernelCover.whitened($0, mean, factor) }
    mean = []
    // A neighbourhood holds a twentieth of the weight, or as many draws as a covariance needs.
    let share = max(0.05, min(1, Double(2 * d) / worth))
    // Silverman's width for so many kernels of dimension d: a kernel is never narrower.
    let width = Portable.pow(4 / (Double(d + 2) * max(worth, 2)), 1 / Double(d + 4))
    var made: [Int: StudentProposal] = [:]
    return chosen.compactMap { c in
      if let known = made[c] { return known }
      let near = KernelCover.neighbourhood(white, weights, of: c, share: share)
      let local = near.isEmpty ? whole : WeightedMoments.of(near.map { pool[$0] }, near.map { weights[$0] }).covariance
      made[c] = try? StudentProposal(mean: pool[c], scale: local * 0.8 + whole * (0.3 * width * width), degrees: KernelSum.degrees(d))
      return made[c]
    }
  }

  // MARK: - Neighbours

  private static func whitened(_ x: [Double], _ center: [Double], _ factor: Matrix) -> [Double] {
    var z = x
    for i in x.indices {
      var v = x[i] - center[i]
      for j in 0..<i { v -= factor[i, j] * z[j] }
      z[i] = v / factor[i, i]
    }
    return z
  }

  /// The draws nearest to draw c, by the whole's metric, that hold a share of the weight.
  private static func neighbourhood(_ white: [[Double]], _ weights: [Double], of c: Int, share: Double) -> [Int] {
    var near: [(index: Int, distance: Double)] = []
    for i in white.indices where weights[i] > 1e-7 {
      var square = 0.0
      for j in white[i].indices { square += (white[i][j] - white[c][j]) * (white[i][j] - white[c][j]) }
      near.append((i, square))
    }
    near.sort { $0.distance < $1.distance }
    var sum = 0.0
    var taken: [Int] = []
    for n in near {
      taken.append(n.index)
      sum += weights[n.index]
      if sum >= share { break }
    }
    return taken
  }
}
