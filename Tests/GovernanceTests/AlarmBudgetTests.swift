import Governance
import Quantities
import Testing

@Suite struct AlarmBudgetTests {
  private let start = Instant(nanoseconds: 1_700_000_000_000_000_000)

  @Test func oneAlarmForOneChangeAndSoManyAnHour() {
    var budget = AlarmBudget(perHour: 1)
    func given(_ change: String?, minutes: Double, urgent: Bool = false) -> Notice.Severity {
      budget.admit(Notice(.alarm, change: change.map { ChangeID($0) }, "x", isUrgent: urgent), at: start + .minutes(minutes)).severity
    }
    #expect(given("a", minutes: 0) == .alarm)
    #expect(given("a", minutes: 61) == .journal, "its second")
    #expect(given("b", minutes: 62) == .alarm)
    #expect(given("c", minutes: 63) == .journal, "the second within the hour")
    #expect(given("b", minutes: 64, urgent: true) == .alarm, "a person's hand is needed")
    #expect(given("c", minutes: 125) == .alarm)
    #expect(budget.admit(Notice(.journal, change: nil, "y"), at: start).severity == .journal)
  }

  @Test func aStormOfAlarmsStaysWithinTheBudget() {
    var budget = AlarmBudget(perHour: 1)
    var alarms: [Duration] = []
    for second in 0..<36_000
    where budget.admit(Notice(.alarm, change: ChangeID("c\(second)"), "x"), at: start + .seconds(Double(second))).severity == .alarm {
      alarms.append(.seconds(Double(second)))
    }
    #expect(alarms.count == 10 && zip(alarms, alarms.dropFirst()).allSatisfy { $1 - $0 >= .hours(1) })
  }
}
