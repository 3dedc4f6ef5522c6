import Determinism
import LinearAlgebra
import Testing

@testable import Inference

@Test func theChainOfOneStationHasTheClosedLikelihood() throws {
  let line = TrueLine(stations: [.init(failureInterval: 20)], capacities: [])
  let intervals = line.intervals(parts: 300, RandomStream(seed: 4))
  let x = line.chainLogs
  let closed = Completions(exact: intervals).logLikelihood(StampPosterior.law(x))
  let chain = try LineChain(capacities: [])
  #expect(chain.states == 2)
  #expect(abs(chain.logLikelihood(intervals, x) / closed - 1) < 1e-10)
}

@Test func theChainHasTheStatesOfTheLine() throws {
  // Gershwin and Berman's two machines with b places between: b + 3 levels of four states, less two at each end, where one machine
  // stands and cannot be down.
  let chain = try LineChain(capacities: [5])
  #expect(chain.states == 28)
  #expect(throws: InferenceError.self) { try LineChain(capacities: [20, 20, 20, 20]) }
}

/// The filter's estimates of the likelihood have the exact likelihood as their mean.
@Test(arguments: [[5], [1, 2]]) func theFilterIsUnbiasedForTheExactLikelihood(capacities: [Int]) throws {
  var line = TrueLine(stations: [.init(failureInterval: 20, repair: 5), .init(work: 0.8, failureInterval: 40, repair: 8)], capacities: capacities)
  if capacities.count == 2 { line.stations.append(.init(work: 0.9, failureInterval: 30, repair: 4)) }
  let departures = line.run(parts: capacities.count == 2 ? 15 : 60, RandomStream(seed: 6)).departures.last!
  let intervals = departures.indices.map { departures[$0] - ($0 > 0 ? departures[$0 - 1] : 0) }
  let exact = try LineChain(capacities: capacities).logLikelihood(intervals, line.chainLogs)
  let repeats = capacities.count == 2 ? 20 : 200
  let filter = try RowFilter(departures: departures, unseen: capacities.count)
  let ratios = (0..<repeats).map {
    Portable.exp(filter.logLikelihood(line.row, particles: capacities.count == 2 ? 400 : 10, RandomStream(seed: UInt64($0))).value - exact)
  }
  let mean = ratios.reduce(0, +) / Double(repeats)
  let error = (ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(repeats * (repeats - 1))).squareRoot()
  #expect(error < 0.2 && abs(mean - 1) < 4 * error, "mean ratio \(mean) ± \(error)")
}

@Test func importanceFindsABentPosterior() throws {
  // x ~ N(0,1), y ~ N(0,1); seen: x + y² with error 0.3. Against a grid.
  let sampler = TemperedImportance(names: ["x", "y"], prior: [LognormalPrior(median: 1, spread: 1), LognormalPrior(median: 1, spread: 1)])
  let f = { (x: [Double]) in -0.5 * (x[0] + x[1] * x[1] - 1.5) * (x[0] + x[1] * x[1] - 1.5) / 0.09 }
  let posterior = try sampler.run(RandomStream(seed: 1)) { x, _ in f(x) }
  var (mass, mean, square) = (0.0, 0.0, 0.0)
  for i in -200...200 {
    for j in -200...200 {
      let x = [Double(i) / 40, Double(j) / 40]
      let p = Portable.exp(f(x) - 0.5 * (x[0] * x[0] + x[1] * x[1]))
      mass += p
      mean += p * x[0]
      square += p * x[0] * x[0]
    }
  }
  let deviation = (square / mass - mean / mass * mean / mass).squareRoot()
  #expect(posterior.effectiveSampleSize > 300)
  #expect(abs(posterior.mean(0) - mean / mass) < 0.15 * deviation && abs(posterior.deviation(0) / deviation - 1) < 0.12)
  let evidence = Portable.log(mass / 1600 / (2 * Double.pi))
  #expect(abs(posterior.logEvidence! - evidence) < 0.2)
}

@Test func theFlatSumOfKernelsIsTheSumOfTheirDensities() throws {
  for d in [1, 2, 5] {
    var luck = RandomStream(seed: UInt64(d))
    var sum = KernelSum(dimensions: d)
    var kernels: [StudentProposal] = []
    for _ in 0..<4 {
      var scale = Matrix.identity(d) * 0.5
      for i in 0..<d { for j in 0..<i { (scale[i, j], scale[j, i]) = (0.1, 0.1) } }
      let kernel = try StudentProposal(mean: (0..<d).map { _ in luck.normal() }, scale: scale, degrees: KernelSum.degrees(d))
      kernels.append(kernel)
      sum.add(kernel, share: 0.25)
    }
    for _ in 0..<5 {
      let x = (0..<d).map { _ in 2 * luck.normal() }
      let straight = kernels.reduce(0) { $0 + 0.25 * Portable.exp($1.logDensity(x)) }
      #expect(abs(sum.value(x) / straight - 1) < 1e-10)
    }
  }
}
