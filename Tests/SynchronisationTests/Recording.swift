import Foundation
import Probability
import Quantities
import Synchronisation
import Telemetry

/// A run of the external plant as `Benchmarks/state/run` writes it down: the line, what arrived of its messages, and the truth at random instants.
struct Recording {
  struct Layout: Decodable {
    struct Buffer: Decodable { var name: String, capacity: Int, transit: Double, measured: Bool }
    struct Station: Decodable {
      var name: String, inputs: [[Int]], output: Int, rejects: Int, cycle: Double, cycleCV: Double, repair: Double, repairCV: Double
    }
    struct Source: Decodable { var buffer: Int, lot: Int, interval: Double, cv: Double }
    var buffers: [Buffer], stations: [Station], sources: [Source], start: Int64
  }
  struct Moment: Decodable {
    struct Station: Decodable { var finished: Int, holding: Int, work: Double?, repair: Double? }
    var t: Double, levels: [Int], stations: [Station]
  }

  var line: LineLayout
  var start: Instant
  /// In order of arrival.
  var readings: [LineReading]
  var truth: [Moment]

  init(folder: URL) throws {
    let layout = try JSONDecoder().decode(Layout.self, from: Data(contentsOf: folder.appending(path: "layout.json")))
    func destination(_ b: Int) -> LineLayout.Destination { b < 0 ? .outside : .buffer(b) }
    line = LineLayout(
      buffers: layout.buffers.map { .init(name: $0.name, capacity: $0.capacity, transit: .seconds($0.transit), isMeasured: $0.measured) },
      stations: layout.stations.map {
        .init(
          name: $0.name, inputs: $0.inputs.map { .init(buffer: $0[0], count: $0[1]) }, output: destination($0.output),
          rejects: destination($0.rejects), cycle: .lognormal(mean: $0.cycle, cv: $0.cycleCV), repair: .lognormal(mean: $0.repair, cv: $0.repairCV))
      },
      sources: layout.sources.map { .init(buffer: $0.buffer, lot: $0.lot, interval: .gamma(mean: $0.interval, cv: $0.cv)) })
    start = Instant(milliseconds: layout.start)
    truth = try JSONDecoder().decode([Moment].self, from: Data(contentsOf: folder.appending(path: "truth.json")))
    let text = try String(contentsOf: folder.appending(path: "messages.csv"), encoding: .utf8)
    readings = text.split(separator: "\n").compactMap { row in
      let cells = row.split(separator: ",", omittingEmptySubsequences: false)
      guard let arrival = Int64(cells[0]), let source = Int64(cells[1]), let index = Int(cells[3]) else { return nil }
      let value = Double(cells[4]) ?? .nan
      let subject: LineReading.Subject =
        switch cells[2] {
        case "state": .state(station: index, MachineState(value))
        case "processed": .processed(station: index, value)
        case "rejected": .rejected(station: index, value)
        default: .level(buffer: index, value)
        }
      return LineReading(
        instant: Instant(milliseconds: source), arrival: Instant(milliseconds: arrival), subject: subject, isGood: cells[5] == "192")
    }
  }
}
