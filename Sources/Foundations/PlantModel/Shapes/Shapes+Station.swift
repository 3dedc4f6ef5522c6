// The shapes of a station.
extension Shapes {
  static let station = Shape(
    name: "station", meaning: "A machine that works on parts.",
    fields: [
      Field(
        "in", .either(.buffer, .map(key: .buffer, .whole(1...10_000))), .optional("it never waits for parts"), example: "{B0: 1}",
        "Buffers that it takes from, and how many parts of each make one of its own (a kit)."),
      Field(
        "out", .either(.outlet, .object(outlet)), .required, example: "B1",
        "The buffer that it fills, `sink` where parts leave the line, `route` where the product's route tells, or a rule."),
      Field("machines", .whole(1...1000), .optional("1"), example: "3", "Identical machines in parallel, each with its own luck, wear and stops."),
      Field(
        "batch", .object(batch), .optional("one part at a time"), example: "{least: 4, most: 8}",
        "An oven, a basket: several parts of its input at once."
      ),
      Field(
        "cycle", .law, .optional("every product must have its own"), example: "{gamma: {mean: 2.5 s, cv: 0.1}}",
        "Time for one part (or batch) at the rated speed: the design's belief, which calibration replaces."),
      Field(
        "cycle_by_product", .map(key: .reference("product"), .law), .optional("`cycle` for all"), example: "{Red: 2.5 s, Blue: 4 s}",
        "Time for one part at the rated speed, by product, where it is not `cycle`."),
      Field(
        "speed", .object(speed), .optional("cannot be set"), example: "{rated: 24 1/min, low: 15 1/min, high: 30 1/min}",
        "The machine's speed set-point."),
      Field(
        "failure", .object(failure), .optional("never fails"),
        example: "{time_to_failure: {exponential: 4 h}, repair: {lognormal: {mean: 5 min, cv: 0.8}}}", "Breakdowns."),
      Field(
        "microstop", .object(microstop), .optional("none"), example: "{interval: {exponential: 15 min}, length: {lognormal: {mean: 20 s, cv: 0.8}}}",
        "Short stops (PackML Held)."),
      Field(
        "failures", .map(key: .name, .object(failure)), .optional("none"),
        example: "{Hydraulics: {time_to_failure: {exponential: 80 h}, repair: 1 h}}", "Further failures, by name."),
      Field(
        "microstops", .map(key: .name, .object(microstop)), .optional("none"), example: "{Jam: {interval: {exponential: 20 min}, length: 15 s}}",
        "Further short stops, by name."),
      Field(
        "maintenance", .map(key: .name, .object(upkeep)), .optional("none"), example: "{Grease: {every: 8 h, length: 10 min}}",
        "Planned (preventive) upkeep between two parts, by name."),
      Field(
        "wear", .object(wear), .optional("does not wear"), example: "{replace_at: 500, replacement: 4 min}",
        "A tool's life, or a condition by which it is maintained."),
      Field(
        "changeover", .law, .optional("none"), example: "{lognormal: {mean: 5 min, cv: 0.3}}",
        "Time to change over from one product to another; `setup` knows pairs."),
      Field(
        "setup", .object(setup), .optional("`changeover` between any two"), example: "{matrix: {Red: {Blue: 20 min}, Blue: {Red: 45 min}}}",
        "Set-up that depends on the sequence of products."),
      Field(
        "scrap", .quantity("1", Bounds(low: 0, high: 1, isHighOpen: true)), .optional("0"), example: "1 %",
        "Share of parts rejected here at the design's set-points, besides what `inspection`, `wear` and the variables' `defects` add."),
      Field(
        "latent_defects", .quantity("1", Bounds(low: 0, high: 1, isHighOpen: true)), .optional("0"), example: "0.5 %",
        "Share of parts that get a defect here which only an `inspection` further down may see."),
      Field(
        "inspection", .object(inspection), .optional("does not inspect"), example: "{sensitivity: 95 %, false_reject: 0.1 %}",
        "A look at every part for defects made upstream."),
      Field(
        "rework", .object(rework), .optional("rejected parts are scrapped"), example: "{into: B1, attempts: 2}",
        "Rejected parts go round again, free of their defect."),
      Field(
        "needs", .either(.reference("skill"), .map(key: .reference("skill"), .whole(1...1000))), .optional("nobody"),
        example: "{welder: 1, Crane: 1}", "Skills and tools that it needs while it works, and how many of each."),
      Field(
        "dispatch", .choice(DispatchRule.allCases.map(\.rawValue)), .optional("fifo"), example: "priority", "Which of the waiting parts it takes."),
      Field(
        "preempts", .flag, .optional("false"), example: "true",
        "A part of higher priority interrupts the work on one of lower, which is resumed afterwards."),
      Field(
        "power", .object(power), .optional("no energy is counted"), example: "{working: 12 kW, standing: 3 kW}", "What it draws, by state."),
      Field("calendar", .reference("calendar"), .optional("always open"), example: "two-shift", "When it is open; the part in work waits meanwhile."),
      Field(
        "process_variables", .map(key: .name, .object(processVariable)), .optional("none"), example: "{FillPressure: {unit: bar}}",
        "Measured conditions of the process by name."),
      Field(
        "setpoints", .map(key: .name, .object(setpoint)), .optional("none"), example: "{ToolLife: {unit: 1, set: 9000, low: 2000, high: 20000}}",
        "Set-points with no process variable of their own, by name."),
      Field(
        "tags", .object(stationTags), .optional("PackTags under the station's name"), example: "{state: Filler/StateCurrent}",
        "The tags that tell how the station is."),
    ])

