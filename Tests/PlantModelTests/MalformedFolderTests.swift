import Foundation
import PlantModel
import Quantities
import Testing

/// What is expected of one issue: where it stands and a part of its message.
struct ExpectedIssue: Sendable {
  var file: String
  var line: Int
  var column: Int
  var part: String
}

/// A malformed folder: an edit of the good one, and every issue that it must give, no more and no fewer.
struct MalformedFolder: Sendable, CustomTestStringConvertible {
  var name: String
  var files: [String: String]
  var expected: [ExpectedIssue]
  var testDescription: String { name }

  init(_ name: String, _ file: String, _ old: String, _ new: String, at line: Int, _ column: Int, _ part: String, and more: ExpectedIssue...) {
    self.name = name
    files = GoodFolder.replacing(old, by: new, in: file)
    expected = [ExpectedIssue(file: file, line: line, column: column, part: part)] + more
  }

  init(_ name: String, files: [String: String], _ expected: ExpectedIssue...) { (self.name, self.files, self.expected) = (name, files, expected) }

  static let plant = "plant.yaml", envelope = "envelope.yaml", loop = "loops/setpoints.yaml", connections = "connections.yaml"

  private static func feedback(gain: String = "{low: 1, high: 2}", period: String = "10 min") -> String {
    "feedback: {form: matched, weight: 0.3, gain: \(gain), delay: {low: 0, high: 1}, period: \(period), settling: 2 min}"
  }

  private static func foreign(_ more: String) -> [String: String] {
    let text = GoodFolder.files[loop]!.replacingOccurrences(of: "program: setpoints", with: "program: loops/tune.py")
    return GoodFolder.adding(loop, text.replacingOccurrences(of: "deadline: 3 min", with: "deadline: 3 min\n\(more)"))
  }

  static let all: [MalformedFolder] = syntax + keys + values + references + flow + limits + loops + others

  static let syntax = [
    MalformedFolder("broken YAML", plant, "{capacity: 100}", "{capacity: 100", at: 6, 5, "the YAML is broken"),
    MalformedFolder("a tab", plant, "    out: B1", "\tout: B1", at: 12, 1, "a tab indents this line: indent with spaces"),
    MalformedFolder("a second document", connections, "clock: system", "clock: system\n---\nclock: system", at: 2, 1, "a second YAML document"),
    MalformedFolder("an undefined alias", loop, "cadence: 10 min", "cadence: *slow", at: 4, 10, "found undefined alias"),
    MalformedFolder("not UTF-8", plant, "acme/lyon", "acme/l\u{FFFD}on", at: 2, 13, "not UTF-8"),
    MalformedFolder(
      "an empty file", files: GoodFolder.adding(connections, ""), ExpectedIssue(file: connections, line: 1, column: 1, part: "the file is empty")),
    MalformedFolder(
      "no mapping", files: GoodFolder.adding(connections, "- a\n- b"),
      ExpectedIssue(file: connections, line: 1, column: 1, part: "the file is a list, not a mapping")),
    MalformedFolder("no plant.yaml", files: GoodFolder.adding(plant, nil), ExpectedIssue(file: plant, line: 1, column: 1, part: "is missing")),
  ]

  static let keys = [
    MalformedFolder(
      "unknown key", plant, "capacity: 100", "capcity: 100", at: 5, 8, "unknown key `capcity` in `buffers.B0`: did you mean `capacity`?"),
    MalformedFolder(
      "unknown key without a neighbour", plant, "    scrap: 1 %", "    colour: red", at: 25, 5,
      "unknown key `colour` in `stations.Packer`: keys here: in, out, machines"),
    MalformedFolder("missing key", plant, "    out: B1\n", "", at: 11, 5, "`out` is missing in `stations.Filler`: add `out: B1`"),
    MalformedFolder(
      "duplicate key", plant, "    out: B1\n", "    out: B1\n    out: sink\n", at: 13, 5,
      "`out` stands twice in `stations.Filler`: keep one of them; the first is on line 12"),
    MalformedFolder("duplicate station", plant, "  Packer:\n", "  Filler:\n", at: 21, 3, "`Filler` stands twice in `stations`"),
    MalformedFolder("names that differ in case", plant, "  Bottles:", "  filler:", at: 8, 3, "`filler` and `Filler` differ in case alone"),
    MalformedFolder("no value", plant, "    out: B1", "    out:", at: 12, 9, "`stations.Filler.out` has no value: write `B1`"),
    MalformedFolder("wrong type", plant, "{capacity: 100}", "100", at: 5, 7, "`buffers.B0` is `100`, not a mapping"),
  ]

