import Foundation
import PlantModel
import Quantities
import TemporalLogic
import Testing

/// envelope.yaml with every kind of limit, on the plant of `GoodFolder`.
enum GoodEnvelope {
  static let text = """
    authority_ceiling: closed_loop
    heartbeat_timeout: 2 s
    max_changes_per_hour: 3
    limits:
      Filler/MachSpeed: {low: 18 1/min, high: 28 1/min, max_step: 2 1/min, max_per_hour: 6 1/min, max_drift: 4 1/min, hold: {fixed: 0.4 1/s}}
      Filler/FillPressureSet: {low: 1.6 bar, high: 3 bar, max_step: 200 mbar, max_per_hour: 1 bar, hold: local, authority_ceiling: supervised}
    interlocks:
      Aborted: {tag: Filler/StateCurrent, equals: aborted, forbids: [Filler/MachSpeed]}
      Pressure: {when: "Filler/FillPressure > 3200 mbar or not Filler/StateCurrent != held"}
    permissives:
      Runs: {while: Filler/StateCurrent = execute, permits: [Filler/MachSpeed]}
    coupled:
      Both: {sum: {Filler/MachSpeed: 1, Filler/FillPressureSet: 4}, at_most: 40}
      Least: {sum: {Filler/FillPressureSet: 1, Filler/FillPressure: -1}, at_least: -500 mbar}
    properties:
      Calm:
        formula: "once[0, 5 min] Filler/FillPressure < 3 bar"
        margin: 0.1
        forbids: [Filler/FillPressureSet]
        allows_restore: true
      Follows: {formula: "historically[2 min] Filler/FillPressure - Filler/FillPressureSet < 300 mbar"}
    """

  static func envelope(_ text: String = text) throws -> EnvelopeSpec {
    let check = PlantFolder.check(files: GoodFolder.adding("envelope.yaml", text))
    #expect(check.issues.map(\.description) == [])
    return try #require(check.folder).envelope
  }

  static func edited(_ old: String, _ new: String) throws -> EnvelopeSpec {
    #expect(text.contains(old), "the envelope holds no \(old)")
    return try envelope(text.replacingOccurrences(of: old, with: new))
  }
}

