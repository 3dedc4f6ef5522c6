import ProcessMining
import Testing

@Test func anEmptyLogIsRefused() { #expect(throws: MiningError.emptyLog) { try LogStudy.calibrate(EventLog([])) } }
