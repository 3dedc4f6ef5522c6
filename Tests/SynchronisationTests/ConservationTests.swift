import Determinism
import Probability
import Quantities
import Synchronisation
import Telemetry
import Testing

/// A line of two machines with a buffer of four between them, each piece told by its count.
func twoMachines(measured: Bool = false) -> LineLayout {
  LineLayout(
    buffers: [.init(name: "In", capacity: 100, isMeasured: true), .init(name: "Mid", capacity: 4, transit: .seconds(2), isMeasured: measured)],
    stations: [
      .init(
        name: "First", inputs: [.init(buffer: 0)], output: .buffer(1), cycle: .lognormal(mean: 10, cv: 0.1), repair: .exponential(mean: 300)),
      .init(
        name: "Second", inputs: [.init(buffer: 1)], output: .outside, cycle: .lognormal(mean: 10, cv: 0.1), repair: .exponential(mean: 300)),
    ],
    sources: [.init(buffer: 0, lot: 50, interval: .exponential(mean: 1e6))])
}

func at(_ seconds: Double, _ subject: LineReading.Subject, late: Double = 0.1) -> LineReading {
  LineReading(instant: Instant(seconds: seconds), arrival: Instant(seconds: seconds + late), subject: subject)
}

/// Everything told at the start, then First's counts at 10, 20, … and Second's at 22, 32, … (a piece finished at 10 arrives at 12).
func messages(_ pieces: Int) -> [LineReading] {
  var all = [
    at(0, .processed(station: 0, 0)), at(0, .processed(station: 1, 0)), at(0, .level(buffer: 0, 50)),
    at(0, .state(station: 0, .execute)), at(0, .state(station: 1, .suspended)), at(12, .state(station: 1, .execute)),
  ]
  for k in 1...pieces {
    all.append(at(Double(10 * k), .processed(station: 0, Double(k))))
    all.append(at(Double(10 * k + 12), .processed(station: 1, Double(k))))
  }
  return all.sorted { $0.arrival < $1.arrival }
}

func follow(_ readings: [LineReading], _ layout: LineLayout = twoMachines()) -> LineSynchroniser {
  var line = LineSynchroniser(layout)
  for reading in readings.sorted(by: { $0.arrival < $1.arrival }) { line.observe(reading) }
  return line
}

@Suite struct ConservationTests {
  @Test func levelsFollowFromCountsAlone() {
    let line = follow(messages(8))
    for (t, mid, first, second) in [(11.0, 1, 1, 0), (13.0, 0, 1, 1), (21.0, 1, 2, 1), (23.0, 0, 2, 2)] {
      let e = line.estimate(at: Instant(seconds: t), now: Instant(seconds: 85))
      #expect(e.buffers[1].parts == mid, "at \(t)")
      #expect(e.buffers[1].isCertain, "at \(t)")
      #expect(e.stations[0].finished == first)
      #expect(e.stations[1].inWork == (second > 0 ? 1 : 0))
    }
  }

  @Test func withinTheMillisecondOfACountItIsOpenWhetherThePieceHasCome() {
    let line = follow(messages(8))
    for (t, isCertain) in [(19.9, true), (19.9998, false), (20.0002, false), (20.1, true)] {
      let level = line.estimate(at: Instant(seconds: t), now: Instant(seconds: 85)).buffers[1]
      #expect(level.isCertain == isCertain && level.parts == (t < 20 ? 0 : 1), "at \(t)")
    }
  }

  @Test func theOrderOfArrivalAndDoublesChangeNothing() {
    let inOrder = messages(8)
    var stream = RandomStream(seed: 3, "network")
    var disturbed = inOrder.map { reading in
      LineReading(instant: reading.instant, arrival: reading.instant + .seconds(30 * stream.uniform()), subject: reading.subject)
    }
    disturbed += disturbed.prefix(6).map { LineReading(instant: $0.instant, arrival: $0.arrival + .seconds(5), subject: $0.subject) }
    let (a, b) = (follow(inOrder), follow(disturbed))
    for t in stride(from: 25.5, to: 80, by: 1.0) {
      let (x, y) = (a.estimate(at: Instant(seconds: t), now: Instant(seconds: 120)), b.estimate(at: Instant(seconds: t), now: Instant(seconds: 120)))
      #expect(x.buffers.map(\.parts) == y.buffers.map(\.parts), "at \(t)")
    }
    #expect(b.doubled == 6)
  }

  @Test func theNextCountMakesUpForALostOneAndLeavesItsInstantOpen() {
    let lost = messages(10).filter { $0.subject != .processed(station: 0, 4) }
    let line = follow(lost)
    let now = Instant(seconds: 105)
    // The fourth piece was finished at 40: between the counts at 30 and 50.
    #expect(line.estimate(at: Instant(seconds: 35), now: now).stations[0].finished == 3)
    let open = line.estimate(at: Instant(seconds: 40.5), now: now)
    #expect(!open.buffers[1].isCertain)
    #expect(open.buffers[1].bounds.contains(1))
    #expect(line.estimate(at: Instant(seconds: 45), now: now).stations[0].finished == 4)
    #expect(line.estimate(at: Instant(seconds: 51), now: now).buffers[1].isCertain)
  }

