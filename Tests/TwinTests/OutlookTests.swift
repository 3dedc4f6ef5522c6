import Foundation
import LineModel
import PlantModel
import Probability
import Quantities
import Simulation
import Testing

@testable import Twin

@Suite struct OutlookTests {
  private func followed(hours: Double) -> Twin {
    var line = TestLine(seed: 3)
    line.run(toHours: hours)
    var twin = Twin(plant: line.plant, seed: 1, configuration: .small)
    twin.follow(line.samples)
    return twin
  }

  @Test func failuresAndFullBuffersAreForeseen() throws {
    let twin = followed(hours: 3)
    let near = twin.forecast(horizon: .hours(0.5), replications: 64).outlook
    let far = twin.forecast(horizon: .hours(6), replications: 64).outlook
    #expect(near.buffers.map(\.buffer) == ["B0", "B1", "B2"])
    for (buffer, spec) in zip(far.buffers, twin.plant.buffers) {
      #expect(buffer.parts.low >= 0 && buffer.parts.high <= Double(spec.capacity))
      #expect(buffer.parts.low <= buffer.parts.mean && buffer.parts.mean <= buffer.parts.high)
    }
    // What stands before the first station is not in process.
    #expect(abs(far.inProcess.mean - far.buffers[1].parts.mean - far.buffers[2].parts.mean) < 1e-9)
    #expect(near.failures.map(\.station) == ["M1", "M2", "M3"])
    for (soon, late) in zip(near.failures, far.failures) {
      #expect(soon.probability < late.probability, "\(soon.station)")
      // A failure comes after 1.5 h of work in truth, 2 h in the design; a station works most of the time, not all of it.
      #expect(late.probability > 0.8, "\(late)")
      #expect((0.5...3).contains(try #require(late.medianHours)), "\(late)")
    }
    #expect(near.runs.isEmpty)
  }

  @Test func aStationWithoutWorkDoesNotFail() throws {
    let twin = followed(hours: 0.5)
    var line = twin.calibration.draws[0].spec(of: twin.plant, at: [:])
    line.sources[0].interval = .constant(1e6)
    let idle = try simulate(line: line, state: .empty(line), seed: 1, replication: 0, horizon: 3600, recording: .totals)
    let ahead = Twin.Ahead(minutes: [60], curve: [0], scrapped: 0, result: idle)
    let outlook = twin.outlook(of: [ahead], from: twin.latest(), in: .empty(line), horizon: 3600, setpoints: [:], salt: "test")
    #expect(outlook.failures.map(\.probability) == [0, 0, 0])
    #expect(outlook.failures.allSatisfy { $0.medianHours == nil })
  }

  /// A line of products in runs, seen when so many parts of a run of 5200 have been let in and the line is empty.
  private func run(released: Int) throws -> Outlook.Run {
    var twin = Twin(plant: try PlantFolder.inRepository("Benchmarks/forecast/plants/bottling-4").plant, seed: 1, configuration: .small)
    twin.record.product = "A"
    twin.record.runs[0] = RunProgress(levelAtStart: 0, taken: released)
    return try #require(twin.forecast(horizon: .hours(2), replications: 32).outlook.runs.first)
  }

  @Test func aRunEndsWhenItsLastPartsHaveLeft() throws {
    let nearly = try run(released: 4900)
    #expect(nearly.product == "A" && nearly.quantity == 5200 && nearly.released == 4900)
    // 300 bottles at about 1300 an hour, and a break of a quarter of an hour before.
    #expect(nearly.probability > 0.9)
    #expect((0.3...1).contains(try #require(nearly.medianHours)), "\(nearly)")
    #expect(try #require(nearly.lowHours) <= nearly.medianHours!)
    let hardly = try run(released: 100)
    #expect(hardly.probability == 0 && hardly.medianHours == nil)
  }
}
