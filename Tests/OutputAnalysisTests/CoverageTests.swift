import OutputAnalysis
import Testing

// The study in small, with fixed seeds: `CoverageStudy` runs it whole. A share is accepted between nominal − 2 % and nominal + 3 %, give or
// take three standard errors of so few trials.

@Test func replicationIntervalsCoverTheMeanWaitOfAQueue() {
  for level in [0.9, 0.95] {
    var covered = Coverage()
    for trial in 0..<300 {
      let means = (0..<10).map { replication in
        var queue = Queue(rho: 0.5, seed: UInt64(trial * 1000 + replication))
        for _ in 0..<50 { _ = queue.next() }
        return (0..<200).reduce(0.0) { sum, _ in sum + queue.next() } / 200
      }
      covered.add(ConfidenceInterval(of: means, confidence: level), truth: 1)
    }
    #expect(covered.holds(level, below: 0.02, above: 0.03), "\(covered.share) at \(level)")
  }
}

@Test(arguments: [(0.5, 4000, 250), (0.8, 16000, 40)])
func oneRunsIntervalCoversTheMeanWaitOfAQueue(rho: Double, length: Int, trials: Int) {
  var covered = [Coverage(), Coverage()]
  for trial in 0..<trials {
    var queue = Queue(rho: rho, seed: UInt64(trial))
    let run = queue.run(length)
    for (i, level) in [0.9, 0.95].enumerated() {
      let found = SteadyState(of: run, confidence: level)
      covered[i].add(found.interval, truth: Queue.meanWait(rho: rho), size: found.batchSize)
    }
  }
  #expect(covered[0].holds(0.9, below: 0.02, above: 0.03) && covered[1].holds(0.95, below: 0.02, above: 0.03), "\(covered.map(\.share))")
  #expect(covered[0].arms.mean < 0.25, "an interval that is wide enough always covers: \(covered[0].arms.mean)")
}

@Test func aLinesOutputIsCoveredFromReplicationsAndFromOneRun() {
  var (replicated, single) = (Coverage(), Coverage())
  for trial in 0..<60 {
    var line = TenMachineLine(seed: UInt64(trial))
    single.add(SteadyState(of: line.run(2500), confidence: 0.9).interval, truth: TenMachineLine.meanCycle)
  }
  for trial in 0..<40 {
    let means = (0..<8).map { replication in
      var line = TenMachineLine(seed: UInt64(1000 + trial * 100 + replication))
      for _ in 0..<250 { _ = line.next() }
      return (0..<200).reduce(0.0) { sum, _ in sum + line.next() } / 200
    }
    replicated.add(ConfidenceInterval(of: means, confidence: 0.9), truth: TenMachineLine.meanCycle)
  }
  #expect(replicated.holds(0.9, below: 0.03, above: 0.03), "\(replicated.share)")
  #expect(single.holds(0.9, below: 0.02, above: 0.04), "\(single.share)")
  #expect(single.arms.mean < 0.08 && replicated.arms.mean < 0.12, "\(single.arms.mean), \(replicated.arms.mean)")
}