  static let values = [
    MalformedFolder("unknown unit", plant, "mean: 2.5 s", "mean: 2.5 sec", at: 13, 27, "UCUM does not know: did you mean `s`?"),
    MalformedFolder("no unit", plant, "mean: 2.5 s", "mean: 2.5", at: 13, 27, "without a unit: write it with a unit of time"),
    MalformedFolder(
      "a speed in bar", plant, "rated: 24 1/min", "rated: 24 bar", at: 14, 20,
      "`stations.Filler.speed.rated` is `24 bar`, a pressure: write a rate, e.g. `24 1/min`"),
    MalformedFolder("a pressure in 1/min", plant, "set: 2.2 bar", "set: 2.2 1/min", at: 18, 14, "where a pressure belongs: write it in `bar`"),
    MalformedFolder("a plant's spelling of a unit", plant, "unit: bar", "unit: degC", at: 17, 15, "did you mean `Cel`?"),
    MalformedFolder("NaN", plant, "cv: 0.1", "cv: .nan", at: 13, 38, "not a finite number"),
    MalformedFolder("infinity", plant, "transit: 6 s", "transit: inf s", at: 6, 31, "not a finite number"),
    MalformedFolder("negative", plant, "transit: 6 s", "transit: -6 s", at: 6, 31, "it must be at least 0 s"),
    MalformedFolder("zero", plant, "cycle: 2.4 s", "cycle: 0 s", at: 24, 12, "it must be above 0 s"),
    MalformedFolder("no space before the unit", plant, "cycle: 2.4 s", "cycle: 2.4s", at: 24, 12, "put a space between number and unit"),
    MalformedFolder("a decimal comma", plant, "cycle: 2.4 s", "cycle: 2,4 s", at: 24, 12, "write a decimal point"),
    MalformedFolder("a half part", plant, "capacity: 100", "capacity: 99.5", at: 5, 18, "write a whole number from 0"),
    MalformedFolder("a share above 1", plant, "scrap: 1 %", "scrap: 120 %", at: 25, 12, "at least 0 and below 1"),
    MalformedFolder(
      "two laws", plant, "{exponential: 25 s}", "{exponential: 25 s, constant: 25 s}", at: 8, 42, "`constant`, `exponential` stand together"),
    MalformedFolder(
      "a sample of the reference that is no whole minutes", plant, "prices:", "reference: {sample: 930 s}\nprices:", at: 3, 21,
      "`reference.sample` is not a whole number of minutes from 10 min to 7 d: write e.g. `12 h`"),
    MalformedFolder(
      "a sample of the reference of a month", plant, "prices:", "reference: {sample: 30 d}\nprices:", at: 3, 21, "from 10 min to 7 d"),
    MalformedFolder(
      "a reference of eight samples", plant, "prices:", "reference: {commissioning: 8}\nprices:", at: 3, 28, "write a whole number from 16"),
    MalformedFolder("an upside-down law", plant, "cycle: 2.4 s", "cycle: {uniform: {low: 3 s, high: 2 s}}", at: 24, 28, "`low` is not below `high`"),
  ]

  static let references = [
    MalformedFolder("unknown buffer", plant, "    out: B1", "    out: B11", at: 12, 10, "there is no buffer `B11`: did you mean `B1`?"),
    MalformedFolder(
      "unknown buffer without a neighbour", plant, "    out: B1", "    out: Tank", at: 12, 10, "there is no buffer `Tank`: there are: B0, B1, sink"),
    MalformedFolder(
      "unknown station", plant, "        high: 3.4 bar", "        high: 3.4 bar\n        defects_seen_at: [Paker]", at: 21, 27,
      "there is no station `Paker`: did you mean `Packer`?"),
    MalformedFolder(
      "unknown tag", envelope, "tag: Filler/StateCurrent", "tag: Filler/StateCurent", at: 6, 24,
      "there is no tag `Filler/StateCurent`: did you mean `Filler/StateCurrent`?"),
    MalformedFolder(
      "one tag twice", plant, "level_tag: Buffer/B1", "level_tag: Filler/StateCurrent", at: 6, 47, "already belongs to `stations.Filler.tags.state`"),
    MalformedFolder(
      "unknown device's station", connections, "    node: Small", "    node: Small\n    devices: {F1: Fillar}", at: 6, 19,
      "there is no station `Fillar`: did you mean `Filler`?"),
  ]

