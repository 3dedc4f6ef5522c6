import Determinism
import Probability
import Testing

@testable import Estimation

/// k machines whose log means scatter by tau, with the given numbers of repairs.
private func machines(_ counts: [Int], tau: Double, _ seed: Int) -> (means: [Double], data: [[ActivityObservation]]) {
  var stream = RandomStream(seed: UInt64(seed), "pool \(tau)")
  let means = counts.map { _ in 10 * Portable.exp(tau * stream.normal()) }
  let data = zip(counts, means).enumerated().map { i, machine in
    sample(.lognormal(mean: machine.1, cv: 0.8), machine.0, stream.split(i)).map { ActivityObservation.exact($0) }
  }
  return (means, data)
}

@Test func likeMachinesLendEachOtherStrength() {
  let prior = ActivityPrior(mean: 20)
  let (_, data) = machines([40, 40, 40, 40, 40, 2, 0], tau: 0.05, 1)
  let pool = MachinePool(data, prior: prior, empirical: .never)
  #expect(pool.between.mean < 0.3 && pool.between.low < pool.between.high)
  // Two repairs alone say little; with five like machines, or none of its own, a machine is known within a third.
  for i in [5, 6] {
    let (own, alone) = (pool.posteriors[i].meanInterval(), ActivityPosterior(data[i], prior: prior).meanInterval())
    #expect(own.contains(10))
    #expect(own.upperBound / own.lowerBound < 0.5 * alone.upperBound / alone.lowerBound)
  }
}

@Test func aMachineThatDiffersStaysWhereItsDataPutIt() {
  var (_, data) = machines([50, 50, 50, 50, 50], tau: 0.02, 2)
  data[2] = data[2].map { .exact(5 * $0.low) }
  let prior = ActivityPrior(mean: 10)
  let pool = MachinePool(data, prior: prior, empirical: .never)
  let alone = ActivityPosterior(data[2], prior: prior, empirical: .never)
  #expect(abs(pool.posteriors[2].mean / alone.mean - 1) < 0.05)
  #expect(pool.between.low > 0.2)
}

@Test func poolingBeatsBothItsExtremesOnTheWhole() {
  var errors = [0.0, 0, 0]
  for seed in 0..<12 {
    for tau in [0.0, 0.3, 1] { for (k, e) in poolErrors([3, 3, 10, 10, 30], tau: tau, seed).errors.enumerated() { errors[k] += e } }
  }
  #expect(errors[0] < errors[1] && errors[0] < errors[2], "\(errors)")
}

/// Squared log errors of the means: pooled, each alone, all as one; and how many of the pooled 90 % intervals hold the truth.
private func poolErrors(_ counts: [Int], tau: Double, _ seed: Int) -> (errors: [Double], inside: Int) {
  let prior = ActivityPrior(mean: 15)
  let (means, data) = machines(counts, tau: tau, seed)
  let pool = MachinePool(data, prior: prior, empirical: .never)
  let together = ActivityPosterior(data.flatMap { $0 }, prior: prior, empirical: .never).meanQuantiles([0.5])[0]
  var (errors, inside) = ([0.0, 0, 0], 0)
  for (i, truth) in means.enumerated() {
    let alone = ActivityPosterior(data[i], prior: prior, empirical: .never).meanQuantiles([0.5])[0]
    let q = pool.posteriors[i].meanQuantiles([0.05, 0.5, 0.95])
    for (k, estimate) in [q[1], alone, together].enumerated() {
      errors[k] += Portable.log(estimate / truth) * Portable.log(estimate / truth)
    }
    if q[0] <= truth && truth <= q[2] { inside += 1 }
  }
  return (errors, inside)
}

/// Pooling against its extremes. Run in release with TAKT_STUDY=1.
@Test(.enabled(if: isStudy)) func poolingStudy() {
  let sets = 200
  for counts in [[3, 3, 3, 3, 3, 3, 3, 3], [2, 5, 5, 10, 10, 30, 30, 100], [50, 50, 50, 50, 50, 50, 50, 50]] {
    for tau in [0.0, 0.1, 0.3, 1] {
      var (errors, inside) = ([0.0, 0, 0], 0)
      let start = cpuSeconds()
      for set in 0..<sets {
        let result = poolErrors(counts, tau: tau, set)
        for k in 0..<3 { errors[k] += result.errors[k] }
        inside += result.inside
      }
      let n = Double(sets * counts.count)
      let rmse = errors.map { ($0 / n).squareRoot() }
      print(
        "pool of \(counts) tau \(tau): log error pooled \(columns(rmse[0])) alone \(columns(rmse[1])) as one \(columns(rmse[2]))",
        "covers \(columns(Double(inside) / n)) \(columns((cpuSeconds() - start) / Double(sets) * 1e3, 1)) ms a set")
      // Not worse than alone (whose prior happens to be right at tau 1); better than as one wherever machines differ.
      #expect(rmse[0] < 1.06 * rmse[1])
      #expect(tau < 0.3 || rmse[0] < rmse[2])
      #expect(Double(inside) / n > 0.82)
    }
  }
}
