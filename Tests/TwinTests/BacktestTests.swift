import Quantities
import Testing

@testable import Twin

@Suite struct BacktestTests {
  private static let followed: Twin = {
    var line = TestLine(seed: 3)
    line.run(toHours: 3)
    var twin = Twin(plant: line.plant, seed: 1, configuration: .small)
    twin.follow(line.samples)
    return twin
  }()

  /// Five minutes are counted after five minutes, however far the longest forecast goes: the instants of its curve are not those of the short one.
  @Test func aShortHorizonIsCountedAtItsOwnEndBesideALongOne() {
    let alone = Self.followed.goodAhead(at: [.minutes(5)], runs: 24).calibrated
    let beside = Self.followed.goodAhead(at: [.minutes(5), .hours(8)], runs: 24).calibrated
    #expect(alone[0] == beside[0])
    #expect(alone[0].contains { $0 > 0 })
    #expect(zip(beside[0], beside[1]).allSatisfy { $0 < $1 })
  }

  @Test(arguments: [1, 45, 120, 127, 479, 480]) func aForecastCountsToItsHorizon(minutes: Int) throws {
    let horizon = Double(minutes) * 60
    let instants = Twin.bandInstants(to: horizon)
    #expect(instants.last == horizon && instants.count <= 121)
    #expect(zip(instants, instants.dropFirst()).allSatisfy { $0 < $1 })
    #expect(instants.dropLast().allSatisfy { $0.truncatingRemainder(dividingBy: 60) == 0 })
  }
}
