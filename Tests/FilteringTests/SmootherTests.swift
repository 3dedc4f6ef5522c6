import Determinism
import LinearAlgebra
import Testing

@testable import Filtering

/// Smoothing is conditioning a normal law on all readings at once: the two must agree.
@Test func theSmootherIsConditioningOnAllReadings() throws {
  let step = LinearTransition(state: Matrix([[0.9, 0.3], [-0.2, 0.8]]), noise: Matrix([[0.2, 0.05], [0.05, 0.1]]))
  let sensor = LinearSensor(matrix: Matrix([[1, 0.4]]), noise: Matrix([[0.3]]))
  let readings: [Double?] = [0.7, -0.2, nil, 1.4, 0.1]
  let n = readings.count
  var filter = KalmanFilter(Gaussian(mean: [0.5, -0.5], covariance: Matrix([[1, 0.2], [0.2, 2]])))
  // The joint law of all states, built from the recursion itself.
  var mean: [Double] = filter.state.mean
  var (means, blocks): ([[Double]], [[Matrix]]) = ([], [])
  var covariance = filter.state.covariance
  var steps: [FilterStep] = []
  for y in readings {
    mean = step.mean(after: mean)
    covariance = step.state.sandwich(covariance) + step.noise
    means.append(mean)
    blocks = blocks.map { $0 + [step.state.times($0.last!)] }
    blocks.append([covariance])
    filter.predict(step)
    let predicted = filter.state
    try filter.update([y], sensor)
    steps.append(FilterStep(predicted: predicted, filtered: filter.state, transition: step.state))
  }
  // blocks[i][j] = cov(x at i+j, x at i)
  func between(_ a: Int, _ b: Int) -> Matrix { a >= b ? blocks[b][a - b] : blocks[a][b - a].transposed }
  let seen = (0..<n).filter { readings[$0] != nil }
  let h = sensor.matrix
  let spread = Matrix(rows: seen.count, columns: seen.count) { i, j in
    h.times(between(seen[i], seen[j])).timesTransposed(h)[0, 0] + (i == j ? 0.3 : 0)
  }
  let factor = try #require(spread.lowerFactor())
  let residual = seen.map { readings[$0]! - (h * means[$0])[0] }
  let smoothed = try Smoother.smooth(steps)
  for k in 0..<n {
    let cross = Matrix(rows: 2, columns: seen.count) { i, j in between(k, seen[j]).timesTransposed(h)[i, 0] }
    let push = cross * factor.solvingFactored(residual)
    for i in 0..<2 { #expect(abs(smoothed[k].mean[i] - means[k][i] - push[i]) < 1e-12) }
    let exact = between(k, k) + cross.times(factor.inverseFromFactor()).timesTransposed(cross) * -1
    #expect(distance(exact, smoothed[k].covariance) < 1e-12)
  }
}
