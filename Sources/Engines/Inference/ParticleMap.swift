import Determinism
import LinearAlgebra

/// How many particles a likelihood's estimate needs at a place: its noise differs by a factor of ten and more between the humps and tails of one
/// posterior. The noise was measured at some places; a place takes the number of the nearest.
///
/// The number depends on the place alone and not on the estimate, so each estimate stays unbiased.
struct ParticleMap {
  private let places: [[Double]]
  private let counts: [Int]
  /// L⁻¹·x stands for x, L the Cholesky factor of the places' covariance.
  private let factor: Matrix?

  /// - Parameter counts: as many as places, at least one.
  init(places: [[Double]], counts: [Int]) {
    self.counts = counts
    var covariance = WeightedMoments.of(places, places.map { _ in 1 }).covariance
    for j in 0..<covariance.rows { covariance[j, j] += 1e-9 + 1e-3 * covariance[j, j] }
    let factor = try? covariance.cholesky()
    self.factor = factor
    self.places = places.map { ParticleMap.scaled($0, factor) }
  }

  func count(at x: [Double]) -> Int {
    let z = ParticleMap.scaled(x, factor)
    var best = (square: Double.infinity, count: counts[0])
    for (place, count) in zip(places, counts) {
      var square = 0.0
      for j in z.indices { square += (z[j] - place[j]) * (z[j] - place[j]) }
      if square < best.square { best = (square, count) }
    }
    return best.count
  }

  /// Rounded mean over the places.
  var meanCount: Int { max(1, counts.reduce(0, +) / counts.count) }

  private static func scaled(_ x: [Double], _ factor: Matrix?) -> [Double] {
    guard let factor else { return x }
    var z = x
    for i in x.indices {
      var v = x[i]
      for j in 0..<i { v -= factor[i, j] * z[j] }
      z[i] = v / factor[i, i]
    }
    return z
  }
}
