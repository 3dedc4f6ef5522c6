import Determinism
import LinearAlgebra

/// Where the search for a dead-time model begins: the best places of a grid over τ and θ.
///
/// For each pair, gain, offset and initial state follow by linear least squares, once for white noise and once for noise of long memory
/// (both sides differenced). The likelihood has one valley for each way to trade dead time for lag; starts from several of them find the deepest.
enum DeadTimeStart {
  static func starts(_ predictor: DeadTimePredictor, _ search: DeadTimeSearch) -> [[Double]] {
    if !predictor.inputs.contains(where: { $0.magnitude > 1e-12 * (1 + predictor.meanInput.magnitude) }) { return [] }
    let (low, high) = (search.deadTimes.lowerBound, search.deadTimes.upperBound)
    let places = min(40, max(1, Int(((high - low) / predictor.interval).rounded(.up))))
    let ratio = search.timeConstants.upperBound / search.timeConstants.lowerBound
    let lags = max(1, min(12, Int((Portable.log(ratio) / Portable.log(1.6)).rounded(.up))))
    var starts: [[Double]] = []
    for memory in [0.0, 0.95] {
      var found: [(sum: Double, start: [Double])] = []
      for i in 0...places {
        let deadTime = low + (high - low) * Double(i) / Double(places)
        var best: (sum: Double, start: [Double])?
        for j in 0...lags {
          let tau = search.timeConstants.lowerBound * Portable.pow(ratio, Double(j) / Double(lags))
          guard let (sum, linear) = fit(predictor, tau, deadTime, memory) else { continue }
          if sum < best?.sum ?? .infinity {
            best = (sum, [linear[0], Portable.log(tau), deadTime, linear[1], linear[2], memory > 0 ? 2.5 : 0, memory > 0 ? -1 : 0])
          }
        }
        if let best { found.append(best) }
      }
      // The best place, and the best one at least two samples away from it.
      guard let first = found.min(by: { $0.sum < $1.sum }) else { continue }
      starts.append(first.start)
      let far = found.filter { ($0.start[2] - first.start[2]).magnitude > 2 * predictor.interval }
      if let second = far.min(by: { $0.sum < $1.sum }) { starts.append(second.start) }
    }
    return starts
  }

  /// Gain, offset and initial state that fit best, with differences y − memory·y₋₁ on both sides.
  private static func fit(
    _ predictor: DeadTimePredictor, _ tau: Double, _ deadTime: Double, _ memory: Double
  ) -> (sum: Double, linear: [Double])? {
    let response = predictor.response(timeConstant: tau, deadTime: deadTime)
    let decay = Portable.exp(-predictor.interval / tau)
    // Sums over (response, 1, decayᵏ, y), in the order of a symmetric 4×4 matrix.
    var sums = [Double](repeating: 0, count: 16)
    var before: (Double, Double, Double, Double)?
    var free = 1.0
    for k in response.indices {
      let y = predictor.outputs[predictor.first + k]
      let now = (response[k], 1.0, free, y)
      free *= decay
      guard y.isFinite else {
        before = nil
        continue
      }
      if let last = before {
        let row = (now.0 - memory * last.0, now.1 - memory, now.2 - memory * last.2, now.3 - memory * last.3)
        sums[0] += row.0 * row.0
        sums[1] += row.0 * row.1
        sums[2] += row.0 * row.2
        sums[3] += row.0 * row.3
        sums[5] += row.1 * row.1
        sums[6] += row.1 * row.2
        sums[7] += row.1 * row.3
        sums[10] += row.2 * row.2
        sums[11] += row.2 * row.3
        sums[15] += row.3 * row.3
      }
      before = now
    }
    var normal = Matrix(rows: 3, columns: 3)
    for i in 0..<3 { for j in 0..<3 { normal[i, j] = sums[min(i, j) * 4 + max(i, j)] } }
    for i in 0..<3 { normal[i, i] = normal[i, i] * (1 + 1e-9) + 1e-12 }
    guard let factor = normal.lowerFactor() else { return nil }
    let right = [sums[3], sums[7], sums[11]]
    let linear = factor.solvingFactored(right)
    return (sums[15] - dot(linear, right), linear)
  }
}
