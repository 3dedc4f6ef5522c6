// The shape of governance.yaml.
extension Shapes {
  private static let share = Bounds(low: 0, high: 1, isLowOpen: true, isHighOpen: true)

  static let governance = Shape(
    name: "governance.yaml", meaning: "Who decides, and what authority costs. Owned by the safety role; the file may be left out.",
    fields: [
      Field(
        "people", .map(key: .name, .object(signatory)), .optional("nobody signs"), example: "{ann: {roles: [approver], key: \"3d40…\"}}",
        "People whose signatures count, by name."),
      Field(
        "approvals", .object(approvals), .optional("one person, two for a wide change, unsigned"), example: "{signed: true, ordinary: 1, wide: 2}",
        "How many people a change needs, and whether they must sign."),
      Field(
        "promotion", .object(promotion), .optional("29 clean decisions and 1 d for supervised, 299 and 7 d for closed loop"),
        example: "{closed_loop: {failure_probability: 1 %, dwell: 7 d, quorum: 2}}", "What a level of authority costs."),
      Field(
        "proof", .object(proof), .optional("a loss of more than 10 % in at most 5 % of cases, with 95 % confidence"), example: "{risk: 5 %}",
        "What a proof on the twin must show."),
      Field(
        "alarms_per_hour", .whole(0...60), .optional("1"), example: "1", "Alarms that Takt may give the operator in an hour; the rest is journal."),
      Field(
        "decoys", .object(decoys), .optional("people are not tested"), example: "{share: 10 %, catch_rate: 90 %}",
        "Bad proposals, never carried out, that test whether people look before they approve."),
      Field(
        "plans", .map(key: .name, .object(changePlan)), .optional("none: the envelope alone bounds closed loop"),
        example: "{speeds: {loop: setpoints, ranges: {Filler/MachSpeed: {low: 20 1/min, high: 27 1/min, max_move: 2 1/min}}}}",
        "Change plans: inside one that is signed its loop acts by itself, outside it a person decides on each change."),
    ])

  static let signatory = Shape(
    name: "person", meaning: "A person who may sign.",
    fields: [
      Field("roles", .list(.choice(Role.allCases.map(\.rawValue))), .required, example: "[approver]", "What the person is trusted with."),
      Field("key", .text, .required, example: "\"3d40…\"", "Ed25519 public key, 64 hex digits, as `takt key` prints it."),
    ])

  static let approvals = Shape(
    name: "approvals", meaning: "Who must agree before a change is written.",
    fields: [
      Field("signed", .flag, .optional("false"), example: "true", "Only approvals signed with a key of `people` count."),
      Field("ordinary", .whole(1...9), .optional("1"), example: "1", "Different people that an ordinary change needs."),
      Field("wide", .whole(1...9), .optional("2"), example: "2", "Different people that a wide change needs."),
      Field("wide_share", .quantity("1", share), .optional("30 %"), example: "30 %", "Share of a tag's range above which a move is wide."),
      Field("envelope", .whole(1...9), .optional("2"), example: "2", "Different people of the safety role that a wider envelope needs."),
    ])

  static let promotion = Shape(
    name: "promotion", meaning: "What a level of authority costs.",
    fields: [
      Field("advisory", .object(promotionStep), .optional("one person's word"), example: "{quorum: 1}", "From shadow to advisory."),
      Field(
        "supervised", .object(promotionStep), .optional("29 clean decisions, 1 d, 1 person"), example: "{failure_probability: 10 %, dwell: 1 d}",
        "From advisory to supervised."),
      Field(
        "closed_loop", .object(promotionStep), .optional("299 clean decisions, 7 d, 2 people"),
        example: "{failure_probability: 1 %, dwell: 7 d, quorum: 2}",
        "From supervised to closed loop."),
    ])

  static let promotionStep = Shape(
    name: "promotion_step", meaning: "The price of one level.",
    fields: [
      Field(
        "failure_probability", .quantity("1", share), .optional("none is asked for"), example: "1 %",
        "Clean decisions in a row must show, with 95 % confidence, that failure is rarer: 1 % takes 299, 10 % takes 29."),
      Field("dwell", .quantity("s", .notNegative), .optional("0 s"), example: "7 d", "How long the loop has stood at its level."),
      Field("quorum", .whole(1...9), .optional("1"), example: "2", "Different people who must say so."),
    ])

  static let proof = Shape(
    name: "proof", meaning: "What replications on the twin's posterior must show before a change is taken further.",
    fields: [
      Field("tolerated_loss", .quantity("1", share), .optional("10 %"), example: "10 %", "A replication that loses more of today's rate is bad."),
      Field("risk", .quantity("1", share), .optional("5 %"), example: "5 %", "Largest probability of a bad replication."),
      Field("confidence", .quantity("1", share), .optional("95 %"), example: "95 %", "Confidence with which that is shown."),
      Field("failures", .whole(0...20), .optional("2"), example: "2", "Bad replications that may occur: more of them take more replications."),
    ])

  static let decoys = Shape(
    name: "decoys", meaning: "The rubber-stamp test.",
    fields: [
      Field(
        "share", .quantity("1", Bounds(low: 0, high: 0.5, isLowOpen: true)), .optional("10 %"), example: "10 %",
        "Decoys among what waits for approval."),
      Field(
        "catch_rate", .quantity("1", share), .optional("90 %"), example: "90 %", "Share of decoys that must be rejected; below it loops lose a level."
      ),
      Field("least", .whole(1...100), .optional("5"), example: "5", "Decoys after which the rate is looked at."),
    ])

  static let changePlan = Shape(
    name: "change_plan",
    meaning: "What a loop may change by itself once enough people have signed: `takt plan sign NAME`. An edit takes new signatures.",
    fields: [
      Field("loop", .reference("loop"), .required, example: "setpoints", "The loop that it is for."),
      Field(
        "ranges", .map(key: .tag, .object(planRange)), .required, example: "{Filler/MachSpeed: {low: 20 1/min, high: 27 1/min, max_move: 2 1/min}}",
        "How far each tag may go; a tag that is not named may not move."),
      Field("least_probability", .quantity("1", share), .optional("60 %"), example: "80 %", "Least probability of gain that the proof must show."),
      Field("changes_per_day", .whole(1...1000), .optional("12"), example: "12", "Changes in any 24 h."),
      Field("model_classes", .list(.text), .optional("none"), example: "[response surface]", "Which models may stand behind the loop."),
      Field("retrain_triggers", .list(.text), .optional("none"), example: "[new calibration]", "What sets off retraining."),
      Field("tests", .list(.text), .optional("none"), example: "[coverage of 90 % intervals at least 85 %]", "What a new model must pass."),
      Field("quorum", .whole(1...9), .optional("2"), example: "2", "Different people who must sign; one has the safety role."),
      Field("valid_until", .text, .optional("without end"), example: "2027-06-30T00:00:00Z", "Plant time after which it no longer holds."),
    ])

  static let planRange = Shape(
    name: "plan_range", meaning: "Bounds inside the envelope's.",
    fields: [
      Field("low", .measured, .required, example: "20 1/min", "Lowest value; not below the envelope's."),
      Field("high", .measured, .required, example: "27 1/min", "Highest value; not above the envelope's."),
      Field("max_move", .measured, .required, example: "2 1/min", "Largest move of one change."),
    ])
}
