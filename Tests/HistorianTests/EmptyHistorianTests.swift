import Historian
import Quantities
import Storage
import Telemetry
import Testing

@Test func anEmptyHistorianAnswersEverythingWithNothing() throws {
  let historian = try Historian(on: MemoryStorage())
  #expect(historian.tags.isEmpty && historian.last(of: "A") == nil)
  #expect(try historian.samples(of: "A", in: .distantPast ..< .distantFuture).isEmpty)
  #expect(try historian.statistics().isEmpty && historian.statistics(of: "A") == nil)
  #expect(try historian.commit() == 0)
  #expect(try historian.seal() == nil)
  let hour = Instant(seconds: 0)..<Instant(seconds: 3600)
  let windows = try historian.aggregate("A", over: hour, windows: WindowRule(length: .minutes(25)))
  #expect(windows.map(\.count) == [0, 0, 0])
  #expect(windows.last?.range == Instant(seconds: 3000)..<Instant(seconds: 3600))
}

@Test func moreWindowsThanAnAnswerMayHaveAreRefused() throws {
  let historian = try Historian(on: MemoryStorage())
  #expect(throws: HistorianError.self) {
    try historian.aggregate("A", over: .distantPast ..< .distantFuture, windows: WindowRule(length: .seconds(1)))
  }
}