  static let flow = [
    MalformedFolder(
      "a buffer that nobody fills", plant, "  B0: {", "  B9: {capacity: 5}\n  B0: {", at: 5, 3, "nobody fills the buffer `B9`",
      and: ExpectedIssue(file: plant, line: 5, column: 3, part: "nobody empties the buffer `B9`")),
    MalformedFolder(
      "a route to nowhere", plant, "    out: sink", "    out: B0", at: 12, 10, "parts of `Filler` never leave the line",
      and: ExpectedIssue(file: plant, line: 23, column: 10, part: "parts of `Packer` never leave the line")),
    MalformedFolder(
      "a station that feeds itself", plant, "    out: B1", "    out: B0", at: 12, 10, "`Filler` gives to `B0`, from which it takes",
      and: ExpectedIssue(file: plant, line: 6, column: 3, part: "nobody fills the buffer `B1`")),
    MalformedFolder("a lot that never fits", plant, "lot: 10", "lot: 101", at: 8, 28, "never fits into `B0`, which holds 100"),
  ]

  static let limits = [
    MalformedFolder(
      "low above high", plant, "low: 15 1/min", "low: 35 1/min", at: 14, 35, "`stations.Filler.speed.low` is not below `high`",
      and: ExpectedIssue(file: envelope, line: 3, column: 27, part: "below the machine's own limit")),
    MalformedFolder(
      "design outside the machine's range", plant, "set: 2.2 bar", "set: 3.5 bar", at: 18, 14,
      "lies outside the machine's range: choose one from 1.2 to 3.4 bar",
      and: ExpectedIssue(file: envelope, line: 4, column: 3, part: "lies outside its limits")),
    MalformedFolder(
      "half a set-point", plant, "        low: 1.2 bar\n", "", at: 16, 7, "`low` is missing in `stations.Filler.process_variables.FillPressure`"),
    MalformedFolder(
      "envelope wider than the machine", envelope, "high: 28 1/min", "high: 31 1/min", at: 3, 43,
      "above the machine's own limit: make it at most 30 1/min"),
    MalformedFolder("design outside the envelope", envelope, "low: 18 1/min", "low: 25 1/min", at: 3, 3, "lies outside its limits: widen the limits"),
    MalformedFolder(
      "limits of what cannot be written", envelope, "Filler/FillPressureSet:", "Filler/FillPressure:", at: 4, 3,
      "cannot be written: it is no set-point: did you mean `Filler/FillPressureSet`?",
      and: ExpectedIssue(file: loop, line: 2, column: 27, part: "has no limits in envelope.yaml")),
    MalformedFolder("no way to move", envelope, "max_step: 200 mbar", "max_step: 0 mbar", at: 4, 65, "is not above 0"),
    MalformedFolder(
      "a step in the wrong unit", envelope, "max_step: 200 mbar", "max_step: 200 Cel", at: 4, 65, "a temperature, where a pressure belongs"),
    MalformedFolder(
      "no such state", envelope, "equals: aborted", "equals: abborted", at: 6, 53, "there is no PackML state `abborted`: did you mean `aborted`?"),
    MalformedFolder("no condition", envelope, "equals: aborted, ", "", at: 6, 18, "none of `below`, `above`, `equals`, `when` stands"),
  ]

