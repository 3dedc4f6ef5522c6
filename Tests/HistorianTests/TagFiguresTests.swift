import Historian
import Quantities
import Storage
import Telemetry
import Testing

@Suite struct TagFiguresTests {
  private let start = Instant(seconds: 1_000_000)

  /// One a second, each so late.
  private func block(_ tag: String, _ seconds: Range<Int>, late: (Int) -> Quantities.Duration, value: (Int) -> Double) -> SampleBlock {
    let instants = seconds.map { start + .seconds(Double($0)) }
    return SampleBlock(
      tag: tag, instants: instants, arrivals: zip(instants, seconds).map { $0 + late($1) }, values: .numbers(seconds.map(value)),
      qualities: seconds.map { $0 % 4 == 0 ? .uncertain : .good })
  }

  @Test func aTagsFiguresAreThoseOfItsSamplesWhereverTheyLie() throws {
    let historian = try Historian(on: MemoryStorage())
    // Lateness of 1 … 400 s; 0 and −0 are one number, and NaN is none.
    try historian.append(blocks: [
      block("a", 0..<400, late: { .seconds(Double($0 + 1)) }, value: { [0, -0.0, 1, .nan][$0 % 4] }),
      block("many", 0..<1_500, late: { _ in .milliseconds(-250) }, value: Double.init),
    ])
    for isSealed in [false, true] {
      if isSealed { try historian.seal() }
      let figures = try #require(try historian.snapshot().figures(of: "a"))
      #expect(figures.count == 400 && figures.distinct == 2)
      #expect(figures.statistics?.count == 400 && figures.statistics?.lateness.greatest == .seconds(400))
      #expect(figures.gaps?.count == 0 && figures.gaps?.longest == .seconds(1))
      let median = try #require(figures.medianLateness?.seconds)
      #expect(abs(median - 200) <= 200.0 / 64)
      #expect(figures.last.instant == start + .seconds(399))
      #expect(figures.storedSamples == (isSealed ? 400 : 0) && (figures.bytesPerSample != nil) == isSealed)

      let many = try #require(try historian.snapshot().figures(of: "many"))
      #expect(many.distinct == TagFigures.distinctLimit)
      // A clock that runs ahead makes lateness negative.
      #expect(abs(try #require(many.medianLateness?.seconds) + 0.25) <= 0.25 / 64)
    }
  }

  @Test func aRangeBoundsWhatIsReadAndNotWhatIsHeld() throws {
    let historian = try Historian(on: MemoryStorage())
    try historian.append(blocks: [block("a", 0..<100, late: { _ in .zero }, value: Double.init)])
    try historian.seal()
    try historian.append(blocks: [block("a", 150..<200, late: { _ in .seconds(2) }, value: Double.init)])
    let snapshot = historian.snapshot()
    let recent = try #require(try snapshot.figures(of: "a", in: start + .seconds(90)..<start + .seconds(180)))
    #expect(recent.count == 150 && recent.storedSamples == 100)
    #expect(recent.statistics?.count == 40 && recent.distinct == 40)
    #expect(recent.gaps?.count == 1 && recent.gaps?.longest == .seconds(51))
    let none = try #require(try snapshot.figures(of: "a", in: start + .seconds(500)..<start + .seconds(600)))
    #expect(none.count == 150 && none.statistics == nil && none.gaps == nil && none.medianLateness == nil && none.distinct == 0)
    #expect(try snapshot.figures(of: "b") == nil)
  }
}