@Suite struct EnvelopeTests {
  @Test func everyKeyIsReadInTheTagsOwnUnit() throws {
    let envelope = try GoodEnvelope.envelope()
    #expect(envelope.heartbeatTimeout == .seconds(2) && envelope.maxChangesPerHour == 3)
    let speed = envelope.limits[0], pressure = envelope.limits[1]
    #expect(speed.maxDrift == 4 && speed.authorityCeiling == nil && pressure.hold == .local && pressure.authorityCeiling == .supervised)
    guard case .fixed(let value) = speed.hold else {
      Issue.record("\(speed.hold)")
      return
    }
    #expect(abs(value - 24) < 1e-9)
    #expect(envelope.authorityCeiling(of: ["Filler/MachSpeed"]) == .closedLoop)
    #expect(envelope.authorityCeiling(of: ["Filler/MachSpeed", "Filler/FillPressureSet"]) == .supervised)
    #expect(
      envelope.interlocks.map { "\($0.condition)" } == [
        "Filler/StateCurrent = 9", "(Filler/FillPressure > 3.2) or (not (Filler/StateCurrent != 11))",
      ])
    #expect(envelope.permissives.map { "\($0.condition)" } == ["Filler/StateCurrent = 6"])
    // Tags of two dimensions are weighed as plain numbers; at_least is an at_most with the signs turned.
    #expect(
      envelope.coupledLimits[0]
        == CoupledLimit(name: "Both", terms: [LinearTerm("Filler/FillPressureSet", 4), LinearTerm("Filler/MachSpeed", 1)], atMost: 40, unit: "1"))
    #expect(envelope.coupledLimits[1].terms == [LinearTerm("Filler/FillPressure", 1), LinearTerm("Filler/FillPressureSet", -1)])
    #expect(envelope.coupledLimits[1].atMost == 0.5 && envelope.coupledLimits[1].unit == "bar")
    #expect(envelope.properties[0].allowsRestore && envelope.properties[0].margin == 0.1 && !envelope.properties[1].allowsRestore)
    #expect("\(envelope.properties[1].formula)" == "historically[0 s, 120 s] (Filler/FillPressure - Filler/FillPressureSet < 0.3)")
    #expect(envelope.watchedTags == ["Filler/FillPressure", "Filler/FillPressureSet", "Filler/MachSpeed", "Filler/StateCurrent"])
  }

  @Test(arguments: [
    ("hold: {fixed: 0.4 1/s}", "hold: {fixed: 0.5 1/s}", 5, "`limits.Filler/MachSpeed.hold.fixed` lies outside"),
    ("max_drift: 4 1/min", "max_drift: 0 1/min", 5, "is not above 0"), ("max_drift: 4 1/min", "max_drift: 4 bar", 5, "where a rate belongs"),
    ("equals: aborted", "when: Filler/StateCurrent = aborted", 8, "`tag` stands beside `when`"),
    ("tag: Filler/StateCurrent, ", "", 8, "`tag` is missing"),
    ("or not", "or nott", 9, "`nott` is out of place: write a tag"), ("3200 mbar", "3200", 9, "`3200` has no unit, where a pressure belongs"),
    ("3200 mbar", "3 1/min", 9, "`3 1/min` is a rate, where a pressure belongs"), ("!= held", "< held", 9, "can only be compared by `=`"),
    ("!= held", "!= hold", 9, "there is no PackML state `hold`: did you mean `held`?"),
    ("Filler/FillPressure > 3200", "Filler/FilPressure > 3200", 9, "there is no tag `Filler/FilPressure`: did you mean `Filler/FillPressure`?"),
    ("while: Filler", "while: once Filler", 11, "speaks of other times than now"),
    ("at_most: 40", "at_most: 20", 13, "the design's values break `coupled.Both`"),
    ("at_most: 40", "at_most: 40 bar", 13, "write it in `1`"),
    ("Filler/FillPressureSet: 1, Filler/FillPressure: -1", "Filler/FillPressure: 1", 14, "nothing in `coupled.Least.sum` can be written"),
    ("once[0, 5 min]", "once[0, 5 bar]", 17, "is a pressure, `s` is a time"), ("margin: 0.1", "margin: -1", 18, "at least 0"),
    ("forbids: [Filler/FillPressureSet]", "forbids: [Filler/FillPressure]", 19, "has no limits, so it cannot be written anyway"),
    ("< 300 mbar", "< 300 mbr", 21, "did you mean `mbar`"), ("max_changes_per_hour: 3", "max_changes_per_hour: 0", 3, "from 1 to 1000"),
  ])
  func whatIsWrongIsNamedWithItsPlaceAndARemedy(old: String, new: String, line: Int, part: String) {
    #expect(GoodEnvelope.text.contains(old))
    let range = GoodEnvelope.text.range(of: old)!
    let issues = PlantFolder.check(files: GoodFolder.adding("envelope.yaml", GoodEnvelope.text.replacingCharacters(in: range, with: new))).issues
    #expect(issues.count == 1 && issues.first?.line == line, "\(issues)")
    #expect(issues.first?.description.contains(part) == true, "\(issues)")
  }

  @Test func invariant20_aLoopThatNamesWhatCannotBeTakenBackIsToldSo() throws {
    let text = GoodEnvelope.text.replacingOccurrences(of: "hold: local", with: "hold: local, irreversible: true")
    let files = GoodFolder.adding("envelope.yaml", text)
    let issue = try #require(PlantFolder.check(files: files).issues.first)
    #expect(issue.file == "loops/setpoints.yaml" && issue.line == 2 && issue.description.contains("cannot be taken back"), "\(issue)")
    var without = files
    without["loops/setpoints.yaml"] = files["loops/setpoints.yaml"]?.replacingOccurrences(of: ", Filler/FillPressureSet", with: "")
    let envelope = try #require(PlantFolder.check(files: without).folder).envelope
    #expect(envelope.limits.map(\.isIrreversible) == [false, true])
    #expect(try JSONRoundTrip.of(envelope) == envelope)
    #expect(EnvelopeComparison(envelope, try GoodEnvelope.envelope()).widenings.map(\.path) == ["limits.Filler/FillPressureSet.irreversible"])
    #expect(EnvelopeComparison(try GoodEnvelope.envelope(), envelope).isAtLeastAsTight)
  }

  @Test func aFormulasFaultIsUnderlinedWhereItStands() throws {
    let edited = GoodEnvelope.text.replacingOccurrences(of: "3 bar\"\n    margin", with: "3 baar\"\n    margin")
    let issue = try #require(PlantFolder.check(files: GoodFolder.adding("envelope.yaml", edited)).issues.first)
    // `formula: "` ends before column 15, and the number stands at its 38th character.
    let line = try #require(edited.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(16).first)
    #expect(issue.line == 17 && Array(line)[issue.column - 1] == "3", "\(issue)")
  }

  /// docs/envelope.md shows an envelope and formulas: they are read here, so that the page cannot go stale.
  @Test func whatThePageShowsIsReadAsItStands() throws {
    let page = try String(contentsOf: Examples.root.appending(path: "docs/envelope.md"), encoding: .utf8)
    let blocks = page.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    let yaml = try #require(blocks.first { $0.hasPrefix("yaml\n") })
    var files = try Examples.files("bottling-4").filter { !$0.key.hasPrefix("loops/") }
    files["envelope.yaml"] = String(yaml.dropFirst(5))
    let check = PlantFolder.check(files: files)
    #expect(check.issues.map(\.description) == [])
    #expect(check.folder?.envelope.coupledLimits.count == 1 && check.folder?.envelope.properties.count == 1)
    let lines = blocks.filter { $0.hasPrefix("\n") }.flatMap { $0.split(separator: "\n") }
    #expect(lines.count == 6)
    for line in lines {
      let formula = line.components(separatedBy: "    ")[0]
      #expect(throws: Never.self, "\(formula)") { try FormulaParser.parse(formula) }
    }
  }

  @Test func theEnvelopeSurvivesItsJSON() throws {
    let envelope = try GoodEnvelope.envelope()
    #expect(try JSONRoundTrip.of(envelope) == envelope)
    // What an earlier version would have written.
    let old = try JSONRoundTrip.decoded(EnvelopeSpec.self, #"{"authorityCeiling":2,"interlocks":[],"limits":[]}"#)
    #expect(old == EnvelopeSpec(limits: [], interlocks: [], authorityCeiling: .supervised) && old.heartbeatTimeout == .seconds(3))
  }
}

