import Determinism
import LinearAlgebra

/// A mixture of a few Student laws follows a posterior that is bent, as those of weakly seen lines are (long repairs and rare failures can
/// stand for each other).
extension TemperedImportance {
  /// Fits the mixture to weighted draws by expectation-maximisation on resampled draws; each law leans on the whole's covariance.
  func cover(_ pool: [[Double]], _ weights: [Double], _ stream: RandomStream) -> Cover {
    let d = prior.count
    var (mean, whole) = WeightedMoments.of(pool, weights)
    for j in 0..<d { whole[j, j] += 1e-4 * prior[j].spread * prior[j].spread }
    guard let single = try? StudentProposal(mean: mean, scale: whole) else { return Cover(parts: [], priorShare: 1) }
    mean = []
    let worth = 1 / weights.reduce(0) { $0 + $1 * $1 }
    let count = min(4, Int(worth / Double(8 * d)))
    guard count > 1 else { return Cover(parts: [(0.95, single)], priorShare: 0.05) }
    var luck = stream
    let kept = pool.indices.filter { weights[$0] > 1e-6 }
    // Starts: systematically drawn along the first principal direction of the draws.
    var parts = starts(kept.map { pool[$0] }, kept.map { weights[$0] }, whole, count, &luck)
    for _ in 0..<15 {
      var shares = [[Double]](repeating: [], count: parts.count)
      for i in kept {
        let logs = LogWeights(parts.map { Portable.log($0.share) + $0.law.logDensity(pool[i]) }).normalised
        for k in parts.indices { shares[k].append(logs[k] * weights[i]) }
      }
      var next: [(share: Double, law: StudentProposal)] = []
      for k in parts.indices {
        let sum = shares[k].reduce(0, +)
        guard sum > 0.02 else { continue }
        let (center, spread) = WeightedMoments.of(kept.map { pool[$0] }, shares[k])
        guard let law = try? StudentProposal(mean: center, scale: spread * 0.7 + whole * 0.15, degrees: 6) else { continue }
        next.append((sum, law))
      }
      if next.isEmpty { return Cover(parts: [(0.95, single)], priorShare: 0.05) }
      parts = next
    }
    let sum = parts.reduce(0) { $0 + $1.share }
    return Cover(parts: parts.map { (0.85 * $0.share / sum, $0.law) } + [(0.1, single)], priorShare: 0.05)
  }

  private func starts(
    _ draws: [[Double]], _ weights: [Double], _ whole: Matrix, _ count: Int, _ luck: inout RandomStream
  ) -> [(share: Double, law: StudentProposal)] {
    guard let eigen = try? whole.symmetricEigen() else { return [] }
    let d = prior.count
    let along = draws.map { x in (0..<d).reduce(0) { $0 + eigen.vectors[$1, d - 1] * x[$1] } }
    let order = draws.indices.sorted { along[$0] < along[$1] }
    let total = weights.reduce(0, +)
    var groups = [[Int]](repeating: [], count: count)
    var sum = 0.0
    for i in order {
      groups[min(Int(sum / total * Double(count)), count - 1)].append(i)
      sum += weights[i]
    }
    return groups.compactMap { group in
      let share = group.reduce(0) { $0 + weights[$1] }
      guard share > 0 else { return nil }
      let (center, spread) = WeightedMoments.of(group.map { draws[$0] }, group.map { weights[$0] })
      return (try? StudentProposal(mean: center, scale: spread + whole * 0.15)).map { (1 / Double(count), $0) }
    }
  }
}
