import Acquisition
import PlantModel
import Quantities
import Sparkplug
import Telemetry
import Testing

@Suite struct SampleCheckTests {
  private let now = wallStart

  private func judged(_ raw: SampleCheck.Raw, _ path: String, _ quality: Quality = .good, ahead: Duration = .zero) -> (Sample, [TagIssue.Kind]) {
    var report = AcquisitionReport()
    let sample = SampleCheck(plant: testPlant()).sample(
      SampleCheck.Observation(raw: raw, source: now + ahead, quality: quality), of: path, at: now, report: &report)
    return (sample, report.issues.map(\.kind))
  }

  @Test func onlyWhatCanBeRightIsGood() {
    let cases: [(SampleCheck.Raw, String, Quality, [TagIssue.Kind])] = [
      (.number(2), "Filler/Pressure", .good, []),
      (.number(5), "Filler/Pressure", .good, []),
      (.number(5.0001), "Filler/Pressure", .bad, [.outOfRange]),
      (.number(-1), "Filler/Pressure", .bad, [.outOfRange]),
      (.number(.nan), "Filler/Pressure", .bad, [.notFinite]),
      (.number(.infinity), "Filler/Pressure", .bad, [.notFinite]),
      (.number(-.infinity), "Nobody/Knows", .bad, [.notFinite, .unknownTag]),
      (.text("2"), "Filler/Pressure", .bad, [.wrongType]),
      (.absent, "Filler/Pressure", .bad, [.sourceSaysBad]),
      (.number(6), "Filler/StateCurrent", .good, []),
      (.number(18), "Filler/StateCurrent", .bad, [.notAllowed]),
      (.number(6.5), "Filler/StateCurrent", .bad, [.notAllowed]),
      (.number(6.5), "Filler/Count", .bad, [.notAllowed]),
      (.text("A"), "Line/ProductId", .good, []),
      (.number(1), "Line/ProductId", .bad, [.wrongType]),
      (.number(1), "Nobody/Knows", .good, [.unknownTag]),
    ]
    for (raw, path, quality, issues) in cases {
      let (sample, found) = judged(raw, path)
      #expect(sample.quality == quality, "\(raw) \(path)")
      #expect(found == issues, "\(raw) \(path)")
      #expect((sample.value.number == nil) == (path == "Line/ProductId"), "a column keeps its type")
    }
    #expect(judged(.number(2), "Filler/Pressure", .bad).0.quality == .bad)
    #expect(judged(.number(2), "Filler/Pressure", .uncertain).0.quality == .uncertain)
    #expect(judged(.number(9), "Filler/Pressure", .uncertain).0.quality == .bad)
  }

  @Test func instantsAheadOrBehindLowerTheQuality() {
    #expect(judged(.number(2), "Filler/Pressure", ahead: .minutes(1)).0.quality == .good)
    #expect(judged(.number(2), "Filler/Pressure", ahead: .minutes(10)).0.quality == .uncertain)
    let far = judged(.number(2), "Filler/Pressure", ahead: .hours(2))
    #expect(far.0.quality == .bad && far.0.instant == now && far.1 == [.inFuture])
    #expect(judged(.number(2), "Filler/Pressure", ahead: .minutes(-2)).0.quality == .good)
    let late = judged(.number(2), "Filler/Pressure", ahead: .minutes(-4))
    #expect(late.0.quality == .uncertain && late.1 == [.late])
    #expect(late.0.lateness == .minutes(4))
  }

  @Test func aWrongUnitInTheBirthMakesTheTagBadAndIsReported() {
    for (unit, expected) in [
      ("bar", Quality.good), ("", .good), ("kPa", .bad), ("degC", .bad), ("mbar", .bad), ("furlongs", .uncertain), ("100.kPa", .good),
    ] {
      var (host, node) = (TestHost(), TestNode())
      node.devices["FillerPLC"]![0].properties.engUnit = unit
      _ = host.feed(.connected)
      #expect(host.feed(node.births(at: host.wall)).last("Filler/Pressure")?.quality == expected, "\(unit)")
      #expect(host.feed([node.data("FillerPLC", [(10, .double, .double(2))], at: host.wall)]).last("Filler/Pressure")?.quality == expected)
      #expect(host.host.report.issues.map(\.kind) == (expected == .good ? [] : expected == .bad ? [.wrongUnit] : [.unknownUnit]))
      if expected == .bad { #expect(host.host.address(of: "Filler/Pressure") == nil, "a set-point in the wrong unit must not be written") }
      // Corrected by a new birth, it is good again and no longer an issue.
      node.devices["FillerPLC"]![0].properties.engUnit = "bar"
      #expect(host.feed(node.births(at: host.wall)).last("Filler/Pressure")?.quality == .good)
      #expect(host.host.report.issues.isEmpty)
    }
  }

  @Test func nullsQualitiesAndForeignTypesAreBad() {
    var (host, node) = (TestHost(), TestNode())
    _ = host.feed(.connected)
    _ = host.feed(node.births(at: host.wall))
    #expect(host.feed([node.data("FillerPLC", [(10, .double, nil)], at: host.wall)]).last("Filler/Pressure")?.quality == .bad)
    #expect(host.feed([node.data("FillerPLC", [(10, .double, .double(.nan))], at: host.wall)]).last("Filler/Pressure")?.quality == .bad)
    #expect(host.feed([node.data("FillerPLC", [(10, .string, .string("2"))], at: host.wall)]).last("Filler/Pressure")?.quality == .bad)
    for (code, quality) in [(192, Quality.good), (0, .bad), (64, .uncertain), (500, .stale), (-1, .bad), (7, .bad)] {
      let metric = try! SparkplugMetric(
        alias: 10, instant: host.wall, datatype: .double, value: .double(2), properties: SparkplugProperties(quality: code))
      let effects = host.feed([node.message(.deviceData, "FillerPLC", [metric], at: host.wall)])
      #expect(effects.last("Filler/Pressure")?.quality == quality, "\(code)")
    }
    let typed = try! SparkplugMetric(alias: 10, instant: host.wall, datatype: .int32, value: .signed(2))
    #expect(host.feed([node.message(.deviceData, "FillerPLC", [typed], at: host.wall)]).last("Filler/Pressure")?.quality == .bad)
  }
}
