import Historian
import Quantities
import Storage
import Telemetry
import Testing

@Suite struct GapTests {
  @Test func spansOfMoreThanThreeTimesTheUsualOneAreGaps() throws {
    let historian = try Historian(on: MemoryStorage())
    let id = historian.series(of: "a")
    var batch = SampleBatch(arrival: Instant(nanoseconds: 0))
    // One a second, without 50…59 and 300…302, and one late that fills a place.
    for second in (0..<400).filter({ !(50..<60).contains($0) && !(300..<303).contains($0) && $0 != 200 }) + [200] {
      batch.append(series: id, instant: Int64(second) * 1_000_000_000, value: 1, quality: .good)
    }
    try historian.append(batch)
    for isSealed in [false, true] {
      if isSealed { try historian.seal() }
      let gaps = try #require(try historian.snapshot().gaps(of: "a"))
      #expect(gaps.count == 2 && gaps.longest == .seconds(11) && gaps.total == .seconds(15) && gaps.limit == .seconds(3))
      #expect((historian.snapshot().storedBytes(of: id) > 0) == isSealed)
    }
    #expect(try historian.snapshot().gaps(of: "b") == nil)
  }
}
