import Determinism
import Estimation
import Testing

private func bins(_ truth: ScrapPosterior.Draw, at points: [(x: Double, ratio: Double)], parts: Int, _ stream: inout RandomStream) -> [ScrapPosterior
  .Bin]
{
  points.enumerated().map { i, point in
    let p = truth.share(ratio: point.ratio, values: [point.x])
    let rejects = (0..<parts).reduce(0) { sum, _ in sum + (stream.chance(p) ? 1 : 0) }
    return ScrapPosterior.Bin(
      parts: Double(parts), rejects: Double(rejects), age: Double(points.count - i) / 12, weight: 1, ratio: point.ratio, values: [point.x])
  }
}

@Test func scrapResponseIsFoundWhereSetPointsMoved() {
  var (inside, errors) = (0, 0.0)
  let runs = 24
  for seed in 0..<runs {
    var stream = RandomStream(seed: UInt64(seed), "scrap")
    let truth = ScrapPosterior.Draw(
      base: 0.006, speedCoefficient: 0.8, optima: [stream.uniform(1.8, 2.8)], curvatures: [0.4])
    let points = (0..<48).map { (x: [2.0, 2.2, 2.4, 2.6][$0 / 12] + 0.03 * stream.normal(), ratio: 1.0) }
    let data = bins(truth, at: points, parts: 120, &stream)
    var posterior = ScrapPosterior(designShare: 0.02, ranges: [1.2...3.4], walkers: 64, stream.split("walkers"))
    posterior.move(data, generations: 150, stream.split("moves"))
    let optima = posterior.draws(64).map { $0.optima[0] }.sorted()
    if Stratified.quantile(optima, 0.05) <= truth.optima[0] && truth.optima[0] <= Stratified.quantile(optima, 0.95) { inside += 1 }
    errors += abs(Stratified.quantile(optima, 0.5) - truth.optima[0])
  }
  print("optimum: \(inside)/\(runs) inside 90 %, mean error \(errors / Double(runs))")
  #expect(inside >= 18)
  #expect(errors / Double(runs) < 0.15)
}

@Test func countsAtOneSetPointLeaveBothSidesOpenButFixTheShare() {
  var stream = RandomStream(seed: 5, "one point")
  let truth = ScrapPosterior.Draw(base: 0.005, speedCoefficient: 0.5, optima: [2.6], curvatures: [0.4])
  let data = bins(truth, at: Array(repeating: (x: 2.2, ratio: 1.0), count: 60), parts: 120, &stream)
  var posterior = ScrapPosterior(designShare: 0.02, ranges: [1.2...3.4], stream.split("walkers"))
  posterior.move(data, generations: 200, stream.split("moves"))
  let draws = posterior.draws(96)
  let above = draws.filter { $0.optima[0] > 2.2 }.count
  #expect((24...72).contains(above))
  let shares = draws.map { $0.share(ratio: 1, values: [2.2]) }.sorted()
  let p = truth.share(ratio: 1, values: [2.2])
  #expect(Stratified.quantile(shares, 0.02) <= p && p <= Stratified.quantile(shares, 0.98))
  #expect(Stratified.quantile(shares, 0.95) - Stratified.quantile(shares, 0.05) < 0.02)
  // The same data and stream give the same population, bit for bit.
  var again = ScrapPosterior(designShare: 0.02, ranges: [1.2...3.4], stream.split("walkers"))
  again.move(data, generations: 200, stream.split("moves"))
  #expect(again == posterior)
}