  static let loops = [
    MalformedFolder(
      "a loop that moves an unlimited tag", envelope,
      "  Filler/FillPressureSet: {low: 1.6 bar, high: 3 bar, max_step: 200 mbar, max_per_hour: 1 bar}\n", "", at: 0, 0, "",
      and: ExpectedIssue(file: loop, line: 2, column: 27, part: "`Filler/FillPressureSet` has no limits in envelope.yaml")),
    MalformedFolder(
      "a loop beside an envelope without limits", files: GoodFolder.adding(envelope, "authority_ceiling: supervised\n"),
      ExpectedIssue(file: loop, line: 2, column: 9, part: "`Filler/MachSpeed` has no limits in envelope.yaml"),
      ExpectedIssue(file: loop, line: 2, column: 27, part: "`Filler/FillPressureSet` has no limits in envelope.yaml")),
    MalformedFolder(
      "a loop that moves a measurement", loop, "Filler/FillPressureSet", "Filler/FillPressure", at: 2, 27,
      "cannot be written: it is no set-point: did you mean `Filler/FillPressureSet`?"),
    MalformedFolder(
      "a loop that moves nothing that exists", loop, "Filler/MachSpeed", "Filler/MachSped", at: 2, 9,
      "there is no tag `Filler/MachSped`: did you mean `Filler/MachSpeed`?"),
    MalformedFolder("steps that do not rise", loop, "[0.5, 1]", "[0.5, 0.3, 1]", at: 9, 10, "do not rise to 1"),
    MalformedFolder("steps that end early", loop, "[0.5, 1]", "[0.25, 0.5]", at: 9, 10, "do not rise to 1"),
    MalformedFolder(
      "authority above the ceiling", loop, "authority: supervised", "authority: closed_loop", at: 6, 12,
      "above the envelope's ceiling: write `supervised` or less"),
    MalformedFolder("unknown authority", loop, "authority: supervised", "authority: supervisd", at: 6, 12, "did you mean `supervised`?"),
    MalformedFolder(
      "unknown program", loop, "program: setpoints", "program: setpoint", at: 1, 10, "there is no built-in loop `setpoint`: did you mean `setpoints`?"
    ),
    MalformedFolder("a program outside the folder", loop, "program: setpoints", "program: ../evil.sh", at: 1, 10, "outside the plant folder"),
    MalformedFolder("a deadline after the next request", loop, "deadline: 3 min", "deadline: 30 min", at: 5, 11, "longer than `cadence`"),
    MalformedFolder("a timeout before the dwell", loop, "timeout: 60 min", "timeout: 10 min", at: 11, 12, "not longer than `dwell`"),
    MalformedFolder(
      "feedback of the built-in loop", loop, "deadline: 3 min", "deadline: 3 min\nowner: eve\n\(feedback())", at: 7, 11,
      "whose feedback the twin knows"),
    MalformedFolder(
      "feedback that nobody declares", files: foreign(feedback()),
      ExpectedIssue(file: loop, line: 6, column: 11, part: "`feedback` is declared by nobody: add `owner`")),
    MalformedFolder(
      "a period that the cadence breaks", files: foreign("owner: eve\n\(feedback(period: "60 min"))"),
      ExpectedIssue(file: loop, line: 7, column: 99, part: "`feedback.period` is longer than `cadence`")),
    MalformedFolder(
      "an empty interval of the gain", files: foreign("owner: eve\n\(feedback(gain: "{low: 2, high: 1}"))"),
      ExpectedIssue(file: loop, line: 7, column: 52, part: "`feedback.gain.low` is above `high`")),
    MalformedFolder(
      "two files for a loop", files: GoodFolder.adding("loops/Setpoints.yaml", GoodFolder.files[loop]),
      ExpectedIssue(file: loop, line: 1, column: 1, part: "the loop `setpoints` has more than one file")),
  ]

  static let others = [
    MalformedFolder(
      "a secret inline", connections, "password: env:TAKT_MQTT_PASSWORD", "password: hunter2", at: 6, 15,
      "`sparkplug[0].password` holds a secret inline: refer to it"),
    MalformedFolder(
      "a port that is none", connections, "    group: Plant1", "    port: 70000\n    group: Plant1", at: 4, 11, "write a whole number from 1 to 65535"
    ),
    MalformedFolder("a misspelt clock", connections, "clock: system", "clock: sytem", at: 1, 8, "write `system`"),
  ]
}

@Suite struct MalformedFolderTests {
  @Test func theGoodFolderHasNoIssue() {
    #expect(PlantFolder.check(files: GoodFolder.files).issues.map(\.description) == [])
  }

  @Test(arguments: MalformedFolder.all) func everyFaultIsNamedWithItsPlaceAndNothingElseIs(_ folder: MalformedFolder) {
    let check = PlantFolder.check(files: folder.files)
    let found = check.issues.map(\.description)
    #expect(check.folder == nil, "it was taken for good")
    for expected in folder.expected where expected.line > 0 {
      let prefix = "\(expected.file):\(expected.line):\(expected.column): error: "
      #expect(found.contains { $0.hasPrefix(prefix) && $0.contains(expected.part) }, "no \(prefix)…\(expected.part)… in \(found)")
    }
    #expect(found.count == folder.expected.count { $0.line > 0 }, "\(found)")
    #expect(throws: PlantFolderErrors.self) { try PlantFolder.read(files: folder.files) }
  }

