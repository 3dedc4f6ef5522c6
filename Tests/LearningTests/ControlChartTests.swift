import Determinism
import Learning
import Probability
import Testing

/// Published run lengths, two-sided from zero, for shifts 0, ¼, ½, ¾, 1, 1½, 2, 3.
@Test func runLengthsMatchThePublishedTables() {
  let shifts = [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3]
  let cusum: [(h: Double, lengths: [Double])] = [
    (4, [167.7, 74.2, 26.63, 13.29, 8.383, 4.747, 3.343, 2.194]), (5, [465.4, 139.5, 38.00, 17.05, 10.376, 5.747, 4.009, 2.573]),
    (8, [9483, 736, 84.0, 28.8, 16.37, 8.75, 6.01, 3.78]),
  ]
  for (h, lengths) in cusum {
    for (shift, expected) in zip(shifts, lengths) {
      let length = Cusum(k: 0.5, h: h).averageRunLength(shift: shift)
      #expect(abs(length / expected - 1) < 0.01, "h \(h), shift \(shift): \(length), published \(expected)")
    }
  }
  let ewma: [(lambda: Double, limit: Double, lengths: [Double])] = [
    (0.4, 3.054, [500, 224, 71.2, 28.4, 14.3, 5.87, 3.52, 2.02]), (0.2, 2.962, [500, 150, 41.8, 18.2, 10.5, 5.50, 3.74, 2.38]),
    (0.1, 2.814, [500, 106, 31.3, 15.9, 10.3, 6.08, 4.36, 2.87]), (0.05, 2.615, [500, 84.0, 28.8, 16.4, 11.4, 7.11, 5.22, 3.50]),
  ]
  for (lambda, limit, lengths) in ewma {
    for (shift, expected) in zip(shifts, lengths) {
      let length = Ewma(lambda: lambda, limit: limit).averageRunLength(shift: shift)
      #expect(abs(length / expected - 1) < 0.01, "λ \(lambda), shift \(shift): \(length), published \(expected)")
    }
  }
}

@Test func headStartsAndShewhartMatchThePublishedTables() {
  func near(_ found: Double, _ expected: Double, _ what: String) {
    #expect(abs(found / expected - 1) < 0.01, "\(what): \(found), published \(expected)")
  }
  for (h, none, one) in [(4.0, 148.7, 5.29), (5, 430.4, 6.35)] {
    near(Cusum(k: 0.5, h: h, headStart: h / 2).averageRunLength(), none, "h \(h) with a head start")
    near(Cusum(k: 0.5, h: h, headStart: h / 2).averageRunLength(shift: 1), one, "h \(h) with a head start, shift 1")
  }
  for (shift, length) in [(0, 370.4), (0.5, 155.2), (1, 43.89), (1.5, 14.97), (2, 6.30), (3, 2.00)] {
    near(Shewhart().averageRunLength(shift: shift), length, "three sigma, shift \(shift)")
  }
}

/// Two sums with a head start, followed: the identity that joins the sides is exact, not an approximation.
@Test func aSimulatedHeadStartRunsAsLongAsTheEquationSays() {
  var stream = RandomStream(seed: 5, "head start")
  var total = 0
  let runs = 1500
  for _ in 0..<runs {
    var chart = Cusum(k: 0.5, h: 3, headStart: 1.5)
    repeat { total += 1 } while chart.observe(stream.normal()) == nil
  }
  let exact = Cusum(k: 0.5, h: 3, headStart: 1.5).averageRunLength()
  #expect(abs(Double(total) / Double(runs) / exact - 1) < 0.09, "\(Double(total) / Double(runs)), exact \(exact)")
}

@Test func noRuleBeatsTheMinimaxDelay() {
  let limits: [(shift: Double, length: Double, delay: Double)] = [
    (1, 500, 9.16), (1, 1e3, 10.52), (1, 1e4, 15.09), (1, 1e5, 19.70), (1, 1e6, 24.30), (0.5, 500, 25.87), (0.5, 1e4, 49.13), (2, 500, 3.07),
    (2, 1e4, 4.56),
  ]
  for (shift, length, delay) in limits {
    let found = DetectionLimit.worstDelay(shift: shift, falseAlarmEvery: length)
    #expect(abs(found / delay - 1) < 0.01, "shift \(shift), one false alarm in \(length): \(found), expected \(delay)")
  }
}

@Test func chartsAreSetByTheirRateOfFalseAlarms() {
  for length in [100, 500, 10_000.0] {
    let cusum = Cusum(k: 0.5, falseAlarmEvery: length)
    #expect(abs(cusum.averageRunLength() / length - 1) < 1e-4)
    #expect(abs(Cusum(k: 0.25, falseAlarmEvery: length, headStart: 0.5).averageRunLength() / length - 1) < 1e-4)
    #expect(abs(Ewma(lambda: 0.1, falseAlarmEvery: length).averageRunLength() / length - 1) < 1e-4)
    #expect(abs(Shewhart(falseAlarmEvery: length).averageRunLength() / length - 1) < 1e-9)
    // A chart cannot beat the limit for the shift that it is made for.
    #expect(cusum.averageRunLength(shift: 1) > DetectionLimit.worstDelay(shift: 1, falseAlarmEvery: length))
  }
  #expect(abs(Ewma(lambda: 0.2, falseAlarmEvery: 500).limit - 2.962) < 0.002)
}

