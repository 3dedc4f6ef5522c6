import Determinism
import Foundation
import Testing

@testable import Inference

/// Learns the stations of data sets that another program wrote, and prints a line of JSON for each: for `Benchmarks/calibration`.
///
/// A file's first line: stations, parts, capacity of the buffers; then a line of departure stamps for each station.
@Suite(.enabled(if: isStudy && ProcessInfo.processInfo.environment["TAKT_CALIBRATION_DATA"] != nil)) struct SharedDataStudy {
  private struct Result: Encodable {
    var file: String
    var station: Int
    var mean: [Double]
    var deviation: [Double]
    /// The 90 % interval, as logarithms.
    var low: [Double]
    var high: [Double]
    var seconds: Double
  }

  @Test func learnsEveryStation() throws {
    let prior = [LognormalPrior(median: 1.4, spread: 1.5), LognormalPrior(median: 60, spread: 1.5), LognormalPrior(median: 15, spread: 1.5)]
    let folder = try #require(ProcessInfo.processInfo.environment["TAKT_CALIBRATION_DATA"])
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
      let lines = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8).split(separator: "\n")
      let head = lines[0].split(separator: " ").compactMap { Int($0) }
      let departures = lines[1...head[0]].map { $0.split(separator: " ").compactMap { Double($0) } }
      let stamps = try RowStamps(departures: Array(departures), capacities: [Int](repeating: head[2], count: head[0] - 1), origin: 0)
      for i in 0..<head[0] {
        let begin = cpuSeconds()
        let found = try StampPosterior.station(stamps.completions(of: i), prior: prior, draws: 400, RandomStream(seed: 1, name).split(i))
        let seconds = cpuSeconds() - begin
        let intervals = (0..<3).map { found.interval($0) }
        let result = Result(
          file: name, station: i, mean: (0..<3).map(found.mean), deviation: (0..<3).map(found.deviation),
          low: intervals.map { Portable.log($0.low) }, high: intervals.map { Portable.log($0.high) }, seconds: seconds)
        say("RESULT " + String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
      }
    }
  }
}
