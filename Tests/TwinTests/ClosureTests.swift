import Foundation
import PlantModel
import Quantities
import Telemetry
import Testing

@testable import Twin

/// What a labeller of the forecast benchmark's line tells around its breaks, set-ups and tool changes.
@Suite struct ClosureTests {
  /// A Monday, 10:00: the next break is from 10:30 to 11:00.
  private let start = Instant(seconds: 1_767_607_200)
  private let labeller = 2

  private func followed(_ states: [(minutes: Double, state: MachineState)]) throws -> LineRecord {
    var record = Twin(plant: try PlantFolder.inRepository("Benchmarks/forecast/plants/bottling-4").plant, seed: 1).record
    for (minutes, state) in states {
      let t = start + .minutes(minutes)
      record.run(to: t)
      record.fold(state: state, of: labeller, at: t)
    }
    record.run(to: start + .hours(3))
    return record
  }

  @Test func aBreakAndTheSetUpAfterItAreTwoClosures() throws {
    let record = try followed([
      (0, .execute), (30, .stopped), (60.5, .resetting), (60.6, .idle), (60.7, .starting), (61, .completing), (61.1, .complete), (66, .resetting),
      (66.1, .idle), (66.2, .starting), (66.5, .execute),
    ])
    let setUps = record.closureLengths(labeller, .changeover).map(\.length)
    #expect(setUps.count == 1 && abs(setUps[0] - 330) < 1, "\(setUps)")
    let breaks = record.closureLengths(labeller, .planned).map(\.length)
    #expect(breaks.count == 1 && abs(breaks[0] - 1860) < 1, "\(breaks)")
    // One break a minute too long, and as much belief that they are kept.
    #expect(abs(record.overrun(of: labeller) - 30) < 1)
  }

  @Test func aSetUpAndTheToolChangeAfterItAreTwoClosures() throws {
    var record = try followed([
      (0, .execute), (10, .completing), (10.1, .complete), (15, .resetting), (15.1, .idle), (15.2, .starting), (15.3, .stopped), (21.3, .resetting),
      (21.4, .idle), (21.5, .starting), (21.6, .execute),
    ])
    #expect(record.closureLengths(labeller, .changeover).map { ($0.length / 60 * 10).rounded() / 10 } == [5.3])
    #expect(record.closureLengths(labeller, .replacement).map { ($0.length / 60 * 10).rounded() / 10 } == [6.3])
    #expect(record.stations[labeller].toolParts == 0)
    // Steps within one closure begin no other.
    record.fold(state: .stopped, of: labeller, at: start + .hours(3))
    for state in [MachineState.resetting, .idle, .starting, .execute] { record.fold(state: state, of: labeller, at: start + .hours(3.1)) }
    #expect(record.stops[labeller].count == 3)
  }

  @Test func aClosureThatIsHeardOfMidwayTellsNoLength() throws {
    let record = try followed([(0, .idle), (0.05, .starting), (0.1, .execute), (100, .stopped), (106, .resetting), (106.1, .execute)])
    #expect(record.stops[labeller].map(\.isSeenFromStart) == [false, true])
    #expect(record.closureLengths(labeller, .replacement).map { $0.length.rounded() } == [366])
  }
}
