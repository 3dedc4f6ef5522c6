import Probability
import Quantities
import Synchronisation
import Telemetry
import Testing

/// First finishes a piece every twenty seconds; Second, which has it two seconds later, needs eight to ten, then waits, and says so three seconds
/// after its piece. What `isLost` names does not come.
private func starvedSecond(
  pieces: Int, length: (Int) -> Double = { 8 + Double($0 * 7 % 5) / 2.5 }, isLost: (LineReading.Subject) -> Bool
) -> [LineReading] {
  var all = [
    at(0, .processed(station: 0, 0)), at(0, .processed(station: 1, 0)), at(0, .level(buffer: 0, 90)), at(0, .state(station: 0, .execute)),
    at(0, .state(station: 1, .suspended)),
  ]
  for k in 1...pieces {
    // Off the beat of anything that is told again.
    let finish = Double(20 * k) + 0.137 * Double(k % 7)
    let end = finish + 2 + length(k)
    all += [
      at(finish, .processed(station: 0, Double(k))), at(finish + 2, .state(station: 1, .execute)), at(end, .processed(station: 1, Double(k))),
      at(end + 3, .state(station: 1, .suspended)),
    ]
  }
  // Twice a minute Second's counter is told again, on a beat.
  for t in stride(from: 30.0, to: Double(20 * pieces), by: 30) { all.append(at(t, .rejected(station: 1, 0))) }
  return all.filter { !isLost($0.subject) }
}

/// Follows as a twin does, closing the past a minute behind.
private func followed(_ readings: [LineReading], _ layout: LineLayout, until end: Double) -> LineSynchroniser {
  var line = LineSynchroniser(layout)
  for reading in readings.sorted(by: { $0.arrival < $1.arrival }) where reading.arrival <= Instant(seconds: end) {
    line.observe(reading)
    line.advance(to: reading.arrival - .seconds(60), now: reading.arrival)
  }
  return line
}

private var slowFirst: LineLayout {
  var layout = twoMachines()
  layout.stations[0].cycle = .lognormal(mean: 20, cv: 0.1)
  return layout
}

@Suite struct WaitingTests {
  @Test func aMachineThatSaysItWaitsHasFinishedAsLongBeforeAsAlways() {
    // The count of the tenth piece is lost, and its end is not at the middle of the law.
    let readings = starvedSecond(pieces: 14, length: { $0 == 10 ? 11.2 : 8 + Double($0 * 7 % 5) / 2.5 }) { $0 == .processed(station: 1, 10) }
    let line = followed(readings, slowFirst, until: 250)
    let end = 200 + 0.137 * 3 + 2 + 11.2
    for (t, finished) in [(end - 0.1, 9), (end + 0.1, 10)] {
      #expect(line.estimate(at: Instant(seconds: t), now: Instant(seconds: 250)).stations[1].finished == finished, "at \(t)")
    }
  }

  @Test func aMachineThatGoesOnDatesWhatItWaitedFor() {
    // First's tenth piece comes three seconds late, and its count is lost: Second's going on tells when it came, not only what it made of it.
    var readings = starvedSecond(pieces: 14) { $0 == .processed(station: 0, 10) }
    let finish = 200 + 0.137 * 3
    let arrived = readings.firstIndex {
      $0.subject == .state(station: 1, .execute) && abs(($0.instant - Instant(seconds: finish + 2)).seconds) < 0.01
    }!
    readings[arrived] = at(finish + 4.7, .state(station: 1, .execute))
    let line = followed(readings, slowFirst, until: 250)
    for (t, finished) in [(finish + 2.6, 9), (finish + 2.8, 10)] {
      #expect(line.estimate(at: Instant(seconds: t), now: Instant(seconds: 250)).stations[0].finished == finished, "at \(t)")
    }
  }

