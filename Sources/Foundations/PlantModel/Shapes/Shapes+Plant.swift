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
      Field("prices", .object(prices), .required, example: "{currency: EUR, good: 1, scrap: 0.5, escape: 3}", "What a part is worth."),
      Field("buffers", .map(key: .name, .object(buffer)), .required, example: "{B1: {capacity: 30}}", "Buffers and conveyors by name."),
      Field(
        "sources", .map(key: .name, .object(source)), .required, example: "{Bottles: {into: B0, interval: 105 s}}",
        "Where raw parts come from, by name."),
      Field(
        "stations", .map(key: .name, .object(station)), .required, example: "{Filler: {in: {B0: 1}, out: sink, cycle: 2.5 s}}",
        "Machines by name, in flow order."),
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

  static let buffer = Shape(
    name: "buffer", meaning: "A finite first-in-first-out buffer or conveyor.",
    fields: [
      Field("capacity", .whole(1...1_000_000), .required, example: "30", "Parts that it holds."),
      Field("transit", .quantity("s", .notNegative), .optional("0 s"), example: "6 s", "How long a part travels before it may be taken."),
      Field("level_tag", .tag, .optional("no sensor"), example: "Buffer/B1", "The tag that tells its level."),
    ])

  static let source = Shape(
    name: "source", meaning: "Raw parts that come in lots; the source waits while its buffer is full.",
    fields: [
      Field("into", .buffer, .required, example: "B0", "The buffer that it fills."),
      Field("lot", .whole(1...1_000_000), .optional("1"), example: "48", "Parts at a time."),
      Field("interval", .law, .required, example: "{gamma: {mean: 105 s, cv: 0.25}}", "Time between two lots."),
    ])

  static let station = Shape(
    name: "station", meaning: "A machine that works on parts.",
    fields: [
      Field(
        "in", .map(key: .buffer, .whole(1...10_000)), .required, example: "{B0: 1}",
        "Buffers that it takes from, and how many parts of each make one of its own."),
      Field("out", .outlet, .required, example: "B1", "The buffer that it fills, or `sink` where parts leave the line."),
      Field(
        "cycle", .law, .required, example: "{gamma: {mean: 2.5 s, cv: 0.1}}",
        "Time for one part at the rated speed: the design's belief, which calibration replaces."),
      Field(
        "speed", .object(speed), .optional("cannot be set"), example: "{rated: 24 1/min, low: 15 1/min, high: 30 1/min}",
        "The machine's speed set-point."),
      Field(
        "failure", .object(failure), .optional("never fails"),
        example: "{time_to_failure: {exponential: 4 h}, repair: {lognormal: {mean: 5 min, cv: 0.8}}}", "Breakdowns by operating time."),
      Field(
        "microstop", .object(microstop), .optional("none"), example: "{interval: {exponential: 15 min}, length: {lognormal: {mean: 20 s, cv: 0.8}}}",
        "Short stops (PackML Held) by operating time."),
      Field("changeover", .law, .optional("none"), example: "{lognormal: {mean: 5 min, cv: 0.3}}", "Time to change over between two orders."),
      Field(
        "scrap", .quantity("1", Bounds(low: 0, high: 1, isHighOpen: true)), .optional("0"), example: "1 %",
        "Share of parts rejected here at the design's set-points."),
      Field(
        "inspection", .object(inspection), .optional("does not inspect"), example: "{sensitivity: 95 %, false_reject: 0.1 %}",
        "A look at every part for defects made upstream."),
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

  static let failure = Shape(
    name: "failure", meaning: "Breakdowns.",
    fields: [
      Field("time_to_failure", .law, .required, example: "{weibull: {mean: 4 h, shape: 1.3}}", "Operating time between failures."),
      Field("repair", .law, .required, example: "{lognormal: {mean: 5 min, cv: 0.8}}", "Time to repair."),
    ])

  static let microstop = Shape(
    name: "microstop", meaning: "Short stops.",
    fields: [
      Field("interval", .law, .required, example: "{exponential: 15 min}", "Operating time between short stops."),
      Field("length", .law, .required, example: "{lognormal: {mean: 20 s, cv: 0.8}}", "How long one lasts."),
    ])

  static let inspection = Shape(
    name: "inspection", meaning: "Finds a defect with `sensitivity`, rejects a faultless part with `false_reject`.",
    fields: [
      Field("sensitivity", .quantity("1", .share), .required, example: "95 %", "Share of defects found."),
      Field("false_reject", .quantity("1", .share), .optional("0"), example: "0.1 %", "Share of faultless parts rejected."),
    ])

  static let processVariable = Shape(
    name: "process_variable", meaning: "A measured condition; `set`, `low` and `high` stand together where it can be set.",
    fields: [
      Field("unit", .unit, .required, example: "bar", "UCUM code in which the tags speak."),
      Field("set", .measured, .optional("only indicates"), example: "2.2 bar", "The design's value."),
      Field("low", .measured, .optional("only indicates"), example: "1.2 bar", "The machine's own lower limit of the set-point."),
      Field("high", .measured, .optional("only indicates"), example: "3.4 bar", "The machine's own upper limit of the set-point."),
      Field("tag", .tag, .optional("Station/Name"), example: "Filler/FillPressure", "The tag that measures it."),
      Field("setpoint_tag", .tag, .optional("Station/NameSet"), example: "Filler/FillPressureSet", "The tag that is written and read back."),
      Field(
        "defects_seen_at", .list(.station), .optional("its own station where it can be set, else none"), example: "[Packer]",
        "Where the defects that it causes are seen and counted."),
      Field(
        "sensor", .object(sensor), .optional("any value can be right"), example: "{low: 0 bar, high: 5 bar}",
        "The range within which its sensor can be right."),
    ])

  static let sensor = Shape(
    name: "sensor", meaning: "Values outside are of bad quality.",
    fields: [
      Field("low", .measured, .required, example: "0 bar", "Lowest value."),
      Field("high", .measured, .required, example: "5 bar", "Highest value."),
    ])

  static let setpoint = Shape(
    name: "setpoint", meaning: "A value that can be written.",
    fields: [
      Field("unit", .unit, .required, example: "1", "UCUM code in which the tag speaks; `1` for counts."),
      Field("set", .measured, .required, example: "9000", "The design's value."),
      Field("low", .measured, .required, example: "2000", "The machine's own lower limit."),
      Field("high", .measured, .required, example: "20000", "The machine's own upper limit."),
      Field("tag", .tag, .optional("Station/Name"), example: "Labeller/ToolLife", "The tag that is written and read back."),
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

  static let law = Shape(
    name: "law", meaning: "The distribution of a duration; a duration alone is a constant.",
    fields: [
      Field("constant", .quantity("s", .positive), .optional("-"), example: "2.5 s", "Always this."),
      Field("exponential", .quantity("s", .positive), .optional("-"), example: "3 h", "Without memory, by its mean."),
      Field("gamma", .object(meanAndCV), .optional("-"), example: "{mean: 2.5 s, cv: 0.1}", "Gamma."),
      Field("lognormal", .object(meanAndCV), .optional("-"), example: "{mean: 5 min, cv: 0.8}", "Log-normal."),
      Field("weibull", .object(meanAndShape), .optional("-"), example: "{mean: 4 h, shape: 1.3}", "Weibull."),
      Field("uniform", .object(lowAndHigh), .optional("-"), example: "{low: 2 s, high: 3 s}", "Equally probable between two."),
      Field("triangular", .object(lowModeHigh), .optional("-"), example: "{low: 2 s, mode: 2.4 s, high: 4 s}", "Triangle."),
      Field("empirical", .list(.quantity("s", .positive)), .optional("-"), example: "[2.4 s, 2.5 s, 2.7 s]", "One of the observed values."),
    ],
    oneOf: ["constant", "exponential", "gamma", "lognormal", "weibull", "uniform", "triangular", "empirical"])

  private static let mean = Field("mean", .quantity("s", .positive), .required, example: "2.5 s", "Mean.")
  private static let low = Field("low", .quantity("s", .notNegative), .required, example: "2 s", "Smallest value.")
  private static let high = Field("high", .quantity("s", .positive), .required, example: "4 s", "Largest value.")
  static let meanAndCV = Shape(
    name: "mean_and_cv", meaning: "By mean and coefficient of variation.",
    fields: [mean, Field("cv", .quantity("1", Bounds(low: 0, high: 10, isLowOpen: true)), .required, example: "0.1", "Standard deviation / mean.")])
  static let meanAndShape = Shape(
    name: "mean_and_shape", meaning: "By mean and shape.",
    fields: [
      mean, Field("shape", .quantity("1", Bounds(low: 0.1, high: 20)), .required, example: "1.3", "Shape k: the hazard grows with age for k > 1."),
    ])
  static let lowAndHigh = Shape(name: "low_and_high", meaning: "By its ends.", fields: [low, high])
  static let lowModeHigh = Shape(
    name: "low_mode_high", meaning: "By its ends and its peak.",
    fields: [low, Field("mode", .quantity("s", .positive), .required, example: "2.4 s", "Most probable value."), high])
}

extension Tag.Kind {
  static let allNames = ["number", "count", "state", "text", "boolean"]
}