@Suite struct EnvelopeComparisonTests {
  private func widenings(_ old: String, _ new: String) throws -> [String] {
    let before = try GoodEnvelope.envelope(), after = try GoodEnvelope.edited(old, new)
    #expect(before != after)
    // One way it widens, the other way it tightens; or both count, where neither can be said.
    return EnvelopeComparison(before, after).widenings.map(\.path)
  }

  @Test func invariant12_theSameEnvelopeAndATighterOneWidenNothing() throws {
    let same = try GoodEnvelope.envelope()
    #expect(EnvelopeComparison(same, same).isAtLeastAsTight)
    for (old, new) in Self.tighter { #expect(try widenings(old, new) == [], "\(old) → \(new)") }
    #expect(
      EnvelopeComparison(
        same,
        EnvelopeSpec(
          limits: [], interlocks: same.interlocks, permissives: same.permissives, coupledLimits: same.coupledLimits, properties: same.properties,
          authorityCeiling: .shadow, heartbeatTimeout: .seconds(1), maxChangesPerHour: 1)
      ).isAtLeastAsTight)
  }

  static let tighter = [
    ("authority_ceiling: closed_loop", "authority_ceiling: supervised"), ("heartbeat_timeout: 2 s", "heartbeat_timeout: 1 s"),
    ("max_changes_per_hour: 3", "max_changes_per_hour: 2"), ("low: 18 1/min", "low: 19 1/min"), ("high: 28 1/min", "high: 27 1/min"),
    ("max_step: 2 1/min", "max_step: 1 1/min"), ("max_per_hour: 6 1/min", "max_per_hour: 5 1/min"), ("max_drift: 4 1/min", "max_drift: 3 1/min"),
    ("authority_ceiling: supervised}", "authority_ceiling: shadow}"), ("> 3200 mbar", "> 3100 mbar"),
    (", permits: [Filler/MachSpeed]", ""), (", forbids: [Filler/MachSpeed]", ""),
    ("Filler/StateCurrent = execute", "Filler/StateCurrent = execute and Filler/FillPressure > 1 bar"),
    ("at_most: 40", "at_most: 39"),
    ("Filler/MachSpeed: 1, Filler/FillPressureSet: 4}, at_most: 40", "Filler/MachSpeed: 2, Filler/FillPressureSet: 8}, at_most: 79"),
    ("once[0, 5 min]", "once[1 min, 4 min]"), ("margin: 0.1", "margin: 0.2"),
    ("allows_restore: true", "allows_restore: false"), ("historically[2 min]", "historically[3 min]"), ("< 300 mbar", "< 200 mbar"),
  ]

