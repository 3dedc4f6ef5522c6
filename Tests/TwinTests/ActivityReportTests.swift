import Foundation
import Quantities
import Telemetry
import Testing

@testable import Twin

@Test func aReportTellsTheLawWithItsRivalsAndAPictureThatAddsUp() throws {
  var line = TestLine(seed: 41, stations: 2)
  line.run(toHours: 4)
  var twin = Twin(plant: line.plant, seed: 6, configuration: .small)
  twin.follow(line.samples)
  let reports = twin.activityReports
  #expect(reports.map(\.station).sorted() == reports.map(\.station), "in the plant's order")
  for name in ["M1", "M2"] {
    #expect(reports.filter { $0.station == name }.map(\.activity) == [.cycle, .timeToFailure, .repair, .shortStop])
  }
  let cycle = try #require(reports.first { $0.activity == .cycle })
  #expect(cycle.picture == nil && cycle.law == nil && cycle.exactCount > 500 && cycle.low <= 5 && 5 <= cycle.high)
  for report in reports where report.activity != .cycle {
    #expect(abs(report.families.reduce(0) { $0 + $1.probability } - 1) < 1e-9)
    #expect(report.law?.family == report.families.first?.family)
    #expect(report.low < report.mean && report.mean < report.high)
    let picture = try #require(report.picture)
    #expect(picture.density.count == 60 && picture.low == 0 && picture.density.allSatisfy { $0 >= 0 && $0.isFinite })
    let width = (picture.high - picture.low) / 60
    #expect(abs(picture.density.reduce(0, +) * width + picture.beyond - 1) < 1e-9, "the density and what lies beyond are all there is")
    #expect(picture.beyond < 0.02)
    #expect(picture.counts.reduce(0, +) + picture.countsBefore.reduce(0, +) + picture.countBeyond == report.exactCount, "\(report.activity)")
  }
  let stops = try #require(reports.first { $0.activity == .shortStop })
  // 20 s with a spread of seven tenths, lognormal.
  #expect(stops.exactCount > 15 && stops.mean > 13 && stops.mean < 30)
  #expect(stops.fit != nil && stops.fit?.isRefused == false)
  #expect(stops.halfLifeProbability.map { $0 > 0 && $0 <= 1 } == true)
  #expect(stops.words.contains("mean") && stops.words.contains("cv"))

  let decoded = try JSONDecoder().decode([ActivityReport].self, from: try JSONEncoder().encode(reports))
  #expect(decoded == reports)
  // Nothing is said of a line that was never seen at work.
  #expect(Twin(plant: line.plant, seed: 6).activityReports.isEmpty)
}

@Test func afterAChangeOlderLengthsAreToldApart() throws {
  var line = TestLine(seed: 12, stations: 1)
  line.machines[0].micro = 150
  line.run(toHours: 4)
  line.machines[0].microLength *= 4
  let changed = Duration(seconds: line.now)
  line.run(toHours: 7)
  var twin = Twin(plant: line.plant, seed: 2, configuration: .small)
  twin.follow(line.samples)
  let report = try #require(twin.activityReports.first { $0.activity == .shortStop })
  let date = try #require(report.changedAt)
  #expect(abs((date - (line.start + changed)).minutes) < 30)
  let picture = try #require(report.picture)
  #expect(picture.countsBefore.reduce(0, +) > 40 && picture.counts.reduce(0, +) > 15)
  #expect(report.mean > 50, "the new length counts")
  let found = try #require(twin.foundChanges.first { $0.kind == .shortStops })
  #expect(found.station == "M1" && found.words.contains("short stops last") && found.earliest <= found.since && found.since <= found.latest)
}

/// What the console promises a stranger: the record and the seed give the calibration's name, whoever follows the record in which steps.
@Test func theRecordAndTheSeedGiveTheNameWhateverThePace() throws {
  var line = TestLine(seed: 3, stations: 2)
  line.run(toHours: 1.2)
  var live = Twin(plant: line.plant, seed: 9, configuration: .small)
  live.follow(line.samples)
  var offline = Twin(plant: line.plant, seed: 9, configuration: .small)
  let date = live.calibration.at
  var slice: Instant?
  for (tag, sample) in line.samples {
    if sample.instant >= date + offline.configuration.allowedLateness { break }
    offline.observe(SampleBlock(tag: tag, sample))
    if let last = slice, sample.instant - last < .minutes(1) { continue }
    slice = sample.instant
    offline.advance(to: sample.instant)
  }
  offline.advance(to: date + offline.configuration.allowedLateness)
  #expect(offline.calibration.at == date && offline.calibration.id == live.calibration.id)
  var other = Twin(plant: line.plant, seed: 10, configuration: .small)
  other.follow(line.samples)
  #expect(other.calibration.id != live.calibration.id, "another seed draws otherwise")
  #expect(live.drawSeed == 9)
}

@Suite struct LawPictureTests {
  @Test func aNarrowLawIsDrawnWhereItIs() {
    // Uniform on 98 … 102.
    let picture = LawPicture(cdf: { min(max(($0 - 98) / 4, 0), 1) }, middle: 100, lengths: [(99, false), (101, true)])
    #expect(picture.low > 90 && picture.low < 98 && picture.high > 101 && picture.high < 103)
    #expect(picture.counts.reduce(0, +) == 1 && picture.countsBefore.reduce(0, +) == 1)
  }

  @Test func aJumpAndAFarStragglerKeepTheAxisReadable() {
    // Always 10; one observation is a thousand times longer.
    let lengths = (0..<40).map { _ in (seconds: 10.0, isBefore: false) } + [(seconds: 10_000, isBefore: false)]
    let picture = LawPicture(cdf: { $0 < 10 ? 0 : 1 }, middle: 10, lengths: lengths)
    #expect(picture.high < 30 && picture.countBeyond == 1 && picture.counts.reduce(0, +) == 40)
    let width = (picture.high - picture.low) / 60
    #expect(abs(picture.density.reduce(0, +) * width + picture.beyond - 1) < 1e-9)
    #expect(picture.density.allSatisfy { $0.isFinite })
  }
}
