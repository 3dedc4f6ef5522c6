import Quantities
import Testing

@Suite struct TimeTests {
  @Test func instantsAreWrittenInISO8601() {
    #expect(Instant(nanoseconds: 0).iso8601 == "1970-01-01T00:00:00.000Z")
    #expect(Instant(milliseconds: 1_767_592_800_250).iso8601 == "2026-01-05T06:00:00.250Z")
    #expect(Instant(nanoseconds: -1).iso8601 == "1969-12-31T23:59:59.999999999Z")
    #expect(Instant(milliseconds: 951_782_400_000).iso8601 == "2000-02-29T00:00:00.000Z")
    #expect(Instant.distantFuture.iso8601 == "2262-04-11T23:47:16.854775807Z")
    #expect(Instant.distantPast.iso8601 == "1677-09-21T00:12:43.145224192Z")
  }

  @Test func everyInstantComesBackFromItsText() {
    // A walk over the whole range in steps that meet every month, leap day and digit.
    var n = Int64.min
    var count = 0
    while true {
      let instant = Instant(nanoseconds: n)
      #expect(Instant(iso8601: instant.iso8601) == instant)
      let (next, overflow) = n.addingReportingOverflow(12_345_678_901_234_567)
      if overflow { break }
      n = next
      count += 1
    }
    #expect(count > 1000)
  }

  @Test func offsetsAndDecimalsAreRead() {
    let six = Instant(milliseconds: 1_767_592_800_000)
    for text in [
      "2026-01-05T06:00:00Z", "2026-01-05T07:00:00+01:00", "2026-01-05T00:30:00-05:30", "2026-01-05t06:00:00.000000z", "2026-01-05 06:00:00,0Z",
    ] {
      #expect(Instant(iso8601: text) == six, "\(text)")
    }
    #expect(Instant(iso8601: "2026-01-05T06:00:00.1234567899Z") == Instant(nanoseconds: six.nanoseconds + 123_456_789))
  }

  @Test func whatIsNoInstantIsRefused() {
    for text in [
      "", "2026-01-05", "2026-01-05T06:00:00", "2026-13-05T06:00:00Z", "2026-02-29T06:00:00Z", "1900-02-29T00:00:00Z", "2026-01-05T24:00:00Z",
      "2026-01-05T06:00:60Z",
      "2026-01-05T06:00:00.Z", "2026-01-05T06:00:00Zx", "26-01-05T06:00:00Z", "3000-01-01T00:00:00Z", "2026-01-05T06:00:00+1:00",
    ] { #expect(Instant(iso8601: text) == nil, "\(text)") }
    #expect(Instant(iso8601: "2000-02-29T00:00:00Z") != nil)
  }

  @Test func durationsReadLikeAPersonSaysThem() {
    for (seconds, text) in [
      (0.0, "0 s"), (0.35, "350 ms"), (12.5, "12.5 s"), (59.99, "1 min"), (360, "6 min"), (390, "6 min 30 s"), (7500, "2 h 5 min"), (3600, "1 h"),
      (273_600, "3 d 4 h"), (-90, "-1 min 30 s"), (2e-6, "2 us"), (5e-9, "5 ns"), (3599.9, "1 h"), (86_399, "1 d"),
    ] {
      #expect(Duration(seconds: seconds).description == text)
    }
  }

  @Test func nearNamesAreFoundAndFarOnesAreNot() {
    #expect(Spelling.distance("kitten", "sitting") == 3)
    #expect(Spelling.distance("capcity", "capacity") == 1)
    #expect(Spelling.distance("ab", "ba") == 1)
    #expect(Spelling.nearest(to: "filler", among: ["Capper", "Filler"]) == "Filler")
    #expect(Spelling.nearest(to: "Filer", among: ["Capper", "Filler"]) == "Filler")
    #expect(Spelling.nearest(to: "B2", among: ["B0", "B1"]) == nil)
    #expect(Spelling.nearest(to: "Oven", among: ["Capper", "Filler"]) == nil)
  }
}