  @Test func invariant12_whateverAllowsMoreIsNamed() throws {
    // Undoing what tightens widens.
    for (old, new) in Self.tighter {
      let before = try GoodEnvelope.edited(old, new), after = try GoodEnvelope.envelope()
      #expect(EnvelopeComparison(before, after).widenings.count == 1, "\(new) → \(old): \(EnvelopeComparison(before, after).widenings)")
    }
    let table = [
      ("hold: local", "hold: keep", "limits.Filler/FillPressureSet.hold"), (", max_drift: 4 1/min", "", "limits.Filler/MachSpeed.max_drift"),
      ("max_changes_per_hour: 3\n", "", "max_changes_per_hour"),
      (", authority_ceiling: supervised}", "}", "limits.Filler/FillPressureSet.authority_ceiling"),
      ("3200 mbar or not", "3200 mbar and not", "interlocks.Pressure"), ("equals: aborted", "equals: held", "interlocks.Aborted"),
      ("forbids: [Filler/MachSpeed]", "forbids: [Filler/FillPressureSet]", "interlocks.Aborted"),
      ("Filler/StateCurrent = execute", "Filler/StateCurrent = execute or Filler/StateCurrent = held", "permissives.Runs"),
      ("Filler/FillPressureSet: 4}", "Filler/FillPressureSet: 3}", "coupled.Both"),
      ("historically[2 min] Filler", "once[2 min] Filler", "properties.Follows"),
    ]
    for (old, new, path) in table { #expect(try widenings(old, new) == [path], "\(old) → \(new)") }
    // A tag that could not be written at all.
    var without = try GoodEnvelope.envelope()
    without.limits.removeFirst()
    #expect(try EnvelopeComparison(without, GoodEnvelope.envelope()).widenings.map(\.path) == ["limits.Filler/MachSpeed"])
    // What is no number is no limit.
    var broken = try GoodEnvelope.envelope()
    broken.limits[0].high = .nan
    #expect(try EnvelopeComparison(GoodEnvelope.envelope(), broken).widenings.map(\.path) == ["limits.Filler/MachSpeed.high"])
  }
}
