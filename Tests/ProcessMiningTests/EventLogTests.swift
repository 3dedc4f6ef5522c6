import ProcessMining
import Quantities
import Testing

private func at(_ seconds: Double) -> Instant { Instant(seconds: seconds) }

@Suite struct EventLogTests {
  @Test func anEmptyLogIsRefused() {
    #expect(throws: MiningError.emptyLog) { try LogStudy.calibrate(EventLog([])) }
  }

  @Test func whatIsKnownAtACutHasNoFuture() {
    let log = EventLog([
      LogEvent(caseID: "a", activity: "mill", start: at(0), complete: at(10), attributes: ["qty": "3"]),
      LogEvent(caseID: "a", activity: "pack", start: at(12), complete: at(30), attributes: ["qty": "7"]),
      LogEvent(caseID: "b", activity: "mill", start: at(21), complete: at(25)),
    ])
    let known = log.known(at: at(20))
    #expect(known.events.count == 2)
    #expect(known.events[0].complete == at(10) && known.events[0].attributes["qty"] == "3")
    #expect(known.events[1].complete == nil && known.events[1].attributes.isEmpty)
    #expect(log.instant(atShare: 0.5) == at(15))
  }

  @Test func sensorsOfWhichEveryValueIsANumberAreSignals() {
    let log = EventLog([
      LogEvent(caseID: "P_1", activity: "S1", complete: at(0)), LogEvent(caseID: "0", activity: "lock", complete: at(1)),
      LogEvent(caseID: "1", activity: "lock", complete: at(2)),
    ])
    #expect(log.signals == ["lock"] && log.isSensorLog)
    // Where every case is merely a number, none is a signal.
    #expect(EventLog([LogEvent(caseID: "1", activity: "a", complete: at(0)), LogEvent(caseID: "2", activity: "b", complete: at(1))]).signals.isEmpty)
  }

  @Test func startsAndCompletionsArePairedFirstInFirstOut() {
    var pairing = LifecyclePairing()
    func event() -> LogEvent { LogEvent(caseID: "a", activity: "mill", complete: nil) }
    pairing.add(event(), at: at(0), transition: "start")
    pairing.add(event(), at: at(5), transition: "START")
    pairing.add(event(), at: at(6), transition: "suspend")
    pairing.add(event(), at: at(9), transition: "complete")
    pairing.add(event(), at: at(11), transition: "complete")
    pairing.add(event(), at: at(12), transition: "complete")
    let events = pairing.finished()
    #expect(events.map(\.start) == [at(0), at(5), nil] && events.map(\.complete) == [at(9), at(11), at(12)])
    #expect(pairing.passedOver == ["suspend": 1] && pairing.unpairedCompletions == 1)
  }
}
