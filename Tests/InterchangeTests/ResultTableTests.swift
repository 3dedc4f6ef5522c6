import Foundation
import Interchange
import Quantities
import Testing

private func table() -> ResultTable {
  var table = ResultTable(columns: ["tag", "at", "mean", "count", "note \"x\""])
  table.append([.text("A,B"), .instant(Instant(milliseconds: 1_772_348_400_250)), .number(2.5), .integer(3), .text("line\nend \\ \u{1} ✓")])
  table.append([.text(""), .instant(Instant(nanoseconds: 0)), .number(.nan), .unknown, .init(String?.none)])
  table.append([.text("C"), .instant(Instant(nanoseconds: 1)), .number(.infinity), .integer(-1), .init(Double?.none)])
  return table
}

@Test func aTableLeavesAsCSV() {
  #expect(
    String(decoding: table().csv(), as: UTF8.self) == """
      tag,at,mean,count,"note ""x""\"
      "A,B",2026-03-01T07:00:00.25Z,2.5,3,"line
      end \\ \u{1} ✓"
      ,1970-01-01T00:00:00Z,,,
      C,1970-01-01T00:00:00.000000001Z,inf,-1,

      """)
}

/// Foundation's parser is the judge of what is JSON.
@Test func aTableLeavesAsJSON() throws {
  let rows = try #require(try JSONSerialization.jsonObject(with: Data(table().json())) as? [[String: Any]])
  #expect(rows.count == 3)
  #expect(rows[0]["tag"] as? String == "A,B" && rows[0]["mean"] as? Double == 2.5 && rows[0]["count"] as? Int == 3)
  #expect(rows[0]["note \"x\""] as? String == "line\nend \\ \u{1} ✓")
  #expect(rows[1]["mean"] is NSNull && rows[1]["count"] is NSNull && rows[2]["mean"] is NSNull && rows[2]["note \"x\""] is NSNull)
  #expect(String(decoding: ResultTable(columns: ["a"]).json(), as: UTF8.self) == "[]\n")
}

@Test func instantsAreWrittenAsFoundationReadsThem() throws {
  var state: UInt64 = 1
  for _ in 0..<500 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let seconds = Int64(bitPattern: state >> 30) - (1 << 33)
    let date = try Date(rfc3339(Instant(nanoseconds: seconds * 1_000_000_000)), strategy: .iso8601)
    #expect(Int64(date.timeIntervalSince1970) == seconds)
  }
  #expect(rfc3339(Instant(nanoseconds: -1)) == "1969-12-31T23:59:59.999999999Z")
  #expect(rfc3339(Instant(seconds: 951_782_400)) == "2000-02-29T00:00:00Z")
}
