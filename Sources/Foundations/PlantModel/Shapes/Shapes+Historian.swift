// The shape of historian.yaml.
extension Shapes {
  static let historian = Shape(
    name: "historian.yaml", meaning: "How long samples stay, and what stays of them. Without the file, and for a tag in no class, for ever.",
    fields: [
      Field(
        "classes", .map(key: .name, .object(tagClass)), .required,
        example: "{process: {tags: Filler/*, keep: 90 d, rollups: [{window: 1 min}]}}",
        "Classes of tags, by name; a tag is in one at most.")
    ])

  static let tagClass = Shape(
    name: "tag_class", meaning: "Tags whose samples are kept alike.",
    fields: [
      Field(
        "tags", .either(.text, .list(.text)), .required, example: "[Filler/*, \"*/StateCurrent\"]",
        "Which tags: names or patterns, in which `*` stands for any text (in quotes where it comes first). `\"*\"` alone: those that no other class takes."
      ),
      Field("keep", .quantity("s", .positive), .optional("for ever"), example: "90 d", "How long samples stay, at least; not less than 3 d."),
      Field(
        "rollups", .list(.object(rollup)), .optional("none"), example: "[{window: 1 min, keep: 730 d}, {window: 1 h}]",
        "What is computed from the samples, and stays when they go."),
    ])

  static let rollup = Shape(
    name: "rollup", meaning: "Count, minimum, maximum, mean, first, last and time-weighted mean of each window.",
    fields: [
      Field(
        "window", .quantity("s", Bounds(low: 1, high: 31 * 86_400)), .required, example: "1 min",
        "Length of the windows, in whole seconds; they are aligned to 1970."),
      Field("keep", .quantity("s", .positive), .optional("for ever"), example: "730 d", "How long they stay, at least."),
    ])
}
