/// The shapes of the plant folder's files.
enum Shapes {
  static let plant = Shape(
    name: "plant.yaml", meaning: "What the line is made of, what it costs, and how it is believed to behave.",
    fields: [
      Field("plant", .name, .required, example: "bottling", "A short name."),
      Field("path", .equipmentPath, .required, example: "acme/lyon/packaging/line1", "ISA-95 path of the line: enterprise/site/area/line."),
      Field(
        "ideal_cycle", .quantity("s", .positive), .optional("none: no line OEE"), example: "2.5 s",
        "Time between two parts of the line at its ideal rate (ISO 22400 planned run time per item)."),
      Field(
        "stale_after", .quantity("s", .positive), .optional("3 min"), example: "3 min",
        "Silence after which a tag's last value is stale, where the tag says nothing else."),
      Field(
        "reference", .object(reference), .optional("the shortest sample at which false alarms are rare; 32 of them"),
        example: "{sample: 12 h, commissioning: 32}", "How the twin's frozen reference is commissioned: what the plant is held to for good."),
      Field("prices", .object(prices), .required, example: "{currency: EUR, good: 1, scrap: 0.5, escape: 3}", "What a part is worth."),
      Field(
        "starts", .clock(.instant), .optional("Mon 00:00"), example: "Mon 06:00",
        "The moment of the week at which a simulation's time 0 stands, for the calendars."),
      Field(
        "calendars", .map(key: .name, .object(calendar)), .optional("everything is always open"),
        example: "{two-shift: {week: [Mon-Fri 06:00-22:00]}}", "Shift calendars by name."),
      Field(
        "crews", .map(key: .name, .object(crew)), .optional("nobody is needed"), example: "{Fitters: {count: 2, skills: [mechanic, setter]}}",
        "People of like skills, by name."),
      Field(
        "tools", .map(key: .name, .either(.whole(1...10_000), .object(tool))), .optional("none are shared"), example: "{Crane: 1}",
        "Tools, fixtures or cranes that stations share: how many of each."),
      Field(
        "products", .map(key: .name, .object(product)), .optional("one product without a name"), example: "{Red: {priority: 1}, Blue: {}}",
        "What is made, by name."),
      Field("buffers", .map(key: .name, .object(buffer)), .optional("none"), example: "{B1: {capacity: 30}}", "Buffers and conveyors by name."),
      Field(
        "sources", .map(key: .name, .object(source)), .optional("none: stations without `in` are never starved"),
        example: "{Bottles: {into: B0, interval: 105 s}}", "Where raw parts come from, by name."),
      Field(
        "stations", .map(key: .name, .object(station)), .required, example: "{Filler: {in: {B0: 1}, out: sink, cycle: 2.5 s}}",
        "Machines by name, in flow order."),
      Field(
        "fleets", .map(key: .name, .object(fleet)), .optional("none"), example: "{Forklifts: {vehicles: 2}}", "AGVs or forklifts, by name."),
      Field(
        "transports", .map(key: .name, .object(transport)), .optional("none"),
        example: "{ToPaint: {fleet: Forklifts, from: B3, to: B4, load: 8, haul: 90 s}}", "Ways that a fleet serves, by name."),
      Field(
        "cards", .map(key: .name, .object(cardLoop)), .optional("no limit but the buffers' capacities"),
        example: "{Conwip: {cards: 30, taken_by: [Orders]}}", "Kanban and CONWIP loops, by name."),
      Field(
        "tags", .map(key: .tag, .object(tag)), .optional("none"), example: "{Line/ProductId: {kind: text}}",
        "Tags beyond those that stations and buffers bring with them."),
    ])

  static let prices = Shape(
    name: "prices", meaning: "The worth of one part. Losses are given as positive numbers.",
    fields: [
      Field("currency", .text, .required, example: "EUR", "ISO 4217 code, or any word."),
      Field("good", .quantity("1", .positive), .required, example: "1", "Earned by a good part."),
      Field("scrap", .quantity("1", .notNegative), .required, example: "0.5", "Lost by a rejected part."),
      Field("escape", .quantity("1", .notNegative), .optional("0"), example: "3", "Lost by a defective part that leaves the line unseen."),
    ])

  static let reference = Shape(
    name: "reference", meaning: "A stream is held to what it was in its first samples; see calibration.md.",
    fields: [
      Field(
        "sample", .quantity("s", .positive), .optional("a shift, half a day, a day or two: false alarms no more often than once in 30 d"),
        example: "12 h", "How long a sample is. A longer one shows a smaller drift, and shows it later."),
      Field(
        "commissioning", .whole(16...1000), .optional("32"), example: "32",
        "Samples before the reference stands: its own error is one by the root of their number, in standard deviations of a sample."),
    ])

  static let tag = Shape(
    name: "tag", meaning: "A tag of the plant.",
    fields: [
      Field("kind", .choice(Tag.Kind.allNames), .required, example: "number", "What it holds."),
      Field("unit", .unit, .optional("1"), example: "mm/s", "UCUM code."),
      Field("low", .measured, .optional("none"), example: "0 mm/s", "Lower values are of bad quality."),
      Field("high", .measured, .optional("none"), example: "20 mm/s", "Higher values are of bad quality."),
      Field(
        "stale_after", .quantity("s", .positive), .optional("the plant's `stale_after`"), example: "10 min",
        "Silence after which its last value is stale."),
    ])
}

extension Tag.Kind {
  static let allNames = ["number", "count", "state", "text", "boolean"]
}
