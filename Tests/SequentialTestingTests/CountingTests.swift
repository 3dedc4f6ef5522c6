import SequentialTesting
import Testing

/// The counts that safety people quote.
@Test func trialsWithoutAFailureBoundItsProbability() {
  let counts: [(p: Double, confidence: Double, failures: Int, trials: Int)] = [
    (1e-2, 0.95, 0, 299), (1e-3, 0.95, 0, 2_995), (1e-4, 0.95, 0, 29_956), (1e-2, 0.99, 0, 459), (1e-3, 0.99, 0, 4_603), (1e-4, 0.99, 0, 46_050),
    (1e-3, 0.95, 1, 4_742), (1e-3, 0.95, 2, 6_294),
  ]
  for (p, confidence, failures, trials) in counts {
    #expect(FailureCount.trials(toShowBelow: p, confidence: confidence, allowing: failures) == trials)
    // The interval says the same from the other end, and one trial fewer does not do.
    #expect(FailureCount(failures: failures, trials: trials).upperBound(confidence: confidence) <= p)
    #expect(FailureCount(failures: failures, trials: trials - 1).upperBound(confidence: confidence) > p)
  }
}

@Test func clopperAndPearsonsIntervalHoldsItsConfidence() {
  // 3 of 20 to 95 % two-sided: 0.0321 to 0.3789, as published.
  let count = FailureCount(failures: 3, trials: 20)
  #expect(abs(count.lowerBound(confidence: 0.975) - 0.03207) < 1e-4)
  #expect(abs(count.upperBound(confidence: 0.975) - 0.37893) < 1e-4)
  #expect(FailureCount(failures: 0, trials: 10).lowerBound(confidence: 0.95) == 0)
  #expect(FailureCount(failures: 10, trials: 10).upperBound(confidence: 0.95) == 1)
  #expect(FailureCount(failures: 0, trials: 0).upperBound(confidence: 0.95) == 1)
}

@Test func theProbabilityRatioTestStopsWhereWaldSays() {
  let test = ProbabilityRatioTest(acceptable: 1e-4, unacceptable: 1e-3)
  #expect(test.cleanTrials == 3_270)
  #expect(test.verdict(FailureCount(failures: 0, trials: 3_269)) == .undecided)
  #expect(test.verdict(FailureCount(failures: 0, trials: 3_270)) == .acceptable)
  #expect(test.verdict(FailureCount(failures: 1, trials: 100)) == .undecided)
  #expect(test.verdict(FailureCount(failures: 2, trials: 100)) == .unacceptable)
}

@Test func theProbabilityRatioTestKeepsItsRisks() {
  // Small numbers keep this quick; the exact walk is the same.
  let test = ProbabilityRatioTest(acceptable: 0.01, unacceptable: 0.1)
  let (good, bad) = (test.performance(at: 0.01), test.performance(at: 0.1))
  #expect(1 - good.acceptance <= 0.05 / 0.95)
  #expect(bad.acceptance <= 0.05 / 0.95)
  // Wald's own approximations ignore by how much the walk oversteps its bounds: an eighth here.
  #expect(good.meanTrials > 39 && good.meanTrials < 46)
  let clean = ProbabilityRatioTest(acceptable: 0.01, unacceptable: 0.1).performance(at: 0)
  #expect(clean.acceptance == 1 && clean.meanTrials == Double(test.cleanTrials))
}
