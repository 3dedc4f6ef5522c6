// The shapes of loops/*.yaml and connections.yaml.
extension Shapes {
  static let loop = Shape(
    name: "loops/*.yaml", meaning: "What a loop may move, for what, how often, and how its changes are rolled out. The file's name is the loop's.",
    fields: [
      Field(
        "program", .text, .required, example: "setpoints",
        "`setpoints` for the built-in optimiser, or the path of a program in the plant folder that speaks the loop protocol."),
      Field("arguments", .list(.text), .optional("none"), example: "[--replications, 200]", "Given to the program."),
      Field("moves", .list(.tag), .required, example: "[Filler/MachSpeed, Filler/FillPressureSet]", "Set-points that it may propose to move."),
      Field(
        "objective", .choice(Objective.allNames), .required, example: "value_per_hour", "What it raises: good parts, or money at the plant's prices."),
      Field("cadence", .quantity("s", .positive), .required, example: "10 min", "How often it is asked for a proposal."),
      Field("deadline", .quantity("s", .positive), .required, example: "3 min", "Answering later is a missed deadline."),
      Field(
        "authority", .choice(Authority.allNames), .required, example: "supervised",
        "The authority that it starts with; its track record moves it, never above the envelope's ceiling."),
      Field("owner", .name, .optional("nobody by name"), example: "eve", "The person who answers for it, and so may not approve what it proposes."),
      Field(
        "project", .flag, .optional("false: what is outside is refused"), example: "true",
        "Whether a proposal outside the admissible set is moved to its nearest point inside; the ledger says so."),
      Field(
        "feedback", .object(feedback), .optional("none: a program's feedback is not known, and it stays in shadow"),
        example: "{form: matched, weight: 0.3, gain: {low: 0.6, high: 1.4}, delay: {low: 0, high: 1}, period: 60 min, settling: 10 min}",
        "Of a program that is a run-to-run loop: the world in which its `owner` declares it to be stable. The built-in loop has none."),
      Field(
        "rollout", .object(rollout), .required, example: "{shadow: 5 min, steps: [50 %, 100 %], dwell: 15 min, timeout: 60 min}",
        "How a change goes out."),
    ])

  static let feedback = Shape(
    name: "feedback",
    meaning: "A run-to-run loop: each measured run moves the next input. It is certified inside half of the exact bound of what is declared here.",
    fields: [
      Field(
        "form", .choice(FeedbackSpec.Form.allCases.map(\.rawValue)), .required, example: "matched",
        "`integral`: the newest error moves the input. `matched`: a lot is compared with the input that made it."),
      Field(
        "weight", .quantity("1", Bounds(low: 0, high: 1, isLowOpen: true)), .required, example: "0.3",
        "Share of an error that is taken out in a run; of the EWMA in the matched form."),
      Field(
        "gain", .object(feedbackGain), .required, example: "{low: 0.6, high: 1.4}",
        "The plant's gain over the model's: what a move does over what the program claims that it does."),
      Field(
        "delay", .object(feedbackDelay), .required, example: "{low: 0, high: 1}", "Moves that may follow before what came of one is known."),
      Field("period", .quantity("s", .positive), .required, example: "60 min", "The least time from one move to the next; at most the `cadence`."),
      Field(
        "settling", .quantity("s", .positive), .required, example: "10 min",
        "Time in which the plant settles after a move, dead time included; at most a quarter of the period."),
    ])

  static let feedbackGain = Shape(
    name: "feedback_gain", meaning: "An interval of a ratio of gains.",
    fields: [
      Field("low", .quantity("1", .any), .required, example: "0.6", "The least."),
      Field("high", .quantity("1", .any), .required, example: "1.4", "The greatest."),
    ])

  static let feedbackDelay = Shape(
    name: "feedback_delay", meaning: "An interval of a delay in runs.",
    fields: [
      Field("low", .whole(0...100), .required, example: "0", "The least."),
      Field("high", .whole(0...100), .required, example: "1", "The greatest."),
    ])

  static let rollout = Shape(
    name: "rollout", meaning: "A change goes out stage by stage and is kept, or taken back, on evidence.",
    fields: [
      Field("shadow", .quantity("s", .notNegative), .required, example: "5 min", "How long it is watched, unwritten, before its first write."),
      Field(
        "steps", .list(.quantity("1", Bounds(low: 0, high: 1, isLowOpen: true))), .required, example: "[0.5, 1]",
        "Shares of the full move, rising, the last one 1."),
      Field("dwell", .quantity("s", .positive), .required, example: "15 min", "How long each step stays before it is judged at the earliest."),
      Field("timeout", .quantity("s", .positive), .required, example: "60 min", "A step that is not judged by then goes back."),
      Field(
        "keep_share", .quantity("1", .share), .optional("0.5"), example: "0.5",
        "Share of the claimed gain that the realised gain's lower bound must reach."),
      Field(
        "alpha_gain", .quantity("1", Bounds(low: 0, high: 0.5, isLowOpen: true)), .optional("0.05"), example: "0.05",
        "Probability of wrongly keeping."),
      Field(
        "alpha_harm", .quantity("1", Bounds(low: 0, high: 0.5, isLowOpen: true)), .optional("0.1"), example: "0.1",
        "Probability of wrongly rolling back."),
      Field(
        "switchback", .object(switchback), .optional("stages are judged against the twin alone"),
        example: "{pairs: 30, dwell: 20 min, washout: 15 min}", "Judge each stage by randomised pairs of baseline and change."),
      Field(
        "interleave", .object(interleave), .optional("stages are judged against the twin alone"),
        example: "{pairs: 30, dwell: 20 min, washout: 15 min}",
        "Judge each stage on like machines: part of those in `moves` carry it while the others stand as control. Not beside `switchback`."),
    ])

