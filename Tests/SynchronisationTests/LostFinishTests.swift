import Probability
import Quantities
import Synchronisation
import Telemetry
import Testing

/// First's pieces at 10, 20, 30, `fourth` and 50, of which the count of the fourth is lost; Second, always starved, works eight seconds on
/// each from its arrival two seconds later. The buffer between is looked at every five seconds from 1 on.
private func lostFourth(at fourth: Double, looks: Bool = false) -> [LineReading] {
  let finishes = [10, 20, 30, fourth, 50]
  var all = [
    at(0, .processed(station: 0, 0)), at(0, .processed(station: 1, 0)), at(0, .level(buffer: 0, 50)),
    at(0, .state(station: 0, .execute)), at(0, .state(station: 1, .execute)),
  ]
  for (k, finish) in finishes.enumerated() where k != 3 { all.append(at(finish, .processed(station: 0, Double(k + 1)))) }
  for (k, finish) in finishes.enumerated() { all.append(at(finish + 10, .processed(station: 1, Double(k + 1)))) }
  guard looks else { return all }
  var told = -1
  for look in stride(from: 1.0, to: 60, by: 5) {
    let level = finishes.count { $0 <= look && $0 + 2 > look }
    if level != told { all.append(at(look, .level(buffer: 1, Double(level)))) }
    told = level
  }
  return all
}

private func waitingSecond(measured: Bool) -> LineLayout {
  var layout = twoMachines(measured: measured)
  layout.stations[1].cycle = .lognormal(mean: 8, cv: 0.1)
  return layout
}

@Suite struct LostFinishTests {
  private func finished(at t: Double, _ readings: [LineReading], measured: Bool = false) -> Int {
    follow(readings, waitingSecond(measured: measured)).estimate(at: Instant(seconds: t), now: Instant(seconds: 75)).stations[0].finished
  }

  @Test func aStarvedNeighbourDatesTheFinishItWaitedFor() {
    // By its own cycle the fourth piece lies at 40; who took it on arrival, and needs eight seconds, finished later.
    #expect(finished(at: 40.2, lostFourth(at: 40)) == 4)
    #expect(finished(at: 40.2, lostFourth(at: 41.5)) == 3)
    #expect(finished(at: 39.8, lostFourth(at: 38.5)) == 4)
  }

  @Test func theSilenceOfTheSensorDatesAFinish() {
    // At 41 the sensor had nothing to tell: the part had not come yet.
    #expect(finished(at: 40.8, lostFourth(at: 41.2)) == 4)
    #expect(finished(at: 40.8, lostFourth(at: 41.2, looks: true), measured: true) == 3)
    #expect(finished(at: 40.8, lostFourth(at: 40.4, looks: true), measured: true) == 4)
  }

  @Test func whatIsOpenIsSaidToBeAndNothingElse() {
    let line = follow(lostFourth(at: 40), waitingSecond(measured: false))
    for (t, isCertain) in [(35.0, true), (39.7, false), (45.0, true)] {
      let buffer = line.estimate(at: Instant(seconds: t), now: Instant(seconds: 75)).buffers[0]
      #expect(buffer.isCertain == isCertain, "at \(t)")
      #expect((buffer.probability > 0.995) == isCertain && buffer.probability <= 1, "at \(t)")
      #expect(buffer.parts == (t < 40 ? 46 : 45), "at \(t)")
    }
  }

  @Test func aRejectThatNobodyToldIsTheOneThatTheSensorMisses() {
    // Of five pieces one was rejected, and only the next heartbeat says so: the third never came into the buffer.
    var all = [
      at(0, .processed(station: 0, 0)), at(0, .processed(station: 1, 0)), at(0, .rejected(station: 0, 0)), at(0, .level(buffer: 0, 50)),
      at(0, .state(station: 0, .execute)), at(0, .state(station: 1, .execute)), at(70, .rejected(station: 0, 1)),
    ]
    for k in 1...5 { all.append(at(Double(10 * k), .processed(station: 0, Double(k)))) }
    for (k, finish) in [22.0, 32, 52, 62].enumerated() { all.append(at(finish, .processed(station: 1, Double(k + 1)))) }
    for look in stride(from: 1.0, to: 60, by: 5) {
      let level = [11.0, 21, 41, 51].contains(look) ? 1 : 0
      let before = [16.0, 26, 46, 56].contains(look) ? 1 : 0
      if level != before || look == 1 { all.append(at(look, .level(buffer: 1, Double(level)))) }
    }
    let line = follow(all, twoMachines(measured: true))
    for (t, rejected) in [(25.0, 0), (35, 1), (45, 1)] {
      #expect(line.estimate(at: Instant(seconds: t), now: Instant(seconds: 75)).stations[0].rejected == rejected, "at \(t)")
    }
  }

  @Test func aMachineThatCountsDoesNotStand() {
    // Held at 33; that it went on at 40 was lost, and so was the count of the piece at 57.
    var all = [
      at(0, .processed(station: 0, 0)), at(0, .processed(station: 1, 0)), at(0, .level(buffer: 0, 50)), at(0, .state(station: 0, .execute)),
      at(33, .state(station: 0, .held)),
    ]
    for (k, finish) in [(1.0, 10.0), (2, 20), (3, 30), (4, 47), (6, 67)] { all.append(at(finish, .processed(station: 0, k))) }
    #expect(finished(at: 46, all) == 3)
    #expect(finished(at: 55, all) == 4)
    #expect(finished(at: 59, all) == 5)
  }

  @Test func whoBreaksDownMayHaveFinishedBefore() {
    // At 39.5, before the fourth piece was due, First breaks down for long. Its count may have been lost.
    var all = [
      at(0, .processed(station: 0, 0)), at(0, .processed(station: 1, 0)), at(0, .level(buffer: 0, 50)), at(0, .state(station: 0, .execute)),
      at(39.5, .state(station: 0, .aborting)), at(40.5, .state(station: 0, .aborted)),
    ]
    for k in 1...3 { all.append(at(Double(10 * k), .processed(station: 0, Double(k)))) }
    let station = follow(all).estimate(at: Instant(seconds: 42), now: Instant(seconds: 75)).stations[0]
    #expect(station.finished == 3 && !station.isCertain)
  }
}