  static let speed = Shape(
    name: "speed", meaning: "Seconds per part = cycle at `rated`, times rated / set.",
    fields: [
      Field("rated", .quantity("1/min", .positive), .required, example: "24 1/min", "The speed at which `cycle` holds."),
      Field("set", .quantity("1/min", .positive), .optional("`rated`"), example: "24 1/min", "The design's value."),
      Field("low", .quantity("1/min", .positive), .required, example: "15 1/min", "The machine's own lower limit."),
      Field("high", .quantity("1/min", .positive), .required, example: "30 1/min", "The machine's own upper limit."),
      Field("tag", .tag, .optional("Station/MachSpeed"), example: "Filler/MachSpeed", "The tag that is written and read back."),
    ])

  static let batch = Shape(
    name: "batch", meaning: "It waits until `least` parts are there, takes up to `most` of them, and works on them together.",
    fields: [
      Field("least", .whole(1...10_000), .optional("`most`"), example: "4", "Parts with which it begins."),
      Field("most", .whole(1...10_000), .required, example: "8", "Parts that it holds."),
    ])

  static let inspection = Shape(
    name: "inspection", meaning: "Finds a defect with `sensitivity`, rejects a faultless part with `false_reject`.",
    fields: [
      Field("sensitivity", .quantity("1", .share), .required, example: "95 %", "Share of defects found."),
      Field("false_reject", .quantity("1", .share), .optional("0"), example: "0.1 %", "Share of faultless parts rejected."),
    ])

  static let rework = Shape(
    name: "rework", meaning: "A part that was rejected `attempts` times already is scrapped.",
    fields: [
      Field("into", .buffer, .required, example: "B1", "The buffer from which it comes round again."),
      Field("attempts", .whole(1...255), .optional("1"), example: "2", "How often one part may be reworked."),
    ])

  static let power = Shape(
    name: "power", meaning: "Energy of a state = power · time in it.",
    fields: [
      Field("working", .quantity("kW", .notNegative), .required, example: "12 kW", "While it works."),
      Field("standing", .quantity("kW", .notNegative), .optional("0 kW"), example: "3 kW", "Starved, blocked, or waiting for people."),
      Field(
        "stopped", .quantity("kW", .notNegative), .optional("`standing`"), example: "3 kW", "Failed, in a short stop, in set-up or maintenance."),
      Field("closed", .quantity("kW", .notNegative), .optional("0 kW"), example: "0.5 kW", "Outside its calendar."),
    ])

  static let stationTags = Shape(
    name: "station_tags", meaning: "PackTags of the station; `none` where the machine does not tell.",
    fields: [
      Field("state", .tagOrNone, .optional("Station/StateCurrent"), example: "Filler/StateCurrent", "PackML state, numbered as in ISA-TR88.00.02."),
      Field(
        "processed", .tagOrNone, .optional("Station/ProdProcessedCount"), example: "Filler/ProdProcessedCount", "Parts finished here, good or not."),
      Field("defective", .tagOrNone, .optional("Station/ProdDefectiveCount"), example: "Filler/ProdDefectiveCount", "Parts rejected here."),
      Field("speed", .tagOrNone, .optional("Station/CurMachSpeed"), example: "Filler/CurMachSpeed", "Parts per minute now."),
    ])
}
