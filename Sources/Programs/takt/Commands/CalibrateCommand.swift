import ArgumentParser
import Foundation
import LineModel
import Quantities
import Twin

struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "What the twin learns from a log: parameters with 90 % credible intervals, laws and how well they fit, changes, and its validity.",
    discussion: """
      Examples:
        takt calibrate examples/bottling-4 --csv telemetry.csv
        takt calibrate orders.xes                    (no plant folder: a model is mined from an event log; CSV, XES or OCEL)
        takt calibrate orders.csv --cut 70%          (and a forecast of the rest, scored by what came)
        takt calibrate heater.fmu --csv readings.csv --parameters k,tau --outputs T --inputs u      (parameters of an FMU; docs/fmu.md)

      BELIEF is how probable the family of a law is among those tried; FIT the probability, if the likeliest family with a formula is right, of a
      distance from the observations as great (Anderson and Darling; below 0.01 it is refused). HALF-LIFE is the age at which an observation counts
      half, with the belief in that choice where it was chosen by how well each foretold what came.
      SOURCE is observed, or inferred for a station whose folder names no state tag: then its work and stops were told apart by the law of the times
      between its counts (or the levels beside it), with the families of the folder. MODEL says whether a scrap response can be right in its form;
      where it is structural, no calibration helps, and what loops are told to add to it is printed.
      """)
  @OptionGroup var input: TwinInput
  @OptionGroup(title: "Event log") var log: EventLogStudy
  @OptionGroup(title: "FMU") var unit: FMUCalibrationOptions
  @Flag(help: "Print JSON.") var json = false

  private struct Answer: Encodable {
    var calibration: String
    var validity: Validity
    var estimates: [ParameterEstimate]
    var activities: [ActivityReport]
    /// Newest first.
    var changes: [FoundChange]
    /// Of each station with process variables.
    var models: [ScrapMismatch]
  }

  func run() throws {
    try orExplain {
      if input.directory.lowercased().hasSuffix(".fmu") {
        return try unit.run(input.directory, readings: input.csv ?? input.data, seed: input.seed, json: json)
      }
      if (try? FileManager.default.attributesOfItem(atPath: input.directory))?[.type] as? FileAttributeType == .typeRegular {
        return try log.run(input.directory, seed: input.seed, json: json)
      }
      let twin = try input.twin()
      let answer = Answer(
        calibration: twin.calibration.id, validity: twin.validity, estimates: twin.calibration.estimates, activities: twin.activityReports,
        changes: twin.foundChanges, models: twin.scrapMismatches)
      if json { return try JSONOutput.print(answer) }
      print("calibration \(answer.calibration) at \(twin.calibration.at.iso8601)")
      print("\(answer.validity.valid ? "valid" : "not valid"), score \(fixed(answer.validity.score, 2)): \(answer.validity.reason)")
      let tables = [
        Self.estimates(answer.estimates), Self.laws(answer.activities), Self.changes(answer.changes), Self.models(answer.models),
      ]
      for table in tables where !table.rows.isEmpty {
        print("")
        table.print()
      }
      if answer.changes.isEmpty { print("\nno change was found") }
    }
  }

  private static func estimates(_ estimates: [ParameterEstimate]) -> TextTable {
    TextTable(
      header: ["STATION", "PARAMETER", "MEAN", "5 %", "95 %", "UNIT", "RESTS ON", "SOURCE"],
      rows: estimates.map {
        [$0.station, $0.parameter.rawValue, fixed($0.mean, 4), fixed($0.low, 4), fixed($0.high, 4), $0.unit, "\($0.count)", $0.source.rawValue]
      })
  }

  private static func laws(_ reports: [ActivityReport]) -> TextTable {
    TextTable(
      header: ["STATION", "ACTIVITY", "LAW", "BELIEF %", "FIT P", "SEEN", "GOING ON", "HALF-LIFE H", "BELIEF IN IT %"],
      rows: reports.filter { $0.law != nil }.map { report in
        let fit = report.fit.map { fixed($0.andersonDarlingP, 2) + ($0.isRefused ? " refused" : "") }
        return [
          report.station, report.activity.rawValue, report.words, fixed(report.families.first.map { 100 * $0.probability }, 0), fit ?? "—",
          "\(report.exactCount)", "\(report.censoredCount)", fixed(report.halfLife?.hours, 1),
          fixed(report.halfLifeProbability.map { 100 * $0 }, 0),
        ]
      })
  }

  private static func models(_ models: [ScrapMismatch]) -> TextTable {
    TextTable(
      header: ["STATION", "MODEL OF SCRAP", "STRETCHES", "BECAUSE", "LOOPS ADD TO ITS SHARE"],
      rows: models.map { model in
        let because = model.evidence.first.map { "\($0.kind), p \(fixed($0.pValue, 4)), size \(fixed($0.size, 1))" }
        let added = model.modifier.map { modifier in
          (["\(fixed(modifier.bias, 4))"] + modifier.slopes.map { "\(fixed($0.gradient, 5)) × (\($0.variable) − \(fixed($0.base, 2)))" })
            .joined(separator: " + ")
        }
        return [model.station, model.verdict.rawValue, "\(model.stretches)", because ?? "—", added ?? "—"]
      })
  }

  private static func changes(_ changes: [FoundChange]) -> TextTable {
    TextTable(
      header: ["CHANGE FOUND", "SINCE", "EARLIEST", "LATEST", ""],
      rows: changes.map { [$0.words, $0.since.iso8601, $0.earliest.iso8601, $0.latest.iso8601, $0.isOpen ? "still open" : "calibrated anew"] })
  }
}
