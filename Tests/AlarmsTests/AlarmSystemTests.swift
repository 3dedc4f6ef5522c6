import Alarms
import Quantities
import Testing

private let start = Instant(seconds: 1_000_000)
private func at(_ seconds: Double) -> Instant { start + .seconds(seconds) }

private func system(onDelay: Double = 0, offDelay: Double = 0, latches: Bool = false, priority: AlarmPriority = .medium) -> AlarmSystem {
  AlarmSystem([
    AlarmSpec(
      name: "hot", priority: priority, condition: .above(limit: 90, deadband: 2), onDelay: .seconds(onDelay), offDelay: .seconds(offDelay),
      latches: latches, response: "open the cooling valve")
  ])
}

@Suite struct AlarmSystemTests {
  @Test func anAlarmActivatesAfterItsDelayAndReturnsAfterItsDeadbandAndDelay() {
    var alarms = system(onDelay: 5, offDelay: 10)
    // time, value, active afterwards
    let table: [(Double, Double, Bool)] = [
      (0, 91, false), (3, 91, false), (4, 89, false),  // gone before the delay: never active
      (10, 91, false), (14.9, 91, false), (15, 91, true), (20, 89, true),  // inside the deadband it still holds
      (21, 88, true), (25, 92, true), (26, 88, true), (35.9, 80, true), (36, 80, false),
    ]
    for (time, value, active) in table {
      _ = alarms.handle(.value(alarm: "hot", value), at: at(time))
      #expect(alarms.states["hot"]?.active == active, "at \(time) s")
    }
    // Delays run on ticks as well.
    _ = alarms.handle(.value(alarm: "hot", 95), at: at(40))
    #expect(alarms.handle(.tick, at: at(45)) == [.journal(alarm: "hot", .activated, by: nil), .annunciate(alarm: "hot", .medium)])
  }

  @Test func activeAndAcknowledgedAreIndependent() {
    var alarms = system()
    _ = alarms.handle(.value(alarm: "hot", 95), at: at(0))
    #expect(alarms.states["hot"]?.word(at: at(0)) == "unacknowledged")
    _ = alarms.handle(.value(alarm: "hot", 50), at: at(1))
    #expect(alarms.states["hot"]?.word(at: at(1)) == "returned, unacknowledged")
    #expect(alarms.annunciated(at: at(1)).map(\.name) == ["hot"])
    _ = alarms.handle(.acknowledge(alarm: "hot", by: "Olaf"), at: at(2))
    #expect(alarms.states["hot"]?.word(at: at(2)) == "normal")
    _ = alarms.handle(.value(alarm: "hot", 95), at: at(3))
    _ = alarms.handle(.acknowledge(alarm: "hot", by: "Olaf"), at: at(4))
    #expect(alarms.states["hot"]?.word(at: at(4)) == "acknowledged")
    #expect(alarms.handle(.acknowledge(alarm: "hot", by: "Olaf"), at: at(5)).isEmpty)
  }

  @Test func hidingIsByThreeAxesAndComesBackIntoSight() {
    var alarms = system()
    _ = alarms.handle(.shelve(alarm: "hot", for: .minutes(10), by: "Olaf"), at: at(0))
    #expect(!alarms.handle(.value(alarm: "hot", 95), at: at(1)).contains(.annunciate(alarm: "hot", .medium)))
    #expect(alarms.states["hot"]?.active == true && alarms.annunciated(at: at(1)).isEmpty)
    // The shelf runs out: it is announced now, once.
    #expect(alarms.handle(.tick, at: at(600)).contains(.annunciate(alarm: "hot", .medium)))
    #expect(alarms.handle(.tick, at: at(601)).isEmpty)
    _ = alarms.handle(.suppress(alarm: "hot", true), at: at(602))
    _ = alarms.handle(.setOutOfService(alarm: "hot", true, by: "Eve"), at: at(603))
    #expect(alarms.handle(.suppress(alarm: "hot", false), at: at(604)) == [.journal(alarm: "hot", .unsuppressed, by: nil)])
    #expect(alarms.handle(.setOutOfService(alarm: "hot", false, by: "Eve"), at: at(605)).contains(.annunciate(alarm: "hot", .medium)))
    #expect(alarms.handle(.shelve(alarm: "hot", for: .hours(9), by: "Olaf"), at: at(606)).contains { if case .refused = $0 { true } else { false } })
  }

