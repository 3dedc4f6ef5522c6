import Determinism
import Quantities
import Testing

@testable import Synchronisation

@Suite struct BlurTests {
  @Test func whoTakesAPartJustAfterItCameMayHaveTakenItLater() {
    // It arrived at 9.9 or half a second around it, and is taken at 10, when the piece before was finished. At 10.1 it may be still to come.
    var line = Trajectory(Flow(twoMachines()))
    line.clock = 10
    line.buffers[1].arrived = .init(at: 9.9, half: 0.5, step: 1)
    line.moveOut(1)
    line.clock = 10.1
    let open = line.unsettled(1)
    #expect(open.parts == 1 && abs(open.chance - 0.3) < 1e-9)
    line.clock = 10.5
    #expect(line.unsettled(1).chance == 0)
  }

  @Test func whatIsWaitedForIsThereWhenTheNeighbourSaysSoAndNotBefore() {
    // By its own law it arrives at 9.8 or half a second around it. Second, which waits for it, is told to go on at 10.2.
    let evidence = Evidence(Flow(twoMachines()))
    var line = Trajectory(evidence.flow)
    line.buffers[1].puts = 1
    line.buffers[1].blurredPut = .init(at: 7.8, half: 0.5, step: 1)
    line.travels.append(to: 1, arrival: 9.8)
    line.agenda[line.slot(.arrival, 1)] = 10.2
    line.clock = 10
    #expect(line.unsettled(1).chance == 0)
    line.clock = 10.2
    line.arrive(1, evidence)
    #expect(line.stations[1].inWork == 1 && line.buffers[1].level == 0)
    line.clock = 10.25
    #expect(line.unsettled(1).chance == 0)
  }

  @Test func whatIsLeftBehindIsTakenWhenItIsTold() {
    // Another part has been there for long.
    var line = Trajectory(Flow(twoMachines()))
    line.clock = 10
    line.buffers[1].arrived = .init(at: 9.9, half: 0.5, step: 1)
    line.buffers[1].ready = 1
    line.moveOut(1)
    line.clock = 10.1
    #expect(line.unsettled(1).chance == 0)
  }
}

@Suite struct UnexplainedTests {
  @Test func beforeAnythingIsSeenItIsAsLikelyAsTheLawsSay() {
    #expect(abs(Unexplained().share - Portable.exp(-Trajectory.surprise)) < 1e-12)
  }

  @Test func itIsTheShareOfLooksThatNoHistoryExplained() {
    var unexplained = Unexplained()
    unexplained.look(96_000)
    unexplained.contradict(20)
    #expect(abs(unexplained.share - 20.5 / (96_000 + 0.5 * Portable.exp(Trajectory.surprise))) < 1e-12)
  }

  @Test func whoseSensorContradictsItsCountsIsLessSure() {
    func followed(_ extra: Int) -> LineSynchroniser {
      // The sensor of Mid looks every five seconds; at 45 it sees parts that nobody counted.
      var line = LineSynchroniser(twoMachines(measured: true))
      let levels = [at(10, .level(buffer: 1, 1)), at(15, .level(buffer: 1, 0)), at(20, .level(buffer: 1, 1)), at(25, .level(buffer: 1, 0))]
      let more = [at(30, .level(buffer: 1, 1)), at(35, .level(buffer: 1, 0)), at(40, .level(buffer: 1, 1)), at(45, .level(buffer: 1, Double(extra)))]
      for reading in (messages(16) + levels + more).sorted(by: { $0.arrival < $1.arrival }) { line.observe(reading) }
      line.advance(to: Instant(seconds: 100), now: Instant(seconds: 165))
      return line
    }
    let (clean, odd) = (followed(0), followed(2))
    #expect(clean.corrected[.sensor] == nil && odd.corrected[.sensor] == 1)
    #expect(odd.unexplained.share > 2 * clean.unexplained.share)
    func stated(_ line: LineSynchroniser) -> Double { line.estimate(at: Instant(seconds: 101), now: Instant(seconds: 165)).buffers[0].probability }
    #expect(stated(odd) < stated(clean) && stated(clean) < 1)
  }
}
