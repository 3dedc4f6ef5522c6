// The shapes of people, tools, vehicles, cards and calendars.
extension Shapes {
  static let calendar = Shape(
    name: "calendar", meaning: "When work is done. Closing lets the part in work wait; a crew finishes first what it is at.",
    fields: [
      Field(
        "week", .list(.clock(.week)), .optional("-"), example: "[Mon-Fri 06:00-14:00, Sat 06:00-12:00]",
        "Open hours of the week; a span past midnight (`22:00-06:00`) ends on the next day."),
      Field("day", .list(.clock(.day)), .optional("-"), example: "[06:00-14:00]", "Open hours of every day."),
      Field(
        "closed", .list(.object(closedSpan)), .optional("-"), example: "[{from: 30 h, to: 34 h}]",
        "Spans from a simulation's time 0 in which it is closed, in order; otherwise it is open."),
      Field("breaks", .list(.clock(.day)), .optional("none"), example: "[10:00-10:15]", "With `week` or `day`: closed on every day."),
      Field("repeats", .quantity("s", .positive), .optional("it happens once"), example: "12 h", "With `closed`: all over again after so long."),
    ],
    oneOf: ["week", "day", "closed"])

  static let closedSpan = Shape(
    name: "closed_span", meaning: "From time 0 of a simulation.",
    fields: [
      Field("from", .quantity("s", .notNegative), .required, example: "30 h", "When it closes."),
      Field("to", .quantity("s", .positive), .required, example: "34 h", "When it opens again."),
    ])

  static let crew = Shape(
    name: "crew", meaning: "Who serves a need: of the crews that have the skill and somebody free, the one with the fewest skills.",
    fields: [
      Field("count", .whole(1...10_000), .required, example: "2", "People in it."),
      Field("skills", .list(.name), .optional("one skill, called as the crew"), example: "[mechanic, setter]", "What each of them can do."),
      Field("calendar", .reference("calendar"), .optional("always there"), example: "two-shift", "When they are there."),
    ])

  static let tool = Shape(
    name: "tool", meaning: "Tools of one kind.",
    fields: [
      Field("count", .whole(1...10_000), .required, example: "2", "How many there are."),
      Field("calendar", .reference("calendar"), .optional("always there"), example: "two-shift", "When they may be used."),
    ])

  static let fleet = Shape(
    name: "fleet", meaning: "Vehicles of one kind.",
    fields: [Field("vehicles", .whole(1...1000), .required, example: "2", "How many there are.")])

  static let transport = Shape(
    name: "transport",
    meaning: "When `least` parts wait and find room at the other end, the vehicle that has been idle longest comes, loads, drives and unloads.",
    fields: [
      Field("fleet", .reference("fleet"), .required, example: "Forklifts", "Who drives."),
      Field("from", .buffer, .required, example: "B3", "Where parts are fetched."),
      Field("to", .buffer, .required, example: "B4", "Where they are brought."),
      Field("load", .whole(1...10_000), .optional("1"), example: "8", "Parts that one vehicle carries."),
      Field("least", .whole(1...10_000), .optional("1"), example: "8", "Parts for which it comes."),
      Field("approach", .law, .optional("no time"), example: "40 s", "How long the empty vehicle takes to come, unless it stands there already."),
      Field("haul", .law, .required, example: "{uniform: {low: 80 s, high: 110 s}}", "How long the way takes, loading and unloading included."),
    ])

  static let cardLoop = Shape(
    name: "card_loop",
    meaning: "A limit on the parts between two places. A kanban loop spans a station and its buffer, a CONWIP loop the whole line.",
    fields: [
      Field("cards", .whole(1...1_000_000), .required, example: "30", "How many parts at most."),
      Field(
        "taken_by", .list(.reference("station or source")), .required, example: "[Orders]",
        "A part needs a free card to be taken by these stations, or let in by these sources."),
      Field(
        "back_at", .outlet, .optional("sink"), example: "B3", "The card is free again when its part is taken out of this buffer, or leaves the line."),
    ])
}