  /// Whatever the text is, the reader answers: with a folder or with errors that point into a file that was given (or is missing).
  @Test(arguments: 0..<8) func noEditMakesTheReaderTrap(_ seed: UInt64) throws {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func random(_ n: Int) -> Int {  // xorshift64
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(max(1, n)))
    }
    let pieces = [
      "", ":", "- ", "{", "}", "[", "]", "\"", "'", "#", "&a ", "*a ", "| ", "\n", "\t", "1e300", "-1e300 s", "9e18", ".nan", "1e9 h", "~", "!!str ",
      "\u{0}", "\u{7}", "é", "Filler", "sink", "999999999999999999999",
    ]
    for base in try [GoodFolder.files, WideFolder.files, Examples.files("bottling-4")] {
      for _ in 0..<40 {
        var files = base
        for _ in 0...random(3) {
          let file = files.keys.sorted()[random(files.count)]
          var text = Array(files[file]!)
          let at = random(text.count + 1), length = min(random(12), text.count - at)
          text.replaceSubrange(at..<at + length, with: pieces[random(pieces.count)])
          files[file] = String(text)
        }
        let check = PlantFolder.check(files: files)
        #expect((check.folder == nil) == check.issues.contains { $0.severity == .error })
        for issue in check.issues {
          let lines = files[issue.file]?.split(separator: "\n", omittingEmptySubsequences: false).count ?? 1
          #expect(issue.line >= 1 && issue.column >= 1 && issue.line <= lines + 1 && !issue.problem.isEmpty && !issue.remedy.isEmpty, "\(issue)")
        }
      }
    }
  }

  @Test func everyErrorIsFoundInOnePass() {
    var files = GoodFolder.replacing("out: B1", by: "out: B11", in: "plant.yaml")
    files["plant.yaml"] = files["plant.yaml"]!.replacingOccurrences(of: "cv: 0.1", with: "cv: -1").replacingOccurrences(of: "2.4 s", with: "2.4 bar")
    files["envelope.yaml"] = GoodFolder.replacing("max_step: 200 mbar", by: "max_stp: 200 mbar", in: "envelope.yaml")["envelope.yaml"]
    files["loops/setpoints.yaml"] = GoodFolder.replacing("[0.5, 1]", by: "[0.5]", in: "loops/setpoints.yaml")["loops/setpoints.yaml"]
    files["connections.yaml"] = GoodFolder.replacing("group: Plant1", by: "grup: Plant1", in: "connections.yaml")["connections.yaml"]
    let places = PlantFolder.check(files: files).issues.map { "\($0.file):\($0.line)" }
    #expect(places == ["plant.yaml:12", "plant.yaml:13", "plant.yaml:24", "envelope.yaml:4", "loops/setpoints.yaml:9", "connections.yaml:4"])
  }

  @Test func aSecretInlineIsNotRepeated() {
    let files = GoodFolder.replacing("env:TAKT_MQTT_PASSWORD", by: "hunter2", in: "connections.yaml")
    #expect(!PlantFolder.check(files: files).issues.contains { $0.description.contains("hunter2") })
  }

  @Test func warningsAloneLeaveTheFolderUsable() {
    let check = PlantFolder.check(files: GoodFolder.adding("envelop.yaml", "a: 1"))
    #expect(check.folder != nil)
    #expect(check.issues.map(\.severity) == [.warning])
    #expect(check.issues.first?.description.contains("did you mean `envelope.yaml`?") == true)

    let hasty = PlantFolder.check(files: GoodFolder.replacing("prices:", by: "reference: {sample: 3 h}\nprices:", in: "plant.yaml"))
    #expect(hasty.folder?.plant.reference == ReferenceSpec(sample: .hours(3)))
    #expect(
      hasty.issues.map(\.description) == [
        "plant.yaml:3:21: warning: with 4 streams of so short a sample a plant that does not change is quarantined about once in 15 days: "
          + "write `7 h` or more for once in thirty days, or leave it out"
      ])
  }
}