  static let switchback = Shape(
    name: "switchback",
    meaning: "Pairs of baseline and change, one after the other, in an order that a coin decides: evidence that no drift of plant or twin can forge.",
    fields: pairedPeriods)

  static let interleave = Shape(
    name: "interleave",
    meaning:
      "Pairs of periods on the like machines whose set-points the loop moves: in each pair a coin decides which of them carry the move first and "
      + "which second, so that what is common to the time and what is peculiar to a machine cancels. The machines stand side by side, are declared "
      + "alike, and count their own parts, rejects and states.",
    fields: pairedPeriods)

  private static let pairedPeriods = [
    Field("pairs", .whole(6...1_000), .required, example: "30", "Pairs at most; what is not decided by then goes back."),
    Field("dwell", .quantity("s", .positive), .required, example: "20 min", "How long each arm is measured."),
    Field(
      "washout", .quantity("s", .positive), .required, example: "15 min",
      "How long each arm is let settle before: its ramp and three time constants of the plant."),
  ]

  static let connections = Shape(
    name: "connections.yaml", meaning: "Where the plant's data come from and where writes go.",
    fields: [
      Field(
        "clock", .wordOr("system", clock), .optional("system"), example: "{telemetry: {speed: 60}}",
        "Whose time Takt runs on: the machine's own, or the telemetry's."),
      Field(
        "sparkplug", .list(.object(sparkplug)), .optional("none"), example: "[{host: 127.0.0.1, group: Plant1, node: Line1}]",
        "Sparkplug B 3.0 edge nodes behind MQTT brokers."),
      Field(
        "line_protocol", .object(lineProtocol), .optional("not accepted"), example: "{station_key: station}",
        "InfluxDB line protocol, accepted on the console's HTTP port."),
    ])

  static let clock = Shape(
    name: "clock", meaning: "`system`, or the source instants of telemetry.",
    fields: [Field("telemetry", .object(telemetryClock), .required, example: "{speed: 60}", "Follow the telemetry's own instants.")])

  static let telemetryClock = Shape(
    name: "telemetry_clock", meaning: "For a plant that runs faster than the wall clock (a simulated one).",
    fields: [Field("speed", .quantity("1", .positive), .optional("1"), example: "60", "Plant seconds in a wall second.")])

  static let sparkplug = Shape(
    name: "sparkplug", meaning: "One edge node behind one broker.",
    fields: [
      Field("host", .text, .required, example: "127.0.0.1", "Name or address of the broker."),
      Field("port", .whole(1...65_535), .optional("1883"), example: "1883", "Its port."),
      Field("host_id", .name, .optional("takt"), example: "takt", "Sparkplug host application, announced on `spBv1.0/STATE/ID`."),
      Field("username", .text, .optional("none"), example: "takt", "Name at the broker."),
      Field("password", .secret, .optional("none"), example: "env:TAKT_MQTT_PASSWORD", "By reference: `env:NAME` or `file:PATH`."),
      Field("group", .text, .required, example: "Plant1", "Sparkplug group."),
      Field("node", .text, .required, example: "Line1", "Sparkplug edge node."),
      Field(
        "devices", .map(key: .text, .station), .optional("devices are named as stations"), example: "{FILL01: Filler}",
        "Device of the edge node → station, where the names differ."),
    ])

  static let lineProtocol = Shape(
    name: "line_protocol", meaning: "A tag's path is the value of the key `station_key` + `/` + measurement; its value is the field `value`.",
    fields: [
      Field("station_key", .text, .optional("station"), example: "station", "The tag key that names the station."),
      Field(
        "token", .secret, .optional("none: whoever reaches the port may write"), example: "env:TAKT_WRITE_TOKEN",
        "By reference: what writers must send."),
    ])
}

extension Authority {
  /// As written in YAML, in rising order.
  static let allNames = ["shadow", "advisory", "supervised", "closed_loop"]
  /// As written in YAML.
  public var name: String { Self.allNames[rawValue] }
  /// From the name written in YAML.
  public init?(name: String) {
    guard let index = Self.allNames.firstIndex(of: name) else { return nil }
    self.init(rawValue: index)
  }
}

extension Objective {
  static let allNames = ["good_parts_per_hour", "value_per_hour"]
  /// As written in YAML.
  public var name: String { self == .goodPartsPerHour ? Self.allNames[0] : Self.allNames[1] }
  /// From the name written in YAML.
  public init?(name: String) {
    switch name {
    case "good_parts_per_hour": self = .goodPartsPerHour
    case "value_per_hour": self = .valuePerHour
    default: return nil
    }
  }
}
