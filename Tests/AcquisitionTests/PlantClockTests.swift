import Acquisition
import PlantModel
import Quantities
import Testing

@Suite struct PlantClockTests {
  private let wall = wallStart
  private let plant = Instant(milliseconds: 1_800_000_000_000)

  /// A clock at 60x that has heard a source for a few wall seconds.
  private func heard(_ clock: inout PlantClock, from start: Double, to end: Double, offset: Duration = .zero, speed: Double = 60) {
    var t = start
    while t < end {
      clock.observe(source: plant + .seconds(t * speed) + offset, wall: wall + .seconds(t))
      t += 0.25
    }
  }

  @Test func systemTimeIsTheWallsAndNeverRunsBackwards() {
    var clock = PlantClock(.system)
    #expect(clock.now(wall: wall) == wall)
    #expect(clock.now(wall: wall - .hours(1)) == wall)
    #expect(clock.now(wall: wall + .seconds(1)) == wall + .seconds(1))
  }

  @Test func telemetryTimeIsUnknownUntilToldAndThenRunsAtItsSpeed() {
    var clock = PlantClock(.telemetry(speed: 60))
    #expect(clock.now(wall: wall) == nil)
    heard(&clock, from: 0, to: 5)
    #expect(clock.now(wall: wall + .seconds(10)) == plant + .seconds(600))
    // Late messages do not pull it back; the fastest one tells.
    heard(&clock, from: 5, to: 8, offset: .seconds(-30))
    #expect(clock.now(wall: wall + .seconds(10)) == plant + .seconds(600))
    heard(&clock, from: 10, to: 11, offset: .seconds(12))
    #expect(clock.now(wall: wall + .seconds(11)) == plant + .seconds(672))
  }

  @Test func aPlantSlowerThanItsNominalSpeedIsFollowedWithoutRunningBackwards() {
    var clock = PlantClock(.telemetry(speed: 60))
    var latest = Instant.distantPast
    var t = 0.0
    while t < 120 {
      clock.observe(source: plant + .seconds(t * 54), wall: wall + .seconds(t))
      if let now = clock.now(wall: wall + .seconds(t)) {
        #expect(now >= latest)
        latest = now
      }
      t += 0.25
    }
    let lead = latest - (plant + .seconds(120 * 54))
    #expect(lead < .seconds(20 * 6 + 15), "at most what the two buckets hold")
  }

  @Test func aLyingClockIsPassedOverAndAStepIsBelievedInTheEnd() {
    var clock = PlantClock(.telemetry(speed: 60))
    heard(&clock, from: 0, to: 5)
    let isBelieved = [plant + .hours(1000), .latestForTests].map { clock.observe(source: $0, wall: wall + .seconds(5)) }
    #expect(isBelieved == [false, false])
    #expect(clock.now(wall: wall + .seconds(5)) == plant + .seconds(300))
    // One liar among honest sources never wins.
    var t = 5.0
    while t < 60 {
      clock.observe(source: plant + .seconds(t * 60), wall: wall + .seconds(t))
      clock.observe(source: plant + .seconds(t * 60) + .hours(1), wall: wall + .seconds(t))
      t += 0.25
    }
    #expect(clock.now(wall: wall + .seconds(60)) == plant + .hours(1))
    // When all have stepped and agree, the plant did.
    heard(&clock, from: 60, to: 70, offset: .hours(10))
    #expect(clock.now(wall: wall + .seconds(70)) == plant + .hours(10) + .seconds(4200))
    #expect(clock.rejected > 200)
  }

  @Test(arguments: 0..<100) func itNeverRunsBackwardsWhateverItHears(seed: Int) {
    var random = Seeded(state: UInt64(seed))
    var clock = PlantClock(.telemetry(speed: Double.random(in: 0.5...500, using: &random)))
    var (latest, at) = (Instant.distantPast, wall)
    for _ in 0..<500 {
      at += .milliseconds(Int64.random(in: -50...2_000, using: &random))
      let source = Bool.random(using: &random) ? plant + .seconds(Double.random(in: -1e6...1e6, using: &random)) : plant + (at - wall)
      clock.observe(source: source, wall: at)
      if let now = clock.now(wall: at) {
        #expect(now >= latest, "seed \(seed)")
        latest = now
      }
    }
  }
}

extension Instant {
  fileprivate static var latestForTests: Instant { Instant(milliseconds: 8_000_000_000_000) }
}