@Test func cusumFindsAShiftAndWhenItBegan() {
  var delays = 0
  var errors = 0.0
  let runs = 400
  for seed in 0..<runs {
    var stream = RandomStream(seed: UInt64(seed), "cusum")
    var chart = Cusum(k: 0.5, h: 8)
    for _ in 0..<50 { _ = chart.observe(stream.normal()) }
    chart.reset()
    var n = 0
    while true {
      n += 1
      if let side = chart.observe(stream.normal() + 1) {
        #expect(side == .high)
        break
      }
    }
    delays += n
    errors += Double(abs(chart.highRun - n))
  }
  // Exact: 16.37.
  #expect(abs(Double(delays) / Double(runs) - 16.4) < 1.5)
  #expect(errors / Double(runs) < 3)
  var ewma = Ewma()
  var alarms = 0
  for _ in 0..<30 where ewma.observe(1) { alarms += 1 }
  // m = 1 − 0.8ⁿ passes 0.987 at n = 20.
  #expect(alarms == 11)
}

@Test func conformalIntervalHoldsWhateverTheLaw() {
  var (held, total) = (0, 0)
  var stream = RandomStream(seed: 9, "conformal")
  var interval = ConformalInterval(alpha: 0.1, capacity: 200)
  #expect(interval.halfWidth == .infinity)
  for i in 0..<5000 {
    let error = stream.exponential() * stream.exponential()
    if i >= 200 {
      total += 1
      if error <= interval.halfWidth { held += 1 }
    }
    interval.observe(error: error)
  }
  #expect(abs(Double(held) / Double(total) - 0.9) < 0.02)
  interval.observe(error: .nan)
  #expect(interval.errors.count == 200)
  var nine = ConformalInterval(alpha: 0.1)
  for e in 1...9 { nine.observe(error: Double(e)) }
  #expect(nine.halfWidth == 9)
}

/// What is learnt from 20,000 readings, and what the design says of the sensor, both without a false alarm.
@Test func frozenSensorIsFoundAndAHealthyOneLeftAlone() {
  // The resolution in deviations, how long what is learnt takes, and how long the design takes: readings before the freeze count too.
  for (resolution, learnt, designed) in [(0.5, 12, 9), (1.0, 16, 15), (2.0, 40, 37)] {
    let commonest = 1 - 2 * Normal.survival(resolution / 2)
    for (chance, longest) in [(nil, learnt), (commonest, designed)] as [(Double?, Int)] {
      var stream = RandomStream(seed: 4, "frozen")
      var detector = FrozenRun(commonest: chance)
      var alarms = 0
      for _ in 0..<20_000 where detector.observe((stream.normal() / resolution).rounded() * resolution) { alarms += 1 }
      #expect(alarms == 0, "resolution \(resolution)")
      var (n, suspect) = (1, 0)
      while !detector.observe(1234) {
        n += 1
        if suspect == 0, detector.isSuspect { suspect = n }
      }
      #expect(n <= longest && chance.map { _ in n == designed } ?? true, "resolution \(resolution): frozen after \(n)")
      #expect(suspect > 0 && suspect <= (longest + 1) / 2 + 1, "resolution \(resolution): suspect after \(suspect)")
      // It thaws with the first other value.
      let still = detector.observe(0)
      #expect(!still && !detector.isSuspect)
    }
  }
}

/// Scenario 1 showed it: a run that lasted taught, while it lasted, that such runs are usual, and was seen late or never.
@Test func aFrozenRunDoesNotTeachWhileItLasts() {
  var stream = RandomStream(seed: 5, "frozen")
  var limits: [Int] = []
  for _ in 0..<100 {
    var detector = FrozenRun()
    for _ in 0..<500 { _ = detector.observe(stream.normal().rounded()) }
    var n = 1
    while !detector.observe(0.5) { n += 1 }
    limits.append(n)
  }
  #expect(limits.sorted()[50] <= 19 && limits.max()! <= 45, "\(limits.sorted())")
}

/// Who declares more noise than there is gets what is learnt, once that speaks clearly.
@Test func aDesignThatTheReadingsRefuteCountsNoLonger() {
  var stream = RandomStream(seed: 6, "frozen")
  var detector = FrozenRun(commonest: 0.38)
  var alarms = [0, 0]
  // In truth nine of ten readings repeat.
  var value = 0.0
  for reading in 0..<20_000 {
    if stream.chance(0.1) { value = stream.normal() }
    if detector.observe(value) { alarms[reading / 10_000] += 1 }
  }
  #expect(alarms[0] > 0 && alarms[1] == 0, "\(alarms)")
}
