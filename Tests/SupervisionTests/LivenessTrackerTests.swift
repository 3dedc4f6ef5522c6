import PlantModel
import Quantities
import Supervision
import Telemetry
import Testing

@Suite struct LivenessTrackerTests {
  let now = Instant(seconds: 1_800_000_000)

  @Test func silenceIsSaidOnce() {
    let pressure = Tag(path: "Filler/Pressure", kind: .number, unit: "bar", low: 0, high: 5, staleAfter: .minutes(3))
    let plant = Plant(
      name: "p", path: "e/s/a/l", stations: [], buffers: [], sources: [], tags: [pressure],
      prices: Prices(currency: "EUR", good: 1, scrap: 0, escape: 0), idealCycle: nil)
    var tracker = LivenessTracker(plant: plant)
    let sample = Sample(instant: now, arrival: now, value: .number(1), quality: .good)
    tracker.observe([SampleBlock(tag: "Filler/Pressure", sample), SampleBlock(tag: "Nobody/Knows", sample)])
    #expect(tracker.expire(at: now + .minutes(3)).isEmpty)
    let stale = tracker.expire(at: now + .minutes(4))
    #expect(stale.map(\.tag) == ["Filler/Pressure"] && stale[0].qualities == [.stale] && stale[0][0].value == .number(1))
    #expect(tracker.expire(at: now + .hours(4)).isEmpty)
    #expect(tracker.silentTags == ["Filler/Pressure"])
    tracker.observe([SampleBlock(tag: "Filler/Pressure", Sample(instant: now, arrival: now + .hours(5), value: .number(2), quality: .good))])
    #expect(tracker.silentTags.isEmpty && tracker.expire(at: now + .hours(6)).count == 1)
  }
}
