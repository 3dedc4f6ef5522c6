import Determinism
import Probability
import Testing

@testable import Inference

/// Completions of a station told without the module's own law: gamma work, and stops by operating time.
struct TimedStation {
  var work = 5.0
  var workCV = 0.1
  var failureInterval = 2400.0
  var repair = 200.0
  var shortStopInterval = 500.0
  var shortStop = 20.0

  func run(_ parts: Int, _ stream: RandomStream) -> [SeenCompletion] {
    var luck = stream
    var (untilFailure, untilShort) = (failureInterval * luck.exponential(), shortStopInterval * luck.exponential())
    return (0..<parts).map { _ in
      let own = Law.gamma(mean: work, cv: workCV).sample(&luck)
      var time = own
      (untilFailure, untilShort) = (untilFailure - own, untilShort - own)
      while untilFailure <= 0 {
        time += Law.lognormal(mean: repair, cv: 0.8).sample(&luck)
        untilFailure += failureInterval * luck.exponential()
      }
      while untilShort <= 0 {
        time += Law.lognormal(mean: shortStop, cv: 0.8).sample(&luck)
        untilShort += shortStopInterval * luck.exponential()
      }
      return SeenCompletion(seconds: time, parts: 1)
    }
  }

  /// Logarithms in the posterior's order.
  var logs: [Double] { [work, workCV, failureInterval, repair, shortStopInterval, shortStop].map { Portable.log($0) } }

  /// Beliefs that are off by a fifth and more.
  var believed: UnseenStation {
    UnseenStation(
      work: LognormalPrior(median: 5.6, spread: 0.15), workCV: LognormalPrior(median: 0.15, spread: 0.7),
      failures: .init(
        interval: LognormalPrior(median: 4000, spread: 0.8), length: LognormalPrior(median: 300, spread: 0.6), shape: .lognormal(mean: 300, cv: 0.8)),
      shortStops: .init(
        interval: LognormalPrior(median: 800, spread: 0.8), length: LognormalPrior(median: 30, spread: 0.6), shape: .lognormal(mean: 30, cv: 0.8)))
  }
}

@Test func workAndStopsAreToldApartByTheLawOfCompletions() throws {
  let station = TimedStation()
  let posterior = try station.believed.infer(from: station.run(3000, RandomStream(seed: 70)), draws: 400, RandomStream(seed: 71))
  #expect(posterior.effectiveSampleSize > 40)
  #expect(abs(posterior.mean(0) - Portable.log(5)) < 0.01, "work is known to a per cent")
  for (j, truth) in station.logs.enumerated() {
    #expect(abs(posterior.mean(j) - truth) < 3 * posterior.deviation(j))
    // Three thousand parts tell more than the prior.
    #expect(posterior.deviation(j) < 0.85 * station.believed.prior[j].spread)
  }
}

@Test func theLawOfACompletionIsThatOfSimulatedOnes() {
  var station = TimedStation()
  (station.failureInterval, station.shortStopInterval) = (100, 25)
  let lengths = station.run(20_000, RandomStream(seed: 5)).map(\.seconds).sorted()
  var model = station.believed
  model.strayShare = 0
  let law = model.law(station.logs, parts: 1, speed: 1)
  var distance = 0.0
  for (i, t) in lengths.enumerated() where i % 20 == 0 { distance = max(distance, abs(law.cumulative(t) - (Double(i) + 0.5) / 20_000)) }
  #expect(distance < 0.012, "a quarter of these parts meet a stop; distance \(distance)")
}

@Test func fewOrSenselessCompletionsAreRefused() {
  let station = TimedStation()
  #expect(throws: InferenceError.self) { try station.believed.infer(from: station.run(10, RandomStream(seed: 1)), RandomStream(seed: 1)) }
  let bad = station.run(30, RandomStream(seed: 1)) + [SeenCompletion(seconds: -1, parts: 1)]
  #expect(throws: InferenceError.self) { try station.believed.infer(from: bad, RandomStream(seed: 1)) }
}
