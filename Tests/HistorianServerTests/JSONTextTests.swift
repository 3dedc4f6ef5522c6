import Testing

@testable import HistorianServer

@Suite struct JSONTextTests {
  private func text(_ write: (inout JSONText) -> Void) -> String {
    // Small, so that it has to grow.
    var json = JSONText(capacity: 1)
    write(&json)
    return String(decoding: json.finish(), as: UTF8.self)
  }

  @Test func instantsHaveAsManyDecimalsAsTheyNeed() {
    let expected: [(Int64, String)] = [
      (0, "0"), (1, "0.000000001"), (10, "0.00000001"), (-1_500_000_000, "-1.5"), (1_767_312_000_000_000_000, "1767312000"),
      (1_767_312_000_250_000_000, "1767312000.25"), (1_767_312_000_007_000_000, "1767312000.007"), (99_999_999_999_999_999, "99999999.999999999"),
      (100_000_000_000_000_000, "100000000"), (.max, "9223372036.854775807"), (.min, "-9223372036.854775808"),
    ]
    for (nanoseconds, seconds) in expected { #expect(text { $0.seconds(nanoseconds) } == seconds) }
  }

  @Test func numbersAreTheShortestTextThatReadsBack() {
    let expected: [(Double, String)] = [
      (0, "0"), (-0.0, "-0.0"), (7, "7"), (-42, "-42"), (95.92, "95.92"), (-0.5, "-0.5"), (0.001, "0.001"), (100, "100"), (1e9, "1000000000"),
      (999_999_999.999, "999999999.999"), (123_456_789_012, "123456789012"), (0.1 + 0.2, "0.30000000000000004"), (1e-7, 1e-7.description),
      (.infinity, "null"), (.nan, "null"),
    ]
    for (number, digits) in expected { #expect(text { $0.number(number) } == digits) }
    var random = Seeded(state: 5)
    for _ in 0..<20_000 {
      let bits = random.next()
      let scale = [1.0, 10, 100, 1000, 1e7][Int(bits % 5)]
      let x = bits % 7 == 0 ? Double(bitPattern: bits) : (Double(Int32(truncatingIfNeeded: bits >> 20)) / scale)
      guard x.isFinite else { continue }
      let digits = text { $0.number(x) }
      #expect(Double(digits)?.bitPattern == x.bitPattern && digits.utf8.count <= x.description.utf8.count, "\(x) as \(digits)")
    }
  }

  @Test func pairsAreWrittenAsPrometheusWritesThem() {
    #expect(text { $0.pair(1_767_312_000_020_000_000, 21.5) } == "[1767312000.02,\"21.5\"]")
    #expect(text { $0.pair(0, -.infinity) } == "[0,\"-Inf\"]")
    #expect(text { $0.pair(0, .infinity) } == "[0,\"+Inf\"]")
    #expect(text { $0.pair(0, .nan) } == "[0,\"NaN\"]")
  }

  @Test func textsAreEscaped() {
    #expect(text { $0.string("a\"b\\c\n\t\u{1}é") } == "\"a\\\"b\\\\c\\n\\t\\u0001é\"")
    #expect(text { $0.string("U00.FIC0000.PV") } == "\"U00.FIC0000.PV\"")
    #expect(text { $0.integer(.min) } == "-9223372036854775808")
  }
}

/// SplitMix64.
private struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
