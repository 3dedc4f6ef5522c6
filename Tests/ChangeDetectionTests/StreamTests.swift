import Determinism
import Foundation
import Probability
import Quantities
import Testing

@testable import ChangeDetection

/// A stream of repairs, one in every 100 s, whose mean goes from 10 to `10·ratio` at repair `change`.
private func repairs(_ seed: Int, ratio: Double, change: Int, count: Int, rate: Double = 0.001) throws -> (
  stream: ChangeStream, alarm: Int?, date: Instant
) {
  var random = RandomStream(seed: UInt64(seed), "repairs")
  var watch = ChangeStream(.exponential, DetectorSettings(falseAlarmRate: rate))
  var (alarm, date): (Int?, Instant) = (nil, Instant(seconds: 0))
  for i in 0..<count {
    let start = Instant(seconds: Double(i) * 100)
    if i == change { date = start }
    let x = random.exponential() * 10 * (i < change ? 1 : ratio)
    let alarmed = try watch.observe(x, from: start, at: start + Duration(seconds: min(x, 99))) == .alarm
    if alarmed, i >= change, alarm == nil { alarm = i - change + 1 }
  }
  return (watch, alarm, date)
}

@Test func aTripledRepairTimeIsFoundWithinADozenRepairs() throws {
  let delays = try (0..<40).map { try repairs($0, ratio: 3, change: 200, count: 260).alarm ?? 60 }.sorted()
  #expect(delays[20] <= 11, "\(delays)")
  #expect(delays[39] < 60)
}

@Test func theDateAndTheSizeHaveIntervalsThatHold() throws {
  var (dated, sized, seeds) = (0, 0, 0)
  for seed in 0..<120 {
    let (watch, alarm, date) = try repairs(seed, ratio: 3, change: 150, count: 190)
    // Others alarmed falsely before, or once more.
    guard alarm != nil, watch.alarms == 1 else { continue }
    let change = try #require(watch.change(StreamKey(station: "Screw", .repair)))
    seeds += 1
    if change.earliest <= date, date <= change.latest { dated += 1 }
    if change.effect.low <= 3, 3 <= change.effect.high { sized += 1 }
    #expect(change.direction == .up)
  }
  #expect(seeds > 80)
  #expect(Double(dated) > 0.82 * Double(seeds), "\(dated) of \(seeds)")
  #expect(Double(sized) > 0.82 * Double(seeds), "\(sized) of \(seeds)")
}

@Test(arguments: [StreamLaw.gamma(shape: 4), .weibull(shape: 2), .lognormal, .normal, .poisson, .binomial])
func aHalvedMeanIsSeenWhateverTheLaw(law: StreamLaw) throws {
  var random = RandomStream(seed: 5, "halved")
  var watch = ChangeStream(law, DetectorSettings(falseAlarmRate: 1e-5))
  let exposure = law == .binomial ? 50.0 : 1
  for i in 0..<400 {
    let half = i < 200 ? 1.0 : 0.5
    let x: Double
    switch law {
    case .gamma: x = half * (random.exponential() + random.exponential() + random.exponential() + random.exponential())
    case .weibull: x = half * 4 * random.exponential().squareRoot()
    case .lognormal: x = half * Portable.exp(1 + 0.5 * random.normal())
    case .normal: x = half * 8 + 2 * random.normal()
    case .poisson: x = QuietStream.poisson(8 * half, &random)
    default: x = (0..<50).reduce(0) { n, _ in n + (random.chance(0.2 * half) ? 1 : 0) }
    }
    _ = try watch.observe(x, exposure: exposure, at: Instant(seconds: Double(i)))
  }
  let change = try #require(watch.change(StreamKey(station: "A", .cycleTime)))
  #expect(watch.alarms == 1)
  #expect(change.direction == .down)
  #expect(abs(change.since.seconds - 200) < 12, "\(change.since.seconds)")
  if law == .normal {
    #expect(abs(change.effect.value + 4) < 0.6 && change.effect.high < -3, "\(change.effect)")
  } else {
    #expect(change.effect.low < 0.53 && change.effect.high > 0.47 && change.effect.value < 0.65, "\(change.effect)")
  }
}

@Test func afterAChangeTheStreamLearnsAfreshFromItsDate() throws {
  let (watch, _, _) = try repairs(3, ratio: 3, change: 400, count: 500, rate: 1e-5)
  #expect(watch.alarms == 1)
  let since = try #require(watch.posterior).momentsSince
  #expect(abs(since.count - 100) < 25)
  #expect(abs(since.mean - 30) < 10)
  // The test learns from what came after the alarm.
  #expect(watch.past.count < since.count && watch.past.count > 30)
}

/// Where nothing has changed, what follows a false alarm speaks against it: most are taken back, and all that was learnt counts again.
@Test func falseAlarmsAreWithdrawnByWhatFollows() throws {
  var (alarms, withdrawals) = (0, 0)
  for seed in 0..<30 {
    var random = RandomStream(seed: UInt64(seed), "withdrawal")
    var watch = ChangeStream(.exponential, DetectorSettings(falseAlarmRate: 0.002))
    for i in 0..<500 {
      let finding = try watch.observe(10 * random.exponential(), at: Instant(seconds: Double(i)))
      if finding == .alarm { alarms += 1 }
      guard finding == .withdrawal else { continue }
      withdrawals += 1
      #expect(watch.change(StreamKey(station: "A", .repair))?.isWithdrawn == true)
      #expect(watch.alarms > 1 || watch.past.count == Double(i + 1))
    }
  }
  #expect(alarms > 15)
  #expect(Double(withdrawals) > 0.35 * Double(alarms), "\(withdrawals) of \(alarms)")
  #expect(withdrawals <= alarms)
}

@Test func aValueThatCannotBeLeavesNoTrace() throws {
  var watch = try repairs(1, ratio: 1, change: 0, count: 30).stream
  let before = watch
  for x in [Double.nan, -1, .infinity] {
    #expect(throws: ChangeDetectionError.self) { _ = try watch.observe(x, at: Instant(seconds: 1e6)) }
  }
  #expect(watch == before)
}

@Test func aStreamSurvivesBeingWrittenDown() throws {
  let watch = try repairs(2, ratio: 3, change: 100, count: 150).stream
  let data = try JSONEncoder().encode(watch)
  #expect(try JSONDecoder().decode(ChangeStream.self, from: data) == watch)
}

@Test func aHistoryForgetsDetailButNoMoment() {
  var history = SegmentHistory()
  var total = Moments()
  for i in 0..<20_000 {
    history.add(Double(i % 7), exposure: 1, weight: 1, from: Instant(seconds: Double(i)), to: Instant(seconds: Double(i) + 0.5))
    total.add(Double(i % 7))
  }
  let buckets = history.buckets
  #expect(buckets.reduce(Moments()) { $0 + $1.moments } == total)
  #expect(buckets.count < 64 * 11)
  for (a, b) in zip(buckets, buckets.dropFirst()) {
    #expect(a.end < b.start)
    // No bucket holds more than a sixteenth of what is younger than its end.
    #expect(a.moments.count <= max(1, (20_000 - b.start.seconds) / 16))
  }
}
