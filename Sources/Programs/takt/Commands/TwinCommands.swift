import ArgumentParser
import Disk
import Foundation
import Historian
import Interchange
import LineModel
import PlantModel
import Quantities
import Telemetry
import Twin

/// Where an offline twin gets its telemetry: a CSV log, or a plant's historian.
struct TwinInput: ParsableArguments {
  @Argument(help: "The plant folder.") var directory: String
  @Option(help: "A log of telemetry: tag,timestamp_ms,value,quality. Without it, the plant's own historian is read.") var csv: String?
  @Option(help: "The data folder of takt up, where it is not PLANT/.takt.") var data: String?
  @Option(help: "Seed of the posterior draws.") var seed: UInt64 = 1

  /// A twin that has followed the whole log.
  func twin() throws -> Twin {
    let plant = PlantDirectory(directory)
    var twin = Twin(plant: try plant.folder().plant, seed: seed)
    if let csv {
      try follow(csv, &twin)
    } else {
      let place = data ?? plant.dataPath
      let reader = try Historian.reader(of: try FileStorage(folder: place))
      var samples = try twin.plant.tags.flatMap { tag in
        try reader.samples(of: tag.path, in: .distantPast ..< .distantFuture).map { (tag.path, $0) }
      }
      guard !samples.isEmpty else { throw CommandFailure("\(place) holds no telemetry of this plant; give a log with --csv") }
      samples.sort { ($0.1.arrival, $0.0) < ($1.1.arrival, $1.0) }
      feed(samples, &twin)
    }
    return twin
  }

  private func follow(_ path: String, _ twin: inout Twin) throws {
    guard let file = FileHandle(forReadingAtPath: path) else { throw CommandFailure("\(path) cannot be read") }
    let size = ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int) ?? 0
    let bar = ProgressBar("following ")
    var importer = TelemetryCSV.Importer()
    var done = 0
    func take(_ portion: TelemetryCSV.Importer.Portion) {
      feed(portion.blocks.flatMap { block in (0..<block.count).map { (block.tag, block[$0]) } }, &twin)
      for problem in portion.problems.prefix(5) { FileHandle.standardError.write(Data("\(path): \(problem)\n".utf8)) }
    }
    while let chunk = try file.read(upToCount: 1 << 20), !chunk.isEmpty {
      done += chunk.count
      bar.show(min(done, size), of: size)
      take(importer.read(Array(chunk)))
    }
    take(importer.finish())
    guard importer.sampleCount > 0 else {
      throw CommandFailure("\(path) holds no sample; expected the header \(TelemetryCSV.header.joined(separator: ","))")
    }
  }

  private func feed(_ samples: [(String, Sample)], _ twin: inout Twin) {
    var slice: Instant?
    for (tag, sample) in samples {
      twin.observe(SampleBlock(tag: tag, sample))
      if let last = slice, sample.instant - last < .minutes(1) { continue }
      slice = sample.instant
      twin.advance(to: sample.instant)
    }
  }
}

struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate", abstract: "What the twin learns from a log: parameters with 90 % credible intervals, and its validity.",
    discussion: "Example: takt calibrate examples/bottling-4 --csv telemetry.csv")
  @OptionGroup var input: TwinInput
  @Flag(help: "Print JSON.") var json = false

  private struct Answer: Encodable {
    var calibration: String
    var validity: Validity
    var estimates: [ParameterEstimate]
  }

  func run() throws {
    try orExplain {
      let twin = try input.twin()
      if json {
        return try JSONOutput.print(Answer(calibration: twin.calibration.id, validity: twin.validity, estimates: twin.calibration.estimates))
      }
      print("calibration \(twin.calibration.id) at \(twin.calibration.at.iso8601)")
      print("\(twin.validity.valid ? "valid" : "not valid"), score \(fixed(twin.validity.score, 2)): \(twin.validity.reason)\n")
      TextTable(
        header: ["STATION", "PARAMETER", "MEAN", "5 %", "95 %", "UNIT", "RESTS ON"],
        rows: twin.calibration.estimates.map {
          [$0.station, $0.parameter.rawValue, fixed($0.mean, 4), fixed($0.low, 4), fixed($0.high, 4), $0.unit, "\($0.count)"]
        }
      ).print()
    }
  }
}

struct ForecastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast", abstract: "What the line will make from its present state, with intervals.",
    discussion:
      "Examples: takt forecast examples/bottling --hours 8\n          takt forecast examples/bottling-4 --csv telemetry.csv --set Filler/MachSpeed=26"
  )
  @OptionGroup var input: TwinInput
  @Option(help: "Hours ahead.") var hours = 2.0
  @Option(help: "Replications.") var replications = 128
  @Option(name: .customLong("set"), help: "What if: a set-point, as TAG=VALUE; may be given several times.") var sets: [String] = []
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    guard hours > 0, hours.isFinite, replications >= 2 else { throw ValidationError("--hours must be above 0, --replications at least 2") }
    try orExplain {
      let twin = try input.twin()
      let setpoints = try SimulateCommand.setpoints(sets, twin.plant)
      let forecast = twin.forecast(horizon: .hours(hours), setpoints: setpoints, replications: replications)
      if json { return try JSONOutput.print(forecast) }
      print("from \(forecast.at.iso8601), calibration \(forecast.calibration), \(forecast.replications) replications, 90 % intervals")
      if !twin.validity.valid { print(Style.colour(.yellow, "the twin is not valid: \(twin.validity.reason)")) }
      for (name, interval) in [("good", forecast.goodPerHour), ("scrap", forecast.scrapPerHour), ("value", forecast.valuePerHour)] {
        print("\(name)\t\(fixed(interval.mean)) per hour (\(fixed(interval.low)) … \(fixed(interval.high)))")
      }
    }
  }
}
