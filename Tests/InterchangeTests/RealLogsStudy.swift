import Foundation
import ProcessMining
import Quantities
import Testing

@testable import Interchange

/// Calibrate on the first part of a real log, forecast the rest. Prints one line of JSON for each log, which `Benchmarks/logs/run` reads.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil))
struct RealLogsStudy {
  @Test func productionLog() throws {
    guard let reading = try RealLogs.production() else { return }
    #expect(reading.refused == 0 && reading.log.events.count == 3511)
    // Cases came until 26 February: seven tenths of that time to calibrate on, the rest to foretell, day by day.
    let cut = try #require(Instant(iso8601: "2012-02-10T00:00:00Z")), end = try #require(Instant(iso8601: "2012-02-26T00:00:00Z"))
    try study("production-log", reading.log, cut: cut, end: end, period: 86_400, replications: 400)
  }

  @Test func autotwinLine() throws {
    guard let reading = try RealLogs.line() else { return }
    #expect(reading.refused == 0 && reading.log.events.count == 46_934)
    let cut = Instant(seconds: 8640), end = Instant(seconds: 14_400)
    try study("autotwin-line", reading.log, cut: cut, end: end, period: 300, replications: 200)
  }

  private func study(_ name: String, _ log: EventLog, cut: Instant, end: Instant, period: Double, replications: Int) throws {
    let result = try LogStudy.backtest(log, cut: cut, until: end, period: period, replications: replications, seed: 4)
    print(result.report.text)
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    print("STUDY \(name) \(String(decoding: try encoder.encode(result.report), as: UTF8.self))")
    if let folder = ProcessInfo.processInfo.environment["TAKT_STUDY_OUT"] {
      try encoder.encode(Draws(result.forecast, result.observed)).write(to: URL(filePath: folder).appending(path: "\(name).takt.json"))
    }
  }

  /// The draws themselves, so that one scorer can judge several models.
  private struct Draws: Encodable {
    struct Counter: Encodable {
      var name: String
      var periods: [[Double]]
      var total: [Double]
      var observed: [Double]
    }
    struct Time: Encodable {
      var name: String
      var oneCase: Bool
      var draws: [Double]
      var observed: [Double]
    }
    var counters: [Counter]
    var cycleTimes: [Time]
    init(_ forecast: LogForecast, _ observed: LogObservation) {
      counters = forecast.counters.map {
        Counter(name: $0.name, periods: $0.periods.map(\.draws), total: $0.total.draws, observed: observed.counters[$0.name] ?? [])
      }
      cycleTimes = forecast.cycleTimes.map {
        Time(name: $0.name, oneCase: $0.isOneCase, draws: $0.seconds.draws, observed: observed.cycleTimes[$0.name] ?? [])
      }
    }
  }
}
