import PlantModel
import Quantities
import Testing
import Twin

/// What single machines did: every part and every second once, and a wait for others is none of a machine's own time.
@Test func whatMachinesDidIsToldPartByPartAndSecondBySecond() throws {
  var line = TestLine(seed: 41)
  line.run(toHours: 2)
  var twin = Twin(plant: line.plant, seed: 1, configuration: .small)
  twin.follow(line.samples)
  let ends = try #require(twin.recordEnds)
  #expect(ends > line.start + .hours(1.9) && ends <= line.start + .hours(2))

  let begin = line.start + .minutes(10)
  let spans = (0..<20).map { (start: begin + .minutes(5 * Double($0)), end: begin + .minutes(5 * Double($0 + 1))) }
  let whole = [(start: begin, end: begin + .minutes(100))]
  let parts = twin.machineReports(of: ["M1", "M3"], in: spans), sums = twin.machineReports(of: ["M1", "M3"], in: whole)
  #expect(parts.count == 40 && parts.prefix(2).map(\.station) == ["M1", "M3"] && sums.count == 2)
  for sum in sums {
    let own = parts.filter { $0.station == sum.station }
    #expect(own.reduce(0) { $0 + $1.good } == sum.good && own.reduce(0) { $0 + $1.rejected } == sum.rejected)
    #expect(sum.good > 500 && sum.rejected > 0)
    #expect(abs(sum.own + sum.waiting + sum.down + sum.unknown - 6_000) < 1, "\(sum)")
    // The line is in series: some of the time each waits for the others, and its pace in its own time is nearer to its cycle of 5 s.
    #expect(sum.waiting > 0 && Double(sum.good + sum.rejected) / sum.own > Double(sum.good + sum.rejected) / 6_000)
    #expect(sum.own / Double(sum.good + sum.rejected) < 6.5)
  }
  // What the record does not hold whole is not told at all.
  #expect(twin.machineReports(of: ["M1"], in: [(start: ends - .minutes(3), end: ends + .minutes(2))]).isEmpty)
  #expect(twin.machineReports(of: ["M1"], in: [(start: line.start - .hours(2), end: line.start - .hours(1))]).isEmpty)
  #expect(twin.machineReports(of: ["Nobody"], in: whole).isEmpty)
}
