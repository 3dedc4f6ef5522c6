// The shapes of process variables and set-points.
extension Shapes {
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
        "defects", .object(defects), .optional("not known; calibration learns it"), example: "{optimum: 2.5 bar, off_by: 0.5 bar, share: 2 %}",
        "How parts suffer when it is off."),
      Field(
        "dynamics", .object(dynamics), .optional("it stands where it is set"), example: "{time_constant: 10 min, noise: 0.05 bar}",
        "How it moves with time."),
      Field(
        "sensor", .object(sensor), .optional("any value can be right"), example: "{low: 0 bar, high: 5 bar}",
        "The range within which its sensor can be right."),
    ])

  static let sensor = Shape(
    name: "sensor", meaning: "Values outside are of bad quality; `resolution` and `noise` stand together.",
    fields: [
      Field("low", .measured, .required, example: "0 bar", "Lowest value."),
      Field("high", .measured, .required, example: "5 bar", "Highest value."),
      Field(
        "resolution", .measured, .optional("it is learnt how often it repeats itself"), example: "0.01 bar", "The least step between two readings."),
      Field(
        "noise", .measured, .optional("it is learnt how often it repeats itself"), example: "0.02 bar",
        "The least standard deviation of its readings while what it measures stands still: repeats beyond it are of uncertain quality."),
    ])

  static let defects = Shape(
    name: "defects", meaning: "Share of parts spoilt = `share` · ((x − `optimum`) / `off_by`)².",
    fields: [
      Field("optimum", .measured, .required, example: "2.5 bar", "The value of fewest defects."),
      Field("off_by", .measured, .required, example: "0.5 bar", "A distance from the optimum."),
      Field(
        "share", .quantity("1", Bounds(low: 0, high: 1, isLowOpen: true)), .required, example: "2 %", "Share of parts spoilt at that distance."),
    ])

  static let dynamics = Shape(
    name: "dynamics",
    meaning: "It approaches its set-point while the station works and `standing` while it does not, disturbed by an Ornstein-Uhlenbeck process.",
    fields: [
      Field("time_constant", .quantity("s", .positive), .required, example: "10 min", "Of its approach to the set-point."),
      Field("standing", .measured, .optional("its set-point"), example: "1 bar", "Where it drifts while the station stands."),
      Field(
        "standing_time_constant", .quantity("s", .positive), .optional("`time_constant`"), example: "2 h", "Of its drift while the station stands."),
      Field("noise", .measured, .optional("0"), example: "0.05 bar", "Standard deviation of the disturbance."),
      Field("noise_time", .quantity("s", .positive), .optional("`time_constant`"), example: "5 min", "Correlation time of the disturbance."),
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
}
