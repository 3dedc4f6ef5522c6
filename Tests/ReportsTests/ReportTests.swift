import Foundation
import Reports
import Testing

private let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/report.html")

/// As a word of its own: maintenance is no number either.
private var notANumber: Regex<Substring> { /\b(?:nan|inf)\b/.ignoresCase() }

@Test func theReportOfAStudyIsTheSameByteForByte() throws {
  let text = HTMLReport(of: sampleStudy()).text
  guard let before = try? String(contentsOf: golden, encoding: .utf8) else {
    try text.write(to: golden, atomically: true, encoding: .utf8)
    Issue.record("there was no report to compare with: it is written now; look at it, then run again")
    return
  }
  guard text != before else { return }
  let (new, old) = (text.split(separator: "\n", omittingEmptySubsequences: false), before.split(separator: "\n", omittingEmptySubsequences: false))
  let place = zip(new, old).enumerated().first { $1.0 != $1.1 }?.offset ?? min(new.count, old.count)
  Issue.record(
    "line \(place + 1) differs: \(place < new.count ? new[place] : "(end)")\nbefore: \(place < old.count ? old[place] : "(end)")\nIf that is meant: delete Golden/report.html and run twice"
  )
}

@Test func theReportNeedsNothingButItselfAndEscapesNames() throws {
  let text = HTMLReport(of: sampleStudy()).text
  for outside in ["http:", "https:", "src=", "href=", "<script", "@import"] { #expect(!text.contains(outside), "\(outside)") }
  #expect(!text.contains("<3>") && text.contains("Filler &amp; Co &lt;3&gt;"))
  #expect(!text.contains(notANumber))
  for needed in [
    "1234.4 ± 5.2", "9f2c51aa0b7e", "seed 1", "takt simulate examples/bottling --hours 24 --seed 1", "MSER-5", "Bonferroni", "62 % of the time",
    "The precision asked for was not reached",
  ] { #expect(text.contains(needed), "\(needed)") }
  // Every drawing says in words what it shows.
  #expect(text.components(separatedBy: "<svg ").count - 1 == text.components(separatedBy: "role=\"img\" aria-label=").count - 1)
}

@Test func aRealStudyMakesAReport() throws {
  let study = LineStudy(about: about(4, span: 6000, warmUp: 1200), of: try run(try threeStations()), idealCycle: 2.5, curveStep: 120)
  let text = HTMLReport(of: study).text
  #expect(text == HTMLReport(of: study).text)
  #expect(text.contains("Weld") && !text.contains(notANumber))
  let back = try JSONDecoder().decode(LineStudy.self, from: JSONEncoder().encode(study))
  #expect(back == study)
}
