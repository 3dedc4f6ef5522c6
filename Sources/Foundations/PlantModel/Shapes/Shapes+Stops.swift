// The shapes of what stops a station.
extension Shapes {
  /// One skill: by name, or with how many.
  static let need = FieldKind.either(.reference("skill"), .map(key: .reference("skill"), .whole(1...1000)))

  static let failure = Shape(
    name: "failure", meaning: "Breakdowns.",
    fields: [
      Field("time_to_failure", .law, .required, example: "{weibull: {mean: 4 h, shape: 1.3}}", "Time between failures."),
      Field("repair", .law, .required, example: "{lognormal: {mean: 5 min, cv: 0.8}}", "Time to repair."),
      Field(
        "clock", .choice(StopRules.Clock.allCases.map(\.rawValue)), .optional("operating"), example: "calendar",
        "What the interval counts: working time, or all time."),
      Field(
        "work", .choice(StopRules.Work.allCases.map(\.rawValue)), .optional("resumes"), example: "restarts",
        "What becomes of the work under way; `scrapped`: its part is lost."),
      Field("needs", need, .optional("nobody"), example: "mechanic", "Whom it needs before its length begins to run."),
    ])

  static let microstop = Shape(
    name: "microstop", meaning: "Short stops.",
    fields: [
      Field("interval", .law, .required, example: "{exponential: 15 min}", "Time between short stops."),
      Field("length", .law, .required, example: "{lognormal: {mean: 20 s, cv: 0.8}}", "How long one lasts."),
      Field(
        "clock", .choice(StopRules.Clock.allCases.map(\.rawValue)), .optional("operating"), example: "calendar",
        "What the interval counts: working time, or all time."),
      Field(
        "work", .choice(StopRules.Work.allCases.map(\.rawValue)), .optional("resumes"), example: "restarts",
        "What becomes of the work under way; `scrapped`: its part is lost."),
      Field("needs", need, .optional("nobody"), example: "mechanic", "Whom it needs before its length begins to run."),
    ])

  static let upkeep = Shape(
    name: "upkeep", meaning: "Due every so often, done before the next part. `every` and `parts` are two ways to say how often.",
    fields: [
      Field("every", .quantity("s", .positive), .optional("-"), example: "8 h", "Time from the end of one to when the next is due."),
      Field("parts", .whole(1...1_000_000_000), .optional("-"), example: "500", "Parts (or batches) finished since the last one."),
      Field(
        "clock", .choice(StopRules.Clock.allCases.map(\.rawValue)), .optional("calendar"), example: "operating",
        "What `every` counts: working time, or all time."),
      Field("length", .law, .required, example: "{lognormal: {mean: 10 min, cv: 0.3}}", "How long it takes."),
      Field("needs", need, .optional("nobody"), example: "mechanic", "Who does it."),
    ],
    oneOf: ["every", "parts"])

  static let wear = Shape(
    name: "wear",
    meaning: "Wear w grows with each part. Share of parts spoilt += `scrap_when_worn` · (w / `replace_at`)^`scrap_exponent`.",
    fields: [
      Field(
        "per_part", .plainLaw, .optional("1: then `replace_at` is a life in parts"), example: "{gamma: {mean: 1, cv: 0.5}}",
        "How much each part adds."
      ),
      Field(
        "replace_at", .quantity("1", .positive), .optional("used until it breaks"), example: "500",
        "Wear at which it is replaced, between two parts (condition-based maintenance)."),
      Field("replacement", .law, .required, example: "4 min", "How long that takes."),
      Field("needs", need, .optional("nobody"), example: "setter", "Who does it."),
      Field("breaks_at", .quantity("1", .positive), .optional("does not break"), example: "650", "Wear at which it breaks under work."),
      Field("breakage", .law, .optional("`replacement`"), example: "25 min", "How long a break takes, the new tool included; a failure."),
      Field("scrap_when_worn", .quantity("1", .share), .optional("0"), example: "3 %", "Share of parts spoilt at `replace_at`."),
      Field("scrap_exponent", .quantity("1", .positive), .optional("1"), example: "2", "How late in its life it spoils them."),
      Field("count_tag", .tag, .optional("not told"), example: "Saw/ToolCount", "The tag that tells the parts made since the tool was replaced."),
    ])

  static let setup = Shape(
    name: "setup", meaning: "Set-up when a part of another product comes.",
    fields: [
      Field(
        "matrix", .map(key: .reference("product"), .map(key: .reference("product"), .law)), .optional("`changeover` between any two"),
        example: "{Red: {Blue: 20 min}, Blue: {Red: 45 min}}", "From a product, to a product: how long. Pairs left out take `changeover`."),
      Field("initial", .reference("product"), .optional("whichever comes first"), example: "Red", "What it is set up for at first."),
      Field("needs", need, .optional("nobody"), example: "setter", "Who does it."),
    ])
}
