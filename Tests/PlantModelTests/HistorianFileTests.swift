import PlantModel
import Quantities
import Telemetry
import Testing

@Suite struct HistorianFileTests {
  private func check(_ text: String) -> PlantFolderCheck { PlantFolder.check(files: GoodFolder.adding("historian.yaml", text)) }

  @Test func classesOfTagsAreReadWithWhatStaysOfThem() throws {
    let check = check(
      """
      classes:
        process: {tags: Filler/*, keep: 90 d, rollups: [{window: 1 min, keep: 730 d}, {window: 1 h}]}
        others: {tags: "*", keep: 3 d}
        product: {tags: [Line/ProductId, "*/Level*"]}
      """)
    #expect(
      check.issues.map(\.description) == [
        "historian.yaml:4:36: warning: `*/Level*` fits no tag of the plant: tags are named `Station/Metric`; takt tags lists them"
      ])
    let spec = try #require(check.folder).historian
    #expect(
      spec.classes == [
        TagClass(name: "others", tags: ["*"], keep: .hours(72)),
        TagClass(
          name: "process", tags: ["Filler/*"], keep: .hours(90 * 24),
          rollups: [RollupSpec(window: .minutes(1), keep: .hours(730 * 24)), RollupSpec(window: .hours(1))]),
        TagClass(name: "product", tags: ["Line/ProductId", "*/Level*"]),
      ])
    #expect(try JSONRoundTrip.of(spec) == spec)
    let names = ["Filler/FillPressure", "Line/ProductId", "Tank/LevelHigh", "Packer/StateCurrent"].map { spec.tagClass(of: $0)?.name }
    #expect(names == ["process", "product", "product", "others"])
  }

  @Test func withoutTheFileEverythingIsKeptAndWithItTheRevisionIsAnother() throws {
    let without = try PlantFolder.read(files: GoodFolder.files)
    #expect(without.historian == HistorianSpec() && without.historian.tagClass(of: "Filler/FillPressure") == nil)
    let with = try #require(check("classes:\n  all: {tags: \"*\", keep: 1000 d}").folder)
    #expect(with.revision != without.revision)
    #expect(PlantFolder.diff(from: without, to: with) == [])
  }

  /// Each edit gives the one error, in its place.
  @Test(arguments: [
    ("a: {tags: Filler/*, keep: 71 h}", "2:29: error: `classes.a.keep` is shorter than the twin's memory of 3 d", "write `3 d` or more"),
    ("a: {tags: Filler/*, keep: 90}", "2:29: error: `classes.a.keep` is `90`, without a unit", "e.g. `90 d`"),
    ("a: {tags: Filler/FillPresure, keep: 9 d}", "2:13: error: there is no tag `Filler/FillPresure`", "did you mean `Filler/FillPressure`?"),
    ("a: {tags: [], keep: 9 d}", "2:13: error: `classes.a.tags` is empty", "name a tag or a pattern"),
    ("a: {keep: 9 d}", "2:6: error: `tags` is missing in `classes.a`", "add"),
    ("a: {tags: Filler/*, kep: 9 d}", "2:23: error: unknown key `kep` in `classes.a`", "did you mean `keep`?"),
    ("a: {tags: Filler/*, rollups: [{window: 1.5 s}]}", "2:42: error: `classes.a.rollups[0].window` is no whole number of seconds", "e.g. `10 s`"),
    ("a: {tags: Filler/*, rollups: [{window: 32 d}]}", "2:42: error: `classes.a.rollups[0].window` is 32 d", "from 1 to 2678400 s"),
    ("a: {tags: Filler/*, rollups: [{window: 1 d, keep: 1 h}]}", "2:53: error: `classes.a.rollups[0].keep` is shorter than its window", "longer"),
    ("a: {tags: Filler/*, rollups: [{window: 60 s}, {window: 1 min}]}", "2:58: error: `classes.a` has two roll-ups of one window", "keep one"),
    ("a: {tags: Filler/*}\n  b: {tags: \"*/FillPressure\"}", "3:13: error: `Filler/FillPressure` is in the class `a` already", "different tags"),
    ("a: {tags: \"*\"}\n  b: {tags: \"*\"}", "3:13: error: ", "let the patterns"),
  ])
  func everyFaultIsNamedWithItsPlaceAndWhatIsRight(_ classes: String, _ problem: String, _ remedy: String) {
    let check = check("classes:\n  \(classes)\n")
    #expect(check.folder == nil)
    let found = check.issues.map(\.description)
    #expect(found.count == 1 && found[0].hasPrefix("historian.yaml:\(problem)") && found[0].contains(remedy), "\(found)")
  }
}
