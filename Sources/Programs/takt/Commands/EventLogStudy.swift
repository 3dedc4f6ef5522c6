import ArgumentParser
import Foundation
import Interchange
import ProcessMining
import Quantities

/// `takt calibrate LOG`: a model mined from an event log, and with `--cut` a forecast of its rest, scored.
struct EventLogStudy: ParsableArguments {
  @Option(help: "Event log: the column of the case (order, item). Guessed where not given, like the others.") var caseColumn: String?
  @Option(help: "Event log: the column of the activity, or of the sensor.") var activityColumn: String?
  @Option(help: "Event log: the column of the instant at which an event is complete.") var timeColumn: String?
  @Option(help: "Event log: the column of the instant at which it begins.") var startColumn: String?
  @Option(help: "Event log: the column of the resource.") var resourceColumn: String?
  @Option(help: "Event log: the column of the lifecycle transition (start, complete).") var lifecycleColumn: String?
  @Option(help: "Event log in OCEL: the object type that is the case.") var caseType: String?
  @Option(help: "Event log: automatic, cases (work orders through activities) or line (items past sensors).") var kind = LogKind.automatic
  @Option(
    help: "Event log: learn up to here and forecast the rest; an instant, or a share of the time that the log covers (70%).") var cut: String?
  @Option(help: "Event log: seconds of a period that throughput is counted by.") var period: Double?
  @Option(help: "Event log: simulations behind a forecast.") var replications = 200

  private struct Answer: Encodable {
    var read: Int
    var refused: Int
    var notes: [String]
    var problems: [String]
    var model: MinedModel
    var report: LogBacktestReport?
  }

  func run(_ path: String, seed: UInt64, json: Bool) throws {
    guard replications >= 2, period.map({ $0 > 0 && $0.isFinite }) ?? true else {
      throw ValidationError("--replications must be at least 2, --period seconds above 0")
    }
    guard let data = FileManager.default.contents(atPath: path) else { throw CommandFailure("\(path) cannot be read") }
    do {
      let reading = try EventLogFile.read(
        [UInt8](data),
        columns: .init(
          caseID: caseColumn, activity: activityColumn, complete: timeColumn, start: startColumn, resource: resourceColumn, lifecycle: lifecycleColumn
        ),
        caseType: caseType)
      for problem in reading.problems.prefix(5) { FileHandle.standardError.write(Data("\(path):\(problem)\n".utf8)) }
      if reading.refused > 0 { FileHandle.standardError.write(Data("\(path): \(reading.refused) of \(reading.read) rows refused\n".utf8)) }
      let span = reading.log.span
      let instant = try cut.map { try Self.cut($0, in: span) }
      var answer = Answer(
        read: reading.read, refused: reading.refused, notes: reading.notes, problems: reading.problems.map { "\($0)" },
        model: try LogStudy.calibrate(reading.log, at: instant, kind: kind.meant), report: nil)
      var forecast: LogForecast?
      if let instant, let span {
        let length = period ?? Self.period(of: (span.end - instant).seconds)
        let study = try LogStudy.backtest(reading.log, cut: instant, period: length, replications: replications, seed: seed, kind: kind.meant)
        (answer.report, forecast) = (study.report, study.forecast)
      }
      if json { return try JSONOutput.print(answer) }
      for note in reading.notes { print(note) }
      print(answer.model.text)
      if let forecast { print("\n\(forecast.text)") }
      if let report = answer.report { print("\n\(report.text)") }
    } catch let error as EventLogError {
      throw CommandFailure("\(path): \(error)")
    } catch let error as MiningError {
      throw CommandFailure("\(path): \(error)")
    }
  }

  /// A quarter of an hour for what lasts hours, a day for what lasts weeks.
  private static func period(of seconds: Double) -> Double { seconds < 2 * 86_400 ? 900 : 86_400 }

  private static func cut(_ text: String, in span: (start: Instant, end: Instant)?) throws -> Instant {
    guard let span else { throw MiningError.emptyLog }
    if text.hasSuffix("%"), let share = Double(text.dropLast()), share > 0, share < 100 {
      return span.start + Duration(seconds: (span.end - span.start).seconds * share / 100)
    }
    guard let instant = Instant(iso8601: text) else {
      throw CommandFailure("--cut \(text): write an instant (2026-05-04T06:00:00Z) or a share (70%)")
    }
    return instant
  }
}

/// How a log is understood, as typed.
enum LogKind: String, ExpressibleByArgument, CaseIterable {
  case automatic, cases, line

  var meant: LogStudy.Kind {
    switch self {
    case .automatic: .automatic
    case .cases: .cases
    case .line: .line
    }
  }
}