  @Test func whoWillSayThatItWaitsHasWaitedSinceItsLastPiece() {
    // A part that is counted never comes. Second, after its tenth piece, would take it; that it waits, it says only three seconds later.
    let readings = starvedSecond(pieces: 14) { _ in false }.map { reading -> LineReading in
      guard case .processed(station: 0, let n) = reading.subject, n > 10 else { return reading }
      return LineReading(instant: reading.instant, arrival: reading.arrival, subject: .processed(station: 0, n + 1))
    }
    let (finish, length) = (200 + 0.137 * 3, 8.0)
    let line = followed(readings + [at(finish + 6, .processed(station: 0, 11))], slowFirst, until: 250)
    for t in [finish + 2 + length + 0.2, finish + 2 + length + 1.9, finish + 2 + length + 3.5] {
      let estimate = line.estimate(at: Instant(seconds: t), now: Instant(seconds: 250))
      #expect(estimate.stations[1].finished == 10 && estimate.stations[1].inWork == 0, "at \(t)")
    }
  }

  @Test func whatIsToldAgainOnTheBeatDatesNoFinish() {
    // First needs a minute and a half; its counter is told every minute. The piece of 237 is told only at 300, as if it had been finished then.
    var layout = twoMachines()
    layout.stations[0].cycle = .lognormal(mean: 237, cv: 0.3)
    layout.stations[1].cycle = .lognormal(mean: 8, cv: 0.1)
    var readings = [
      at(0, .processed(station: 1, 0)), at(0, .level(buffer: 0, 50)), at(0, .state(station: 0, .execute)), at(0, .state(station: 1, .suspended)),
      at(247, .processed(station: 1, 1)), at(300, .processed(station: 0, 1)),
    ]
    for t in stride(from: 0.0, to: 300, by: 60) { readings.append(at(t, .processed(station: 0, 0))) }
    let line = follow(readings, layout)
    #expect(line.estimate(at: Instant(seconds: 246), now: Instant(seconds: 310)).stations[0].finished == 1)
    #expect(line.estimate(at: Instant(seconds: 225), now: Instant(seconds: 310)).stations[0].finished == 0)
  }

  @Test func whoWaitsHasFinishedOnePieceOrTwo() {
    // Two pieces wait for Second. The counts of both are lost: by its waiting alone it may have needed eleven seconds for one, or for the two.
    var layout = slowFirst
    layout.stations[1].cycle = .lognormal(mean: 8, cv: 0.3)
    var readings = starvedSecond(pieces: 10) { $0 == .processed(station: 1, 10) || $0 == .processed(station: 0, 10) }
    let first = 200 + 0.137 * 3
    readings.removeAll { $0.instant > Instant(seconds: first + 3) }
    readings += [at(first, .processed(station: 0, 10)), at(first + 3, .processed(station: 0, 11))]
    readings += [at(first + 2 + 11.2 + 3, .state(station: 1, .suspended)), at(240, .rejected(station: 1, 0))]
    let line = followed(readings, layout, until: 250)
    let estimate = line.estimate(at: Instant(seconds: first + 9), now: Instant(seconds: 250))
    #expect(!estimate.stations[1].isCertain && !estimate.buffers[1].isCertain)
    let after = line.estimate(at: Instant(seconds: first + 14), now: Instant(seconds: 250))
    #expect(after.stations[1].finished >= 10)
  }

  @Test func waitingComesBeforeAStop() {
    // The count of the tenth piece is lost; Second waits, says so, and is then stopped.
    var layout = slowFirst
    layout.stations[1].cycle = .lognormal(mean: 10, cv: 0.5)
    var readings = starvedSecond(pieces: 14, length: { $0 == 10 ? 9.2 : 8 + Double($0 * 7 % 5) / 2.5 }) { $0 == .processed(station: 1, 10) }
    let begin = 200 + 0.137 * 3 + 2
    readings.append(at(begin + 15, .state(station: 1, .stopped)))
    let line = followed(readings, layout, until: 250)
    for (t, finished) in [(begin + 9.1, 9), (begin + 9.3, 10)] {
      #expect(line.estimate(at: Instant(seconds: t), now: Instant(seconds: 250)).stations[1].finished == finished, "at \(t)")
    }
  }

