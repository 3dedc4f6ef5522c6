import Foundation
import Quantities
import ReferencePlants
import Telemetry

/// Writes `telemetry.csv` (tag,timestamp_ms,value,quality, in order of arrival) as fast as possible.
struct OfflineRun {
  var folder: String
  var options: RunOptions

  func run() throws {
    var plant = try options.plant(startingAt: Instant(milliseconds: 1_767_592_800_000))
    let hours = options.hours ?? 168
    let truth = try TruthFile(options.truthLog)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/telemetry.csv"
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path) else {
      throw Failure("cannot write \(path)")
    }
    try file.write(contentsOf: Data("tag,timestamp_ms,value,quality\n".utf8))
    let names = plant.tags.map(\.name)
    var (second, count) = (0.0, 0)
    while true {
      var text = ""
      for sample in plant.takeSamples() {
        text += "\(names[sample.tag]),\(sample.instant.milliseconds),\(sample.quality == .bad ? "" : sample.value.text),\(sample.quality.rawValue)\n"
        count += 1
      }
      try file.write(contentsOf: Data(text.utf8))
      try truth.take(from: &plant)
      if second >= hours * 3600 { break }
      second = min(second + 600, hours * 3600)
      plant.advance(to: second)
    }
    plant.finish()
    try truth.take(from: &plant)
    try truth.close()
    try file.close()
    say("\(hours) plant hours, \(count) samples in \(path)")
  }
}