  @Test func aLatchedAlarmIsResetByAPersonOnceItsCauseIsGone() {
    var alarms = system(latches: true)
    _ = alarms.handle(.value(alarm: "hot", 95), at: at(0))
    #expect(alarms.handle(.reset(alarm: "hot", by: "Olaf"), at: at(1)) == [.refused(alarm: "hot", reason: "its cause is not gone")])
    _ = alarms.handle(.value(alarm: "hot", 50), at: at(2))
    _ = alarms.handle(.tick, at: at(500))
    #expect(alarms.states["hot"]?.active == true)
    _ = alarms.handle(.value(alarm: "hot", nil), at: at(501))
    #expect(alarms.handle(.reset(alarm: "hot", by: "Olaf"), at: at(502)) == [.refused(alarm: "hot", reason: "its cause is not gone")])
    _ = alarms.handle(.value(alarm: "hot", 50), at: at(503))
    _ = alarms.handle(.reset(alarm: "hot", by: "Olaf"), at: at(504))
    #expect(alarms.states["hot"]?.active == false)
  }

  @Test(arguments: [nil, Double.nan, .infinity, -.infinity])
  func notKnowingIsNeitherAlarmNorAllClear(value: Double?) {
    var alarms = system(onDelay: 5)
    _ = alarms.handle(.value(alarm: "hot", 95), at: at(0))
    #expect(alarms.handle(.value(alarm: "hot", value), at: at(4)) == [.journal(alarm: "hot", .blind, by: nil)])
    _ = alarms.handle(.tick, at: at(60))
    #expect(alarms.states["hot"]?.active == false)
    _ = alarms.handle(.value(alarm: "hot", 95), at: at(61))
    _ = alarms.handle(.value(alarm: "hot", 95), at: at(66))
    #expect(alarms.states["hot"]?.active == true)
    _ = alarms.handle(.value(alarm: "hot", value), at: at(67))
    _ = alarms.handle(.tick, at: at(600))
    #expect(alarms.states["hot"]?.active == true && alarms.states["hot"]?.isBlind == true)
  }

  @Test func aFloodBeginsAboveTenInTenMinutesAndEndsBelowFive() {
    var alarms = AlarmSystem(
      (0..<11).map { AlarmSpec(name: "a\($0)", priority: .low, condition: .isSet, response: "look") })
    var floods: [(Double, Bool)] = []
    func run(_ input: AlarmInput, _ time: Double) {
      for case .flood(let on) in alarms.handle(input, at: at(time)) { floods.append((time, on)) }
    }
    for index in 0..<11 { run(.value(alarm: "a\(index)", 1), Double(index * 10)) }
    #expect(alarms.rate.inTenMinutes(at: at(100)) == 11 && alarms.rate.isFlood)
    for second in stride(from: 110.0, through: 800, by: 10) { run(.tick, second) }
    #expect(floods.map(\.1) == [true, false] && floods.map(\.0) == [100, 660])
    #expect(alarms.rate.floodTime == .seconds(560) && alarms.rate.total == 11)
  }

  @Test func whatNobodyDeclaredIsRefusedAndTheListIsByPriorityThenAge() {
    var alarms = AlarmSystem([
      AlarmSpec(name: "b", priority: .low, condition: .isSet, response: "look"),
      AlarmSpec(name: "a", priority: .low, condition: .isSet, response: "look"),
      AlarmSpec(name: "c", priority: .high, condition: .below(limit: 1, deadband: 0), response: "run"),
    ])
    #expect(alarms.handle(.value(alarm: "x", 1), at: at(0)) == [.refused(alarm: "x", reason: "no such alarm")])
    _ = alarms.handle(.value(alarm: "b", 1), at: at(0))
    _ = alarms.handle(.value(alarm: "a", 1), at: at(1))
    _ = alarms.handle(.value(alarm: "c", 0), at: at(2))
    #expect(alarms.annunciated(at: at(3)).map(\.name) == ["c", "b", "a"])
  }
}