  @Test func whoFinishesMustHaveHadAPart() {
    // Two parts lay in the buffer when the watch began, told by nobody.
    var readings = [
      at(0, .processed(station: 0, 0)), at(0, .processed(station: 1, 0)), at(0, .level(buffer: 0, 50)), at(0, .state(station: 0, .aborted)),
    ]
    for k in 1...3 { readings.append(at(Double(10 * k), .processed(station: 1, Double(k)))) }
    readings.append(at(33, .state(station: 1, .suspended)))
    let line = follow(readings)
    let end = line.estimate(at: Instant(seconds: 34), now: Instant(seconds: 34))
    #expect(end.stations[1].finished == 3)
    #expect(end.buffers[1].parts == 0)
    #expect(end.buffers[1].isCertain)
  }

  @Test func aLevelNobodyHasToldIsUncertain() {
    let line = follow([at(0, .processed(station: 0, 0)), at(0, .processed(station: 1, 0)), at(1, .level(buffer: 0, 50))])
    let e = line.estimate(at: Instant(seconds: 2), now: Instant(seconds: 2))
    #expect(e.buffers[1].bounds == 0...4)
  }

  @Test func aSensorShowsPartsThatWereTakenOut() {
    var readings = messages(8)
    readings.append(at(25, .level(buffer: 1, 0)))
    // A part is put back by hand: nobody counts it.
    readings.append(at(43, .level(buffer: 1, 2)))
    readings.append(at(48, .level(buffer: 1, 2)))
    var line = follow(readings, twoMachines(measured: true))
    line.advance(to: Instant(seconds: 60), now: Instant(seconds: 110))
    #expect(line.corrected[.sensor] == 1)
    #expect(line.corrections.contains { $0.law == .sensor && $0.place == .buffer(1) && $0.parts == 2 })
  }

  @Test func whatIsTakenInTheMillisecondOfALookMayHaveBeenThere() {
    // The part of 10 arrives at 12, when the sensor looks, and is taken at once.
    let readings = messages(8) + [at(2, .level(buffer: 1, 0)), at(12, .level(buffer: 1, 1)), at(17, .level(buffer: 1, 0))]
    var line = follow(readings, twoMachines(measured: true))
    line.advance(to: Instant(seconds: 60), now: Instant(seconds: 110))
    #expect(line.corrected[.sensor] == nil)
    #expect(line.estimate(at: Instant(seconds: 61), now: Instant(seconds: 110)).buffers[1].parts == 1)
  }

  @Test func nearACorrectionLevelsAreUncertainForAWhile() {
    // Two parts are put in by hand at 43: what else is wrong there?
    let readings = messages(8) + [at(25, .level(buffer: 1, 0)), at(43, .level(buffer: 1, 2)), at(48, .level(buffer: 1, 2))]
    var line = follow(readings, twoMachines(measured: true))
    for (t, isCertain) in [(35.0, true), (46, false), (66, false), (76, true)] {
      line.advance(to: Instant(seconds: t - 1), now: Instant(seconds: 140))
      let level = line.estimate(at: Instant(seconds: t), now: Instant(seconds: 140)).buffers[0]
      #expect(level.isCertain == isCertain, "at \(t)")
      #expect(isCertain ? level.probability > 0.995 : level.probability < 0.96, "at \(t)")
    }
  }

  @Test func aRestartedCounterIsBridged() {
    let readings = messages(8).map { reading -> LineReading in
      guard case .processed(station: 0, let n) = reading.subject, n > 4 else { return reading }
      return LineReading(instant: reading.instant, arrival: reading.arrival, subject: .processed(station: 0, n - 4))
    }
    var line = follow(readings)
    line.advance(to: Instant(seconds: 80), now: Instant(seconds: 140))
    #expect(line.estimate(at: Instant(seconds: 80), now: Instant(seconds: 140)).stations[0].finished == 8)
    #expect(line.corrected[.counterBridged] == 1)
  }

  @Test func aRepairInProgressTellsHowLongItHasLasted() throws {
    let readings = messages(3) + [at(35, .state(station: 0, .aborting)), at(35, .state(station: 0, .aborted))]
    let line = follow(readings)
    let repair = try #require(line.estimate(at: Instant(seconds: 50), now: Instant(seconds: 50)).stations[0].repair)
    #expect(abs(repair.elapsed - 15) < 1e-6)
    #expect(abs(repair.cdf(repair.quantile(0.3)) - 0.3) < 1e-6)
  }
}

@Suite struct PackMLOrderTests {
  @Test func whatMustHaveComeBetween() {
    #expect(PackMLOrder.missing(from: .execute, to: .unholding) == [.held])
    #expect(PackMLOrder.missing(from: .aborted, to: .resetting) == [.clearing, .stopped])
    #expect(PackMLOrder.missing(from: .execute, to: .held).isEmpty)
    #expect(PackMLOrder.missing(from: .suspended, to: .suspended).isEmpty)
  }

  @Test func everyStateIsReachedFromEveryOther() {
    for a in MachineState.allCases where a != .undefined {
      for b in MachineState.allCases where b != .undefined && a != b {
        var state = a
        for next in PackMLOrder.missing(from: a, to: b) + [b] {
          #expect(PackMLOrder.successors(of: state).contains(next), "\(a) to \(b)")
          state = next
        }
      }
    }
  }
}