  @Test func whatNobodyCountsIsThereUnlessTheMachineWaits() {
    // Nothing is known of what First takes from; the count of its second piece is lost.
    var layout = twoMachines()
    layout.buffers[0].isMeasured = false
    let readings = messages(4).filter { $0.subject != .processed(station: 0, 2) && $0.subject != .level(buffer: 0, 50) }
    let estimate = follow(readings, layout).estimate(at: Instant(seconds: 22.5), now: Instant(seconds: 60))
    #expect(estimate.stations[0].finished == 2)
    #expect(!estimate.buffers[0].isCertain)
  }

  @Test func waitingHasTwoExplanations() {
    // Middle says that it waits, three seconds after a piece for which it had the next part, and room for one more: either may be wrong.
    func station(_ name: String, _ input: Int, _ output: LineLayout.Destination) -> LineLayout.Station {
      .init(name: name, inputs: [.init(buffer: input)], output: output, cycle: .lognormal(mean: 10, cv: 0.1), repair: .exponential(mean: 300))
    }
    let layout = LineLayout(
      buffers: [.init(name: "Raw", capacity: 100, isMeasured: true), .init(name: "X", capacity: 4), .init(name: "Y", capacity: 4)],
      stations: [station("First", 0, .buffer(1)), station("Middle", 1, .buffer(2)), station("Last", 2, .outside)],
      sources: [.init(buffer: 0, lot: 50, interval: .exponential(mean: 1e6))])
    var readings = [
      at(0, .level(buffer: 0, 50)), at(0, .state(station: 0, .execute)), at(0, .state(station: 1, .suspended)),
      at(0, .state(station: 2, .suspended)), at(10, .state(station: 1, .execute)), at(20, .state(station: 2, .execute)),
      at(21, .state(station: 2, .aborted)), at(53, .state(station: 1, .suspended)),
    ]
    for s in 0..<3 { readings.append(at(0, .processed(station: s, 0))) }
    for k in 1...5 { readings.append(at(Double(10 * k), .processed(station: 0, Double(k)))) }
    for k in 1...4 { readings.append(at(Double(10 * k + 10), .processed(station: 1, Double(k)))) }
    let y = follow(readings, layout).estimate(at: Instant(seconds: 53.5), now: Instant(seconds: 54)).buffers[2]
    #expect(y.parts == 3 && y.bounds.contains(4))
    #expect(y.probability > 0.6 && y.probability < 0.9)
  }

  @Test func whoWasToldToWaitMayHaveGoneOnUntold() {
    // First rejects its second piece, and Rework takes it; that it goes on is lost. It still has it when the fourth is rejected.
    var layout = twoMachines()
    layout.buffers.append(.init(name: "RW", capacity: 5, isMeasured: true))
    layout.stations[0].rejects = .buffer(2)
    layout.stations.append(
      .init(name: "Rework", inputs: [.init(buffer: 2)], output: .outside, cycle: .lognormal(mean: 60, cv: 0.3), repair: .exponential(mean: 300)))
    var readings = messages(9).filter { if case .processed(station: 1, _) = $0.subject { false } else { true } }
    readings += [
      at(0, .rejected(station: 0, 0)), at(0, .processed(station: 2, 0)), at(0, .state(station: 2, .suspended)), at(1, .level(buffer: 2, 0)),
      at(20, .rejected(station: 0, 1)), at(40, .rejected(station: 0, 2)), at(41, .level(buffer: 2, 1)), at(85, .processed(station: 2, 1)),
    ]
    let line = follow(readings, layout)
    for (t, parts) in [(30.0, 0), (40.5, 1), (60, 1), (80, 1)] {
      #expect(line.estimate(at: Instant(seconds: t), now: Instant(seconds: 100)).buffers[2].parts == parts, "at \(t)")
    }
  }
}
