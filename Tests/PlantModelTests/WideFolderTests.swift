import PlantModel
import Probability
import Quantities
import Testing

@Suite struct WideFolderTests {
  private func plant() throws -> Plant { try PlantFolder.read(files: WideFolder.files).plant }

  @Test func aCalendarBecomesClosedSpansOfTheWeek() throws {
    let plant = try plant()
    let shifts = try #require(plant.calendar(named: "two-shift"))
    func hours(_ start: Double, _ end: Double) -> ClosedSpan { ClosedSpan(start: start * 3600, end: end * 3600) }
    #expect(shifts.period == .hours(168) && shifts.followsWeek)
    // Monday: until six, a break of a quarter of an hour at ten, from ten at night until six on Tuesday.
    #expect(shifts.closed.prefix(3) == [hours(0, 6), hours(10, 10.25), hours(22, 30)])
    // Saturday noon until the end of Sunday.
    #expect(shifts.closed.last == hours(132, 168))
    // Seen from Monday at six, the night before Monday stands at the end of the week.
    let seen = shifts.closed(from: plant.starts)
    #expect(plant.starts == .hours(6))
    #expect(seen.first == hours(4, 4.25))
    #expect(seen.last == hours(126, 168))
    let lengths = [seen, shifts.closed].map { $0.map { $0.end - $0.start }.reduce(0, +) }
    #expect(lengths[0] == lengths[1])
    // Nights go over midnight.
    let nights = try #require(plant.calendar(named: "nights"))
    #expect(nights.closed == [hours(6, 22)] && nights.period == .hours(24))
    #expect(nights.closed(from: .hours(23)) == [hours(7, 23)])
    // What counts from time 0 does not turn with the week.
    let holiday = try #require(plant.calendar(named: "holiday"))
    #expect(holiday.period == nil && holiday.closed(from: .hours(6)) == holiday.closed)
  }

