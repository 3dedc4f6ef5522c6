import Telemetry
import Testing

@Test func aStarFitsAnyTextAndEverythingElseItself() {
  let cases: [(TagPattern, fits: [String], not: [String])] = [
    ("*", ["Load/A", ""], []),
    ("Load/*", ["Load/A", "Load/A/B", "Load/"], ["Load", "Loads/A", "XLoad/A"]),
    ("*/Speed", ["A/Speed", "A/B/Speed"], ["A/SpeedSet", "Speed"]),
    ("Load/A", ["Load/A"], ["Load/AB", "Load/", ""]),
    ("A*B*C", ["ABC", "AxBBxC", "ABCBC"], ["AC", "ABCx", "xABC"]),
    ("**a", ["a", "ba", "aa"], ["ab", ""]), ("", [""], ["a"]), ("Größe/*", ["Größe/ü"], ["Grosse/ü"]),
  ]
  for (pattern, fits, not) in cases {
    #expect(fits.filter { !pattern.matches($0) } == [], "\(pattern.text)")
    #expect(not.filter { pattern.matches($0) } == [], "\(pattern.text)")
  }
  #expect(TagPattern("a*").isOpen && !TagPattern("a/b").isOpen)
}
