// The shapes of envelope.yaml.
extension Shapes {
  static let envelope = Shape(
    name: "envelope.yaml",
    meaning: "The hard limits, owned by the safety role. Nothing in Takt widens them. What they mean stands in [envelope.md](envelope.md).",
    fields: [
      Field(
        "authority_ceiling", .choice(Authority.allNames), .required, example: "closed_loop", "The highest authority that any loop may reach here."),
      Field(
        "limits", .map(key: .tag, .object(limit)), .optional("nothing may be written"),
        example: "{Filler/MachSpeed: {low: 18 1/min, high: 28 1/min, max_step: 2 1/min, max_per_hour: 6 1/min}}",
        "Limits by tag. A tag without limits cannot be written at all."),
      Field(
        "interlocks", .map(key: .name, .object(interlock)), .optional("none"),
        example: "{FillerAborted: {tag: Filler/StateCurrent, equals: aborted}}", "Conditions that forbid writes, by name."),
      Field(
        "permissives", .map(key: .name, .object(permissive)), .optional("none"),
        example: "{FillerRuns: {while: Filler/StateCurrent = execute}}", "Conditions that must hold for a write, by name."),
      Field(
        "coupled", .map(key: .name, .object(coupled)), .optional("none"),
        example: "{CapperLeads: {sum: {Filler/MachSpeed: 1, Capper/MachSpeed: -1}, at_most: 0 1/min}}",
        "Linear limits over several tags, by name."),
      Field(
        "properties", .map(key: .name, .object(property)), .optional("none"),
        example: "{NoLongOverpressure: {formula: 'once[0, 5 min] Filler/FillPressure < 3.2 bar'}}",
        "What must have held lately before anything moves forward, by name."),
      Field(
        "heartbeat_timeout", .quantity("s", .positive), .optional("3 s"), example: "3 s",
        "Wall time without a sign of life from the governor after which the gateway stops and reports each tag's `hold`."),
      Field(
        "max_changes_per_hour", .whole(1...1000), .optional("as many as are proven"), example: "4",
        "How many changes may reach the plant within an hour."),
    ])

  static let limit = Shape(
    name: "limit", meaning: "The limits of one writable tag, in units that convert to the tag's.",
    fields: [
      Field("low", .measured, .required, example: "18 1/min", "Lowest value that may be written; not below the machine's own."),
      Field("high", .measured, .required, example: "28 1/min", "Highest value that may be written; not above the machine's own."),
      Field("max_step", .measured, .required, example: "2 1/min", "Largest change by one write."),
      Field("max_per_hour", .measured, .required, example: "6 1/min", "Largest change in an hour, summed over writes of either direction."),
      Field(
        "max_drift", .measured, .optional("the whole range"), example: "4 1/min",
        "How far software alone may take it from the value that a person last approved."),
      Field(
        "hold", .either(.choice(["keep", "last_known_good", "local"]), .object(fixedHold)), .optional("last_known_good"), example: "keep",
        "What the tag's own controller does when Takt fails."),
      Field(
        "authority_ceiling", .choice(Authority.allNames), .optional("the envelope's"), example: "supervised",
        "The highest authority of a loop that moves it."),
      Field(
        "irreversible", .flag, .optional("false"), example: "true",
        "What it starts cannot be taken back (a recipe, a swapped tool): no change that goes out in stages may move it, a loop's or a person's."),
    ])

  static let fixedHold = Shape(
    name: "fixed_hold", meaning: "A value that is safe for itself.",
    fields: [Field("fixed", .measured, .required, example: "20 1/min", "The value, inside the tag's limits.")])

  static let interlock = Shape(
    name: "interlock", meaning: "Forbids writes while its condition holds, or is unknown (a bad or stale value counts as holding).",
    fields: [
      Field("tag", .tag, .optional("`when` names its tags"), example: "Filler/StateCurrent", "The tag that is looked at."),
      Field("below", .comparand, .optional("-"), example: "1 bar", "Holds below this."),
      Field("above", .comparand, .optional("-"), example: "4 bar", "Holds above this."),
      Field("equals", .comparand, .optional("-"), example: "aborted", "Holds at this value; a state by its PackML name."),
      Field(
        "when", .formula(isTemporal: false), .optional("-"), example: "Filler/StateCurrent = aborted or Filler/FillPressure > 4 bar",
        "Holds when this does."),
      Field("forbids", .list(.tag), .optional("every tag"), example: "[Filler/MachSpeed]", "The tags that may not be written."),
    ],
    oneOf: ["below", "above", "equals", "when"])

  static let permissive = Shape(
    name: "permissive", meaning: "Permits writes only while its condition holds for certain.",
    fields: [
      Field("while", .formula(isTemporal: false), .required, example: "Filler/StateCurrent = execute", "The condition."),
      Field("permits", .list(.tag), .optional("every tag"), example: "[Filler/MachSpeed]", "The tags that may be written only then."),
    ])

  static let coupled = Shape(
    name: "coupled",
    meaning: "A limit on a weighted sum of tags. Tags of one dimension are summed in the unit of the first; others as plain numbers.",
    fields: [
      Field(
        "sum", .map(key: .tag, .quantity("1", .any)), .required, example: "{Filler/MachSpeed: 1, Capper/MachSpeed: -1}", "The weight of each tag."),
      Field("at_most", .measured, .optional("-"), example: "2 1/min", "The sum may not be above this."),
      Field("at_least", .measured, .optional("-"), example: "0 1/min", "The sum may not be below this."),
    ],
    oneOf: ["at_most", "at_least"])

  static let property = Shape(
    name: "property",
    meaning: "Signal temporal logic, monitored on line. Nothing moves forward while it is violated, unknown, or nearer to it than its margin.",
    fields: [
      Field(
        "formula", .formula(isTemporal: true), .required, example: "'once[0, 5 min] Filler/FillPressure < 3.2 bar'",
        "What must hold at every instant."),
      Field("margin", .quantity("1", .notNegative), .optional("0"), example: "0.1", "The least robustness, in the unit of the tags compared."),
      Field("forbids", .list(.tag), .optional("every tag"), example: "[Filler/FillPressureSet]", "The tags that may not be moved otherwise."),
      Field("allows_restore", .flag, .optional("false"), example: "true", "Whether a rollback may write them all the same."),
    ])
}