  @Test func everyWordIsResolved() throws {
    let plant = try plant()
    #expect(
      plant.products[0].route == [RouteStep(buffer: "AtSaw"), RouteStep(buffer: "AtMill", cycle: .constant(240)), RouteStep(buffer: "AtPaint")])
    let belt = try #require(plant.buffer(named: "Belt"))
    #expect(belt.capacity == 15 && belt.transit == .seconds(24) && belt.headway == .seconds(1.6) && !belt.accumulates)
    #expect(plant.buffer(named: "AtSaw")?.isUnlimited == true && plant.buffer(named: "Direct")?.capacity == 0)
    #expect(plant.crews.map(\.skills) == [["mechanic", "setter"], ["Welders"], ["Crane"], ["Fixture"]])
    #expect(plant.crews.map(\.kind) == [.people, .people, .tool, .tool] && plant.crews[3].calendar == "nights")
    let mill = try #require(plant.station(named: "Mill"))
    #expect(mill.inputs == [Intake(buffer: "AtMill", count: 1)] && mill.output == .route && mill.machines == 2 && mill.preempts)
    #expect(mill.failure?.rules == StopRules(clock: .calendar, work: .restarts, need: CrewNeed(skill: "mechanic", count: 1)))
    #expect(mill.otherStops.map(\.kind) == [.failure, .microstop] && mill.otherStops[0].rules.need?.count == 2)
    #expect(mill.upkeep.map(\.every) == [.operating(.hours(8)), .parts(500)])
    #expect(mill.wear?.perPart == .gamma(mean: 1, cv: 0.4) && mill.wear?.replaceAt == 300 && mill.wear?.breakage == .constant(1800))
    let paint = try #require(plant.station(named: "Paint"))
    #expect(paint.setup?.changes == [.init(from: "Red", to: "Blue", length: .constant(1500))] && paint.setup?.initial == "Blue")
    #expect(paint.power == PowerDraw(working: 40, standing: 15, stopped: 15, closed: 0))
    let temperature = paint.processVariables[0]
    #expect(temperature.defects?.optimum == 185 && ((temperature.defects?.curvature ?? 0) - 0.0004).magnitude < 1e-12)
    #expect(temperature.scatter == SensorScatter(resolution: 0.5, noise: 1))
    #expect(temperature.dynamics?.noise == 2 && temperature.dynamics?.noiseTime == .minutes(5))
    // A station without a `cycle` has the first product's.
    #expect(plant.station(named: "Saw")?.cycle == .constant(120))
    #expect(
      plant.station(named: "Split")?.output
        == .disassembly([.init(buffer: "Boxes", count: 2, product: nil), .init(buffer: "Lids", count: 1, product: "Lid")]))
    #expect(plant.sources[0].mix.map(\.share) == [0.6, 0.4] && plant.sources[0].isLossy && plant.sources[1].orders[1].due == .hours(9))
    #expect(plant.cardLoops.map(\.until) == ["AtPaint", nil] && plant.cardLoops[1].sources == ["Stock", "Customers"])
  }

  @Test func aChangeOfTheNewFieldsIsNamedByItsPath() throws {
    let before = try PlantFolder.read(files: WideFolder.files)
    func changes(_ old: String, _ new: String) throws -> [String] {
      PlantFolder.diff(from: before, to: try PlantFolder.read(files: WideFolder.replacing(old, by: new))).map(\.description)
    }
    #expect(try changes("machines: 2", "machines: 3") == ["stations.Mill.machines: 2 → 3 (structural)"])
    #expect(try changes("Direct: 10 %", "Direct: 0.1") == [])
    #expect(try changes("{Blue: 25 min}", "{Blue: 26 min}") == ["stations.Paint.setup.matrix.Red.Blue: 1500 s → 1560 s (parameter)"])
    #expect(try changes("cards: 90", "cards: 80") == ["cards.Conwip.cards: 90 → 80 (parameter)"])
    #expect(try changes("starts: Mon 06:00\n", "") == ["starts: Mon 06:00 → - (parameter)"])
    #expect(
      try changes("{day: [22:00-06:00]}", "{day: [21:00-06:00]}") == [
        "calendars.nights: closed [Mon 06:00-Mon 22:00] every 24 h → closed [Mon 06:00-Mon 21:00] every 24 h (parameter)"
      ])
    #expect(try changes("[Saw, AtPaint]", "[AtSaw, Paint]") == [])
    #expect(try changes("capacity: unlimited", "capacity: 50") == ["buffers.AtSaw.capacity: unlimited → 50 (parameter)"])
  }

  /// Each field of the wide plant stands in its outline: two that differ in any one of them differ in the outline.
  @Test func nothingNewIsLeftOutOfTheDiff() throws {
    let before = try PlantFolder.read(files: WideFolder.files)
    let edits = [
      ("preempts: true", "preempts: false"), ("latent_defects: 1 %", "latent_defects: 2 %"), ("least: 4, most: 8}", "least: 5, most: 8}"),
      ("replace_at: 300", "replace_at: 301"), ("standing: 15 kW", "standing: 16 kW"), ("noise: 2 K", "noise: 3 K"), ("noise: 1 K", "noise: 2 K"),
      ("resolution: 0.5 K", "resolution: 1 K"), ("share: 4 %", "share: 5 %"),
      ("overflow: lost", "overflow: waits"), ("limit: 5000", "limit: 5001"), ("due: 9 h", "due: 10 h"), ("pitch: 0.8 m", "pitch: 0.6 m"),
      ("accumulates: false", "accumulates: true"), ("vehicles: 2", "vehicles: 3"), ("haul: 90 s", "haul: 91 s"), ("attempts: 2", "attempts: 3"),
      ("work: scrapped", "work: resumes"), ("clock: operating, ", ""), ("needs: setter, breaks", "breaks"), ("[Left, Right]", "[Right, Left]"),
      ("Lid: 1 min", "Lid: 2 min"), ("dispatch: earliest_due", "dispatch: fifo"), ("Crane: 1}\n", "Fixture: 1}\n"), ("priority: 2", "priority: 3"),
      ("repeats: 7 h", "repeats: 8 h"), ("cycle: 4 min", "cycle: 5 min"), ("back_at: AtPaint", "back_at: sink"), ("Crane: 1,", "Crane: 2,"),
    ]
    for (old, new) in edits {
      let after = try PlantFolder.read(files: WideFolder.replacing(old, by: new))
      #expect(before.plant != after.plant && !PlantFolder.diff(from: before, to: after).isEmpty, "\(old)")
    }
  }
}
