import Determinism
import Foundation
import Probability
import Quantities
import Testing

@testable import ChangeDetection

/// Two stations and their line. Welding takes three times as long to repair from hour 40 on; the line loses throughput.
private func plant(_ seed: UInt64) throws -> (bank: ChangeBank, alarms: [Change]) {
  var bank = ChangeBank()
  let settings = DetectorSettings(falseAlarmRate: 1e-5)
  for station in ["Press", "Weld"] {
    bank.watch(StreamKey(station: station, .repair), as: .exponential, settings)
    bank.watch(StreamKey(station: station, .timeToFailure), as: .exponential, settings)
  }
  let line = StreamKey(station: nil, .throughput)
  bank.watch(line, as: .normal, settings)
  var random = RandomStream(seed: seed, "plant")
  var alarms: [Change] = []
  for i in 0..<800 {
    let t = Instant(seconds: Double(i) * 360)
    for station in ["Press", "Weld"] {
      let mean = station == "Weld" && i >= 400 ? 90.0 : 30
      let repair = random.exponential() * mean
      if let c = try bank.observe(random.exponential() * 300, of: StreamKey(station: station, .timeToFailure), at: t) { alarms.append(c) }
      if let c = try bank.observe(repair, of: StreamKey(station: station, .repair), from: t, at: t + Duration(seconds: min(repair, 300))) {
        alarms.append(c)
      }
    }
    let lost = i >= 400 ? 8.0 : 0
    if i % 4 == 3, let c = try bank.observe(100 - lost + 4 * random.normal(), of: line, at: t + Duration(seconds: 359)) { alarms.append(c) }
  }
  return (bank, alarms)
}

@Test func theStationIsNamedAndItAccountsForTheLine() throws {
  let (bank, alarms) = try plant(4)
  let weld = StreamKey(station: "Weld", .repair)
  #expect(alarms.map(\.key) == [weld, StreamKey(station: nil, .throughput)])
  #expect(alarms.last?.explainedBy == [weld])
  #expect(bank.openChanges.first?.key == weld)
  #expect(alarms.last?.words(unit: "parts").hasSuffix(", because of Weld") == true)
  let words = try #require(bank.change(of: weld)).words()
  #expect(words.hasPrefix("Weld: repairs take 3.") || words.hasPrefix("Weld: repairs take 2."), "\(words)")
  #expect(words.contains("times as long since 15:") || words.contains("times as long since 16:"), "\(words)")
}

@Test func anAnsweredChangeIsNoLongerOpen() throws {
  var bank = try plant(4).bank
  bank.answer(StreamKey(station: "Weld", .repair))
  #expect(bank.openChanges.map(\.key) == [StreamKey(station: nil, .throughput)])
}

@Test func anUnknownStreamIsRefused() {
  var bank = ChangeBank()
  let key = StreamKey(station: "Oven", .repair)
  #expect(throws: ChangeDetectionError.unknownStream(key)) { _ = try bank.observe(1, of: key, at: Instant(seconds: 0)) }
}

@Test func aBankWritesTheSameBytesWhicheverWayItWasFilled() throws {
  let keys = [StreamKey(station: "B", .repair), StreamKey(station: "A", .timeToFailure), StreamKey(station: "A", .repair)]
  var (one, other) = (ChangeBank(), ChangeBank())
  for key in keys { one.watch(key, as: .exponential) }
  for key in keys.reversed() { other.watch(key, as: .exponential) }
  #expect(one == other)
  let encoder = JSONEncoder()
  encoder.outputFormatting = .sortedKeys
  #expect(try encoder.encode(one) == encoder.encode(other))
  #expect(try JSONDecoder().decode(ChangeBank.self, from: encoder.encode(one)) == one)
}

@Test func aChangeReadsAsASentence() {
  func change(_ activity: Activity, _ effect: Estimate, isRatio: Bool = true) -> Change {
    let t = Instant(seconds: 9 * 3600 + 12 * 60 + 30)
    return Change(
      key: StreamKey(station: "Screw", activity), alarmed: t, since: t, earliest: t, latest: t, before: effect, after: effect, effect: effect,
      isRatio: isRatio, direction: .up, evidence: 9, observations: 8)
  }
  let doubled = Estimate(value: 2, low: 1.6, high: 2.5, level: 0.9)
  #expect(change(.repair, doubled).words() == "Screw: repairs take 2.0 (1.6 to 2.5) times as long since 09:12")
  #expect(change(.timeToFailure, doubled).words() == "Screw: failures come 0.50 (0.40 to 0.63) times as often since 09:12")
  let hotter = Estimate(value: -0.51, low: -0.9, high: -0.12, level: 0.9)
  #expect(
    change(.other("the temperature"), hotter, isRatio: false).words(unit: "°C")
      == "Screw: the temperature is 0.5 (0.1 to 0.9) °C lower since 09:12")
}

/// Wang and Ramdas's rule by hand: of 4 at level 0.1 the k-th largest must reach 40/k.
@Test func eBenjaminiHochbergSelectsByTheLargestRankThatPasses() {
  #expect(EBenjaminiHochberg.select([50, 15, 21, 1], level: 0.1) == [0, 2, 1])
  #expect(EBenjaminiHochberg.select([39, 19, 13, 9], level: 0.1).isEmpty)
  #expect(EBenjaminiHochberg.select([1, 41, 1, 1], level: 0.1) == [1])
}

@Test func theBudgetOfABankAddsUp() {
  let rates = [10.0, 600, 0.5]
  let shares = AlarmBudget.shares(oneIn: .hours(1000), observationsPerHour: rates)
  let perHour = zip(rates, shares).reduce(0) { $0 + $1.0 * $1.1 }
  #expect(abs(perHour * 1000 - 1) < 1e-12)
}
