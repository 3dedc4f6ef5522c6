public import Quantities

/// Keeps Takt's alarms within what a person can answer: one for each change, and so many an hour; the rest goes to the journal.
///
/// ANSI/ISA-18.2-2016 §16 and EEMUA 191 allow an operator about six alarms an hour from everything there is; Takt takes one of them. A notice
/// that needs a person's hand now (`isUrgent`) always passes, and is counted.
public struct AlarmBudget: Hashable, Sendable {
  /// Alarms that may be given in any hour.
  public let perHour: Int
  /// Alarms of the last hour, oldest first.
  private var given: [Instant] = []
  /// Changes that have had their alarm; the newest last, bounded.
  private var told: [ChangeID] = []

  public init(perHour: Int) { self.perHour = perHour }

  /// The notice as it may be given: an alarm beyond the budget becomes an entry of the journal.
  public mutating func admit(_ notice: Notice, at now: Instant) -> Notice {
    given.removeAll { now - $0 >= .hours(1) }
    guard notice.severity == .alarm else { return notice }
    let isSecond = notice.change.map(told.contains) ?? false
    if !notice.isUrgent, isSecond || given.count >= perHour {
      return Notice(.journal, change: notice.change, notice.text)
    }
    given.append(now)
    if let change = notice.change, !isSecond { told.append(change) }
    if told.count > 100 { told.removeFirst(told.count - 100) }
    return notice
  }
}
